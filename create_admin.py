"""Make the admin account and the test user; run again, it resets the admin's password."""

import argparse
import dataclasses
import sys

from app.config import load_settings
from app.db.migrations import upgrade_schema
from app.db.session import Database
from app.errors import AppError
from app.schemas.users import MAX_PASSWORD_BYTES, MIN_PASSWORD_LENGTH
from app.services.bootstrap import ADMIN, TEST_USER, ensure_account


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--password", default=ADMIN.password, help="the admin's password (default: %(default)s)"
    )
    password = parser.parse_args().password
    if not MIN_PASSWORD_LENGTH <= len(password.encode()) <= MAX_PASSWORD_BYTES:
        parser.error(f"the password must have {MIN_PASSWORD_LENGTH} to {MAX_PASSWORD_BYTES} bytes")
    settings = load_settings()
    database = Database(settings.database_url, pool_size=1)
    upgrade_schema(database)
    try:
        ensure_account(
            database, settings, dataclasses.replace(ADMIN, password=password), reset=True
        )
        print(f"admin: {ADMIN.username} ({ADMIN.email}), password set")  # noqa: T201 the script's output
        if not settings.in_production:
            ensure_account(database, settings, TEST_USER, reset=False)
            print(f"user:  {TEST_USER.username}, password {TEST_USER.password} unless changed")  # noqa: T201
    except AppError as error:
        print(error.detail, file=sys.stderr)  # noqa: T201
        return 1
    finally:
        database.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
