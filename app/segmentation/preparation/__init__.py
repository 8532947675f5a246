"""A table to the matrix that is clustered: which columns, and every step fitted and kept."""
