"""First lines of commit messages are checked alike by the hook and by CI."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def complaint(folder: Path, message: str) -> str:
    """What the hook says of a message; nothing where it takes it."""
    file = folder / "message"
    file.write_text(message)
    hook = ROOT / ".githooks" / "commit-msg"
    done = subprocess.run((hook, file), cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode == 0) == (done.stderr == "")
    return done.stderr


@pytest.mark.parametrize(
    "subject",
    [
        "Keep segment names through retraining",
        "Pass rows in one order",
        "Need no row for a label",
        "Open, use and commit a transaction in one thread",
        "Re-read a table once",
        "A" + "dd" + 67 * "-" + "x",
        'Revert "The names are kept"',
        "Merge branch 'main'",
    ],
)
def test_an_imperative_under_72_characters_is_taken(tmp_path: Path, subject: str) -> None:
    assert complaint(tmp_path, f"{subject}\n\nThe body may say anything.\n# a comment\n") == ""


@pytest.mark.parametrize(
    ("subject", "told"),
    [
        ("Keep " + 67 * "x", "72 characters"),
        ("Keep names.", "full stop"),
        ("keep names", "capital"),
        ("[names] Keep them", "capital"),
        ("Keeps names", "imperative"),
        ("Fixed names", "imperative"),
        ("Fixing names", "imperative"),
        ("The names are kept", "imperative"),
    ],
)
def test_anything_else_is_refused_with_the_reason(tmp_path: Path, subject: str, told: str) -> None:
    assert told in complaint(tmp_path, f"# a comment\n{subject}\n")


def commit(clone: Path, subject: str) -> None:
    who = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "core.hooksPath=/dev/null")
    order = ("git", *who, "commit", "-q", "--allow-empty", "-m", subject)
    subprocess.run(order, cwd=clone, check=True)


@pytest.mark.parametrize("arguments", [(), ("--depth=1",)])
def test_new_commits_of_a_clone_are_checked_and_earlier_ones_are_not(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    origin, clone = tmp_path / "origin", tmp_path / "clone"
    subprocess.run(("git", "init", "-q", origin), check=True)
    commit(origin, "what came before the check may be called anything.")
    (origin / ".ci").mkdir()
    check = origin / ".ci" / "subjects"
    check.write_text((ROOT / ".ci" / "subjects").read_text())
    check.chmod(0o755)
    subprocess.run(("git", "add", "."), cwd=origin, check=True)
    commit(origin, "Check what is new")
    commit(origin, "Keep names")
    subprocess.run(("git", "clone", "-q", *arguments, f"file://{origin}", clone), check=True)

    def checked() -> subprocess.CompletedProcess[str]:
        return subprocess.run((clone / ".ci" / "subjects",), capture_output=True, text=True)

    assert checked().returncode == 0, checked().stderr
    commit(clone, "Names are kept.")
    assert checked().returncode == 1
    assert "Names are kept." in checked().stderr
    assert "what came before" not in checked().stderr


def test_a_copy_without_its_history_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / ".ci").mkdir()
    check = tmp_path / ".ci" / "subjects"
    check.write_text((ROOT / ".ci" / "subjects").read_text())
    check.chmod(0o755)
    done = subprocess.run((check,), capture_output=True, text=True)
    assert done.returncode == 0
    assert "not checked" in done.stdout
