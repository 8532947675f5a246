"""The page on reading shows what is true."""

import pytest

from benchmarks.reading_examples import (
    EXAMPLES,
    PAGE,
    SURROUNDINGS,
    Example,
    Surroundings,
    page,
)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: f"{each.topic}: {each.what}")
def test_each_example_is_read_as_it_is_meant(example: Example):
    table = example.read()

    column = table[example.name]
    assert [row[example.name] for row in table.page(limit=100)] == list(example.meant)
    assert (column.format.unit if column.format else "") == example.unit
    assert [warning.code for warning in column.warnings] == list(example.says)


@pytest.mark.parametrize("example", SURROUNDINGS, ids=lambda each: each.what)
def test_each_line_around_the_table_is_set_aside(example: Surroundings):
    table = example.read()

    assert table.frame.columns.tolist() == ["id", "age", "income"]
    assert len(table.frame) == 12
    found = [each.what for each in table.dialect.set_aside]
    assert [what for what in found if what != "blank"] == [
        what for what in example.aside if what != "blank"
    ]


def test_the_page_is_up_to_date():
    assert PAGE.read_text() == page()
