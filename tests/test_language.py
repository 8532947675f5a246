"""Texts that people read avoid the turns in `wordlist.toml`."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
WORDS = tomllib.loads(Path(__file__).with_name("wordlist.toml").read_text("utf-8"))
TURNS = [(re.compile(each["turn"], re.IGNORECASE), each["instead"]) for each in WORDS["avoid"]]
ALLOWED = [(each["file"], each["text"]) for each in WORDS["allow"]]

PAGES = sorted(
    path
    for path in (ROOT / "frontend" / "src").rglob("*.ts*")
    if ".test." not in path.name and path.name != "schema.ts" and "testing" not in path.parts
)
PYTHON = sorted(
    path for folder in ("routes", "schemas") for path in (ROOT / "app" / folder).rglob("*.py")
)
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]

_TS_COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'`])//[^\n]*", re.DOTALL)
_TS_STRING = re.compile(r"'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"|`(?:[^`\\]|\\.)*`")
_JSX_TEXT = re.compile(r"(?<=[>}])[^<>{}=;]*[A-Za-z][^<>{}=;]*(?=[<{])")


def faults(text: str) -> list[str]:
    """Every turn in a text that should be put otherwise, with what to write."""
    return [f"{found[0]!r}: {instead}" for turn, instead in TURNS for found in turn.finditer(text)]


def texts_of_page(source: str) -> Iterator[str]:
    """The strings of a page, and what stands between its tags."""
    code = _TS_COMMENT.sub("", source)
    yield from (found[0] for found in _TS_STRING.finditer(code) if " " in found[0])
    yield from (found[0] for found in _JSX_TEXT.finditer(code))


def texts_of_module(source: str) -> Iterator[str]:
    """The strings of handlers and schemas that reach a client: docstrings and descriptions."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            yield node.value


def texts_of_document(source: str) -> Iterator[str]:
    """Prose of a document, without commands, code and what `make examples` writes."""
    code = r"```.*?```|`[^`\n]*`|<!-- examples -->.*?<!-- end of examples -->"
    yield re.sub(code, "", source, flags=re.DOTALL)


def check(path: Path, texts: Iterator[str]) -> None:
    where = path.relative_to(ROOT).as_posix()
    allowed = [text for file, text in ALLOWED if file == where]
    found = []
    for text in texts:
        kept = text
        for phrase in allowed:
            kept = kept.replace(phrase, "")
        found += faults(kept)
    assert not found, f"{where}: {found}"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_pages_are_in_plain_english(path: Path) -> None:
    check(path, texts_of_page(path.read_text("utf-8")))


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: path.name)
def test_api_texts_are_in_plain_english(path: Path) -> None:
    check(path, texts_of_module(path.read_text("utf-8")))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_documents_are_in_plain_english(path: Path) -> None:
    check(path, texts_of_document(path.read_text("utf-8")))


@pytest.mark.parametrize(
    "text",
    [
        "One row a customer",
        "Predictions a day",
        "What it was asked lately, against what it was trained on",
        "Segmentations that analysts shared with the team stand below.",
        "Look twice before you rely on this version",
        "What you typed and did not save is here again. Cancel forgets it.",
        "if it stays, tell whoever runs it",
        "Left to the data, the clearest sound split is taken",
        "This is more than there is money",
        "The body is of a type that is not taken",
        "Readings and trees that a dataset was read anew past",
        "Higher annual_income: 84.8 against 48.4",
        "Only Internet Service: No, Low Monthly Charges",
        "the customers of late",
        "Nobody found",
    ],
)
def test_the_list_knows_the_turns_that_it_is_for(text: str) -> None:
    assert faults(text)


@pytest.mark.parametrize(
    "text",
    [
        "One row per customer",
        "A day later you can see a customer standing next to a year-end sale",
        "Recent predictions compared with training data",
        "Higher annual income: 84.8k vs 48.4k",
        "Once a year is enough",
    ],
)
def test_plain_sentences_pass(text: str) -> None:
    assert not faults(text)


def test_each_exception_is_still_needed_and_has_a_reason() -> None:
    for each in WORDS["allow"]:
        assert each["reason"]
        assert each["text"] in (ROOT / each["file"]).read_text("utf-8"), each
        assert faults(each["text"]), each
