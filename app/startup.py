"""Prepare whatever is missing, say what is done, and serve: what `make run` does."""

import argparse
import errno
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NoReturn

import uvicorn
from sqlalchemy.exc import DBAPIError

from app.config import Settings, load_settings
from app.db.migrations import upgrade_schema
from app.db.session import Database
from app.db.tables import utcnow
from app.errors import AppError, InvalidFields
from app.logs import configure_logging
from app.main import WEB_APP
from app.services.bootstrap import (
    ADMIN,
    EXAMPLE_ROWS,
    TEST_USER,
    AddressTaken,
    ensure_account,
    write_example_customers,
)
from app.services.conversion import convert_stored
from app.services.memory import share_heaps
from app.services.models import ModelService, report_of
from app.services.training import TrainingOrder, train
from app.storage.files import keep_files_private
from app.storage.models import ModelStore


@dataclass(frozen=True)
class Step:
    """Something that must be there before the server starts, and what to do where it fails."""

    name: str
    prepare: Callable[[], str]
    remedy: str


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def steps(settings: Settings, database: Database) -> tuple[Step, ...]:
    models = ModelService(database, ModelStore(settings.models_dir))

    def customers() -> str:
        file = settings.customers_file
        if file.exists():
            return f"{file} is there"
        write_example_customers(file)
        return f"{file} written, {EXAMPLE_ROWS} example customers"

    def schema() -> str:
        upgrade_schema(database)
        return f"{database.url.render_as_string(hide_password=True)} is at the newest revision"

    def files() -> str:
        done = convert_stored(database, settings)
        lost = "".join(f"\n  cannot be converted: {file}" for file in done.refused)
        return f"{done.n_files or 'none'} of an earlier release converted{lost}"

    def accounts() -> str:
        # A production server has no test user.
        admin = replace(ADMIN, password=settings.admin_password or ADMIN.password)
        wanted = (admin,) if settings.in_production else (admin, TEST_USER)
        made = []
        for account in wanted:
            try:
                if ensure_account(database, settings, account, reset=False):
                    made.append(account.username)
            except AddressTaken:
                # Somebody who took the test user's address needs no test user.
                if account is not TEST_USER:
                    raise
        return f"{' and '.join(made)} made" if made else "they are there"

    def model() -> str:
        version = models.warm_up()
        if version is not None:
            return f"version {version} is there"
        row = train(models, settings, TrainingOrder(None, utcnow(), None))
        doubts = "".join(f"\n  mind: {warning}" for warning in report_of(row).warnings)
        return (
            f"version {row.version} trained: {row.n_clusters} segments, "
            f"silhouette {row.silhouette_score:.2f}{doubts}"
        )

    return (
        Step("customers", customers, "make the folder writable, or set CUSTOMERS_FILE"),
        Step("schema", schema, "check DATABASE_URL, and that the database runs"),
        Step("files", files, "make DATASETS_DIR and MODELS_DIR writable"),
        Step(
            "accounts", accounts, "set ADMIN_PASSWORD, or run create_admin.py with --ask or --email"
        ),
        Step("model", model, "mend the customers' file, or remove it to get the example"),
    )


def check_address(host: str, port: int) -> None:
    """End the program now, with advice, where the server could not listen later."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
            reason = "it is taken" if taken else error
            sys.exit(
                f"port: failed: cannot listen on {host}, port {port}: {reason}\n"
                f"  what to do: choose another: make run PORT={port + 1 if port < 65535 else 8000}"
            )


def reason_of(error: Exception) -> str:
    if isinstance(error, InvalidFields):
        return "; ".join(problem["msg"] for problem in error.problems)
    if isinstance(error, AppError):
        return str(error.detail)
    return str(error.orig if isinstance(error, DBAPIError) else error).strip()


def main() -> NoReturn:
    parser = argparse.ArgumentParser(prog="run.py", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    arguments = parser.parse_args()
    host, port = arguments.host, arguments.port
    check_address(host, port)
    settings = load_settings()
    share_heaps()
    keep_files_private()
    configure_logging(settings.log_level, as_json=settings.in_production)
    try:
        database = Database(settings.database_url, pool_size=2)
    except ValueError as error:
        sys.exit(
            f"settings: {error}\n  what to do: correct .env or the environment; see .env.example"
        )
    for step in steps(settings, database):
        try:
            say(f"{step.name}: {step.prepare()}")
        # Whatever went wrong, a newcomer needs the step's name and the remedy, not a traceback.
        except Exception as error:  # noqa: BLE001
            sys.exit(f"{step.name}: failed: {reason_of(error)}\n  what to do: {step.remedy}")
    database.dispose()
    announce(settings, f"http://{f'[{host}]' if ':' in host else host}:{port}")
    uvicorn.run("app.main:app", host=host, port=port, timeout_graceful_shutdown=10)
    sys.exit()


def announce(settings: Settings, home: str) -> None:
    say("")
    if (WEB_APP / "index.html").exists():
        say(f"  Web app         {home}/app/")
    say(f"  Documentation   {home}/docs")
    if not settings.in_production:
        known = ADMIN.password if settings.admin_password is None else "ADMIN_PASSWORD"
        say(f"  Sign in as      {ADMIN.username} / {known}  (unless you changed it)")
        say(f"             or   {TEST_USER.username} / {TEST_USER.password}")
    say("  Stop with       Ctrl+C\n")
