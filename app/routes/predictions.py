"""Training the model, placing customers in its segments, and what it consists of."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.routes.answers import errors
from app.routes.deps import (
    Credentials,
    CurrentUser,
    PreferAsync,
    ResourcesDep,
    Trainer,
    Transaction,
    require_analyst,
)
from app.routes.jobs import JOB_ANSWER, accepted
from app.schemas.predictions import (
    Clusters,
    Customer,
    Elbow,
    Prediction,
    TrainRequest,
    TrainResult,
)
from app.services import models, predictions, training
from app.services.predictions import Placement
from app.services.training import TrainingOrder

router = APIRouter(tags=["segments"])


async def get_arrival() -> datetime:
    return datetime.now(UTC)


async def _training_turn(
    arrival: Annotated[datetime, Depends(get_arrival)],
) -> AsyncIterator[datetime]:
    """Wait for the turn without holding a thread; what is yielded is when the wait began."""
    yield arrival


TrainingTurn = Annotated[datetime, Depends(_training_turn, scope="function", max_concurrency=1)]


def as_prediction(customer: Customer, placement: Placement) -> Prediction:
    return Prediction(
        cluster=placement.score.cluster,
        cluster_name=placement.cluster_name,
        confidence=placement.score.confidence,
        probability=placement.probability,
        customer_data=customer,
        distances=list(placement.score.distances),
        outlier=placement.score.outlier,
        model_version=placement.model_version,
    )


@router.post(
    "/train",
    response_model=TrainResult,
    summary="Train the model",
    responses=errors(401, 403, body=True) | JOB_ANSWER,
)
def train(
    resources: ResourcesDep,
    trainer: Trainer,
    asked_at: TrainingTurn,
    prefer_async: PreferAsync,
    form: TrainRequest | None = None,
) -> TrainResult | Response:
    """Trains on the customer file and activates the new model unless `activate` is false.

    Without `n_clusters` the best of 2 to 10 by silhouette is chosen. Calls for the same number
    that arrive while one runs share its result; others wait their turn. Signed in, and with
    `Prefer: respond-async`, it answers 202 and continues as a job with progress.
    """
    form = form or TrainRequest()
    if not form.activate:
        require_analyst(trainer)
    order = TrainingOrder(
        n_clusters=form.n_clusters,
        asked_at=asked_at,
        asked_by=trainer.id if trainer else None,
        activate=form.activate,
    )
    if prefer_async and trainer is not None:
        work = training.training_work(resources.models, resources.settings, order)
        return accepted(resources.jobs.submit(trainer, "model", work, {}, here=True))
    row = training.train(resources.models, resources.settings, order)
    report = models.report_of(row)
    return TrainResult(
        message="Model trained successfully",
        version=row.version,
        is_active=row.is_active,
        n_clusters=row.n_clusters,
        silhouette_score=row.silhouette_score,
        inertia=row.inertia,
        n_customers=row.n_customers,
        imputed=report.imputed,
        warnings=report.warnings,
        created_at=row.created_at,
    )


@router.post(
    "/predict",
    response_model=Prediction,
    summary="Place a customer in a segment",
    responses=errors(401, 403, body=True),
)
def predict(resources: ResourcesDep, credentials: Credentials, customer: Customer) -> Response:
    """Returns the segment with a confidence, and adds a row to the history.

    Confidence is (1 - distance to the own centre / distance to the nearest other) x 100;
    `probability` is the calibrated chance of the segment. `outlier` marks a customer farther from
    the centre than 99% of the segment's training customers.
    """
    placement = predictions.predict(resources.models, credentials, customer)
    # Ready-made JSON spares the hot path a second validation, in a thread of its own.
    return Response(
        as_prediction(customer, placement).model_dump_json(), media_type="application/json"
    )


@router.get("/clusters", summary="Describe the segments", responses=errors(400, 401))
def read_clusters(transaction: Transaction, _caller: CurrentUser) -> Clusters:
    """Returns each segment of the active model with its size and averages."""
    with transaction() as session:
        return models.clusters(session)


@router.get("/elbow", summary="Compare numbers of clusters", responses=errors(400, 401))
def read_elbow(transaction: Transaction, _caller: CurrentUser) -> Elbow:
    """Returns inertia and silhouette for 2 to 10 clusters, from the active model's training."""
    with transaction() as session:
        return models.elbow(session)
