import numpy as np
import pytest

from app.segmentation.description.naming_customers import (
    COMPARISONS,
    RULES,
    TELLING,
    UNREMARKABLE,
    WORDS,
    Center,
    name_customers,
)

MEANS = np.array([40.0, 60.0, 50.0, 20.0])
UNITS = np.array([12.0, 30.0, 24.0, 12.0])


def named(*centers, previous=None):
    z = np.array(centers, dtype=float)
    return name_customers(z, MEANS + z * UNITS, previous_names=previous)


@pytest.mark.parametrize(
    ("center", "name"),
    [
        ((0.0, 1.0, 1.0, 0.0), "High Value Customers"),
        ((0.0, 0.5, 0.5, 0.0), "High Value Customers"),
        ((0.0, -1.0, -1.0, 0.0), "Budget Conscious"),
        ((0.0, 1.0, -1.0, 0.0), "Potential Growth"),
        ((-1.0, -1.0, 1.0, 1.0), "Young Enthusiasts"),
        ((0.0, 0.0, 0.0, 1.0), "Loyal Customers"),
        ((0.0, 0.0, 0.0, -1.0), "Occasional Buyers"),
        ((1.2, -0.9, 0.6, 0.0), "Older, Low Income"),
        ((-0.6, 0.1, 0.9, 0.0), "High Spending, Younger"),
        ((0.0, 0.3, 0.0, 0.0), "High Income"),
        ((0.1, 0.1, -0.1, 0.0), UNREMARKABLE),
        ((0.0, 0.49, 1.0, 0.0), "High Spending, High Income"),
    ],
)
def test_a_name_comes_from_the_center(center, name):
    assert named(center) == (name,)


def test_namesakes_are_told_apart_by_what_differs_most_between_them():
    names = named((0.8, -1, -1, -0.9), (-0.6, -1, -1, -0.8), (0.0, 1, 1, 0))
    assert names == ("Budget Conscious", "Budget Conscious, Younger", "High Value Customers")


def test_namesakes_with_no_telling_difference_get_a_figure():
    names = named((0, 1.0, 1.0, 0), (0.1, 1.0, 1.0, 0.0))
    assert sorted(names) == ["High Value Customers", "High Value Customers, Age 41"]


@pytest.mark.parametrize("seed", range(40))
def test_names_of_any_model_are_unique_and_every_word_is_true(seed):
    rng = np.random.default_rng(seed)
    z = rng.normal(0, rng.uniform(0.05, 1.2), (int(rng.integers(2, 16)), 4))
    names = named(*z)
    assert len(set(names)) == len(names)
    rules = {rule.name: rule for rule in RULES}
    for center, name in zip(z, names, strict=True):
        first, *rest = name.split(", ")
        if first in rules:
            assert rules[first].holds(Center(*center))
        elif first != UNREMARKABLE:
            assert measured(WORDS, first, center) >= TELLING
        bearer = z[names.index(base)] if (base := bearer_of(name, names)) else None
        for word in rest:
            compared = bearer is not None and measured(COMPARISONS, word, center - bearer) > 0
            plain = measured(WORDS, word, center) >= TELLING
            assert compared or plain or word[-1].isdigit()


def measured(words, word, z):
    """How far z goes in the direction a word tells, 0 where the word is unknown."""
    for i, pair in enumerate(words.values()):
        if word in pair:
            return z[i] if word == pair[1] else -z[i]
    return 0.0


def bearer_of(name, names):
    bases = [other for other in names if other != name and name.startswith(other + ", ")]
    return max(bases, key=len, default=None)


def test_an_earlier_name_is_kept_while_it_is_true():
    # "Older, Low Income" would today be ordered the other way round.
    assert named((0.9, -1.0, 0.6, 0), previous={0: "Older, Low Income"}) == ("Older, Low Income",)
    assert named((0.1, -1.0, 0.6, 0), previous={0: "Older, Low Income"}) == (
        "Low Income, High Spending",
    )


def test_an_earlier_name_that_another_rule_would_precede_is_kept():
    both = (-1.0, 1.0, 1.0, 1.0)
    assert named(both) == ("High Value Customers",)
    assert named(both, previous={0: "Young Enthusiasts"}) == ("Young Enthusiasts",)


def test_a_matched_segment_keeps_the_plain_name_before_a_newcomer_that_fits_better():
    names = named((0, 0.6, 0.6, 0), (1.0, 2, 2, 0), previous={0: "High Value Customers"})
    assert names[0] == "High Value Customers"
    assert names[1].startswith("High Value Customers, Higher ")


def test_a_comparison_goes_when_its_namesake_has_gone():
    previous = {0: "Budget Conscious, Younger"}
    assert named((-0.6, -1, -1, 0), previous=previous) == ("Budget Conscious",)


def test_a_comparison_is_kept_while_it_is_true():
    previous = {0: "Budget Conscious, Younger", 1: "Budget Conscious"}
    names = named((-0.6, -1, -1, 0.9), (0.0, -1, -1, -0.2), previous=previous)
    assert names == ("Budget Conscious, Younger", "Budget Conscious")


def test_a_name_from_elsewhere_is_not_kept():
    assert named((0, 1, 1, 0), previous={0: "Whales"}) == ("High Value Customers",)
