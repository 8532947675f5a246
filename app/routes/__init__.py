"""The doors: each handler translates a request into one call of a service."""

from fastapi import APIRouter

from app.config import Settings
from app.routes import (
    admin,
    analysis,
    audit,
    auth,
    batch,
    clustering,
    datasets,
    example,
    files,
    health,
    history,
    invitations,
    jobs,
    keys,
    models,
    order_views,
    orders,
    predictions,
    profiles,
    run_comparing,
    run_usefulness,
    run_views,
    segmentation_books,
    segmentation_charts,
    segmentation_customers,
    segmentation_placing,
    segmentation_versions,
    segmentations,
    single_sign_on,
    snapshot_making,
    snapshots,
    users,
)

ROUTERS = (
    health.router,
    auth.router,
    single_sign_on.router,
    predictions.router,
    # Routes are looked through in order, which takes as long as placing a customer.
    segmentation_placing.placing,
    history.router,
    profiles.router,
    users.router,
    keys.router,
    admin.router,
    invitations.router,
    audit.router,
    models.router,
    health.api_router,
    example.router,
    datasets.uploads,
    datasets.router,
    files.uploads,
    files.router,
    orders.uploads,
    orders.router,
    order_views.router,
    snapshot_making.router,
    snapshots.router,
    clustering.router,
    run_views.router,
    run_views.placing,
    run_comparing.router,
    run_usefulness.router,
    run_usefulness.of_versions,
    segmentations.router,
    segmentation_versions.router,
    segmentation_books.router,
    segmentation_charts.router,
    segmentation_customers.router,
    segmentation_placing.router,
    jobs.router,
)


def large_body_routers(settings: Settings) -> tuple[tuple[APIRouter, int], ...]:
    """Return the routers that take more than `MAX_BODY_BYTES`, and how much each takes."""
    return (
        (batch.router, settings.max_batch_bytes),
        (analysis.router, settings.max_analysis_bytes),
        # What was answered repeats what was posted, and adds to it.
        (analysis.advice, 2 * settings.max_analysis_bytes),
    )
