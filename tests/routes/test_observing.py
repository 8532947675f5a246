"""What those who run the service see of it, and that they see no person."""

import logging
import re

import pytest
from prometheus_client.parser import text_string_to_metric_families


class TestRequestIds:
    def test_one_is_made(self, client):
        first, second = (client.get("/live").headers["X-Request-ID"] for _ in range(2))
        assert re.fullmatch("[0-9a-f]{32}", first)
        assert first != second

    def test_a_given_one_is_kept(self, client):
        given = "trace-2026.11_28"
        answer = client.get("/nothing", headers={"X-Request-ID": given})
        assert answer.headers["X-Request-ID"] == given

    @pytest.mark.parametrize("given", ["", "short", "x" * 65, "two words", "<b>12345"])
    def test_what_is_none_is_replaced(self, client, given):
        answer = client.get("/live", headers={"X-Request-ID": given})
        assert re.fullmatch("[0-9a-f]{32}", answer.headers["X-Request-ID"])


def test_a_line_of_the_log_has_the_path_and_no_query(client, accounts, caplog):
    headers = accounts.make("admin").headers
    with caplog.at_level(logging.INFO):
        client.get("/admin/users", params={"search": "maria@example.com"}, headers=headers)
    (line,) = [each.msg for each in caplog.records if each.name == "app.requests"]
    assert (line["event"], line["method"], line["path"]) == ("request", "GET", "/admin/users")
    assert line["status"] == 200
    assert len(line["request_id"]) == 32
    assert "maria" not in str(line)
    assert logging.getLogger("uvicorn.access").disabled


class TestMetrics:
    def test_are_not_there_unless_they_are_asked_for(self, client):
        assert client.get("/metrics").status_code == 404

    def test_count_answers_by_route_and_not_by_path(self, client, settings, accounts):
        settings.metrics = True
        headers = accounts.make().headers

        def answered() -> dict[tuple[str, str], float]:
            answer = client.get("/metrics")
            assert answer.headers["Content-Type"].startswith("text/plain")
            families = {each.name: each for each in text_string_to_metric_families(answer.text)}
            assert {"jobs", "database_connections_in_use"} <= set(families)
            # There is a series for each method; only GET is sent here.
            return {
                (each.labels["route"], each.labels["status"]): each.value
                for each in families["http_request_duration_seconds"].samples
                if each.name.endswith("_count") and each.labels["method"] == "GET"
            }

        before = answered()
        for number in range(3):
            client.get(f"/profiles/{1_000_000 + number}", headers=headers)
            client.get(f"/no/such/path/{number}")
        after = answered()
        for series in (("/profiles/{profile_id}", "404"), ("other", "404")):
            assert after[series] - before.get(series, 0) == 3
        assert not any("1000000" in route or "such" in route for route, _status in after)
