"""Make the admin account and the test user; run again, it resets the admin's password."""

import argparse
import dataclasses
import sys
from contextlib import suppress

from pydantic import TypeAdapter, ValidationError

from app.config import load_settings
from app.db.migrations import upgrade_schema
from app.db.session import Database
from app.errors import AppError
from app.schemas.users import MAX_PASSWORD_BYTES, MIN_PASSWORD_LENGTH, Email
from app.services.bootstrap import ADMIN, TEST_USER, AddressTaken, ensure_account


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--password", default=ADMIN.password, help="the admin's password (default: %(default)s)"
    )
    parser.add_argument(
        "--email",
        default=ADMIN.email,
        help="the admin's address where the account is made (default: %(default)s)",
    )
    arguments = parser.parse_args()
    password = arguments.password
    if not MIN_PASSWORD_LENGTH <= len(password.encode()) <= MAX_PASSWORD_BYTES:
        parser.error(f"the password must have {MIN_PASSWORD_LENGTH} to {MAX_PASSWORD_BYTES} bytes")
    try:
        email = TypeAdapter(Email).validate_python(arguments.email)
    except ValidationError as error:
        parser.error(error.errors()[0]["msg"])
    settings = load_settings()
    database = Database(settings.database_url, pool_size=1)
    upgrade_schema(database)
    try:
        admin = dataclasses.replace(ADMIN, password=password, email=email)
        ensure_account(database, settings, admin, reset=True)
        print(f"admin: {ADMIN.username}, password set")  # noqa: T201 the script's output
        if not settings.in_production:
            # Somebody who took the test user's address needs no test user.
            with suppress(AddressTaken):
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
