"""Why a job failed, in words for whoever asked for it."""

from concurrent.futures import BrokenExecutor, CancelledError, Future

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from app.errors import AppError, InsufficientStorage, is_disk_full
from app.segmentation.errors import SegmentationError
from app.services.job_work import JobEnded
from app.storage.datasets import DamagedDataset

log = structlog.get_logger(__name__)

INTERRUPTED = "The server that ran this job stopped before it was done; ask for it again"
NO_WORKERS = "The cluster for long work does not answer (COMPUTE_ADDRESS); try again later"
STOPPING = "The server is stopping; try again shortly"
OVERDUE = (
    "The job took longer than {seconds:,} seconds, the most that a job may take "
    "(JOB_TIMEOUT_SECONDS); take fewer rows or columns, or a faster algorithm"
)


def reason_of(future: Future[None]) -> str | None:
    """Return why a job failed; None where it succeeded, or its row says it already."""
    try:
        error = future.exception()
    except CancelledError:
        return None
    if is_disk_full(error):
        return InsufficientStorage().detail
    match error:
        case None | JobEnded() | CancelledError():
            return None
        case MemoryError():
            return (
                "The work needed more memory than a job may use (JOB_MEMORY_MB); "
                "take fewer rows or columns, or K-means"
            )
        case BrokenExecutor():
            return f"The worker died, probably because it ran out of memory: {error}"
        case SegmentationError() | AppError():
            return str(error)
        case OperationalError() | InterfaceError() | PoolTimeoutError():
            log.error("job lost its database", reason=str(error))
            return "The database was away while the job ran; ask for it again"
        case DamagedDataset():
            return f"The dataset cannot be used: {error}; upload it again"
    log.error("job failed", exc_info=error)
    return f"Unexpected error: {type(error).__name__}"
