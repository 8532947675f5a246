"""The database: engine, transactions, tables. Its schema is built by Alembic alone."""
