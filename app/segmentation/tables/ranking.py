"""Which doubts of a table come first: those that would change most."""

from __future__ import annotations

from collections.abc import Sequence

from app.segmentation.tables.quality import TableWarning

_WEIGHTS = {
    "rows_are_not_customers": 1000.0,
    "cover_sheet": 500.0,
    "other_sheets": 50.0,
    "ambiguous_encoding": 100.0,
    "uncomputed_formulas": 100.0,
    "set_aside_column": 60.0,
    "several_currencies": 60.0,
    "sign_column": 60.0,
    "one_amount": 40.0,
    "twice_encoded": 50.0,
    "ambiguous_number": 50.0,
    "ambiguous_unit": 50.0,
    "debit_credit": 40.0,
    "filled_down": 40.0,
    "possible_groups": 40.0,
    "hidden_rows": 30.0,
    "mixed_percent": 40.0,
    "mixed_units": 40.0,
    "ambiguous_date": 30.0,
    "calendar": 30.0,
    "serial_date": 20.0,
    "two_digit_years": 20.0,
    "mostly_numbers": 20.0,
    "codes": 15.0,
    "sentinel": 15.0,
    "possible_sentinel": 100.0,
    "mixed_types": 15.0,
    "mixed_marks": 15.0,
    "mixed_dates": 15.0,
    "possible_total": 10.0,
    "hidden_columns": 10.0,
    "scale": 10.0,
    "capped": 10.0,
    "duplicate_rows": 10.0,
    "repeats_column": 10.0,
    "set_aside": 8.0,
    "stray_bytes": 5.0,
    "repeated_id": 5.0,
    "duplicate_id": 5.0,
    "impossible_value": 5.0,
    "spellings": 5.0,
    "possible_missing": 3.0,
}
"""What a warning weighs where it concerns all rows; the others weigh 1."""

_LEAST_SHARE = 0.02
"""One row in a million may still be the total that every mean hangs on."""

_UNDECIDED = 2.0


def rank_warnings(warnings: Sequence[TableWarning], n_rows: int) -> tuple[TableWarning, ...]:
    """Put first what would change most; equal ones stay in their order.

    It follows from the kind of a doubt, the share of the rows, and whether it can be decided.
    """

    def weight(warning: TableWarning) -> float:
        share = min(1.0, warning.count / max(n_rows, 1)) if warning.count else 1.0
        decidable = _UNDECIDED if warning.alternatives else 1.0
        return _WEIGHTS.get(warning.code, 1.0) * max(share, _LEAST_SHARE) * decidable

    return tuple(sorted(warnings, key=weight, reverse=True))
