"""Saved customer profiles."""

from collections.abc import Sequence

from fastapi import APIRouter, Response

from app.db.tables import CustomerProfile
from app.routes.answers import errors
from app.routes.deps import (
    Credentials,
    CurrentUser,
    Id,
    ResourcesDep,
    Search,
    ShortPage,
    Transaction,
)
from app.routes.predictions import as_prediction
from app.schemas.base import Message
from app.schemas.predictions import Prediction
from app.schemas.profiles import ProfileCreate, ProfileOut, ProfileSort, ProfileUpdate
from app.services import predictions, profiles

router = APIRouter(prefix="/profiles", tags=["profiles"])


@router.post(
    "/",
    status_code=201,
    response_model=ProfileOut,
    summary="Save a customer profile",
    responses=errors(401, body=True),
)
def create_profile(
    transaction: Transaction, caller: CurrentUser, form: ProfileCreate
) -> CustomerProfile:
    """Saves a profile; only the name is required."""
    with transaction() as session:
        return profiles.create(session, caller, form)


@router.get("/", response_model=list[ProfileOut], summary="List profiles", responses=errors(401))
def list_profiles(
    response: Response,
    transaction: Transaction,
    caller: CurrentUser,
    page: ShortPage,
    search: Search = None,
    sort: ProfileSort | None = None,
    descending: bool = False,
) -> Sequence[CustomerProfile]:
    """Yours, newest first; `search` matches text in the name or notes.

    `sort` orders by a field instead, with what is not known at the end; `X-Total-Count` has the
    number of all that are left.
    """
    with transaction() as session:
        rows, total = profiles.list_own(
            session, caller, page, search=search, sort=sort, descending=descending
        )
    response.headers["X-Total-Count"] = str(total)
    return rows


@router.get(
    "/{profile_id}",
    response_model=ProfileOut,
    summary="Show a profile",
    responses=errors(401, 404),
)
def read_profile(transaction: Transaction, caller: CurrentUser, profile_id: Id) -> CustomerProfile:
    """Returns one of your profiles."""
    with transaction() as session:
        return profiles.get_own(session, caller, profile_id)


@router.put(
    "/{profile_id}",
    response_model=ProfileOut,
    summary="Update a profile",
    responses=errors(401, 404, body=True),
)
def update_profile(
    transaction: Transaction, caller: CurrentUser, profile_id: Id, form: ProfileUpdate
) -> CustomerProfile:
    """Omitted fields are unchanged; `null` clears a field."""
    with transaction() as session:
        return profiles.update(session, caller, profile_id, form)


@router.delete("/{profile_id}", summary="Delete a profile", responses=errors(401, 404))
def delete_profile(transaction: Transaction, caller: CurrentUser, profile_id: Id) -> Message:
    """Permanently deletes it."""
    with transaction() as session:
        profiles.delete(session, caller, profile_id)
    return Message(message="Profile deleted successfully")


@router.post(
    "/{profile_id}/predict",
    summary="Place a profile in a segment",
    responses=errors(400, 401, 404, 422),
)
def predict_profile(
    resources: ResourcesDep, credentials: Credentials, caller: CurrentUser, profile_id: Id
) -> Prediction:
    """Like `/predict`; an incomplete profile is refused with its missing fields."""
    customer = profiles.as_customer(resources.database, caller, profile_id)
    return as_prediction(customer, predictions.predict(resources.models, credentials, customer))
