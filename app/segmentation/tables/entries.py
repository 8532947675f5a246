"""Rows that are no one's: the entries of an account, the days of a series."""

from __future__ import annotations

import re

import numpy as np

from app.segmentation.tables.date_names import means_date
from app.segmentation.tables.grain_keys import FEWEST_ROWS, REPEATED
from app.segmentation.tables.kinds import Kind
from app.segmentation.tables.named_columns import Named
from app.segmentation.tables.roles import plain_name

_ENTRY = re.compile(
    r"verwendungszweck|buchungs(tag|datum|text)|wertstellung|valuta|auftraggeber|begunstigter|"
    r"zahlungsempfanger|\b(posting|value|booking) date\b|\bnarration\b|\bwithdrawals?\b|"
    r"\bdeposits?\b|\b(paid|money) (in|out)\b|"
    r"\btransaction (details|description|type)\b|\blibelle\b|date d? ?operation|date de valeur|"
    r"fecha (de )?(operacion|valor)|\bconcepto\b|\bcausale\b|data (contabile|valuta|operazione)|"
    r"tegenrekening|mededelingen|af bij|\blancamento\b|\bhistorico\b|data (ksiegowania|operacji)|"
    r"\btytul\b|摘要|取引|出金|入金|交易"
)
_FEWEST_ENTRIES = 8
_BALANCE = re.compile(
    r"\b(saldo|balance|solde|debit|credit|soll|haben|iban|kontonummer|betrag|amount|umsatz|montant|"
    r"importe|importo|bedrag|kwota|valor)\b|残高|余额|金额|金額"
)


def of_account(named: Named) -> str | None:
    """Tell the entries of a bank account by what their columns are called."""
    entries = [c.name for c in named.columns if _ENTRY.search(plain_name(c.name))]
    if not entries and _has_balance(named):
        return "one column is the running balance of another"
    beside = [c.name for c in named.columns if _BALANCE.search(plain_name(c.name))]
    if not entries or len({*entries, *beside}) < 2 or not named.numbers:
        return None
    if not named.dates and not any(means_date(c.name) for c in named.columns):
        return None
    others = [c for c in named.columns if c.name not in (*entries, *beside)]
    if named.personal or any(c.kind is Kind.IDENTIFIER and named.is_unique(c) for c in others):
        return None
    listed = ", ".join(map(repr, [*entries, *beside][:3]))
    return f"{listed} are columns of an account's entries"


def _has_balance(named: Named) -> bool:
    """Whether a column of numbers goes up and down by what another one says."""
    if not named.dates or len(named.frame) < _FEWEST_ENTRIES:
        return False
    numbers = [named.sample[name].to_numpy(dtype=np.float64) for name in named.numbers[:6]]
    for balance in numbers:
        steps = np.diff(balance)
        for amount in numbers:
            if amount is balance or not np.any(amount):
                continue
            for moved in (amount[1:], -amount[:-1]):
                if np.mean(np.isclose(steps, moved, rtol=0, atol=0.006)) > REPEATED:
                    return True
    return False


def of_series(named: Named) -> str | None:
    """Tell a series by its first column: a day, week or month for each row, at even steps."""
    first = named.columns[0]
    if first.kind is not Kind.DATE or first.missing or first.distinct < len(named.frame):
        return None
    if any(c.kind in (Kind.IDENTIFIER, Kind.FREE_TEXT) for c in named.columns) or named.personal:
        return None
    days = named.frame[first.name].sort_values()
    if not (days == days.dt.normalize()).all():
        return None
    steps = days.diff().dropna().dt.days
    monthly = bool(days.dt.is_month_start.all() or days.dt.is_month_end.all())
    even = steps.nunique() == 1 or (monthly and bool(steps.between(27, 93).all()))
    if len(steps) < FEWEST_ROWS or not even:
        return None
    return f"each row has its {first.name!r}, at even steps"
