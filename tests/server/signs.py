"""Ask a server for signs of life from a process of its own.

Beside the load in one process, the wait would be for that process's interpreter.
"""

import http.client
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event

PATIENCE = 60
PAUSE = 0.01


def _ask(port: int, over: Event, answers: Connection) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.connect()
    answers.send(None)
    taken: list[float] = []
    while not over.wait(PAUSE):
        began = time.perf_counter()
        connection.request("GET", "/live")
        response = connection.getresponse()
        response.read()
        taken.append((time.perf_counter() - began) * 1000)
        if response.status != http.client.OK:
            raise RuntimeError(f"/live answered {response.status}")
    answers.send(taken)


@contextmanager
def watched(port: int) -> Iterator[list[float]]:
    """Collect the milliseconds that each answer of `/live` took, complete when the context ends."""
    taken: list[float] = []
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    over = context.Event()
    watcher = context.Process(target=_ask, args=(port, over, there), daemon=True)
    watcher.start()
    there.close()
    here.recv()
    try:
        yield taken
    finally:
        over.set()
        taken += here.recv()
        watcher.join()
