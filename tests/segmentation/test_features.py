import pickle

import numpy as np
import pandas as pd
import pytest
from sklearn.decomposition import PCA
from sklearn.preprocessing import OneHotEncoder, PowerTransformer, StandardScaler

from app.segmentation.errors import DegenerateDataError, SegmentationError
from app.segmentation.preparation.fitting import fit_features


@pytest.fixture(scope="module")
def mixed():
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "income": rng.lognormal(10, 1, 300),
            "visits": rng.poisson(4, 300),
            "region": rng.choice(["north", "south", "east"], 300),
            "plan": rng.choice(["a", "b"], 300),
        }
    )


def test_numbers_are_standardised_as_by_scikit_learn(mixed):
    space = fit_features(mixed, numeric=["income", "visits"])
    expected = StandardScaler().fit_transform(mixed[["income", "visits"]].astype(float))
    np.testing.assert_allclose(space.matrix, expected, atol=1e-12)
    assert space.encoder.feature_names == ("income", "visits")


def test_categories_are_one_hot_encoded_after_the_numbers(mixed):
    space = fit_features(mixed, numeric=["visits"], categorical=["region", "plan"])
    hot = OneHotEncoder(sparse_output=False, handle_unknown="ignore")
    expected = pd.DataFrame(
        hot.fit_transform(mixed[["region", "plan"]]),
        columns=[f"region={v}" for v in hot.categories_[0]]
        + [f"plan={v}" for v in hot.categories_[1]],
    )
    names = list(space.encoder.feature_names)
    assert names[0] == "visits"
    assert sorted(names[1:]) == sorted(expected)
    np.testing.assert_array_equal(space.matrix[:, 1:], expected[names[1:]])
    assert space.encoder.n_encoded_features == 6


def test_logarithms_are_standardised(mixed):
    space = fit_features(mixed, numeric=["income", "visits"], transform="log")
    logs = np.log1p(mixed[["income", "visits"]].to_numpy(dtype=float))
    np.testing.assert_allclose(space.matrix, StandardScaler().fit_transform(logs), atol=1e-10)


def test_auto_straightens_the_skewed_column_alone_as_scikit_learn_does(mixed):
    space = fit_features(mixed, numeric=["income", "visits"], transform="auto")
    power = PowerTransformer(method="yeo-johnson").fit_transform(mixed[["income"]])
    np.testing.assert_allclose(space.matrix[:, :1], power, atol=1e-3)
    plain = fit_features(mixed, numeric=["visits"]).matrix
    np.testing.assert_allclose(space.matrix[:, 1:], plain, atol=1e-12)


@pytest.mark.parametrize("sign", [1, -1])
def test_auto_straightens_on_both_sides_of_zero_as_scikit_learn_does(sign):
    values = sign * (np.random.default_rng(1).exponential(3, 500) - 1)
    frame = pd.DataFrame({"x": values})
    space = fit_features(frame, numeric=["x"], transform="auto")
    assert space.encoder.numeric[0].transform_name == "yeo-johnson"
    power = PowerTransformer(method="yeo-johnson").fit_transform(frame)
    np.testing.assert_allclose(space.matrix, power, atol=1e-3)


def test_missing_numbers_are_the_median_and_missing_categories_their_own():
    frame = pd.DataFrame({"x": [1.0, None, 3.0, 10.0], "c": ["a", None, "a", " "]})
    space = fit_features(frame, numeric=["x"], categorical=["c"])
    assert space.matrix[1, 0] == space.matrix[2, 0]
    assert space.encoder.feature_names == ("x", "c=a", "c=(missing)")
    assert space.matrix[:, 1:].tolist() == [[1, 0], [0, 1], [1, 0], [0, 1]]


def test_numbers_written_as_text_are_read_and_blanks_are_blanks():
    frame = pd.DataFrame({"x": ["1", " 2.5 ", "", "4"]})
    space = fit_features(frame, numeric=["x"])
    expected = StandardScaler().fit_transform([[1], [2.5], [2.5], [4]])
    np.testing.assert_allclose(space.matrix, expected)


def test_rare_categories_are_gathered_and_the_frequent_kept():
    frame = pd.DataFrame({"c": ["a"] * 5 + ["b"] * 4 + ["c", "d", "other"]})
    encoder = fit_features(frame, numeric=[], categorical=["c"], categorical_limit=2).encoder
    assert encoder.feature_names == ("c=a", "c=b", "c=(other)")
    new = pd.DataFrame({"c": ["b", "d", "never seen", None]})
    assert encoder.transform(new).tolist() == [[0, 1, 0], [0, 0, 1], [0, 0, 1], [0, 0, 0]]


