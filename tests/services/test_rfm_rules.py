"""RFM segments from a file that an owner may change while the program runs."""

from pathlib import Path

import pytest

from app.db.order_tables import Orders
from app.errors import BadRequest
from app.segmentation.orders.rfm_rules import default_rules
from app.services.rfm_rules import rules_of, rules_of_file

ALL = '[[segment]]\nname = "{}"\nrecency = [1, 5]\nfrequency = [1, 5]\n'


def test_are_the_programs_own_without_a_file(tmp_path: Path) -> None:
    assert rules_of_file(tmp_path / "rfm.toml") is default_rules()


def test_are_read_again_once_the_file_was_changed(tmp_path: Path) -> None:
    file = tmp_path / "rfm.toml"
    file.write_text(ALL.format("Everyone"), encoding="utf-8")
    assert rules_of_file(file).names == ("Everyone",)
    divided = ALL.format("Big") + "monetary = [4, 5]\n"
    divided += ALL.format("Small") + "monetary = [1, 3]\n"
    file.write_text(divided, encoding="utf-8")
    rules = rules_of_file(file)
    assert rules.names == ("Big", "Small")
    assert rules.names_at(1, 1) == ("Small", "Big")


def test_a_file_that_is_no_table_of_rules_is_named(tmp_path: Path) -> None:
    file = tmp_path / "rfm.toml"
    file.write_text("no rules", encoding="utf-8")
    with pytest.raises(BadRequest, match=r"rfm\.toml: RFM rules are"):
        rules_of_file(file)


def test_those_given_for_orders_come_first(tmp_path: Path) -> None:
    file = tmp_path / "rfm.toml"
    file.write_text(ALL.format("Everyone"), encoding="utf-8")
    given = [{"name": "Own", "recency": [1, 5], "frequency": [1, 5]}]
    assert rules_of(Orders(settings={"rfm_segments": given}), file).names == ("Own",)
    assert rules_of(Orders(settings={}), file).names == ("Everyone",)
