"""What matters to the segments and their rules, for a segmentation that was kept without them."""

from contextlib import suppress

import pandas as pd

from app.segmentation.errors import DegenerateDataError
from app.segmentation.explanation.importance import Explanation, explain_segments
from app.segmentation.explanation.rules import SegmentRule
from app.segmentation.preparation.order import canonical_order
from app.segmentation.segmentation import Segmentation
from app.segmentation.validation.report import find_rules


def described_columns(found: Segmentation) -> tuple[list[str], list[str]]:
    """Name the columns that segments are described on, numeric and categorical ones."""
    if not found.profiles:
        return [], []
    return list(found.profiles[0].means), list(found.profiles[0].categories)


def explain_again(
    found: Segmentation, frame: pd.DataFrame, *, measured: bool = False
) -> tuple[Explanation | None, tuple[SegmentRule, ...]]:
    """Measure how much each column matters, and find the rules, as for a new segmentation.

    Parameters
    ----------
    found : Segmentation
        Of these rows.
    frame : DataFrame of shape (n_samples, any)
        Holds the columns that are described; those that are absent take no part.
    measured : bool
        Whether it is known how much each column matters, and rules alone are wanted.

    Returns
    -------
    explanation : Explanation or None
        None where it is known, or there are fewer than two segments.
    rules : tuple of SegmentRule
        Empty where there can be none.
    """
    numeric, categorical = (
        [name for name in names if name in frame] for names in described_columns(found)
    )
    if found.n_segments < 2 or not (numeric or categorical):
        return None, ()
    # Draws are of rows in the order that the segmentation was made in.
    order, in_order, categories = canonical_order(frame, numeric=numeric, categorical=categorical)
    ordered, labels = frame.iloc[order].reset_index(drop=True), found.labels[order]
    seed = found.recipe.seed
    explanation: Explanation | None = None
    rules: tuple[SegmentRule, ...] = ()
    # What the columns do not allow stays away, as for a new segmentation.
    if not measured:
        with suppress(DegenerateDataError):
            explanation = explain_segments(
                ordered, labels, numeric=in_order, categorical=categories, random_state=seed
            )
    with suppress(DegenerateDataError):
        rules = find_rules(
            ordered, labels, numeric=in_order, categorical=categories, random_state=seed
        )
    return explanation, rules
