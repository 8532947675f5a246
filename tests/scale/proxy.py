"""A proxy of TCP connections for the tests: each goes to the next server that takes it."""

import asyncio
import itertools
import threading
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from tests.ports import free_port

BLOCK = 1 << 16


class Proxy:
    """Listens in a thread of its own while the context lasts."""

    def __init__(self, ports: Sequence[int]) -> None:
        self._ports = ports
        self._turns = itertools.cycle(range(len(ports)))
        self._loop = asyncio.new_event_loop()
        self._ended = asyncio.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._listen())

    async def _listen(self) -> None:
        async with await asyncio.start_server(self._pass_on, "127.0.0.1", self.port):
            self._ready.set()
            await self._ended.wait()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server_reader, server_writer = await self._connected()
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(_copy(reader, server_writer))
                both.create_task(_copy(server_reader, writer))
        finally:
            writer.close()
            server_writer.close()

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        first = next(self._turns)
        for shift in range(len(self._ports)):
            port = self._ports[(first + shift) % len(self._ports)]
            try:
                return await asyncio.open_connection("127.0.0.1", port)
            except ConnectionRefusedError:
                continue
        raise ConnectionRefusedError("no server takes connections")


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    try:
        while block := await source.read(BLOCK):
            target.write(block)
            await target.drain()
    except ConnectionError:
        # A server that was killed ends the connection; so does this side.
        target.close()
        return
    if target.can_write_eof():
        target.write_eof()