def test_an_unseen_category_is_all_zero_where_nothing_was_gathered(mixed):
    encoder = fit_features(mixed, numeric=[], categorical=["plan"]).encoder
    assert encoder.transform(pd.DataFrame({"plan": ["z"]})).tolist() == [[0, 0]]


def test_projection_is_that_of_scikit_learn_in_the_encoded_space(mixed):
    plain = fit_features(mixed, numeric=["income", "visits"], categorical=["region"])
    space = fit_features(mixed, numeric=["income", "visits"], categorical=["region"], projection=2)
    pca = PCA(2).fit(plain.matrix)
    np.testing.assert_allclose(space.matrix, pca.transform(plain.matrix), atol=1e-9)
    assert space.encoder.explained_variance == pytest.approx(pca.explained_variance_ratio_)
    assert space.encoder.feature_names == ("component_1", "component_2")
    assert space.encoder.n_encoded_features == 5


def test_a_table_longer_than_a_block_is_encoded_as_in_one():
    rng = np.random.default_rng(2)
    frame = pd.DataFrame({"x": rng.normal(5, 2, 150_000), "y": rng.exponential(1, 150_000)})
    space = fit_features(frame, numeric=["x", "y"])
    np.testing.assert_allclose(space.matrix, StandardScaler().fit_transform(frame), atol=1e-10)


def test_new_rows_are_encoded_as_the_fitted_ones_also_after_pickling(mixed):
    space = fit_features(
        mixed, numeric=["income"], categorical=["region"], transform="auto", projection=2
    )
    restored = pickle.loads(pickle.dumps(space.encoder))
    np.testing.assert_array_equal(restored.transform(mixed), space.matrix)
    np.testing.assert_allclose(restored.transform(mixed[100:101]), space.matrix[100:101])


@pytest.mark.parametrize("components", [0, -1, 5, 100])
def test_more_components_than_features_are_refused(mixed, components):
    with pytest.raises(SegmentationError, match="allow 1 to 4"):
        fit_features(mixed, numeric=["visits"], categorical=["region"], projection=components)


@pytest.mark.parametrize(
    ("values", "transform", "message"),
    [
        ([1, "abc", 3], "none", "Row 2, column 'x': 'abc' is not a finite number"),
        ([1, "1e999", 3], "none", "Row 2, column 'x'"),
        ([1.0, np.inf, 3.0], "none", "Row 2, column 'x'"),
        ([None, None, None], "none", "'x' holds no value"),
        ([-1.0, 2.0, 3.0], "log", r"'x' holds -1, and log\(1 \+ x\) needs values above -1"),
        ([1e308, -1e308, 1e307], "none", "'x' holds values too large"),
    ],
)
def test_a_column_at_fault_is_named(values, transform, message):
    with pytest.raises(SegmentationError, match=message):
        fit_features(pd.DataFrame({"x": values}), numeric=["x"], transform=transform)


def test_a_column_too_large_to_project_is_named():
    frame = pd.DataFrame({"y": [1.0, 2.0, 3.0], "x": [1e308, -1e308, 1e307]})
    with pytest.raises(DegenerateDataError, match="'x' holds values too large"):
        fit_features(frame, numeric=["y", "x"], projection=1)


def test_a_table_without_columns_or_rows_is_refused(mixed):
    with pytest.raises(SegmentationError, match="at least one"):
        fit_features(mixed, numeric=[])
    with pytest.raises(SegmentationError, match="no column 'height'"):
        fit_features(mixed, numeric=["height"])
    with pytest.raises(DegenerateDataError, match="no rows"):
        fit_features(mixed[:0], numeric=["visits"])


def test_a_table_to_score_that_lacks_a_column_is_refused(mixed):
    encoder = fit_features(mixed, numeric=["income", "visits"]).encoder
    with pytest.raises(SegmentationError, match="lacks 'visits'"):
        encoder.transform(mixed[["income"]])


def test_a_value_to_score_below_the_logarithm_is_refused(mixed):
    encoder = fit_features(mixed, numeric=["visits"], transform="log").encoder
    with pytest.raises(SegmentationError, match="above -1"):
        encoder.transform(pd.DataFrame({"visits": [-2.0]}))


def test_a_constant_column_is_zero_in_the_matrix():
    frame = pd.DataFrame({"x": [7.0, 7.0, 7.0], "y": [1.0, 2.0, 3.0]})
    assert (fit_features(frame, numeric=["x", "y"], transform="auto").matrix[:, 0] == 0).all()
