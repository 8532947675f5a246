"""List the tests that a change touches, nearest first: `make quick` runs them.

The change is what is not committed, and what is committed since the revision that is named. A test
is touched that was changed, that imports what was changed over few modules of the app, or that is
named for it; what lies behind the doors touches the tests of the contract too. Tests that start
servers are touched by their own change alone.
"""

import subprocess
import sys
from pathlib import Path

import grimp

MOST_STEPS = 2
"""Imports between a test and what was changed; over more, a test uses it but is not about it."""

APART = ("tests.server", "tests.crash")
BEHIND_THE_DOORS = ("app.routes", "app.services", "app.schemas", "app.db", "app.main")
CONTRACT = "tests.test_api"


def changed(base: str) -> list[Path]:
    """The changed and the new files, as paths in the repository."""
    commands = (
        ("git", "diff", "--name-only", "--diff-filter=d", base),
        ("git", "ls-files", "--others", "--exclude-standard"),
    )
    listed = [subprocess.run(each, check=True, capture_output=True, text=True) for each in commands]
    return [Path(line) for each in listed for line in each.stdout.splitlines()]


def module_of(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def touched_by(module: str, graph: grimp.ImportGraph) -> dict[str, int]:
    """Each test that the module touches, to how far from it the test is."""
    tests = {each for each in graph.modules if each.rpartition(".")[2].startswith("test_")}
    name = module.rpartition(".")[2]
    found = {each: 1 for each in tests if each.endswith(f".test_{name}")}
    if module.startswith(BEHIND_THE_DOORS):
        found[CONTRACT] = MOST_STEPS
    near = {module}
    for step in range(1, MOST_STEPS + 1):
        near = {each for one in near for each in graph.find_modules_that_directly_import(one)}
        for each in near & tests:
            found.setdefault(each, step)
        # What the tests share leads to nearly all of them.
        near = {each for each in near if each.startswith("app")}
    found = {each: step for each, step in found.items() if not each.startswith(APART)}
    return found | ({module: 0} if module in tests else {})


def main() -> None:
    graph = grimp.build_graph("app", "tests")
    touched: dict[str, int] = {}
    for path in changed(sys.argv[1] if len(sys.argv) > 1 else "HEAD"):
        module = module_of(path)
        if path.suffix == ".py" and module in graph.modules:
            for test, step in touched_by(module, graph).items():
                touched[test] = min(step, touched.get(test, step))
    for test in sorted(touched, key=lambda each: (touched[each], each)):
        sys.stdout.write(f"{test.replace('.', '/')}.py\n")


if __name__ == "__main__":
    main()
