"""What one server process does while it is busy, and when it is told to end."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from app.segmentation.synthesis import generate_customers
from tests.server.running import PATIENCE, Server

pytestmark = pytest.mark.timeout(4 * PATIENCE)

LOGINS = 16
"""Four times the threads, each of which a login with a costly hash keeps busy."""

SENDERS = 8
"""Twice as many as passwords are checked at once."""


def test_liveness_answers_while_the_thread_pool_is_full(tmp_path: Path) -> None:
    database_url = f"sqlite:///{tmp_path / 'customers.db'}"
    settings = {"WORKER_THREADS": "4", "BCRYPT_ROUNDS": "12"}
    with Server(tmp_path, database_url=database_url, settings=settings) as server:
        server.sign_in("operator")

        def sign_in() -> None:
            httpx.post(
                f"{server.url}/auth/login",
                json={"username": "operator", "password": "correct horse"},
                timeout=PATIENCE,
            ).raise_for_status()

        checks = 0
        with ThreadPoolExecutor(LOGINS) as pool:
            logins = [pool.submit(sign_in) for _ in range(LOGINS)]
            with httpx.Client() as client:
                while not all(login.done() for login in logins):
                    client.get(f"{server.url}/live", timeout=PATIENCE).raise_for_status()
                    checks += 1
            for login in logins:
                login.result()
        # One that waits for a thread waits for the logins before it, so that few would fit in.
        assert checks > LOGINS


def test_senders_that_never_finish_hold_nobody_up_at_the_door(tmp_path: Path) -> None:
    half_sent = (
        b"POST /auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Content-Length: 100\r\n\r\n{"
    )
    with (
        Server(tmp_path, database_url=f"sqlite:///{tmp_path / 'customers.db'}") as server,
        ExitStack() as senders,
    ):
        for _ in range(SENDERS):
            sender = socket.create_connection(("127.0.0.1", server.port))
            senders.enter_context(sender)
            sender.sendall(half_sent)
        server.sign_in("operator")
        senders.close()
        httpx.get(f"{server.url}/live", timeout=PATIENCE).raise_for_status()
        time.sleep(0.2)
        assert "Traceback" not in server.log


def test_a_stop_lets_the_running_request_end_and_then_the_server_ends(tmp_path: Path) -> None:
    with Server(tmp_path, database_url=f"sqlite:///{tmp_path / 'customers.db'}") as server:
        generate_customers(2000, seed=7).to_csv(server.customers, index=False)
        answers: list[int] = []

        with httpx.Client() as idle, httpx.Client(base_url=server.url, timeout=PATIENCE) as busy:
            # A client takes its time to be made and to connect, which is no part of the request.
            for client in (idle, busy):
                client.get(f"{server.url}/live")

            def train() -> None:
                answers.append(busy.post("/train").status_code)

            training = threading.Thread(target=train)
            training.start()
            time.sleep(0.3)
            code = server.stop()
            training.join()
        assert answers == [200]
        # uvicorn ends by the signal that it was sent, once all is done.
        assert code in (0, -15)
