"""Segment books made by hand."""

from datetime import UTC, datetime

from app.segmentation.book.content import (
    Bar,
    BarChart,
    Book,
    Contrast,
    Figure,
    SegmentPage,
    chart_of_shares,
)
from app.segmentation.pictures.palette import segment_colour

EFFECTS = (2.25, -1.5, 0.8, -0.45, 0.31, 0.2)
SENTENCE = "Higher annual income: 84.8k vs 48.4k"
ADVICE = (
    "Offer {name} a longer contract with a small discount: contract is Month-to-month for 82% vs "
    "25% (1,234 customers, 26% of all)."
)


def page_of(number: int, name: str, share: float, *, n_customers: int = 10_000) -> SegmentPage:
    size = round(share * n_customers)
    colour = segment_colour(number - 1)
    contrasts = tuple(
        Contrast(
            label=f"Column {at} of {name}"[:60],
            value=10.0 + at,
            rest=20.0 + at,
            effect=effect,
            is_share=False,
            shown=f"{10 + at} vs {20 + at}",
        )
        for at, effect in enumerate(EFFECTS)
    )
    picture = BarChart(
        title="Compared with all other customers",
        labels="Column",
        lengths="Lower ← → Higher",
        figures="Here vs all others",
        bars=tuple(
            Bar(label=each.label, figure=Figure(each.effect, each.shown), colour=colour)
            for each in contrasts
        ),
        number_format="0.00",
    )
    return SegmentPage(
        number=number,
        name=name,
        note="",
        colour=colour,
        size=Figure(size, f"{size:,}"),
        share=Figure(share, f"{share:.1%}"),
        share_before=Figure(share - 0.01, f"{share - 0.01:.1%}"),
        change="Its share has grown by 1.0 percentage points since version 1.",
        statements=(SENTENCE, "Mostly contract Two year: 82% vs 12%", "Older: mean age 58 vs 41"),
        contrasts=contrasts,
        picture=picture,
        advice=(ADVICE.format(name=f'"{name}"'),) * 3,
        certainty="This segment comes back almost unchanged when the customers are resampled.",
        stability=Figure(0.9312, "0.93"),
    )


def book_with(*names: str, title: str = "Telco churn", caution: str = "") -> Book:
    shares = [round(1.6 * (len(names) - at) / len(names) ** 2, 4) for at in range(len(names))]
    shares = [share / sum(shares) for share in shares]
    pages = tuple(
        page_of(number, name, share)
        for number, (name, share) in enumerate(zip(names, shares, strict=True), start=1)
    )
    return Book(
        title=title,
        summary=f"{len(names)} segments of 10,000 customers.",
        headline="These customers form distinct groups. All segments come back.",
        caution=caution,
        shares=chart_of_shares(pages),
        segments=pages,
        advice=("Plan with these segments: a small tree reproduces 96% of them.",),
        notes=("The silhouette was measured on a sample of 2,000 rows",),
        foot="K-means on 12 columns of telco.csv · version 2 · 2026-11-28 by maria",
        made_at=datetime(2026, 11, 28, 9, 15, 7, 123456, tzinfo=UTC),
    )
