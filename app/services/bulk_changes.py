"""Changing several accounts at once, each by the rules for one."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.config import Role
from app.db.tables import User
from app.errors import AppError
from app.services.accounts import Caller
from app.services.administration import change_role, lock_users, set_active


@dataclass(frozen=True)
class Unchanged:
    """A user whom a rule keeps as they are."""

    id: int
    refusal: AppError


def change_users(
    session: Session,
    caller: Caller,
    ids: Sequence[int],
    *,
    role: Role | None,
    is_active: bool | None,
) -> tuple[list[User], list[Unchanged]]:
    """Change whom the rules allow to change; return them, and the others with their reasons.

    Where both are asked for, a user whom either rule protects is left whole.
    """
    changed: list[User] = []
    unchanged: list[Unchanged] = []
    # All at once, or two callers could wait for each other's users for ever.
    lock_users(session, ids)
    for user_id in sorted(set(ids)):
        try:
            with session.begin_nested():
                if role is not None:
                    user = change_role(session, caller, user_id, role)
                if is_active is not None:
                    user = set_active(session, caller, user_id, is_active)
                changed.append(user)
        except AppError as refusal:
            unchanged.append(Unchanged(user_id, refusal))
    return changed, unchanged
