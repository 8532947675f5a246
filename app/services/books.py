"""The segment book of a version: its stored report put on pages; nothing is computed for it."""

from dataclasses import dataclass

from app.schemas.reports import Report, StoredProfile
from app.schemas.run_views import DifferenceOut
from app.schemas.segmentations import SegmentOut, VersionOut
from app.schemas.validation import SegmentStabilityOut
from app.segmentation.book.content import (
    Bar,
    BarChart,
    Book,
    Contrast,
    Figure,
    SegmentPage,
    chart_of_shares,
)
from app.segmentation.book.letters import printed
from app.segmentation.description.phrases import readable
from app.segmentation.figures import compared, percent
from app.segmentation.pictures.palette import segment_colour
from app.services.segmentations.advising import advise

STATEMENTS, CONTRASTS, NOTES = 3, 6, 4
NAME, LABEL, SENTENCE, PARAGRAPH = 90, 60, 400, 600
"""Characters that a page has room for."""

_ALGORITHMS = {
    "kmeans": "K-means",
    "hierarchical": "Hierarchical clustering",
    "dbscan": "DBSCAN",
    "hdbscan": "HDBSCAN",
    "mixture": "Gaussian mixture",
    "regions": "Dense regions",
}
_NO_STABILITY = "How well this segment comes back was not measured."


@dataclass(frozen=True)
class ShareChange:
    """How a segment's share has changed since the version before."""

    sentence: str = ""
    share_before: Figure | None = None


@dataclass(frozen=True, kw_only=True)
class Described:
    """What a version is described by: its report and answer, and the version before it."""

    title: str
    source: str
    report: Report
    version: VersionOut
    before: VersionOut | None = None


def book_of(told: Described) -> Book:
    """Write the book of a version: an overview, and a page for each segment in its order."""
    report, version = told.report, told.version
    profiles = {each.cluster: each for each in report.profiles}
    advice = advise(report, {each.id: each.name for each in version.segments})
    pages = tuple(
        _page(
            number,
            segment,
            profiles[segment.id],
            _change(segment, told.before),
            report.stabilities.get(segment.id),
            [each.text for each in advice if each.segment == segment.id],
        )
        for number, segment in enumerate(version.segments, start=1)
    )
    return Book(
        title=printed(told.title, most=NAME) or "Segments",
        summary=_summary(len(pages), version.n_customers, report.n_noise),
        headline=printed(version.headline or "", most=SENTENCE),
        caution=printed(_caution(report), most=SENTENCE),
        shares=chart_of_shares(pages),
        segments=pages,
        advice=_points([each.text for each in advice if each.segment is None], most=NOTES),
        notes=_points([each.message for each in version.warnings], most=NOTES),
        foot=_foot(told),
        made_at=version.created_at,
    )


def _summary(n_segments: int, n_customers: int, n_noise: int) -> str:
    segments = f"{n_segments or 'No'} {'segment' if n_segments == 1 else 'segments'}"
    rest = f"; {n_noise:,} are in no segment" if n_noise else ""
    return f"{segments} of {n_customers:,} customers{rest}."


def _page(
    number: int,
    segment: SegmentOut,
    profile: StoredProfile,
    change: ShareChange,
    stability: SegmentStabilityOut | None,
    advice: list[str],
) -> SegmentPage:
    contrasts = tuple(
        found for each in profile.differences[:CONTRASTS] if (found := _contrast(each)) is not None
    )
    colour = segment_colour(segment.id)
    owners = printed(segment.advice or "", most=PARAGRAPH)
    return SegmentPage(
        number=number,
        name=printed(segment.name, most=NAME) or f"Segment {number}",
        note=printed(segment.note or "", most=PARAGRAPH),
        colour=colour,
        size=Figure(segment.size, f"{segment.size:,}"),
        share=_share(segment.share),
        share_before=change.share_before,
        change=change.sentence,
        statements=_points(profile.characteristics, most=STATEMENTS)
        or tuple(f"{each.label}: {each.shown}" for each in contrasts[:STATEMENTS]),
        contrasts=contrasts,
        picture=_picture(contrasts, colour),
        advice=(owners,) if owners else _points(advice),
        certainty=stability.sentence if stability is not None else _NO_STABILITY,
        stability=Figure(stability.jaccard, f"{stability.jaccard:.2f}") if stability else None,
    )


def _points(texts: list[str], *, most: int | None = None) -> tuple[str, ...]:
    return tuple(printed(each, most=SENTENCE) for each in texts[:most])


def _share(share: float) -> Figure:
    return Figure(share, "under 0.1%" if 0 < share < 0.0005 else percent(share, 1))


def _contrast(difference: DifferenceOut) -> Contrast | None:
    """Put a difference into the picture, unless its figures look alike."""
    column, level = difference.column, difference.level
    shown = compared(difference.value, difference.rest, level, column=column)
    if not shown:
        return None
    label = readable(column) if level is None else f"{readable(column)}: {level}"
    return Contrast(
        label=printed(label, most=LABEL),
        value=difference.value,
        rest=difference.rest,
        effect=difference.effect,
        is_share=level is not None,
        shown=printed(shown, most=LABEL),
    )


def _picture(contrasts: tuple[Contrast, ...], colour: str) -> BarChart | None:
    if not contrasts:
        return None
    return BarChart(
        title="Compared with all other customers",
        labels="Column",
        lengths="Lower or less often ← → Higher or more often",
        figures="Here vs all others",
        bars=tuple(
            Bar(label=each.label, figure=Figure(each.effect, each.shown), colour=colour)
            for each in contrasts
        ),
        number_format="0.00",
    )


def _change(segment: SegmentOut, before: VersionOut | None) -> ShareChange:
    if before is None:
        return ShareChange()
    shares = {each.lasting_id: each.share for each in before.segments}
    if segment.lasting_id not in shares:
        return ShareChange(f"New: no segment of version {before.version} lives on in it.")
    was, now = _share(shares[segment.lasting_id]), _share(segment.share)
    points = round(_points_of(now.value) - _points_of(was.value), 1)
    if not points:
        return ShareChange(f"Its share is the same as in version {before.version}.", was)
    sentence = (
        f"Its share has {'grown' if points > 0 else 'shrunk'} by {abs(points):.1f} percentage "
        f"points since version {before.version}, from {was.shown} to {now.shown}."
    )
    return ShareChange(sentence, was)


def _points_of(share: float) -> float:
    """Round a share as it is shown, so that a difference is that of the figures shown."""
    return float(percent(share, 1).removesuffix("%"))


def _caution(report: Report) -> str:
    """Say why the segments are no natural groups, where they are not."""
    structure = report.tested_structure
    if report.degenerate:
        return "one segment holds nearly all customers, or next to none."
    return structure.sentence if structure is not None and structure.verdict == "none" else ""


def _foot(told: Described) -> str:
    version, n = told.version, len(told.report.columns)
    method = _ALGORITHMS.get(version.algorithm, version.algorithm)
    linked = f" ({version.linkage} linkage)" if version.linkage is not None else ""
    made = f"version {version.version}, {version.created_at:%Y-%m-%d}"
    by = f" by {version.trained_by}" if version.trained_by is not None else ""
    columns = f"{n} {'column' if n == 1 else 'columns'} of {told.source}"
    return printed(f"{method}{linked} on {columns} · {made}{by}", most=SENTENCE)
