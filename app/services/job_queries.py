"""Jobs as their owner sees them: one, all, and how long one still takes."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.db.tables import Job
from app.services.accounts import Caller
from app.services.ownership import own_of, owned
from app.services.paging import Page, page_of


def get(session: Session, caller: Caller, job_id: int, *, lock: bool = False) -> Job:
    return owned(session, Job, caller, job_id, called="Job", lock=lock)


def list_own(session: Session, caller: Caller, page: Page) -> tuple[Sequence[Job], int]:
    query = sa.select(Job).where(own_of(Job, caller)).order_by(Job.id.desc())
    return page_of(session, query, page)


def seconds_left(job: Job, now: datetime) -> float | None:
    """Estimate the rest from what was done when the job last said how far it is.

    None where nothing is known yet, or where the estimate has run out.
    """
    if job.state != "running" or job.started_at is None or job.progressed_at is None:
        return None
    if not 0 < job.percent < 100:
        return None
    took = (job.progressed_at - job.started_at).total_seconds()
    left = took * (100 - job.percent) / job.percent - (now - job.progressed_at).total_seconds()
    return round(left, 1) if left > 0 else None
