"""Traces reach a collector: here a small HTTP server that takes OTLP, as a collector does."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from fastapi.testclient import TestClient
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from app.main import create_app
from tests.factories import Accounts
from tests.routes.tables import SMALL
from tests.routes.test_jobs import finished


class Receiver(ThreadingHTTPServer):
    """Takes spans over OTLP by HTTP and keeps them."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taking)
        self.spans: list[dict] = []

    def named(self, name: str) -> list[dict]:
        return [each for each in self.spans if each["name"] == name]


class _Taking(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        assert self.path == "/v1/traces"
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            service = _plain(resource.resource.attributes)["service.name"]
            for scope in resource.scope_spans:
                self.server.spans += [
                    {
                        "service": service,
                        "name": span.name,
                        "trace": span.trace_id.hex(),
                        "id": span.span_id.hex(),
                        "parent": span.parent_span_id.hex(),
                        "attributes": _plain(span.attributes),
                        "events": [event.name for event in span.events],
                        "failed": span.status.code == 2,
                        "text": str(span),
                    }
                    for span in scope.spans
                ]
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def _plain(attributes) -> dict:
    return {each.key: getattr(each.value, each.value.WhichOneof("value")) for each in attributes}


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def impatient(monkeypatch) -> None:
    """What is left to send at the end is not tried for long."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "0.2")


@pytest.fixture
def traced(settings, receiver) -> Iterator[TestClient]:
    port = receiver.server_address[1]
    changed = settings.model_copy(
        update={"otel_exporter_otlp_endpoint": f"http://127.0.0.1:{port}"}
    )
    app = create_app(changed)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client
    app.state.tracer_provider.shutdown()


def flush(client: TestClient) -> None:
    assert client.app.state.tracer_provider.force_flush(10_000)


class TestTraces:
    def test_a_request_its_sql_and_its_job_are_one_trace(self, traced, receiver):
        analyst = Accounts(traced.app.state.resources).make("analyst")
        answer = traced.post(
            "/api/v1/datasets/upload",
            files={"file": ("people of Ghent.csv", SMALL)},
            headers=analyst.headers | {"Prefer": "respond-async", "X-Request-ID": "from-a-test"},
        )
        assert answer.status_code == 202
        assert finished(traced, analyst, answer.headers["Location"])["state"] == "succeeded"
        traced.app.state.resources.jobs.executor.shutdown()
        flush(traced)
        [request] = receiver.named("POST /api/v1/datasets/upload")
        assert request["service"] == "customer-segmentation"
        assert request["attributes"]["http.response.status_code"] == 202
        assert request["attributes"]["request.id"] == "from-a-test"
        [job] = receiver.named("job upload")
        assert (job["trace"], job["parent"]) == (request["trace"], request["id"])
        assert job["attributes"]["job.id"] == answer.json()["id"]
        assert "reading the table" in job["events"]
        for whole in (request, job):
            statements = [
                each["attributes"]["db.query.text"]
                for each in receiver.spans
                if each["parent"] == whole["id"] and "db.query.text" in each["attributes"]
            ]
            assert any("INTO" in each for each in statements), statements
        assert not [each for each in receiver.spans if "Ghent" in each["text"]]

    def test_no_query_of_a_request_leaves_the_server(self, traced, receiver):
        admin = Accounts(traced.app.state.resources).make("admin")
        traced.get("/admin/users?search=maria@example.com", headers=admin.headers)
        flush(traced)
        [request] = receiver.named("GET /admin/users")
        assert request["attributes"]["url.query"] == "REDACTED"
        assert not [each for each in receiver.spans if "maria" in each["text"]]

    def test_what_watches_over_the_server_is_not_traced(self, traced, receiver):
        traced.get("/live")
        traced.get("/ready")
        flush(traced)
        assert not [each for each in receiver.spans if each["name"].startswith("GET")]

    @pytest.mark.usefixtures("impatient")
    def test_a_collector_that_is_away_keeps_nobody_waiting(self, traced, receiver):
        receiver.shutdown()
        receiver.server_close()
        assert traced.get("/", headers={"Accept": "application/json"}).status_code == 200


def test_nothing_is_traced_without_the_setting(client):
    assert client.app.state.tracer_provider is None
