"""What the segment book says: each figure and sentence once, whatever it is printed as."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Figure:
    """A number as the API answers it, and as it is printed."""

    value: float
    shown: str


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One bar: its length is ``figure.value``, and ``figure.shown`` is written next to it."""

    label: str
    figure: Figure
    colour: str


@dataclass(frozen=True, kw_only=True)
class BarChart:
    """Horizontal bars from zero, from which every format draws its own.

    Attributes
    ----------
    title : str
    labels, lengths, figures : str
        What the bars' labels are, what their lengths mean, and what is written next to them.
    bars : tuple of Bar
    number_format : str
        How a spreadsheet writes the lengths.
    """

    title: str
    labels: str
    lengths: str
    figures: str
    bars: tuple[Bar, ...]
    number_format: str

    @property
    def ends(self) -> tuple[float, float]:
        """What the axis spans: zero, and all lengths."""
        lengths = [bar.figure.value for bar in self.bars]
        return min([0.0, *lengths]), max([0.0, *lengths])


@dataclass(frozen=True, kw_only=True)
class Contrast:
    """One column or category, in the segment and among all other customers.

    Attributes
    ----------
    label : str
    value, rest : float
        Means of a number, shares of a category.
    effect : float
        Cohen's d or h; see `Difference`.
    is_share : bool
    shown : str
        Both figures: ``82% vs 25%``.
    """

    label: str
    value: float
    rest: float
    effect: float
    is_share: bool
    shown: str


@dataclass(frozen=True, kw_only=True)
class SegmentPage:
    """One segment on a page.

    Attributes
    ----------
    number : int
        From 1, in the order of the book.
    name, note : str
        As they are shown; the note is its owner's, and may be empty.
    colour : str
        As ``#RRGGBB``.
    size, share : Figure
    share_before : Figure or None
        In the version before; None where there is none, or the segment is new.
    change : str
        From the version before to this one; empty where there is none before.
    statements : tuple of str
        The three clearest differences from all other customers.
    contrasts : tuple of Contrast
        What the picture shows.
    picture : BarChart or None
        None where nothing sets the segment apart.
    advice : tuple of str
    certainty : str
    stability : Figure or None
        Mean Jaccard similarity; None where it was not measured.
    """

    number: int
    name: str
    note: str
    colour: str
    size: Figure
    share: Figure
    share_before: Figure | None
    change: str
    statements: tuple[str, ...]
    contrasts: tuple[Contrast, ...]
    picture: BarChart | None
    advice: tuple[str, ...]
    certainty: str
    stability: Figure | None


def chart_of_shares(pages: tuple[SegmentPage, ...]) -> BarChart | None:
    """Draw how large the segments are; None where there are none."""
    if not pages:
        return None
    return BarChart(
        title="How large the segments are",
        labels="Segment",
        lengths="Share of all customers",
        figures="Share, customers",
        bars=tuple(
            Bar(
                label=page.name,
                figure=Figure(page.share.value, f"{page.share.shown}, {page.size.shown}"),
                colour=page.colour,
            )
            for page in pages
        ),
        number_format="0.0%",
    )


@dataclass(frozen=True, kw_only=True)
class Book:
    """A segmentation as a report of some pages.

    Attributes
    ----------
    title : str
    summary : str
        How many segments of how many customers, and how many are in none.
    headline : str
        What was found and how sure it is; empty where that was not tested.
    caution : str
        Why the segments are no natural groups; empty where they may be.
    shares : BarChart or None
        None where no segment was found.
    segments : tuple of SegmentPage
    advice : tuple of str
        For all customers.
    notes : tuple of str
        What to know before the segments are used.
    foot : str
        Method and data.
    made_at : datetime
    """

    title: str
    summary: str
    headline: str
    caution: str
    shares: BarChart | None
    segments: tuple[SegmentPage, ...]
    advice: tuple[str, ...]
    notes: tuple[str, ...]
    foot: str
    made_at: datetime

    @property
    def made_on(self) -> str:
        """The date in words, the same in every language's habit: 28 November 2026."""
        return f"{self.made_at.day} {self.made_at:%B %Y}"
