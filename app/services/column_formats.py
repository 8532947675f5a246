"""How a dataset's columns were read, between its row, a run's order and a run's report."""

from collections.abc import Sequence

import pandas as pd

from app.schemas.datasets import ColumnFacts, DatasetColumn, DaysSinceOut
from app.segmentation.tables import Column, ColumnFormat, Kind, NumberFormat
from app.segmentation.tables.date_format import DateFormat
from app.segmentation.tables.derived import offered
from app.segmentation.tables.recency import DaysSince


def described(column: Column) -> DatasetColumn:
    """Describe a column as a dataset's row keeps it."""
    written, dates = column.format, column.dates
    since = dates.days_since if dates else None
    return DatasetColumn(
        name=column.name,
        kind=column.kind.value,
        missing=column.missing,
        distinct=column.distinct,
        examples=[example[:100] for example in column.examples],
        warnings=[warning.message for warning in column.warnings],
        decimal=written.decimal if written else None,
        thousands=written.thousands if written else None,
        unit=written.unit if written else None,
        marks=list(written.marks) if written else [],
        decimal_inferred=written.inferred if written else False,
        suffixes=dict(written.suffixes) if written else {},
        scale=list(written.scale) if written else [],
        form=written.form if written else None,
        spellings=dict(column.spellings),
        date_order=dates.order if dates else None,
        newest_year=dates.newest_year if dates else None,
        date_marks=list(dates.marks) if dates else [],
        days_since=DaysSinceOut(newest=since.newest.isoformat(), by_default=since.by_default)
        if since
        else None,
        meaning=column.meaning or None,
    )


def column_of(facts: ColumnFacts) -> Column:
    """Describe a column for the engine, as far as its facts go."""
    kind, since = Kind(facts.kind), facts.days_since
    days = None
    if since is not None:
        newest = pd.Timestamp(since.newest)
        days = DaysSince(column=facts.name, newest=newest, by_default=since.by_default)
    dates = DateFormat(
        order=facts.date_order,
        serial=None,
        newest_year=facts.newest_year,
        days_since=days,
        marks=tuple(facts.date_marks),
    )
    return Column(
        name=facts.name,
        kind=kind,
        missing=facts.missing,
        distinct=facts.distinct,
        examples=(),
        format=facts.number_format,
        dates=dates if kind is Kind.DATE else None,
        spellings=facts.spellings,
    )


def formats_of(facts: Sequence[ColumnFacts]) -> dict[str, ColumnFormat]:
    """Tell how each column was read, those made from others too, for a run to keep."""
    formats = {each.name: _format(each) for each in facts}
    kinds = {each.name: each.kind for each in facts}
    for derived in offered([column_of(each) for each in facts]):
        source = formats[derived.source]
        formats[derived.name] = ColumnFormat(
            decimal=source.decimal,
            thousands=source.thousands,
            inferred=source.inferred,
            unit="" if derived.days is None else "days",
            marks=source.marks,
            suffixes=source.suffixes,
            scale=source.scale,
            form=source.form,
            date_order=source.date_order,
            newest_year=source.newest_year,
            date_marks=source.date_marks,
            source=derived.source,
            source_kind=kinds[derived.source],
            newest="" if derived.days is None else derived.days.newest.isoformat(),
        )
    return formats


def _format(facts: ColumnFacts) -> ColumnFormat:
    numbers = facts.number_format or NumberFormat()
    return ColumnFormat(
        decimal=numbers.decimal,
        thousands=numbers.thousands,
        inferred=numbers.inferred,
        unit=numbers.unit,
        marks=numbers.marks,
        suffixes=numbers.suffixes,
        scale=numbers.scale,
        form=numbers.form,
        spellings=facts.spellings,
        date_order=facts.date_order,
        newest_year=facts.newest_year,
        date_marks=tuple(facts.date_marks),
    )
