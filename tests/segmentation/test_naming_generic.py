import numpy as np
import pandas as pd
import pytest

from app.segmentation.description.naming_generic import (
    TYPICAL,
    name_generic,
    readable,
    telling_words,
)
from app.segmentation.description.profiles import MEDIUM_EFFECT, SMALL_EFFECT, profile_segments


def profiles(labels, *, categorical=(), **columns):
    frame = pd.DataFrame(columns)
    numeric = [name for name in frame if name not in categorical]
    return profile_segments(frame, np.array(labels), numeric=numeric, categorical=categorical)


def test_numbers_name_a_segment_high_or_low():
    names = name_generic(
        profiles([0, 0, 0, 1, 1, 1], Milk=[9.0, 8, 10, 1, 2, 3], Fresh=[1.0, 2, 1, 7, 9, 6])
    )
    assert {frozenset(name.split(", ")) for name in names} == {
        frozenset({"High Milk", "Low Fresh"}),
        frozenset({"Low Milk", "High Fresh"}),
    }


def test_categories_name_a_segment_by_what_most_of_it_is():
    names = name_generic(
        profiles(
            [0, 0, 0, 1, 1, 1],
            net=["Fiber optic", "Fiber optic", "DSL", "DSL", "DSL", "DSL"],
            partner=["Yes", "Yes", "Yes", "No", "No", "No"],
            categorical=["net", "partner"],
        )
    )
    assert names == ("Only Partner: Yes, Mostly Fiber optic", "Only Partner: No, Only DSL")


def test_half_of_a_segment_is_not_most_of_it():
    half = profiles([0, 0, 1, 1], sex=["Male", "Female", "Female", "Female"], categorical=["sex"])
    assert name_generic(half) == ("More Male", "Only Female")


def test_columns_that_tell_the_same_rows_apart_give_one_word_the_plainest():
    segment = profiles(
        [0, 0, 1, 1],
        OnlineSecurity=["No internet service", "No internet service", "Yes", "No"],
        InternetService=["No", "No", "DSL", "DSL"],
        categorical=["OnlineSecurity", "InternetService"],
    )[0]
    assert telling_words(segment) == ["Only Internet Service: No"]


def test_a_category_that_denies_is_named_with_its_column():
    net = ["No line", "No line", "Fibre", "DSL"]
    (first, _) = name_generic(profiles([0, 0, 1, 1], net=net, categorical=["net"]))
    assert first == "Only Net: No line"


def test_a_segment_that_differs_in_nothing_is_typical():
    names = name_generic(
        profiles([0, 0, 1, 1, 2, 2], x=[0.0, 10, 0, 10, 0, 10], y=[1.0, 1, 1, 1, 1, 1])
    )
    assert TYPICAL in names
    assert all(name.startswith(TYPICAL) for name in names)
    assert len(set(names)) == 3


def test_a_segment_between_two_others_is_named_after_the_middle_it_keeps_to():
    low, middle, high = name_generic(
        profiles([0, 0, 0, 1, 1, 1, 2, 2, 2], pay=[1.0, 2, 3, 49, 50, 51, 97, 98, 99])
    )
    assert (low, middle, high) == ("Low Pay", "Medium Pay", "High Pay")


def test_a_skewed_column_names_a_segment_by_shares_where_its_mean_tells_little():
    dear = [1.0, 2, 3, 4, 5, 6, 7, 8, 9, 900]
    cheap = [0.1, 0.2, 0.3, 0.4, 0.5, 0.1, 0.2, 0.3, 0.4, 0.5]
    found = profiles([0] * 10 + [1] * 10 + [2] * 10, price=[*cheap, *dear, *dear])
    assert SMALL_EFFECT <= -found[0].differences[0].effect < MEDIUM_EFFECT
    assert name_generic(found)[0] == "Low Price"


def test_what_is_not_known_is_named_so():
    names = name_generic(profiles([0, 0, 1, 1], city=[None, None, "a", "b"], categorical=["city"]))
    assert names[0] == "Only Unknown City"


@pytest.mark.parametrize(
    ("column", "spelt"),
    [
        ("MonthlyCharges", "Monthly Charges"),
        ("annual_income", "Annual Income"),
        ("annual income", "Annual Income"),
        ("ANNUAL_INCOME", "Annual Income"),
        ("AnnualIncome", "Annual Income"),
        ("AGE", "Age"),
        ("age", "Age"),
        ("CLV", "CLV"),
        ("Annual Income (k$)", "Annual Income"),
        ("emp.var.rate", "Emp Var Rate"),
        ("(k$)", "(k$)"),
    ],
)
def test_columns_are_spelt_as_words(column, spelt):
    assert readable(column) == spelt


@pytest.mark.parametrize("seed", range(20))
def test_names_are_unique_and_every_word_is_a_measured_difference(seed):
    rng = np.random.default_rng(seed)
    n_clusters = int(rng.integers(2, 12))
    labels = np.concatenate([np.arange(n_clusters), rng.integers(0, n_clusters, 200)])
    shift = rng.normal(0, rng.uniform(0, 2), (n_clusters, 2))
    found = profiles(
        labels,
        spend=shift[labels, 0] + rng.normal(0, 1, len(labels)),
        tenure=shift[labels, 1] + rng.normal(0, 1, len(labels)),
        kind=rng.choice(["red", "green", "0"], len(labels)),
        categorical=["kind"],
    )
    names = name_generic(found)
    assert len(set(names)) == n_clusters
    for profile, name in zip(found, names, strict=True):
        effects = {d.column: d.effect for d in profile.differences if d.level is None}
        for word in name.split(", "):
            if word == "High Spend":
                assert effects["spend"] >= SMALL_EFFECT
            elif word == "Short Tenure":
                assert effects["tenure"] <= -SMALL_EFFECT
            elif word.startswith("Medium "):
                (band,) = (b for b in profile.middles if b.column == word.split()[1].casefold())
                assert band.effect >= MEDIUM_EFFECT
                assert abs(effects.get(band.column, 0.0)) < MEDIUM_EFFECT
                what = word.partition(" ")[2]
                contrary = {f"{how} {what}" for how in ("High", "Low", "Long", "Short")}
                assert not contrary & set(name.split(", "))
            else:
                assert word in telling_words(profile) or word == TYPICAL or word[-1].isdigit()


def test_segments_with_the_same_figures_still_have_names_of_their_own():
    names = name_generic(profiles([0, 1, 2], x=[5.0, 5.0, 5.0]))
    assert len(set(names)) == 3


def test_a_long_category_is_shortened():
    long = "a very long category " * 5
    names = name_generic(profiles([0, 0, 1, 1], c=[long, long, "b", "b"], categorical=["c"]))
    assert names[0].endswith("…")
    assert len(names[0]) < 50
