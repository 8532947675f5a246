"""The doors: each handler translates a request into one call of a service."""

from app.routes import admin, auth, health, history, models, predictions, profiles, users

ROUTERS = (
    health.router,
    auth.router,
    predictions.router,
    history.router,
    profiles.router,
    users.router,
    admin.router,
    models.router,
)
