"""The servers that answer `/predict`: this program, and its peers, each on a port of its own."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from app.config import Settings
from app.db.migrations import upgrade_schema
from app.db.session import Database
from app.db.tables import User, utcnow
from app.security import TokenSigner
from app.segmentation.synthesis import generate_customers
from app.services.models import ModelService
from app.services.training import TrainingOrder, train
from app.storage.models import ModelStore
from benchmarks.peers import serving as peers
from benchmarks.serving.load import Load, request_of, run_for

CUSTOMER = {
    "sex": "Female",
    "age": 34,
    "annual_income": 65.5,
    "spending_score": 72,
    "purchase_frequency": 18,
}


@dataclass(frozen=True)
class Server:
    name: str
    app: str
    port: int
    token: str


def prepare(folder: Path) -> str:
    """Make the program's database and model, and the peers' from it; return a token."""
    settings = Settings(
        _env_file=None,
        database_url=f"sqlite:///{folder / 'app.db'}",
        models_dir=folder,
        customers_file=folder / "customers.csv",
        secret_key=peers.KEY,
    )
    generate_customers().to_csv(settings.customers_file, index=False)
    database = Database(settings.database_url, pool_size=1)
    upgrade_schema(database)
    models = ModelService(database, ModelStore(settings.models_dir))
    train(models, settings, TrainingOrder(None, utcnow(), None))
    with database.session() as session:
        user = User(email="b@example.com", username="bench", hashed_password="none")
        session.add(user)
    database.dispose()
    for name in ("tutorial", "floor"):
        peers.make_database(folder / f"{name}.db")
    signer = TokenSigner(peers.KEY, "HS256", timedelta(hours=2))
    return signer.issue(username="bench", user_id=user.id, version=user.token_version)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start(server: Server, folder: Path, stack: ExitStack) -> None:
    environment = os.environ | {
        "BENCHMARK_FOLDER": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'app.db'}",
        "MODELS_DIR": str(folder),
        "SECRET_KEY": peers.KEY,
        "LOG_LEVEL": "WARNING",
    }
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "uvicorn",
            server.app,
            "--port",
            str(server.port),
            "--no-access-log",
            "--log-level",
            "warning",
            *(["--factory"] if ":create" in server.app else []),
        ],
        env=environment,
        # The tutorial's way stalls under load and says so a thousand times.
        stderr=subprocess.DEVNULL,
    )
    stack.callback(process.wait)
    stack.callback(process.terminate)
    for _ in range(300):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{server.port}/openapi.json", timeout=10)
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"{server.name} did not start")


def measure(server: Server, *, clients: int, seconds: float) -> Load:
    request = request_of("POST", "/predict", server.token, CUSTOMER)
    return run_for(server.port, lambda _: request, clients=clients, seconds=seconds)


@contextmanager
def servers() -> Iterator[tuple[Path, list[Server]]]:
    """Start this program, the floor and the tutorial; each has answered before it is given."""
    with TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        token = prepare(folder)
        started = [
            Server("this program", "app.main:app", free_port(), token),
            Server("floor", "benchmarks.peers.serving:create_floor", free_port(), peers.token()),
            Server(
                "tutorial", "benchmarks.peers.serving:create_tutorial", free_port(), peers.token()
            ),
        ]
        for server in started:
            start(server, folder, stack)
            measure(server, clients=4, seconds=1)
        yield folder, started
