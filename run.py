"""Prepare whatever is missing, say what is done, and serve: what `make run` starts."""

import argparse
import os
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from pydantic import ValidationError

from app.config import Settings
from app.db.migrations import upgrade_schema
from app.db.session import Database
from app.db.tables import utcnow
from app.errors import AppError
from app.main import WEB_APP
from app.segmentation.synthesis import generate_customers
from app.services.bootstrap import ADMIN, TEST_USER, ensure_account
from app.services.models import ModelService
from app.services.training import TrainingOrder, train
from app.storage.files import write_atomically
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
        table = generate_customers().to_csv(index=False, lineterminator="\n").encode()
        write_atomically(file, lambda stream: stream.write(table))
        return f"{file} written, 5000 example customers"

    def schema() -> str:
        upgrade_schema(database)
        return f"{database.url.render_as_string(hide_password=True)} is at the newest revision"

    def accounts() -> str:
        made = [
            account.username
            for account in (ADMIN, TEST_USER)
            if ensure_account(database, settings, account, reset=False)
        ]
        return f"{' and '.join(made)} made" if made else "they are there"

    def model() -> str:
        version = models.warm_up()
        if version is not None:
            return f"version {version} is there"
        row = train(models, settings, TrainingOrder(None, utcnow(), None))
        return (
            f"version {row.version} trained: {row.n_clusters} segments, "
            f"silhouette {row.silhouette_score:.2f}"
        )

    return (
        Step("customers", customers, "make the folder writable, or set CUSTOMERS_FILE"),
        Step("schema", schema, "check DATABASE_URL, and that the database runs"),
        Step("accounts", accounts, "python create_admin.py --password YOUR_OWN"),
        Step("model", model, "mend the customers' file, or remove it to get the example"),
    )


def port_is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def main() -> NoReturn:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    arguments = parser.parse_args()
    host, port = arguments.host, arguments.port
    if not port_is_free(host, port):
        sys.exit(f"Port {port} is taken. Choose another: make run PORT={port + 1}")
    try:
        settings = Settings()
        database = Database(settings.database_url, pool_size=2)
    except (ValidationError, ValueError) as error:
        sys.exit(
            f"settings: {error}\n  what to do: correct .env or the environment; see .env.example"
        )
    for step in steps(settings, database):
        try:
            say(f"{step.name}: {step.prepare()}")
        # Whatever went wrong, a newcomer needs the step's name and the remedy, not a traceback.
        except Exception as error:  # noqa: BLE001
            reason = error.detail if isinstance(error, AppError) else error
            sys.exit(f"{step.name}: failed: {reason}\n  what to do: {step.remedy}")
    database.dispose()
    serve(host, port)


def serve(host: str, port: int) -> NoReturn:
    """Say where to go and become the server."""
    home = f"http://{host}:{port}"
    say("")
    if (WEB_APP / "index.html").exists():
        say(f"  Web app         {home}/app/")
    say(f"  Documentation   {home}/docs")
    say(f"  Sign in as      {ADMIN.username} / {ADMIN.password}  (unless you changed it)")
    say(f"             or   {TEST_USER.username} / {TEST_USER.password}")
    say("  Stop with       Ctrl+C\n")
    command = ("-m", "uvicorn", "app.main:app", "--host", host, "--port", str(port))
    os.execv(sys.executable, (sys.executable, *command, "--timeout-graceful-shutdown", "10"))  # noqa: S606


if __name__ == "__main__":
    main()
