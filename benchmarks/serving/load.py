"""A load generator: clients that each send a request, read the answer, and send the next.

Written on asyncio streams with the requests prepared beforehand, so that on a machine with two
cores the client does not become what is measured.
"""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

NO_ANSWER = 0
PATIENCE = 60.0
"""Seconds until a client gives its request up, and its connection with it."""


@dataclass
class Load:
    """What came of a load: how many answers of which status, and latencies in seconds."""

    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return (
            sum(number for status, number in self.statuses.items() if good(status)) / self.seconds
        )

    @property
    def errors(self) -> int:
        return sum(number for status, number in self.statuses.items() if not good(status))

    @property
    def slowest_ms(self) -> float:
        return max(self.latencies) * 1000

    def percentile_ms(self, percent: int) -> float:
        ordered = sorted(self.latencies)
        return ordered[(len(ordered) - 1) * percent // 100] * 1000


def good(status: int) -> bool:
    return 200 <= status < 300


def request_of(
    method: str,
    path: str,
    token: str = "",
    body: bytes | object = b"",
    content_type: str = "application/json",
) -> bytes:
    """Put a request together; a body that is not bytes is sent as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(content)}"]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    if content:
        lines.append(f"Content-Type: {content_type}")
    return "\r\n".join((*lines, "\r\n")).encode() + content


async def _answer(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    await reader.readexactly(length)
    return int(head.split(b" ", 2)[1])


async def _client(port: int, asks: Callable[[], bytes | None], load: Load) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        while (request := asks()) is not None:
            started = time.perf_counter()
            writer.write(request)
            try:
                async with asyncio.timeout(PATIENCE):
                    status = await _answer(reader)
            except (TimeoutError, OSError, EOFError):
                load.statuses[NO_ANSWER] += 1
                return
            load.latencies.append(time.perf_counter() - started)
            load.statuses[status] += 1
    finally:
        writer.close()


async def _run(port: int, asks: Callable[[], bytes | None], clients: int) -> Load:
    load = Load()
    started = time.perf_counter()
    await asyncio.gather(*(_client(port, asks, load) for _ in range(clients)))
    load.seconds = time.perf_counter() - started
    return load


def run_for(port: int, request: Callable[[int], bytes], *, clients: int, seconds: float) -> Load:
    """Send requests, numbered over all clients, from several clients at once for some seconds."""
    until = time.perf_counter() + seconds
    numbers = count()

    def asks() -> bytes | None:
        return request(next(numbers)) if time.perf_counter() < until else None

    return asyncio.run(_run(port, asks, clients))


def run_many(port: int, request: Callable[[int], bytes], *, clients: int, requests: int) -> Load:
    """Send so many requests from several clients at once."""
    numbers = iter(range(requests))

    def asks() -> bytes | None:
        number = next(numbers, None)
        return None if number is None else request(number)

    return asyncio.run(_run(port, asks, clients))
