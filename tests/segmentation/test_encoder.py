from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from app.segmentation.new_rows import plain_rows, rows_as_fitted
from app.segmentation.preparation.columns import NumericColumn
from app.segmentation.preparation.encoder import Encoder
from app.segmentation.preparation.filling import filled_numbers
from app.segmentation.preparation.neighbours import donors_of
from app.segmentation.preparation.preparing import prepare
from app.segmentation.recipe import AUTO, CONTRACT, Recipe, Transform
from app.segmentation.segment import segment
from app.segmentation.tables import cells_from_frame, table_from_frame
from app.segmentation.validation.clear_groups import shows_clear_groups

recipes = st.builds(
    replace,
    st.sampled_from([AUTO, CONTRACT]),
    blanks=st.sampled_from(["median", "neighbours"]),
    transform=st.sampled_from(["none", "log", "auto"]),
    category_weight=st.sampled_from([0.5, 1.0, 0.3]),
    categorical_limit=st.sampled_from([1, 3, 20]),
    extremes=st.sampled_from(["keep", "fences"]),
    projection=st.sampled_from(["none", "auto", 1, 2]),
    # Which columns are related takes long, and changes none of the steps.
    relevance=st.just("all"),
    seed=st.integers(0, 5),
)


def customers(seed: int, n_rows: int, *, wide: bool) -> pd.DataFrame:
    """Numbers that are skewed, tied, far out or missing, categories that are rare or missing."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "spent": rng.lognormal(3, 1.5, n_rows).round(2),
            "visits": rng.poisson(3, n_rows),
            "age": rng.normal(40, 12, n_rows).round().clip(18),
            "plan": rng.choice(["basic", "pro", "team"], n_rows),
            "town": rng.choice([f"t{i}" for i in range(12)], n_rows),
        },
        dtype=object,
    )
    if wide:
        extra = rng.gamma(2, size=(n_rows, 32)).round(3)
        frame = frame.join(pd.DataFrame(extra, dtype=object).add_prefix("c"))
    frame.loc[0, "spent"] = 1e9
    gaps = rng.random(frame.shape) < 0.1
    return frame.mask(gaps)


@settings(max_examples=25, deadline=None)
@given(recipe=recipes, seed=st.integers(0, 1_000), n_rows=st.integers(30, 120), wide=st.booleans())
def test_the_encoder_gives_the_very_matrix_that_was_clustered(
    recipe: Recipe, seed: int, n_rows: int, wide: bool
) -> None:
    table = table_from_frame(customers(seed, n_rows, wide=wide))
    prepared = prepare(table, recipe, shows_groups=shows_clear_groups)
    matrix = np.empty_like(prepared.space.matrix)
    matrix[prepared.order] = prepared.space.matrix
    encoder = prepared.space.encoder
    np.testing.assert_array_equal(encoder.transform(table.frame), matrix)
    # Row by row, too: a customer is encoded alike in any company.
    for row in (0, n_rows // 2, n_rows - 1):
        alone = encoder.transform(table.frame.iloc[[row]])
        np.testing.assert_array_equal(alone[0], matrix[row])


@settings(max_examples=8, deadline=None)
@given(
    recipe=st.sampled_from(
        [
            replace(AUTO, validation="none"),
            CONTRACT,
            replace(CONTRACT, algorithm="kmeans", n_clusters=4),
            replace(CONTRACT, algorithm="dbscan"),
            replace(CONTRACT, linkage="average", n_clusters=3),
        ]
    ),
    seed=st.integers(0, 1_000),
    data=st.data(),
)
def test_neither_the_order_of_rows_and_columns_nor_names_change_the_segments(
    recipe: Recipe, seed: int, data: st.DataObject
) -> None:
    frame = customers(seed, 60, wide=False)
    rows = data.draw(st.permutations(range(60)))
    columns = data.draw(st.permutations(list(frame.columns)))
    other = frame.iloc[list(rows)][columns].reset_index(drop=True)
    other.columns = [f"x{i}" for i in range(len(columns))]
    kinds = {column.name: column.kind for column in table_from_frame(frame).columns}
    first = segment(table_from_frame(frame), recipe)
    renamed = {f"x{i}": kinds[name] for i, name in enumerate(columns)}
    second = segment(table_from_frame(other, kinds=renamed), recipe)
    assert adjusted_rand_score(first.labels[list(rows)], second.labels) == 1.0
    np.testing.assert_array_equal(first.labels[list(rows)], second.labels)
    assert first.silhouette == second.silhouette
    assert first.accuracy == second.accuracy


def test_a_segmentation_places_its_own_rows_by_the_distances_it_was_made_with() -> None:
    table = table_from_frame(customers(3, 120, wide=False))
    recipe = replace(AUTO, algorithm="kmeans", n_clusters=3)
    found = segment(table, recipe)
    placed = found.place(table.frame)
    np.testing.assert_array_equal(placed.labels, found.labels)
    np.testing.assert_array_equal(placed.confidences, found.confidences)


@settings(max_examples=10, deadline=None)
@given(recipe=recipes, seed=st.integers(0, 1_000))
def test_rows_that_need_no_reading_are_encoded_as_those_that_are_read(
    recipe: Recipe, seed: int
) -> None:
    table = table_from_frame(customers(seed, 60, wide=False))
    encoder = prepare(table, recipe, shows_groups=shows_clear_groups).space.encoder
    records = [
        {name: value for name, value in row.items() if name in encoder.columns}
        for row in customers(seed + 1, 40, wide=False).dropna().to_dict("records")
    ]
    n_plain = 0
    for record in records:
        plain = plain_rows(encoder, [record], {})
        if plain is None:
            continue
        n_plain += 1
        read = rows_as_fitted(encoder, cells_from_frame(pd.DataFrame([record], dtype=object)), {})
        found = encoder.transform_values(plain.numbers, plain.codes)
        assert np.array_equal(found, encoder.transform(read.frame))
    assert n_plain or recipe.categorical_limit < 20
    assert plain_rows(encoder, [{**records[0], encoder.columns[0]: None}], {}) is None


@pytest.mark.parametrize("transform", ["none", "log", "auto"])
def test_blanks_are_filled_in_original_units_with_what_is_clustered(transform: Transform) -> None:
    rng = np.random.default_rng(4)
    whole = pd.DataFrame({"spent": rng.gamma(0.5, 90, 400), "visits": rng.normal(9, 2, 400)})
    partly = whole.mask(rng.random((400, 2)) < 0.2)
    numeric = tuple(NumericColumn.fit(partly[name], transform=transform) for name in partly)
    encoder = Encoder(numeric=numeric, categorical=())
    complete = partly.dropna()
    gaps = np.zeros(complete.shape, dtype=bool)
    donors = donors_of(encoder.transform(complete), gaps, n_rows=400)
    for each in (encoder, replace(encoder, donors=donors)):
        found = pd.DataFrame(filled_numbers(each, partly), columns=partly.columns)
        pd.testing.assert_frame_equal(found[partly.notna()], partly)
        np.testing.assert_allclose(each.transform(found), each.transform(partly), atol=1e-9)
    by_median = filled_numbers(encoder, partly)[partly["spent"].isna(), 0]
    np.testing.assert_allclose(by_median, partly["spent"].median())
