"""Sending spans to a collector over OTLP; imported where a setting names one, and nowhere else."""

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import Span, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor


class _WithoutQueries(BatchSpanProcessor):
    """Sends no query of a request, which may have names and addresses of people in it."""

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        if span.attributes and "url.query" in span.attributes:
            span.set_attribute("url.query", "REDACTED")
        super().on_start(span, parent_context)


def provider_of(endpoint: str, service: str) -> TracerProvider:
    """Return what makes spans and sends them, in batches, from a thread of its own."""
    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: service}))
    exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
    provider.add_span_processor(_WithoutQueries(exporter))
    return provider
