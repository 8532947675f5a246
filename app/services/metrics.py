"""What the metrics tell besides the requests: jobs, connections, threads and memory."""

import os

import sqlalchemy as sa
from prometheus_client import REGISTRY, CollectorRegistry, Gauge, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy.pool import QueuePool

from app.db.session import Database
from app.db.tables import Job

JOBS = Gauge("jobs", "Background work, by state", ("state",), multiprocess_mode="mostrecent")
CONNECTIONS = Gauge(
    "database_connections_in_use", "Of this process's pool", multiprocess_mode="livesum"
)


def exposition(database: Database) -> bytes:
    """Return the metrics in Prometheus' text format."""
    query = sa.select(Job.state, sa.func.count()).group_by(Job.state)
    with database.connect(read_only=True) as connection:
        counted = dict(connection.execute(query).all())
        pool = database.engine.pool
        CONNECTIONS.set(pool.checkedout() if isinstance(pool, QueuePool) else 0)
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
