# Sign in and keep the token
# Name and password are those of a fresh installation. A token lasts half an hour unless the server is set otherwise.
TOKEN=$(curl -s http://localhost:8000/auth/login \
  -H 'Content-Type: application/json' \
  -d '{"username": "testuser", "password": "test123"}' \
  | sed 's/.*"access_token":"\([^"]*\)".*/\1/')

# Place a customer in a segment
# Income is in thousands. The answer has the segment, its name and the confidence.
curl -s -w '\n' http://localhost:8000/predict \
  -H "Authorization: Bearer $TOKEN" \
  -H 'Content-Type: application/json' \
  -d '{"sex": "Female", "age": 34, "annual_income": 65.5,
       "spending_score": 72, "purchase_frequency": 18}'

# Describe the segments
# Sizes and averages of every segment of the model in use.
curl -s -w '\n' http://localhost:8000/clusters \
  -H "Authorization: Bearer $TOKEN"

# Read back what was predicted
# Filters: cluster, min_confidence, max_confidence, date_from, date_to; pages by skip and limit.
curl -s -w '\n' 'http://localhost:8000/history?limit=10' \
  -H "Authorization: Bearer $TOKEN"

# Analyse records without storing them
# Any columns do, and values may be missing. The answer names the segments and says what sets each apart.
cat > records.json <<'END'
{"customerData": [
  {"id": 1, "age": 24, "income": 31000, "purchases": 41},
  {"id": 2, "age": 26, "income": 34000, "purchases": 38},
  {"id": 3, "age": 23, "income": 29000, "purchases": 44},
  {"id": 4, "age": 27, "income": 33000, "purchases": 40},
  {"id": 5, "age": 58, "income": 92000, "purchases": 6},
  {"id": 6, "age": 61, "income": 88000, "purchases": 5},
  {"id": 7, "age": 55, "income": 95000, "purchases": 8},
  {"id": 8, "age": 60, "income": 90000, "purchases": 7}
]}
END
curl -s -w '\n' http://localhost:8000/api/analyze \
  -H "Authorization: Bearer $TOKEN" \
  -H 'Content-Type: application/json' -d @records.json

# Ask what to do with each segment
# The whole answer of an analysis goes in, here through a pipe.
curl -s http://localhost:8000/api/analyze \
  -H "Authorization: Bearer $TOKEN" \
  -H 'Content-Type: application/json' -d @records.json \
  | sed 's/.*/{"analysis": &}/' \
  | curl -s -w '\n' http://localhost:8000/api/recommendations \
    -H "Authorization: Bearer $TOKEN" \
    -H 'Content-Type: application/json' -d @-

# Sign in as an analyst
# What follows is bulk work and needs the role analyst; an administrator may do it too.
TOKEN=$(curl -s http://localhost:8000/auth/login \
  -H 'Content-Type: application/json' \
  -d '{"username": "admin", "password": "admin123"}' \
  | sed 's/.*"access_token":"\([^"]*\)".*/\1/')

# Upload a dataset
# Here a table made up on the spot; yours may have other columns, in CSV, Excel or Parquet.
awk 'BEGIN {
  print "sex,age,annual_income,spending_score,purchase_frequency"
  for (i = 0; i < 60; i++) {
    group = i % 3
    printf "%s,%d,%d,%d,%d\n", i % 2 ? "Male" : "Female",
      24 + 15 * group + i % 5, 30 + 30 * group + i % 7,
      80 - 30 * group + i % 6, 40 - 15 * group + i % 4
  }
}' > customers.csv
DATASET=$(curl -s http://localhost:8000/api/v1/datasets/upload \
  -H "Authorization: Bearer $TOKEN" -F file=@customers.csv \
  | sed 's/^{"id":\([0-9]*\).*/\1/')
echo "It is dataset $DATASET"

# Run a clustering
# Hierarchical by default; linkage, n_clusters, columns and more can be chosen.
RUN=$(curl -s http://localhost:8000/api/v1/clustering/train \
  -H "Authorization: Bearer $TOKEN" \
  -H 'Content-Type: application/json' \
  -d "{\"dataset_id\": $DATASET, \"n_clusters\": 3}" \
  | sed 's/^{"run_id":\([0-9]*\).*/\1/')
echo "It is run $RUN"

# Read the segments as CSV
# Each row of the dataset with its segment; without format=csv it is JSON, with the segments’ profiles.
curl -s "http://localhost:8000/api/v1/clustering/segments/$RUN?format=csv" \
  -H "Authorization: Bearer $TOKEN" -o segments.csv

# Place all customers of a file
# By the model in use, as a single prediction is; the file comes back with segment and confidence.
curl -s http://localhost:8000/predict/batch \
  -H "Authorization: Bearer $TOKEN" \
  -H 'Content-Type: text/csv' \
  --data-binary @customers.csv -o placed.csv
