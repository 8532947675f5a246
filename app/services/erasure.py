"""Deleting an account with all of its rows, files and cached answers, and its name elsewhere."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.db.order_tables import OrderFile, Orders
from app.db.session import Database
from app.db.tables import Dataset, Job
from app.services import administration
from app.services.accounts import Caller
from app.services.answer_cache import AnswerCache
from app.services.free_pages import fold_log
from app.services.quotas import UPLOADS
from app.storage.datasets import DatasetStore


@dataclass(frozen=True)
class Erasure:
    """What holds something of an account, besides its rows."""

    database: Database
    tables: DatasetStore
    answers: AnswerCache

    def delete_user(self, caller: Caller, user_id: int) -> None:
        self._delete(user_id, lambda session: administration.delete_user(session, caller, user_id))

    def delete_own(self, caller: Caller) -> None:
        self._delete(caller.id, lambda session: administration.delete_own(session, caller))

    def _delete(self, user_id: int, delete: Callable[[Session], None]) -> None:
        with self.database.session() as session:
            directories = _directories_of(session, user_id)
            delete(session)
        # The rows are gone for good; files that a fault leaves here, the next round removes.
        for directory in directories:
            with suppress(OSError):
                self.tables.remove(directory)
        self.answers.forget(user_id)
        fold_log(self.database)


def _directories_of(session: Session, user_id: int) -> set[str]:
    """Return the folders of an account's tables, and of those that wait to be read."""
    found = set(session.scalars(sa.select(Dataset.directory).where(Dataset.user_id == user_id)))
    lines = sa.select(OrderFile.directory).join(Orders).where(Orders.user_id == user_id)
    found |= set(session.scalars(lines))
    waiting = sa.select(Job.arguments).where(Job.user_id == user_id, Job.kind.in_(UPLOADS))
    for arguments in session.scalars(waiting):
        if "directory" in arguments:
            found.add(arguments["directory"])
    return found
