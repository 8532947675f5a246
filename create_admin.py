"""Make the admin account and the test user; run again, it resets the admin's password."""

import argparse
import dataclasses
import sys
from contextlib import suppress
from getpass import getpass

from pydantic import TypeAdapter, ValidationError

from app.config import Settings, load_settings
from app.db.migrations import upgrade_schema
from app.db.session import Database
from app.errors import AppError, InvalidFields
from app.schemas.users import MAX_PASSWORD_BYTES, MIN_PASSWORD_LENGTH, Email
from app.services.bootstrap import ADMIN, TEST_USER, AddressTaken, ensure_account
from app.services.password_rules import check
from app.storage.files import keep_files_private


def ask_password() -> str:
    """Ask twice for a password, which the terminal does not show."""
    password = getpass(f"Password for {ADMIN.username}: ")
    if getpass("Once more: ") != password:
        sys.exit("The two passwords differ; nothing was changed")
    return password


def chosen_password(arguments: argparse.Namespace, settings: Settings) -> str:
    """Return the password that was named, or ask for one where the published one is refused."""
    if arguments.password is not None:
        return str(arguments.password)
    if arguments.ask:
        return ask_password()
    if settings.admin_password is not None:
        return settings.admin_password
    if settings.in_production and sys.stdin.isatty():
        return ask_password()
    return ADMIN.password


def sentence_of(error: AppError) -> str:
    if isinstance(error, InvalidFields):
        return "; ".join(problem["msg"] for problem in error.problems)
    return error.detail


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--ask", action="store_true", help="ask for the admin's password, without showing it"
    )
    parser.add_argument(
        "--password",
        help=(
            f"the admin's password (default: ADMIN_PASSWORD, or {ADMIN.password}); "
            "others on the machine can see it in the list of processes"
        ),
    )
    parser.add_argument(
        "--email",
        default=ADMIN.email,
        help="the admin's address where the account is made (default: %(default)s)",
    )
    arguments = parser.parse_args()
    settings = load_settings()
    keep_files_private()
    password = chosen_password(arguments, settings)
    if not MIN_PASSWORD_LENGTH <= len(password.encode()) <= MAX_PASSWORD_BYTES:
        parser.error(f"the password must have {MIN_PASSWORD_LENGTH} to {MAX_PASSWORD_BYTES} bytes")
    try:
        email = TypeAdapter(Email).validate_python(arguments.email)
    except ValidationError as error:
        parser.error(error.errors()[0]["msg"])
    database = Database(settings.database_url, pool_size=1)
    upgrade_schema(database)
    try:
        admin = dataclasses.replace(ADMIN, password=password, email=email)
        ensure_account(database, settings, admin, reset=True)
        print(f"admin: {ADMIN.username}, password set")  # noqa: T201 the script's output
        if password != ADMIN.password:
            for doubt in check(settings, password, username=ADMIN.username, email=email):
                print(f"  mind: {doubt}")  # noqa: T201
        if not settings.in_production:
            # Somebody who took the test user's address needs no test user.
            with suppress(AddressTaken):
                ensure_account(database, settings, TEST_USER, reset=False)
                print(f"user:  {TEST_USER.username}, password {TEST_USER.password} unless changed")  # noqa: T201
    except AppError as error:
        print(sentence_of(error), file=sys.stderr)  # noqa: T201
        return 1
    finally:
        database.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
