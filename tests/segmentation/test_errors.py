"""Refusals keep what they say on the way back from another process."""

import pickle
from collections.abc import Iterator

import pytest

from app.segmentation.errors import RecipeError, SegmentationError
from app.segmentation.orders.lifetime.forecasting import TooLittleHistory
from app.segmentation.recipe import Recipe


def kinds(kind: type[SegmentationError] = SegmentationError) -> Iterator[type[SegmentationError]]:
    yield kind
    for each in kind.__subclasses__():
        yield from kinds(each)


def made(kind: type[SegmentationError]) -> SegmentationError:
    if kind is TooLittleHistory:
        return TooLittleHistory("too_few_days", "Choose at least 2.")
    return kind("Choose at least 2.", field="n_clusters")


@pytest.mark.parametrize("kind", sorted(kinds(), key=lambda kind: kind.__name__))
def test_a_refusal_is_the_same_in_another_process(kind: type[SegmentationError]) -> None:
    refusal = made(kind)
    received = pickle.loads(pickle.dumps(refusal))
    assert type(received) is kind
    assert str(received) == "Choose at least 2."
    assert vars(received) == vars(refusal)


def test_a_refused_recipe_names_its_field_in_another_process() -> None:
    with pytest.raises(RecipeError) as refused:
        Recipe(k_range=(5, 3))
    received = pickle.loads(pickle.dumps(refused.value))
    assert received.field == "k_range"
    assert str(received) == "k_range must be two numbers from 2, the least and the most."
