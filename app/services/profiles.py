"""Saved customer profiles; each is its owner's alone."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.db.tables import CustomerProfile
from app.errors import NotFound
from app.schemas.profiles import ProfileCreate, ProfileUpdate
from app.services.accounts import Caller
from app.services.paging import Page, page_of


def create(session: Session, caller: Caller, form: ProfileCreate) -> CustomerProfile:
    profile = CustomerProfile(user_id=caller.id, **form.model_dump())
    session.add(profile)
    session.flush()
    return profile


def list_own(session: Session, caller: Caller, page: Page) -> tuple[Sequence[CustomerProfile], int]:
    query = sa.select(CustomerProfile).where(CustomerProfile.user_id == caller.id)
    return page_of(session, query.order_by(CustomerProfile.id.desc()), page)


def get_own(session: Session, caller: Caller, profile_id: int) -> CustomerProfile:
    profile = session.get(CustomerProfile, profile_id)
    if profile is None or profile.user_id != caller.id:
        raise NotFound("Profile not found")
    return profile


def update(
    session: Session, caller: Caller, profile_id: int, form: ProfileUpdate
) -> CustomerProfile:
    profile = get_own(session, caller, profile_id)
    for field, value in form.model_dump(exclude_unset=True).items():
        setattr(profile, field, value)
    session.flush()
    return profile


def delete(session: Session, caller: Caller, profile_id: int) -> None:
    session.delete(get_own(session, caller, profile_id))
    session.flush()
