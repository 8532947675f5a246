"""A body that does not come, or not to its end, gives its connection back."""

import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.server.running import PATIENCE, Server

SLOW = b"POST /auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
SETTINGS = {"BODY_IDLE_SECONDS": "1", "BODY_TOTAL_SECONDS": "3"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder: Path = tmp_path_factory.mktemp("slow")
    url = f"sqlite:///{folder / 'slow.db'}"
    with Server(folder, database_url=url, settings=SETTINGS) as server:
        yield server


def opened(server: Server, request: bytes) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE)
    connection.sendall(request)
    return connection


def answer_of(connection: socket.socket) -> bytes:
    """Read until the server closes the connection."""
    received = b""
    with connection:
        while chunk := connection.recv(65_536):
            received += chunk
    return received


def test_bodies_that_never_come_end_with_408(server: Server) -> None:
    connections = [
        opened(server, SLOW + b"Content-Length: 50\r\n\r\n" + b'{"username"'[:sent])
        for sent in (0, 1, 11)
        for _ in range(20)
    ]
    assert httpx.get(f"{server.url}/live", timeout=PATIENCE).status_code == 200
    for connection in connections:
        answer = answer_of(connection)
        assert answer.startswith(b"HTTP/1.1 408")
        assert b"did not arrive in time" in answer


def test_a_body_that_trickles_ends_too(server: Server) -> None:
    connection = opened(server, SLOW + b"Content-Length: 1000\r\n\r\n")
    connection.settimeout(0.4)
    answer = b""
    for _ in range(1000):
        try:
            connection.sendall(b" ")
            answer += connection.recv(65_536)
        except TimeoutError:
            continue
        except OSError:
            break
        if answer:
            break
    connection.close()
    assert answer.startswith(b"HTTP/1.1 408")
