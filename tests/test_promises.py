"""Each promise of SECURITY.md has the test that it names."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NAMED = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", (ROOT / "SECURITY.md").read_text())


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_the_test_of_a_promise_exists(file: str, name: str) -> None:
    text = (ROOT / file).read_text()
    assert re.search(rf"(?:def|class) {name}\b", text) if name else "def test_" in text


def test_there_are_promises() -> None:
    assert len(NAMED) > 30
