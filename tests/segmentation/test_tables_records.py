"""Posted records become columns, at a cost of what was posted."""

from hypothesis import given
from hypothesis import strategies as st

from app.segmentation.tables import frame_of_records

FIELDS = st.text("abcdefghij", min_size=1, max_size=3)
RECORDS = st.lists(
    st.dictionaries(FIELDS, st.integers() | st.none(), max_size=4), min_size=1, max_size=120
)


@given(records=RECORDS)
def test_a_frame_has_at_most_twenty_cells_for_each_value(records):
    found = frame_of_records(records)
    values = sum(map(len, records))
    assert found.frame.size <= 20 * values
    names = {name for record in records for name in record}
    assert sorted([*found.frame.columns, *found.left_out]) == sorted(names)
    assert len(found.frame) == len(records)


@given(records=RECORDS)
def test_a_field_in_a_twentieth_of_the_records_is_a_column_with_its_values(records):
    frame = frame_of_records(records).frame
    for name in {name for record in records for name in record}:
        if 20 * sum(name in record for record in records) >= len(records):
            assert frame[name].tolist() == [record.get(name) for record in records]


def test_a_rare_field_is_named_with_how_many_have_it():
    records = [{"age": i, **({"odd": 1} if i < 2 else {})} for i in range(60)]
    found = frame_of_records(records)
    assert list(found.frame.columns) == ["age"]
    assert found.left_out == {"odd": "rare: in only 2 of 60 records"}


def test_a_rare_field_that_is_asked_for_is_a_column():
    records = [{"age": i, **({"odd": 1} if i < 2 else {})} for i in range(60)]
    found = frame_of_records(records, wanted=["odd"])
    assert list(found.frame.columns) == ["age", "odd"]
    assert found.left_out == {}


def test_the_order_of_the_keys_makes_no_difference():
    one = frame_of_records([{"a": 1, "b": 2}, {"b": 3, "a": 4}]).frame
    other = frame_of_records([{"b": 2, "a": 1}, {"a": 4, "b": 3}]).frame
    assert list(one.columns) == list(other.columns) == ["a", "b"]
    assert one.equals(other)
