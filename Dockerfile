# The web app.
FROM node:20-slim AS web
WORKDIR /build/frontend
COPY frontend/package.json frontend/package-lock.json ./
RUN npm ci
COPY frontend/ ./
# The guide is made of the documents.
COPY docs/ /build/docs/
# The build goes to /build/app/web.
RUN npm run build

# The locked dependencies, in an environment of their own.
FROM python:3.11-slim AS dependencies
RUN python -m venv /opt/venv
COPY requirements.txt .
RUN /opt/venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt

FROM python:3.11-slim
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MPLCONFIGDIR=/tmp/matplotlib \
    DATABASE_URL=sqlite:////srv/data/customer_segmentation.db \
    CUSTOMERS_FILE=/srv/data/customers.csv \
    DATASETS_DIR=/srv/data/datasets \
    SECRET_KEY_FILE=/srv/data/.secret_key \
    MODELS_DIR=/srv/models
# For the segment book in alphabets that Typst and Matplotlib bring no letters of.
RUN apt-get update \
    && apt-get install -y --no-install-recommends fonts-noto-core fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /srv --shell /usr/sbin/nologin segmentation \
    && mkdir -p /srv/app /srv/data /srv/models \
    && chown segmentation:segmentation /srv/data /srv/models
WORKDIR /srv
COPY --from=dependencies /opt/venv /opt/venv
COPY alembic.ini backup.py create_admin.py generate_dataset.py ./
COPY alembic alembic
COPY app app
COPY --from=web /build/app/web app/web
USER segmentation
VOLUME ["/srv/data", "/srv/models"]
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/live', timeout=4)"]
# For more workers name the whole command after the image: uvicorn app.main:app ... --workers 4
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "8000", "--timeout-graceful-shutdown", "10"]
