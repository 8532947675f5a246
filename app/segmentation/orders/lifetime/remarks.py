"""What limits a forecast, in a code and a sentence each."""

from collections.abc import Iterator, Sequence

from app.segmentation.orders.lifetime.money import Spending
from app.segmentation.orders.lifetime.record import Record
from app.segmentation.orders.lifetime.scores import ForecastTrial, Measure, winners

Note = tuple[str, str]
"""A code, and a sentence for people."""

_MEASURED: dict[Measure, str] = {
    "total_error": "the total of all customers was closer",
    "decile_error": "the tenths of customers were closer",
    "top_found": "more of the real top tenth of customers was found",
}


def remarks_on(
    record: Record,
    horizon: float,
    aside: Sequence[tuple[str, str]],
    spending: Spending | None,
    refusal: str | None,
) -> tuple[Note, ...]:
    """Say where a naive way was better, which models did not fit, and what money depends on."""
    notes = [
        ("model_set_aside", f"{name} does not fit these orders: {why}.") for name, why in aside
    ]
    if record.best != record.chosen:
        notes.append(
            ("other_way_better", f"On the record, {record.best!r} had the smaller total error.")
        )
    notes.extend(_naive_wins("orders", record.scores))
    notes.extend(_naive_wins("money", record.money))
    covered = record.until - record.made_at
    if covered < horizon:
        message = (
            f"The orders allow a record of {covered:g} days; a forecast of {horizon:g} days may "
            "err more."
        )
        notes.append(("record_is_shorter", message))
    if refusal is not None:
        notes.append(("no_value", refusal))
    if spending is not None and spending.depends_on_frequency:
        message = (
            f"Money depends on frequency here (Spearman {spending.dependence:.2f}), which the "
            "model of values rules out: sums of money are less sure than the record says."
        )
        notes.append(("money_depends_on_frequency", message))
    return tuple(notes)


def _naive_wins(what: str, scores: Sequence[ForecastTrial]) -> Iterator[Note]:
    if not scores:
        return
    won = {measure: each for measure, each in winners(scores).items() if each.naive}
    for name in dict.fromkeys(each.name for each in won.values()):
        told = " and ".join(_MEASURED[m] for m, each in won.items() if each.name == name)
        yield (
            f"naive_better_{what}",
            f"On the record of {what}, {told} by {name!r}, without a model.",
        )
