"""Logging: readable lines in development, JSON in production."""

import logging

import structlog


def configure_logging(level: str, *, as_json: bool) -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info if as_json else structlog.dev.set_exc_info,
            structlog.processors.JSONRenderer() if as_json else _console(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
    )
    logging.basicConfig(level=level)
    logging.getLogger("alembic").setLevel(logging.WARNING)


def _console() -> structlog.dev.ConsoleRenderer:
    # The default formatter prints local variables, and with them passwords and the signing key.
    return structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
