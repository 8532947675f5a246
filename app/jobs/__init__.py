"""Long work: a row in the database, an executor to run it, and its progress."""
