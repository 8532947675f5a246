"""Ask servers as an analyst, and wait for what becomes of jobs."""

import io
import time
from collections.abc import Set
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx

from app.db.session import Database
from app.db.tables import User
from app.security import TokenSigner, hash_password
from app.segmentation.synthesis import generate_customers
from tests.server.running import PATIENCE, SIGNING_KEY

FINISHED = frozenset({"succeeded", "failed", "cancelled"})


@dataclass(frozen=True)
class Analyst:
    """An account with its token, which every server of the same signing key takes."""

    headers: dict[str, str]

    @classmethod
    def made(cls, database_url: str) -> "Analyst":
        """Make the account in a database that a server has brought up."""
        database = Database(database_url, pool_size=1)
        with database.session() as session:
            account = User(
                username="analyst",
                email="analyst@example.com",
                hashed_password=hash_password("correct horse", rounds=4),
                role="analyst",
            )
            session.add(account)
            session.flush()
            signer = TokenSigner(SIGNING_KEY, "HS256", timedelta(hours=2))
            token = signer.issue(username="analyst", user_id=account.id, version=1)
        database.dispose()
        return cls({"Authorization": f"Bearer {token}"})

    def ask(self, method: str, url: str, **request: Any) -> httpx.Response:
        return httpx.request(method, url, headers=self.headers, timeout=PATIENCE, **request)

    def upload(self, url: str, *, rows: int) -> int:
        table = io.BytesIO(generate_customers(rows, seed=11).to_csv(index=False).encode())
        files = {"file": ("customers.csv", table)}
        answer = self.ask("POST", f"{url}/api/v1/datasets/upload", files=files)
        return int(answer.raise_for_status().json()["id"])

    def start_job(self, url: str, order: dict[str, object]) -> int:
        """Ask for a run as a job, and return once it is running."""
        answer = self.ask(
            "POST",
            f"{url}/api/v1/clustering/train",
            json=order,
        )
        assert answer.status_code == 202, answer.text
        job = int(answer.json()["id"])
        self.wait_for(url, job, {"running"} | FINISHED)
        return job

    def wait_for(
        self, url: str, job: int, states: Set[str], *, seconds: float = PATIENCE
    ) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        while True:
            seen = self.ask("GET", f"{url}/api/v1/jobs/{job}").raise_for_status().json()
            if seen["state"] in states:
                return dict(seen)
            assert time.monotonic() < deadline, seen
            time.sleep(0.1)
