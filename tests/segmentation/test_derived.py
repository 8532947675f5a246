"""Days since a date and "has a value" are columns of their own, and new rows are read alike."""

import io
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.segmentation.description.characteristics import characterise
from app.segmentation.description.profiles import profile_segments, with_units
from app.segmentation.errors import ColumnError, TableError
from app.segmentation.new_rows import columns_needed, rows_as_fitted
from app.segmentation.preparation.column_choice import choose_columns
from app.segmentation.preparation.deriving import with_derived
from app.segmentation.preparation.encoder import Encoder
from app.segmentation.preparation.fitting import fit_features
from app.segmentation.recipe import AUTO, CONTRACT, Recipe
from app.segmentation.segment import segment
from app.segmentation.tables import (
    ColumnFormat,
    ReadOptions,
    Table,
    cells_from_frame,
    read_cells,
    read_table,
    units_of,
)
from app.services.column_formats import column_of, described, formats_of

DAYS = ["05.01.2024", "20.03.2024", "31.12.2023", "01.06.2024", "15.02.2024", "never"]
PLANS = ["Basic", "basic", "Pro", "PRO", "Basic", "Pro"]
WAITED = ["3", "999", "5", "999", "7", "12"]


def read(text: str) -> Table:
    return read_table(io.BytesIO(text.encode()))


def customers() -> Table:
    rows = zip(DAYS * 3, PLANS * 3, WAITED * 3, strict=True)
    lines = [f"K{i};{day};{plan};{waited}" for i, (day, plan, waited) in enumerate(rows)]
    return read("\n".join(["id;last_purchase;plan;waited", *lines]) + "\n")


def fitted(table: Table, recipe: Recipe = AUTO) -> tuple[Encoder, dict[str, ColumnFormat]]:
    extended = with_derived(table, recipe)
    choice = choose_columns({column.name: column.kind for column in extended.columns})
    encoder = fit_features(
        extended.frame, numeric=choice.numeric, categorical=choice.categorical
    ).encoder
    formats = formats_of([described(column) for column in table.columns])
    return encoder, formats


def test_days_count_back_from_the_newest_date_and_marks_become_a_column():
    frame = with_derived(customers(), AUTO).frame

    assert frame["days since last_purchase"].head(5).tolist() == [148, 73, 153, 0, 107]
    assert np.isnan(frame["days since last_purchase"][5])
    assert frame["has waited"].head(6).tolist() == ["yes", "no", "yes", "no", "yes", "yes"]


def test_the_contract_makes_them_only_where_they_are_named():
    table = customers()

    assert with_derived(table, CONTRACT) is table
    named = replace(CONTRACT, columns=("days since last_purchase",))
    assert "days since last_purchase" in with_derived(table, named).frame
    excluded = replace(AUTO, exclude=("last_purchase", "has waited"))
    assert "days since last_purchase" not in with_derived(table, excluded).frame


def test_a_date_that_is_asked_for_is_refused_with_the_way_on():
    kinds = {column.name: column.kind for column in customers().columns}

    with pytest.raises(ColumnError, match="name 'days since last_purchase'"):
        choose_columns(kinds, wanted=["last_purchase"])


def test_what_a_run_keeps_of_its_columns_outlives_plain_values():
    for column in customers().columns:
        told = described(column)
        assert column_of(told).kind is column.kind
        assert column_of(told).missing == column.missing
        if column.dates is not None:
            assert column_of(told).dates.days_since == column.dates.days_since


def test_new_rows_are_read_as_the_runs_table_was():
    encoder, formats = fitted(customers())
    text = "last_purchase;plan;waited\n02.06.2024;BASIC;999\n03.05.2024;pro ;4\n"

    rows = rows_as_fitted(encoder, read_cells(io.BytesIO(text.encode())), formats)

    assert rows.frame["days since last_purchase"].tolist() == [-1, 29]
    assert rows.frame["plan"].tolist() == ["Basic", "Pro"]
    assert rows.frame["has waited"].tolist() == ["no", "yes"]
    assert np.isnan(rows.frame["waited"][0])
    assert encoder.transform(rows.frame).shape == (2, len(encoder.feature_names))


def test_new_rows_without_the_date_are_refused_by_its_name():
    encoder, formats = fitted(customers())
    cells = cells_from_frame(pd.DataFrame({"plan": ["Pro"], "waited": [4]}))

    with pytest.raises(TableError, match="lack last_purchase"):
        rows_as_fitted(encoder, cells, formats)
    needed = columns_needed(encoder.columns, formats)
    assert set(needed) == {"last_purchase", "plan", "waited"}


def test_answers_on_a_scale_are_placed_by_their_words():
    words = ["never", "rarely", "sometimes", "often", "always"] * 4
    table = read("id,out\n" + "".join(f"K{i},{word}\n" for i, word in enumerate(words)))
    encoder, formats = fitted(table)
    new = cells_from_frame(pd.DataFrame({"out": ["Often", "NEVER", "always"]}))

    assert rows_as_fitted(encoder, new, formats).frame["out"].tolist() == [4, 1, 5]
    strange = cells_from_frame(pd.DataFrame({"out": ["often", "monthly"]}))
    with pytest.raises(TableError, match="monthly"):
        rows_as_fitted(encoder, strange, formats)


