"""`make quick` runs the tests that are about what was changed."""

import grimp
import pytest

from tests.touched import touched_by


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("app", "tests")


def test_a_test_that_imports_the_module_is_nearest(graph):
    touched = touched_by("app.segmentation.silhouette", graph)
    assert touched["tests.segmentation.test_silhouette"] == 1
    assert "tests.test_api" not in touched


@pytest.mark.parametrize("module", ["app.routes.history", "app.services.profiles", "app.main"])
def test_what_lies_behind_the_doors_touches_the_contract(graph, module):
    assert "tests.test_api" in touched_by(module, graph)


def test_a_changed_test_is_run_itself_also_where_it_starts_servers(graph):
    assert touched_by("tests.server.test_workers", graph) == {"tests.server.test_workers": 0}


def test_what_nearly_all_tests_share_leads_to_none_that_does_not_import_it(graph):
    assert "tests.segmentation.test_silhouette" not in touched_by("app.db.tables", graph)


def test_no_change_starts_servers_by_itself(graph):
    for module in graph.modules:
        if module.startswith("app"):
            apart = [each for each in touched_by(module, graph) if each.startswith("tests.server")]
            assert apart == []
