"""The default executor of long work: a process for each call, a bounded number at a time."""

import multiprocessing
import os
import resource
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ThreadPoolExecutor
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from app.jobs.fairness import FairLine, current_owner

Result = TypeVar("Result")
Params = ParamSpec("Params")


class WorkerDied(BrokenExecutor):
    """The process ended without an answer."""


class ProcessFuture(Future[Any]):
    """A future whose `cancel` also ends work that is running, by ending its process."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._process: BaseProcess | None = None
        self.stopped = False

    def attach(self, process: BaseProcess) -> None:
        with self._lock:
            self._process = process
            if self.stopped:
                process.kill()

    def cancel(self) -> bool:
        if super().cancel():
            return True
        if self.done():
            return False
        with self._lock:
            self.stopped = True
            if self._process is not None:
                self._process.kill()
        return True


class ProcessExecutor(Executor):
    """Runs each call in a fresh process, so that its memory returns and its death harms no other.

    It is forked from a process that the first call starts and that does nothing but fork, so it
    has nothing of this one's, which has threads and connections.

    Parameters
    ----------
    workers : int
        Processes at a time; further calls wait for their turn, each owner in a line of their own.
    memory_bytes : int
        What each may allocate above what it took to import the work; past it, it gets a
        `MemoryError`.
    preload : sequence of str
        Modules that the forking process imports once: the work's take seconds. They must not
        start threads or connect to anything.
    most_per_owner : int
        Processes at a time for one owner; 0 is as many as there are.
    """

    def __init__(
        self,
        *,
        workers: int,
        memory_bytes: int,
        preload: Sequence[str] = (),
        most_per_owner: int = 0,
    ) -> None:
        self._memory_bytes = memory_bytes
        self._workers = workers
        # Threads that wait for their process, as many as there may be; each takes the call whose
        # turn it is when it is free.
        self._line: FairLine[tuple[ProcessFuture, Any, Any, Any]] = FairLine(
            most_running=most_per_owner
        )
        self._turns = ThreadPoolExecutor(workers, thread_name_prefix="job")
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([*preload])
        self._unfinished: set[ProcessFuture] = set()

    def submit(
        self, fn: Callable[Params, Result], /, *args: Params.args, **kwargs: Params.kwargs
    ) -> Future[Result]:
        future = ProcessFuture()
        self._unfinished.add(future)
        future.add_done_callback(lambda _: self._unfinished.discard(future))
        self._line.put(current_owner(), (future, fn, args, kwargs))
        self._turns.submit(self._run_next)
        return future

    @property
    def is_free(self) -> bool:
        """Whether a call would begin at once."""
        return len(self._unfinished) < self._workers

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        if cancel_futures:
            for future in tuple(self._unfinished):
                future.cancel()
        self._turns.shutdown(wait=wait, cancel_futures=False)

    def _run_next(self) -> None:
        owner, call = self._line.take()
        try:
            self._run(*call)
        finally:
            self._line.done(owner)

    def _run(self, future: ProcessFuture, fn: Any, args: Any, kwargs: Any) -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            future.set_result(self._in_process(future, fn, args, kwargs))
        # Every error is passed to the caller through the future.
        except BaseException as error:  # noqa: BLE001
            future.set_exception(error)

    def _in_process(self, future: ProcessFuture, fn: Any, args: Any, kwargs: Any) -> Any:
        receiver, sender = self._context.Pipe(duplex=False)
        process = self._context.Process(
            target=_work, args=(sender, self._memory_bytes, fn, args, kwargs), daemon=True
        )
        try:
            process.start()
            sender.close()
            future.attach(process)
            succeeded, value = receiver.recv()
        except EOFError as error:
            process.join()
            if future.stopped:
                raise CancelledError from error
            raise WorkerDied(f"the process ended with exit code {process.exitcode}") from error
        finally:
            receiver.close()
        process.join()
        if not succeeded:
            raise value
        return value


def _work(answer: Connection, memory_bytes: int, fn: Any, args: Any, kwargs: Any) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    limit = _data_bytes() + memory_bytes
    resource.setrlimit(
        resource.RLIMIT_DATA, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard)
    )
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        outcome = (True, fn(*args, **kwargs))
    # It is raised again where the future is read.
    except Exception as error:  # noqa: BLE001
        outcome = (False, error)
    try:
        answer.send(outcome)
    # An error that cannot be pickled still has a message.
    except Exception as error:  # noqa: BLE001
        answer.send((False, RuntimeError(f"{outcome[1]!r} ({error})")))


def _data_bytes() -> int:
    """Return what this process has mapped so far; libraries reserve it by the machine's cores."""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return 0
    sizes = [line.split()[1] for line in status.splitlines() if line.startswith("VmData:")]
    return int(sizes[0]) << 10 if sizes else 0


def _end_with_parent() -> None:
    """End with a server that was killed, which could not end its workers."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