@pytest.mark.parametrize(
    ("written", "new"),
    [
        (["1.5", "2.25", "0.75", "3.5"], "1,234"),
        (["1,5", "2,25", "0,75", "3,5"], "1.234"),
        (["10", "25", "7", "31"], "1,234"),
    ],
)
def test_a_mark_that_the_runs_table_never_had_is_refused_by_row_and_column(written, new):
    lines = [f"K{i}\t{text}" for i, text in enumerate(written * 4)]
    encoder, formats = fitted(read("\n".join(["id\tx", *lines]) + "\n"))
    cells = read_cells(io.BytesIO(f"x\ty\n{written[0]}\t1\n{new}\t1\n".encode()))

    with pytest.raises(TableError, match=r"x: .*(line 3|1.234).*"):
        rows_as_fitted(encoder, cells, formats)


@pytest.mark.parametrize(
    ("written", "new", "meant"),
    [
        (["2h 15m", "45m", "1h", "3h 5m"], ["1h 30m", "20m"], [90, 20]),
        (["1:30", "0:45", "2:15", "1:05"], ["0:50", "10:00"], [50, 600]),
        (["01:30:00", "00:45:30", "02:00:00", "00:00:10"], ["00:01:30"], [90]),
        (["★★★☆☆", "★☆☆☆☆", "★★★★★", "★★☆☆☆"], ["★★★★☆"], [4]),
        (["1st", "2nd", "3rd", "14th"], ["5th", "21st"], [5, 21]),
    ],
)
def test_numbers_in_another_form_are_placed_by_it(written, new, meant):
    table = read("id,x\n" + "".join(f"K{i},{text}\n" for i, text in enumerate(written * 4)))
    encoder, formats = fitted(table)

    rows = rows_as_fitted(encoder, cells_from_frame(pd.DataFrame({"x": new})), formats)

    assert rows.frame["x"].tolist() == meant


values = st.lists(st.integers(1, 999), min_size=12, max_size=20)


@settings(max_examples=60, deadline=None)
@given(
    values=values,
    row=st.integers(0, 11),
    form=st.sampled_from(["{},5 €", "{} k", "{} months", "{} Cr", "{}%", "{}.250,75"]),
)
def test_each_row_of_a_table_is_read_alone_as_it_was_among_the_others(values, row, form):
    written = [form.format(value) for value in values]
    table = read("id;x\n" + "".join(f"K{i};{text}\n" for i, text in enumerate(written)))
    encoder, formats = fitted(table) if table["x"].kind == "numeric" else (None, {})
    if encoder is None:
        return
    new = read_cells(
        io.BytesIO(f"x;y\n{written[row]};1\n".encode()), overrides=ReadOptions(has_header=True)
    )

    assert rows_as_fitted(encoder, new, formats).frame["x"][0] == table.frame["x"][row]


def test_stretches_and_limits_are_told_in_the_unit_of_their_values():
    rows = [
        f"K{c}{i};{m + i % 9},50 €;{v + i % 3} visits"
        for c, (m, v) in enumerate([(100, 3), (500, 9), (900, 20)])
        for i in range(30)
    ]
    found = segment(read("\n".join(["id;spend;freq", *rows]) + "\n"), AUTO)

    told = [each.text for statements in found.characteristics for each in statements]
    stretches = [text for text in told if "mostly" in text]
    assert stretches
    for text in stretches:
        assert " visits (" in text if "req" in text else "€" in text


def test_units_of_values_are_told_with_the_figures_of_segments():
    low = "".join(f"K{i};{40 + i % 5},00 €;{3 + i % 2} visits\n" for i in range(20))
    high = "".join(f"L{i};{400 + i % 5},00 €;{9 + i % 2} visits\n" for i in range(20))
    table = read("id;spend;contacts\n" + low + high)
    labels = np.repeat([0, 1], 20)
    profiles = profile_segments(table.frame, labels, numeric=["spend", "contacts"])
    profiles = with_units(profiles, units_of(table.columns))

    told = characterise(
        profiles, table.frame, labels, numeric=["spend", "contacts"], categorical=[]
    )

    texts = [each.text for each in told[1]]
    assert "Higher spend: €402 vs €42" in texts
    assert "Higher contacts: 9.5 visits vs 3.5 visits" in texts


def test_a_step_is_told_with_its_word():
    low = "".join(f"K{i};{['18-24', '25-34'][i % 2]};{i}\n" for i in range(20))
    high = "".join(f"L{i};{['45-54', '65+', '55-64'][i % 3]};{i}\n" for i in range(20))
    table = read("id;age_group;x\n" + low + high)
    labels = np.repeat([0, 1], 20)
    profiles = profile_segments(table.frame, labels, numeric=["age_group"])
    profiles = with_units(profiles, units_of(table.columns))

    told = characterise(profiles, table.frame, labels, numeric=["age_group"], categorical=[])

    texts = [each.text for each in told[1]]
    assert "Higher age group: 55-64 (4 of 5) vs 25-34 (1.5 of 5)" in texts
    assert any(text.startswith("Age group mostly 45-54 to 65+") for text in texts)
