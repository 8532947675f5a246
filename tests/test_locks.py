"""The lock files name all that an installation needs, so that it is the same on every day.

pip looks for a package afresh where another asks for it with an extra that the lock does not name,
or without the one that it does; with hashes it then refuses a newer release, once there is one.
"""

from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements.txt", "requirements-dev.txt")

Locked = Mapping[str, tuple[Requirement, ...]]
"""By its canonical name, each line of a lock that is about the package."""


def lines_of(text: str) -> Iterator[Requirement]:
    """Each requirement of a lock, without its hashes and comments."""
    for line in text.replace("\\\n", " ").splitlines():
        wanted = line.partition(" --hash=")[0].partition(" #")[0].strip()
        if wanted and not wanted.startswith(("#", "-")):
            yield Requirement(wanted)


def locked(*texts: str) -> Locked:
    found: dict[str, tuple[Requirement, ...]] = {}
    for each in (line for text in texts for line in lines_of(text)):
        name = canonicalize_name(each.name)
        found[name] = (*found.get(name, ()), each)
    return found


def asked_of(name: str, extras: set[str]) -> Iterator[Requirement]:
    """What the installed release asks for here, by itself and for each of its extras."""
    environment = default_environment()
    for each in map(Requirement, requires(name) or ()):
        asked_for = ({**environment, "extra": extra} for extra in ("", *extras))
        if each.marker is None or any(each.marker.evaluate(given) for given in asked_for):
            yield each


def missing(lock: Locked) -> set[str]:
    """Name what a locked package asks for and the lock has not, with the extras asked for."""
    found = set()
    for name, lines in lock.items():
        here = [each for each in lines if each.marker is None or each.marker.evaluate()]
        extras = {extra for each in here for extra in each.extras}
        for wanted in asked_of(name, extras) if here else ():
            held = lock.get(canonicalize_name(wanted.name), ())
            # To a pip before 23.3 a package with an extra is another than the same without it.
            if _extras(wanted) not in map(_extras, held):
                extra = f"[{','.join(sorted(wanted.extras))}]" if wanted.extras else ""
                found.add(f"{name} asks for {wanted.name}{extra}")
    return found


def _extras(requirement: Requirement) -> set[str]:
    return {str(canonicalize_name(extra)) for extra in requirement.extras}


def text_of(name: str) -> str:
    return (ROOT / name).read_text()


def test_a_lock_names_every_package_that_another_asks_for_with_its_extras() -> None:
    program, tools = map(text_of, LOCKS)
    assert missing(locked(program)) == set()
    assert missing(locked(tools)) == set()


@pytest.mark.parametrize(
    ("name", "line", "told"),
    [
        ("requirements-dev.txt", "coverage[toml]==", "pytest-cov asks for coverage[toml]"),
        ("requirements.txt", "pydantic==", "fastapi asks for pydantic"),
        ("requirements.txt", "click==", "uvicorn asks for click"),
    ],
)
def test_a_line_that_is_not_there_is_missed(name: str, line: str, told: str) -> None:
    lock = locked(text_of(name))
    without = {
        each: tuple(held for held in lines if not str(held).startswith(line))
        for each, lines in lock.items()
    }
    assert without != lock
    assert told in missing(without)


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_pins_one_release_with_hashes_of_each_package(name: str) -> None:
    text = text_of(name)
    for lines in locked(text).values():
        assert all(str(each.specifier).startswith("==") for each in lines)
    packages = text.replace("\\\n", " ").splitlines()
    named = [line for line in packages if line and not line.lstrip().startswith("#")]
    assert [line for line in named if "--hash=sha256:" not in line] == []


@pytest.mark.parametrize("name", LOCKS)
def test_what_is_installed_is_what_the_lock_says(name: str) -> None:
    for package, lines in locked(text_of(name)).items():
        here = [each for each in lines if each.marker is None or each.marker.evaluate()]
        try:
            installed = version(package)
        except PackageNotFoundError:
            assert not here, f"{package} is locked and not installed"
            continue
        assert any(installed in each.specifier for each in here), (package, installed)
