"""One customer to a segment: the hot path, two statements in one transaction."""

from dataclasses import dataclass
from typing import cast

import sqlalchemy as sa

from app.db.tables import PredictionHistory, User, utcnow
from app.errors import ModelNotTrained, MustChangePassword, Unauthorized
from app.schemas.predictions import Customer
from app.security import Claims
from app.segmentation.scoring import Score
from app.services.accounts import HONOURED, Caller, token_parameters
from app.services.models import ACTIVE_VERSION, ModelService, ServedModel

_CHECK = sa.select(User.id, User.must_change_password, ACTIVE_VERSION.label("version")).where(
    HONOURED
)
_CHECK_KEY = sa.select(User.id, User.must_change_password, ACTIVE_VERSION.label("version")).where(
    User.id == sa.bindparam("user_id"), User.is_active
)
_INSERT = cast(sa.Table, PredictionHistory.__table__).insert()


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a customer was placed, and by which model."""

    score: Score
    probability: float | None
    cluster_name: str
    model_version: int


def predict(models: ModelService, who: Claims | Caller, customer: Customer) -> Placement:
    """Check the caller, place the customer and note it in the caller's history.

    A model that another process activated is loaded outside the transaction, which then starts
    again: the version that the history names is the one that answered.
    """
    parameters: dict[str, int | str]
    if isinstance(who, Caller):
        check, parameters = _CHECK_KEY, {"user_id": who.id}
    else:
        check, parameters = _CHECK, token_parameters(who)
    while True:
        with models.database.connect() as connection:
            row = connection.execute(check, parameters).one_or_none()
            if row is None:
                raise Unauthorized
            if row.must_change_password:
                raise MustChangePassword
            if row.version is None:
                raise ModelNotTrained
            model = models.in_memory(row.version)
            if model is not None:
                placement = place(model, customer)
                connection.execute(
                    _INSERT,
                    {
                        "user_id": row.id,
                        "customer_data": customer.model_dump(),
                        "cluster": placement.score.cluster,
                        "cluster_name": placement.cluster_name,
                        "confidence": placement.score.confidence,
                        "model_version": placement.model_version,
                        "created_at": utcnow(),
                    },
                )
                return placement
        models.load(row.version)


def place(model: ServedModel, customer: Customer) -> Placement:
    score = model.scorer.score_one(customer.features())
    return Placement(score, model.probability_of(score), model.names[score.cluster], model.version)
