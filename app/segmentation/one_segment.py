"""The answer where nothing divides the customers: one segment of all of them."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.caution import Caution
from app.segmentation.clustering.result import Clustering
from app.segmentation.description.naming_generic import TYPICAL
from app.segmentation.description.profiles import ClusterProfile, profile_segments
from app.segmentation.preparation.column_choice import ColumnChoice
from app.segmentation.recipe import Recipe
from app.segmentation.segmentation import Chosen, Segmentation
from app.segmentation.tables import Kind, Table

ONE_SEGMENT = ": they form one segment, so there is nothing to compare or measure."


def one_segment(
    table: Table,
    columns: ColumnChoice,
    recipe: Recipe,
    warnings: tuple[str, ...],
    reason: str,
    chosen: Chosen | None = None,
) -> Segmentation:
    """Answer for customers that cannot be told apart: all of them are one segment.

    Parameters
    ----------
    table : Table
    columns : ColumnChoice
    recipe : Recipe
    warnings : tuple of str
        What is known of the table.
    reason : str
        Why they cannot be told apart, in a sentence.
    chosen : Chosen, optional
        What was tried.
    """
    labels = np.zeros(len(table.frame), dtype=np.int32)
    profiles = _profile_of_all(table, columns, labels)
    return Segmentation(
        recipe=recipe,
        columns=columns,
        encoder=None,
        clustering=Clustering(
            labels=labels,
            n_clusters=1,
            centers=np.zeros((1, 0)),
            inertia=0.0,
            method="none",
        ),
        scorer=None,
        chosen=chosen or Chosen(algorithm=None, reason=f"{reason.rstrip('.')}."),
        silhouette=None,
        profiles=profiles,
        names=(TYPICAL,),
        characteristics=((),),
        degenerate=False,
        warnings=(*warnings, Caution(f"{reason.rstrip('.')}{ONE_SEGMENT}", "single_segment")),
    )


def _profile_of_all(
    table: Table, columns: ColumnChoice, labels: NDArray[np.int32]
) -> tuple[ClusterProfile, ...]:
    constant = [name for name in table.of_kind(Kind.CONSTANT) if name in table.frame]
    numeric = [
        name for name in constant if pd.to_numeric(table.frame[name], errors="coerce").notna().any()
    ]
    texts = [name for name in constant if name not in numeric]
    return profile_segments(
        table.frame,
        labels,
        numeric=[*columns.numeric, *numeric],
        categorical=[*columns.categorical, *texts],
    )
