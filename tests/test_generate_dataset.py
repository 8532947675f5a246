import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import generate_dataset

ROOT = Path(__file__).parents[1]


def run(*arguments, cwd):
    return subprocess.run(
        [sys.executable, str(ROOT / "generate_dataset.py"), *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )


def test_the_plain_command_writes_five_thousand_customers(tmp_path):
    answer = run(cwd=tmp_path)
    assert (answer.returncode, answer.stderr) == (0, "")
    table = tmp_path / "data" / "customers.csv"
    assert table.read_text().startswith(
        "customer_id,sex,age,annual_income,spending_score,purchase_frequency\n"
    )
    assert len(pd.read_csv(table)) == 5000
    assert [file.name for file in table.parent.iterdir()] == ["customers.csv"]


def test_rows_seed_and_place_are_obeyed(tmp_path, monkeypatch):
    tables = []
    for seed in ("1", "1", "2"):
        output = tmp_path / "deep" / "er.csv"
        arguments = ["generate_dataset.py", "--rows", "30", "--seed", seed]
        monkeypatch.setattr(sys, "argv", [*arguments, "--output", str(output)])
        generate_dataset.main()
        tables.append(output.read_text())
    assert tables[0] == tables[1] != tables[2]
    assert tables[0].count("\n") == 31


def test_a_table_of_ones_own_is_kept_beside(tmp_path, monkeypatch, capsys):
    output = tmp_path / "customers.csv"
    output.write_text("mine")
    arguments = ["generate_dataset.py", "--rows", "30", "--output", str(output)]
    monkeypatch.setattr(sys, "argv", arguments)
    generate_dataset.main()
    assert (tmp_path / "customers.csv.bak").read_text() == "mine"
    assert "customers.csv.bak" in capsys.readouterr().out
    generate_dataset.main()
    assert (tmp_path / "customers.csv.bak").read_text() == "mine"


def test_a_table_that_cannot_be_written_leaves_the_old_one(tmp_path, monkeypatch, capsys):
    output = tmp_path / "customers.csv"
    output.write_text("old")

    def fail(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    monkeypatch.setattr(sys, "argv", ["generate_dataset.py", "--output", str(output)])
    with pytest.raises(SystemExit):
        generate_dataset.main()
    assert "No space" in capsys.readouterr().err
    assert output.read_text() == "old"
    assert list(tmp_path.iterdir()) == [output]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(["--rows", "0"], "at least 1"), (["--output", "/dev/null/x.csv"], "cannot be written")],
)
def test_what_cannot_be_done_is_said(arguments, message, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["generate_dataset.py", *arguments])
    with pytest.raises(SystemExit) as stop:
        generate_dataset.main()
    assert stop.value.code != 0
    assert message in capsys.readouterr().err
