"""A load generator: clients that each send a request, read the answer, and send the next.

Written on asyncio streams with the requests prepared beforehand, so that on a machine with two
cores the client does not become what is measured.
"""

import asyncio
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Load:
    """What came of a load: answers a second, errors, and latencies in milliseconds."""

    per_second: float
    errors: int
    median_ms: float
    slowest_ms: float


async def _client(
    port: int, request: bytes, until: float, latencies: list[float], errors: list[bytes]
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        while time.perf_counter() < until:
            started = time.perf_counter()
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
            latencies.append(time.perf_counter() - started)
            if not head.startswith(b"HTTP/1.1 200"):
                errors.append(head.split(b"\r\n")[0])
    finally:
        writer.close()
        await writer.wait_closed()


async def _run(port: int, request: bytes, *, clients: int, seconds: float) -> Load:
    latencies: list[float] = []
    errors: list[bytes] = []
    started = time.perf_counter()
    await asyncio.gather(
        *(_client(port, request, started + seconds, latencies, errors) for _ in range(clients))
    )
    taken = time.perf_counter() - started
    latencies.sort()
    return Load(
        per_second=(len(latencies) - len(errors)) / taken,
        errors=len(errors),
        median_ms=latencies[len(latencies) // 2] * 1000,
        slowest_ms=latencies[-1] * 1000,
    )


def run_load(
    port: int, path: str, body: bytes, token: str, *, clients: int, seconds: float
) -> Load:
    """Send the same request from several clients at once, for some seconds."""
    request = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body
    return asyncio.run(_run(port, request, clients=clients, seconds=seconds))
