"""Everything about one segment of a version, on a page."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from app.errors import NotFound
from app.schemas.reports import StoredProfile
from app.schemas.run_views import DifferenceOut
from app.schemas.segment_views import (
    ColumnDistribution,
    NeighbourOut,
    SegmentView,
    SideOut,
    VersionShare,
)
from app.segmentation.description.profiles import Difference, profile_segments
from app.segmentation.looking.around import around
from app.segmentation.looking.distributions import Counts, Distribution, ShownAs, distribution
from app.services.segmentations.customer_filters import SqlColumn
from app.services.segmentations.customer_query import WantedCustomers
from app.services.segmentations.customers import CustomerList
from app.services.segmentations.insights import advice_of, explained_of
from app.services.segmentations.looked import Looked, Words
from app.services.segmentations.reports import headline_of

MOST_DIFFERENT = 50
"""Different texts from which on a column that was not segmented by is no list of categories."""


def segment_of(
    looked: Looked, lasting_id: int, words: Words, versions: Sequence[Looked]
) -> SegmentView:
    """Gather what sets a segment apart, who is in it, what it borders on, and what to do.

    `words` are its owner's, and `versions` all those of the segmentation, oldest first.
    """
    label = looked.label_of(lasting_id)
    if label is None:
        raise NotFound(f"There is no segment {lasting_id} in version {looked.number}")
    found, report = looked.found, looked.report
    profile = report.profiles[label]
    facts = looked.facts()
    place = around(
        label,
        found.clustering.centers,
        found.labels,
        distances=facts.distances,
        margins=facts.margins,
        rivals=facts.rivals,
    )
    explained = explained_of(looked)
    customers = CustomerList(looked, WantedCustomers())
    with customers.connected() as connection:
        typical, borderline = (
            customers.at(connection, (rows + 1).tolist())
            for rows in (place.typical, place.borderline)
        )
    return SegmentView(
        version=looked.number,
        lasting_id=lasting_id,
        label=label,
        name=profile.cluster_name,
        automatic_name=profile.automatic_name,
        note=words.note,
        owner_advice=words.advice,
        size=profile.size,
        share=profile.share,
        headline=headline_of(report),
        silhouette=profile.silhouette,
        stability=report.stabilities.get(label),
        characteristics=profile.characteristics,
        differences=profile.differences,
        columns=_columns(looked, found.labels == label, found.profiles[label].differences),
        rule=next((rule for rule in explained.rules if rule.cluster == label), None),
        typical=typical,
        borderline=borderline,
        neighbours=[
            NeighbourOut(
                lasting_id=looked.lasting[each.segment],
                name=looked.name_of(each.segment),
                distance=each.distance,
                share_of_borderline=each.share_of_borderline,
            )
            for each in place.neighbours
        ],
        shares=[
            VersionShare(version=each.number, share=_share(each, lasting_id)) for each in versions
        ],
        advice=[each for each in advice_of(looked, explained) if each.segment == lasting_id],
    )


def _share(looked: Looked, lasting_id: int) -> float | None:
    label = looked.label_of(lasting_id)
    profiles: list[StoredProfile] = looked.report.profiles
    return None if label is None else profiles[label].share


def _columns(
    looked: Looked, inside: NDArray[np.bool_], differences: Sequence[Difference]
) -> list[ColumnDistribution]:
    """Compare each column that the caller may see, those that differ most first."""
    strongest: dict[str, Difference] = {}
    for each in differences:
        strongest.setdefault(each.column, each)
    found = list(_compared(looked, inside, strongest))
    return sorted(found, key=lambda each: -abs(each.difference.effect) if each.difference else 0)


def _compared(
    looked: Looked, inside: NDArray[np.bool_], strongest: dict[str, Difference]
) -> Iterator[ColumnDistribution]:
    report = looked.report
    described = {*report.profiles[0].means, *report.profiles[0].categories}
    for column in looked.columns.values():
        if column == looked.identifier:
            continue
        values = looked.frame([column.name])[column.name]
        kind = _shown_as(column)
        is_new = column.name not in described
        if is_new and kind == "category" and values.nunique() > MOST_DIFFERENT:
            continue
        counted = distribution(values, inside, kind=kind)
        if counted is None:
            continue
        difference = strongest.get(column.name)
        if is_new and kind != "date":
            numeric, categorical = ([column.name], []) if kind == "number" else ([], [column.name])
            # The segment is the only cluster, and everybody else is in none.
            labels = np.where(inside, 0, -1)
            frame = values.to_frame()
            profiles = profile_segments(frame, labels, numeric=numeric, categorical=categorical)
            difference = next(iter(profiles[0].differences), None)
        yield _described(looked, counted, difference)


def _shown_as(column: SqlColumn) -> ShownAs:
    if column.holds == "number":
        return "number"
    return "date" if column.holds == "date" else "category"


def _described(
    looked: Looked, counted: Distribution, difference: Difference | None
) -> ColumnDistribution:
    return ColumnDistribution(
        name=counted.column,
        kind=counted.kind,
        unit=looked.unit_of(counted.column),
        used=counted.column in looked.report.columns,
        edges=None if counted.edges is None else list(counted.edges),
        levels=None if counted.levels is None else list(counted.levels),
        open_low=counted.open_low,
        open_high=counted.open_high,
        this=_side(counted.here),
        rest=_side(counted.rest),
        difference=DifferenceOut.model_validate(difference) if difference is not None else None,
    )


def _side(side: Counts) -> SideOut:
    known = sum(side.counts) + side.other
    return SideOut(
        counts=list(side.counts),
        other=side.other,
        missing=side.missing,
        shares=[count / known if known else 0.0 for count in side.counts],
    )
