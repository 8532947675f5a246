"""Saved customer profiles; each is its owner's alone."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.db.letters import SmallLetters, contains_text
from app.db.session import Database
from app.db.tables import CustomerProfile
from app.errors import InvalidFields, NotFound
from app.schemas.predictions import Customer
from app.schemas.profiles import ProfileCreate, ProfileSort, ProfileUpdate
from app.services.accounts import Caller
from app.services.paging import Page, page_of, sorted_by


def create(session: Session, caller: Caller, form: ProfileCreate) -> CustomerProfile:
    profile = CustomerProfile(user_id=caller.id, **form.model_dump())
    session.add(profile)
    session.flush()
    return profile


def list_own(
    session: Session,
    caller: Caller,
    page: Page,
    *,
    search: str | None = None,
    sort: ProfileSort | None = None,
    descending: bool = False,
) -> tuple[Sequence[CustomerProfile], int]:
    """List the caller's profiles, or those with the text in their name or notes."""
    query = sa.select(CustomerProfile).where(CustomerProfile.user_id == caller.id)
    if search:
        searched = (CustomerProfile.name, CustomerProfile.notes)
        query = query.where(sa.or_(*(contains_text(column, search) for column in searched)))
    if sort:
        field: sa.ColumnElement[Any] = getattr(CustomerProfile, sort)
        key = SmallLetters(field) if sort == "name" else field
        query = sorted_by(query, key, descending=descending)
    return page_of(session, query.order_by(CustomerProfile.id.desc()), page)


def get_own(
    session: Session, caller: Caller, profile_id: int, *, lock: bool = False
) -> CustomerProfile:
    profile = session.get(CustomerProfile, profile_id, with_for_update=lock)
    if profile is None or profile.user_id != caller.id:
        raise NotFound("Profile not found")
    return profile


def as_customer(database: Database, caller: Caller, profile_id: int) -> Customer:
    """Return a profile as a customer to be placed; `InvalidFields` names what it lacks."""
    with database.session(read_only=True) as session:
        profile = get_own(session, caller, profile_id)
    values = {name: getattr(profile, name) for name in Customer.model_fields}
    missing = [name for name, value in values.items() if value is None]
    if missing:
        raise InvalidFields(
            [
                {
                    "type": "missing",
                    "loc": ["profile", name],
                    "msg": f"Fill in {name.replace('_', ' ')} to predict this profile's segment",
                }
                for name in missing
            ]
        )
    return Customer.model_validate(values)


def update(
    session: Session, caller: Caller, profile_id: int, form: ProfileUpdate
) -> CustomerProfile:
    profile = get_own(session, caller, profile_id, lock=True)
    for field, value in form.model_dump(exclude_unset=True).items():
        setattr(profile, field, value)
    session.flush()
    return profile


def delete(session: Session, caller: Caller, profile_id: int) -> None:
    session.delete(get_own(session, caller, profile_id, lock=True))
    session.flush()
