"""What the metrics tell besides the requests: jobs, connections, threads and memory."""

import os

import sqlalchemy as sa
from prometheus_client import REGISTRY, CollectorRegistry, Gauge, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy.pool import QueuePool

from app.db.session import Database
from app.db.tables import Job
from app.services.memory import MemoryKeeper, resident_bytes

JOBS = Gauge("jobs", "Background work, by state", ("state",), multiprocess_mode="mostrecent")
CONNECTIONS = Gauge(
    "database_connections_in_use", "Of this process's pool", multiprocess_mode="livesum"
)
MEMORY = Gauge(
    "server_memory_bytes", "Of this process, or of the largest", multiprocess_mode="livemax"
)
MEMORY_BOUND = Gauge(
    "server_memory_bound_bytes",
    "What a process is kept under (SERVER_MEMORY_MB); 0 is no bound",
    multiprocess_mode="mostrecent",
)


def exposition(database: Database, memory: MemoryKeeper) -> bytes:
    """Return the metrics in Prometheus' text format."""
    query = sa.select(Job.state, sa.func.count()).group_by(Job.state)
    with database.connect(read_only=True) as connection:
        counted = dict(connection.execute(query).all())
        pool = database.engine.pool
        CONNECTIONS.set(pool.checkedout() if isinstance(pool, QueuePool) else 0)
    MEMORY.set(resident_bytes())
    MEMORY_BOUND.set(memory.most_bytes)
    for state in ("queued", "running", "succeeded", "failed", "cancelled"):
        JOBS.labels(state).set(counted.get(state, 0))
    return generate_latest(_registry())


def _registry() -> CollectorRegistry:
    # Where its folder is named, the library adds up what every worker counted.
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry
