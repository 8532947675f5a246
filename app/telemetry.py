"""What the framework traces of requests, by this program's setting alone."""

import sys

from fastapi.telemetry import TelemetryConfig
from opentelemetry.trace import Tracer, TracerProvider

from app.config import Settings
from app.observing import WATCHED
from app.tracing import NAME


def open_provider(settings: Settings) -> TracerProvider | None:
    """Start to send traces where a setting names a collector, or end the program with advice."""
    if settings.collector is None:
        return None
    try:
        return settings.collector.open()
    except ImportError as error:
        sys.exit(
            f"settings: OTEL_EXPORTER_OTLP_ENDPOINT: {error}\n"
            "  what to do: pip install -r requirements-tracing.txt, or leave the setting out"
        )


def tracer_of(provider: TracerProvider | None) -> Tracer | None:
    return None if provider is None else provider.get_tracer(NAME)


def telemetry_of(provider: TracerProvider | None) -> TelemetryConfig:
    """Have requests traced, and nothing else.

    Metrics are Prometheus'; in the framework's logs an error's message may have a row's values.
    """
    return TelemetryConfig(
        tracer_provider=provider,
        tracing=provider is not None,
        metrics=False,
        logs=False,
        operation_spans=False,
        auto_configure=False,
        exclude=lambda scope: scope.get("path", "").endswith(WATCHED),
    )
