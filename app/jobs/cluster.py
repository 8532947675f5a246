"""Long work on a Dask cluster: the same calls, run by workers that may be on other machines."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from typing import Any, ParamSpec, TypeVar

from distributed import Client, KilledWorker
from distributed import Future as RemoteFuture

from app.jobs.executor import WorkerDied
from app.jobs.fairness import current_owner

Result = TypeVar("Result")
Params = ParamSpec("Params")

CONNECT_SECONDS = 5
ANSWER_SECONDS = 30
"""For an answer that is there; without a limit, one waits for good for a scheduler that is gone."""

RETRIES = 2
"""Of a call whose worker was lost, by another worker."""


class ClusterFuture(Future[Any]):
    """A future whose `cancel` takes back what waits; what runs ends when it next reports."""

    def running(self) -> bool:
        """Whether it is not done: a cluster does not say when work begins."""
        return not self.done()

    def __init__(self, remote: RemoteFuture) -> None:
        super().__init__()
        self._remote = remote

    def cancel(self) -> bool:
        if not super().cancel():
            return False
        self._remote.cancel()
        return True


class ClusterExecutor(Executor):
    """Hands each call to a scheduler, which finds a worker for it and another if that one is lost.

    Parameters
    ----------
    address : str
        Of the scheduler, as in ``tcp://127.0.0.1:8786``. Its workers need the same code, database
        and folder of datasets as this program.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._lock = threading.Lock()
        self._client: Client | None = None
        self._unfinished: Counter[int | None] = Counter()

    def submit(
        self, fn: Callable[Params, Result], /, *args: Params.args, **kwargs: Params.kwargs
    ) -> Future[Result]:
        """Hand a call over.

        Raises
        ------
        BrokenExecutor
            There is no scheduler at the address.
        """
        owner = current_owner()
        with self._lock:
            client = self._connected()
            # Who has much waiting or running comes after who has little.
            remote = client.submit(
                fn, *args, **kwargs, pure=False, retries=RETRIES, priority=-self._unfinished[owner]
            )
            self._unfinished[owner] += 1
        future = ClusterFuture(remote)
        future.add_done_callback(lambda _: self._done(owner))
        remote.add_done_callback(lambda done: _settle(future, done))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        with self._lock:
            if self._client is not None:
                self._client.close(timeout=CONNECT_SECONDS)

    def _connected(self) -> Client:
        if self._client is None or self._client.status != "running":
            if self._client is not None:
                self._client.close(timeout=CONNECT_SECONDS)
            try:
                self._client = Client(self._address, timeout=CONNECT_SECONDS, set_as_default=False)
            except OSError as error:
                raise BrokenExecutor(f"no scheduler answers at {self._address}") from error
        return self._client

    def _done(self, owner: int | None) -> None:
        with self._lock:
            self._unfinished[owner] -= 1
            if not self._unfinished[owner]:
                del self._unfinished[owner]


def _settle(future: ClusterFuture, remote: RemoteFuture) -> None:
    """Pass on what became of a call."""
    if not future.set_running_or_notify_cancel():
        return
    try:
        future.set_result(remote.result(timeout=ANSWER_SECONDS))
    except (KilledWorker, CancelledError) as error:
        future.set_exception(WorkerDied(f"the cluster lost the call: {error!r}"))
    # Every error is passed to the caller through the future.
    except BaseException as error:  # noqa: BLE001
        future.set_exception(error)
