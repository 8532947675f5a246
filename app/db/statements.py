"""Spans of SQL statements, within those of the requests and jobs that run them."""

from opentelemetry import trace
from opentelemetry.trace import SpanKind, StatusCode, Tracer
from sqlalchemy import Connection, Engine, ExceptionContext, event
from sqlalchemy.engine.interfaces import DBAPICursor, ExecutionContext

_SPAN = "_open_span"


def trace_statements(engine: Engine, tracer: Tracer) -> None:
    """Let each statement have a span with its text; parameters stay here, as customers' data."""
    system = engine.dialect.name

    @event.listens_for(engine, "before_cursor_execute")
    def begin(
        _connection: Connection,
        _cursor: DBAPICursor,
        statement: str,
        _parameters: object,
        context: ExecutionContext,
        _many: bool,
    ) -> None:
        # What no request and no job asked for, such as heartbeats, is of no interest.
        if trace.get_current_span().is_recording():
            operation = statement.split(maxsplit=1)[0].upper()
            attributes = {
                "db.system.name": system,
                "db.operation.name": operation,
                "db.query.text": statement,
            }
            span = tracer.start_span(operation, kind=SpanKind.CLIENT, attributes=attributes)
            setattr(context, _SPAN, span)

    @event.listens_for(engine, "after_cursor_execute")
    def end(
        _connection: Connection,
        _cursor: DBAPICursor,
        _statement: str,
        _parameters: object,
        context: ExecutionContext,
        _many: bool,
    ) -> None:
        _ended(context)

    @event.listens_for(engine, "handle_error")
    def fail(error: ExceptionContext) -> None:
        _ended(error.execution_context, error.original_exception)


def _ended(context: ExecutionContext | None, error: BaseException | None = None) -> None:
    span: trace.Span | None = getattr(context, _SPAN, None)
    if span is None:
        return
    if error is not None:
        # Its message may have a row's values in it.
        span.set_status(StatusCode.ERROR, type(error).__name__)
    span.end()
    delattr(context, _SPAN)
