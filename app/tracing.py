"""Traces by OpenTelemetry of requests, their SQL and jobs; nothing of it where no setting asks."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opentelemetry import propagate, trace
from opentelemetry.trace import SpanKind, StatusCode, Tracer

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

NAME = "customer_segmentation"


@dataclass(frozen=True)
class Collector:
    """Where spans are sent, and by whom; it travels to workers."""

    endpoint: str
    service: str

    def open(self) -> "TracerProvider":
        """Start to send; `ImportError` where the packages for it are missing."""
        from app.otlp import provider_of

        return provider_of(self.endpoint, self.service)

    @contextmanager
    def job(self, name: str, parent: Mapping[str, str]) -> Iterator[Tracer | None]:
        """Trace a job in the process it runs in, as a part of the request that asked for it.

        None on a worker of a cluster that cannot send spans.
        """
        try:
            provider = self.open()
        except ImportError:
            yield None
            return
        tracer = provider.get_tracer(NAME)
        span = tracer.start_span(name, propagate.extract(parent), SpanKind.CONSUMER)
        try:
            # An error's message may have a row's values in it.
            with trace.use_span(
                span, end_on_exit=True, record_exception=False, set_status_on_exception=False
            ):
                try:
                    yield tracer
                except BaseException as error:
                    span.set_status(StatusCode.ERROR, type(error).__name__)
                    raise
        finally:
            provider.shutdown()


def position() -> dict[str, str]:
    """Return where in a trace this is, for work that goes on elsewhere; empty outside of one."""
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return carrier


def name_job(kind: str, job_id: int) -> None:
    """Say which job the span that is open, if there is one, is of."""
    span = trace.get_current_span()
    span.update_name(f"job {kind}")
    span.set_attributes({"job.kind": kind, "job.id": job_id})


def name_request(request_id: str) -> None:
    """Let the span of a request be found by the id that its log and its answer have."""
    trace.get_current_span().set_attribute("request.id", request_id)


def note(name: str, **attributes: str | int) -> None:
    """Add what happens to the span that is open, if there is one."""
    trace.get_current_span().add_event(name, attributes)
