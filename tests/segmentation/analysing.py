"""Records to an automatic segmentation, as every door makes it."""

from dataclasses import replace
from typing import Any, NamedTuple

import pandas as pd

from app.segmentation.description.profiles import ClusterProfile
from app.segmentation.description.statements import Characteristic
from app.segmentation.recipe import AUTO, Recipe
from app.segmentation.segment import segment
from app.segmentation.segmentation import Segmentation
from app.segmentation.tables import Table, table_from_frame


class Segment(NamedTuple):
    profile: ClusterProfile
    name: str
    characteristics: tuple[Characteristic, ...]


def table_of(records: pd.DataFrame) -> Table:
    kinds = {name: "identifier" for name in records.columns if name == "id"}
    return table_from_frame(records, kinds=kinds)


def asked(**values: Any) -> Recipe:
    """Return the automatic recipe with some decisions taken."""
    return replace(AUTO, **values)


def analyse(records: pd.DataFrame, recipe: Recipe = AUTO) -> Segmentation:
    return segment(table_of(records), recipe)


def segments_of(found: Segmentation) -> list[Segment]:
    told = zip(found.profiles, found.names, found.characteristics, strict=True)
    return [Segment(*each) for each in told]
