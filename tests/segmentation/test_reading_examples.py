"""The page on reading shows what is true."""

import pytest

from benchmarks.reading_examples import EXAMPLES, PAGE, Example, page


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: f"{each.topic}: {each.what}")
def test_each_example_is_read_as_it_is_meant(example: Example):
    table = example.read()

    column = table[example.name]
    assert [row[example.name] for row in table.page(limit=100)] == list(example.meant)
    assert (column.format.unit if column.format else "") == example.unit
    assert [warning.code for warning in column.warnings] == list(example.says)


def test_the_page_is_up_to_date():
    assert PAGE.read_text() == page()
