"""The columns of posted records that are clustered, and the space they make."""

from dataclasses import replace

import pandas as pd

from app.segmentation.column_choice import ColumnChoice
from app.segmentation.posted.analysis_columns import AnalysisOptions
from app.segmentation.posted.analysis_space import AnalysisSpace, build_space
from app.segmentation.posted.column_relevance import unrelated_columns

UNRELATED = "unrelated to the columns that show groups"


def clustered_space(
    frame: pd.DataFrame, choice: ColumnChoice, options: AnalysisOptions
) -> tuple[ColumnChoice, AnalysisSpace]:
    """Encode the columns that are clustered; see `columns_to_cluster` and `build_space`.

    Raises
    ------
    SegmentationError
        As `build_space`.
    """
    clustered = columns_to_cluster(frame, choice, options)
    built = build_space(
        frame,
        numeric=clustered.numeric,
        categorical=clustered.categorical,
        transform=options.transform,
        random_state=options.random_state,
    )
    return clustered, built


def columns_to_cluster(
    frame: pd.DataFrame, choice: ColumnChoice, options: AnalysisOptions
) -> ColumnChoice:
    """Set aside the unrelated columns, unless the columns were asked for; see `unrelated_columns`.

    Returns
    -------
    ColumnChoice
        ``choice`` itself where no column is set aside.
    """
    if options.columns is not None:
        return choice
    aside = unrelated_columns(
        frame,
        numeric=choice.numeric,
        categorical=choice.categorical,
        transform=options.transform,
        random_state=options.random_state,
    )
    if not aside:
        return choice
    return replace(
        choice,
        numeric=tuple(name for name in choice.numeric if name not in aside),
        categorical=tuple(name for name in choice.categorical if name not in aside),
        left_out={**choice.left_out, **dict.fromkeys(aside, UNRELATED)},
    )
