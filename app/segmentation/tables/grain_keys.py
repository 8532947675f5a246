"""Which column says whose a row is: by its name, by what is in it, or by how it repeats."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from app.segmentation.tables.codes import names_code
from app.segmentation.tables.columns import Column
from app.segmentation.tables.date_names import means_birth
from app.segmentation.tables.kinds import Kind
from app.segmentation.tables.order_names import Role, name_rank
from app.segmentation.tables.roles import ID, WORDS, means, plain_name

SAMPLE_ROWS = 20_000
FEWEST_ROWS = 4
REPEATED = 0.8
"""Share of rows with customers of their own, from which those that come twice are mistakes."""

_REPEATED_BESIDE_ORDERS = 0.98
"""The same where each row has an order number, a date and an amount."""

_UNIQUE = 0.98
_FEWEST_NAMES = 3
"""Below that a column called after customers is a flag: member, yes or no."""

_FIRST_NUMBER = 100
"""From here on whole numbers under a customer's name are numbers of customers."""

_CONTACT = re.compile(
    r"\be ?mails?\b|\bmail\b|courriel|\bcorreo\b|(mobile |cell ?)?phone( (number|no))?$|"
    r"^telefon(nummer)?$|^telephone$|^telefono$|^telefone$|^handy$|^mobil$|телефон|电话|電話|전화"
)
_NO_CONTACT = re.compile(
    r"\b(opt|optin|opted|marketing|subscri\w*|status|open\w*|click\w*|sent|accepts?|consent|valid|"
    r"verified|newsletter|count|number of|domain|type|campaign|has)\b"
)
_CODE = r"\S*\d\S?\d\S*"
_FEWEST_PERSONS = 8
_MOST_EACH = 50
_MAILED = r"[^@\s]+@[^@\s]+\.[^@\s]+"
_NO_PERSON = re.compile(
    r"\b(branch|store|shop|filiale?|house ?hold|family|haushalt|agent|adviser|advisor|owner|rep|"
    r"berater|vertreter|employee|staff|seller|vendor|supplier|region|zone|campaign|device|host|"
    r"warehouse|terminal|machine|team|manager|referr\w*|parent|group|company|employer|school|batch|"
    r"currency|country|city|state)\b"
)
_PERSONAL = re.compile(
    r"\b(age|alter|edad|eta|idade|leeftijd|wiek|gender|sex|geschlecht|sexe|sexo|sesso|birth\w*|dob|"
    r"\w*geburt\w*|naissance|nacimiento|nascita|income|einkommen|salary|gehalt|education|marital|"
    r"children|kids|tenure|churn\w*|occupation|job|profession|beruf|возраст|пол|年齢|性別|年龄|性别)\b"
)
_OF_A_TIME = re.compile(
    r"\b(last|first|latest|letzte\w*|erste\w*|dernier\w*|premier\w*|ultim\w*)\b"
)


@dataclass(frozen=True, kw_only=True)
class CustomerKey:
    """The column of customers whose values repeat."""

    column: str
    distinct: int
    n_present: int

    @property
    def repeats(self) -> str:
        """Say how it repeats."""
        return f"{self.column!r} repeats: {self.distinct:,} different in {self.n_present:,} rows"


@dataclass(frozen=True, kw_only=True, eq=False)
class Named:
    """A table's columns by what their names and kinds say."""

    frame: pd.DataFrame
    columns: Sequence[Column]

    @cached_property
    def sample(self) -> pd.DataFrame:
        """The first rows, for what is compared row by row."""
        return self.frame.head(SAMPLE_ROWS)

    def of(self, kind: str) -> list[Column]:
        """Columns whose name has a word of this kind."""
        return self._by_word[kind]

    @cached_property
    def _by_word(self) -> dict[str, list[Column]]:
        roles: dict[str, tuple[Role, ...]] = {
            "order": ("order",),
            "product": ("product", "product_name"),
            "amount": ("amount", "price", "quantity"),
        }
        return {
            kind: [
                c
                for c in self.columns
                if means(kind, c.name)
                or any(name_rank(role, c.name) is not None for role in roles.get(kind, ()))
            ]
            for kind in WORDS
        }

    @cached_property
    def dates(self) -> list[str]:
        """Columns of dates, of more than one day, births left out."""
        return [
            c.name
            for c in self.columns
            if c.kind is Kind.DATE and c.distinct > 1 and not means_birth(c.name)
        ]

    @cached_property
    def numbers(self) -> list[str]:
        """Columns of quantities."""
        return [c.name for c in self.columns if c.kind is Kind.NUMERIC]

    @cached_property
    def amounts(self) -> list[str]:
        """Columns of quantities whose name says money or pieces."""
        return [c.name for c in self.of("amount") if c.kind is Kind.NUMERIC]

    @cached_property
    def order_numbers(self) -> list[Column]:
        """Columns whose name is that of order numbers, and whose values can be."""
        return [
            c
            for c in self.columns
            if name_rank("order", c.name) is not None
            and not _OF_A_TIME.search(plain_name(c.name))
            and c.distinct > 0.1 * self.n_present(c)
            and (c.kind in (Kind.IDENTIFIER, Kind.CATEGORICAL, Kind.FREE_TEXT))
        ]

    @cached_property
    def personal(self) -> bool:
        """Whether a column's name is that of what persons are."""
        return any(_PERSONAL.search(plain_name(c.name)) for c in self.columns)

    def n_present(self, column: Column) -> int:
        """How many rows have a value."""
        return max(1, len(self.frame) - column.missing)

    def is_unique(self, column: Column) -> bool:
        """Whether nearly each row has a value of its own."""
        return column.distinct > 1 and column.distinct >= _UNIQUE * self.n_present(column)

    def key(self, column: Column) -> CustomerKey:
        """Describe a column as the one that says whose a row is."""
        return CustomerKey(
            column=column.name, distinct=column.distinct, n_present=self.n_present(column)
        )

    def varies(self, column: str, key: str) -> float:
        """Share of the values of ``key`` with several rows that have several of ``column``."""
        groups = self.sample.groupby(key, observed=True)[column]
        several = groups.count() > 1
        return float((groups.nunique()[several] > 1).mean()) if several.any() else 0.0


def find_key(named: Named) -> CustomerKey | None:
    """Find the column of customers, by name or content, whose values repeat."""
    if len(named.frame) < FEWEST_ROWS:
        return None
    others = {c.name for kind in ("order", "product", "event") for c in named.of(kind)}
    customers = [c for c in named.columns if _names_customer(c) and c.name not in others]
    whose = [c for c in customers if _names(named, c)]
    contacts = [c for c in named.columns if _is_contact(named, c)]
    if any(named.is_unique(c) for c in (*whose, *contacts)):
        return None
    ids = [c for c in named.columns if c.kind is Kind.IDENTIFIER and c.name not in others]
    if not (whose or contacts) and any(named.is_unique(c) for c in ids):
        return None
    # Without a name that says so, only ids of more than one column in the file tell of it.
    unnamed = [c for c in ids if re.fullmatch(r"column_\d+|id|uid", c.name.lower())]
    sold = bool(named.order_numbers and named.dates and named.amounts)
    most = _REPEATED_BESIDE_ORDERS if sold else REPEATED
    for column in [*whose, *contacts, *unnamed]:
        n_present = named.n_present(column)
        if n_present >= FEWEST_ROWS and 1 < column.distinct <= most * n_present:
            return named.key(column)
    return None


def key_by_shape(named: Named) -> CustomerKey | None:
    """Find ids under any name that come back on other days with other amounts.

    Where each row has an id of its own, or persons are described, the rows may be customers of
    something that repeats, a branch or a household, and nothing is found.
    """
    orders = {c.name for c in named.order_numbers}
    unique = [c for c in named.columns if c.kind is Kind.IDENTIFIER and named.is_unique(c)]
    if named.personal or any(c.name not in orders for c in unique):
        return None
    for column in named.columns:
        if not _may_be_person(named, column) or column.name in orders:
            continue
        dated = [name for name in named.dates if named.varies(name, column.name) > REPEATED / 2]
        amounts = [name for name in named.numbers if named.varies(name, column.name) > REPEATED / 2]
        if dated and amounts:
            return named.key(column)
    return None


def order_by_shape(named: Named) -> tuple[Column, CustomerKey] | None:
    """Find order numbers under any name: each has one customer and one day, over several rows."""
    ids = [c for c in named.columns if _is_coded(named, c) and not names_code(c.name)]
    days = [c for c in named.dates if named.sample[c].nunique() > 2]
    for order in ids:
        if named.is_unique(order) or order.distinct > 0.9 * named.n_present(order):
            continue
        for customer in ids:
            fewer = FEWEST_ROWS < customer.distinct < order.distinct
            if not fewer or _NO_PERSON.search(plain_name(customer.name)):
                continue
            one_each = named.varies(customer.name, order.name) <= 1 - _UNIQUE
            one_day = any(named.varies(day, order.name) <= 1 - _UNIQUE for day in days)
            other_days = any(named.varies(day, customer.name) > 0.1 for day in days)
            if one_each and one_day and other_days:
                return order, named.key(customer)
    return None


def _may_be_person(named: Named, column: Column) -> bool:
    plain = plain_name(column.name)
    if _NO_PERSON.search(plain) or names_code(column.name) or column in named.of("product"):
        return False
    n_present = named.n_present(column)
    within = _FEWEST_PERSONS <= column.distinct <= REPEATED * n_present
    return within and n_present <= _MOST_EACH * column.distinct and _is_coded(named, column)


def _is_coded(named: Named, column: Column) -> bool:
    """Whether a column holds ids, or texts like them in too few rows to be sure."""
    if column.kind is Kind.IDENTIFIER:
        return True
    if column.kind not in (Kind.CATEGORICAL, Kind.FREE_TEXT):
        return False
    texts = named.sample[column.name].dropna().head(200)
    return bool(len(texts) and texts.str.fullmatch(_CODE).mean() > REPEATED)


def _names_customer(column: Column) -> bool:
    return name_rank("customer", column.name) is not None or means("customer", column.name)


def _names(named: Named, column: Column) -> bool:
    """Whether a column of the right name names customers, and not their type or number."""
    if column.kind is Kind.IDENTIFIER:
        return True
    plain = plain_name(column.name)
    bare = re.fullmatch(
        rf"(ال)?({WORDS['customer']})(s|n|e)?(?P<called> ?(name|nom|nombre|user ?name|{ID}))?",
        plain,
    )
    ranked = name_rank("customer", column.name) is not None
    if (bare is None and not ranked) or column.distinct < _FEWEST_NAMES:
        return False
    if column.kind in (Kind.CATEGORICAL, Kind.FREE_TEXT):
        return True
    if column.kind is not Kind.NUMERIC:
        return False
    if bare is not None and bare["called"] is not None:
        return True
    values = named.sample[column.name].dropna()
    if plain.endswith("s") or not len(values) or not (values == values.round()).all():
        return False
    low, high = float(values.min()), float(values.max())
    return low >= _FIRST_NUMBER or (low >= 0 and high <= 2 * values.nunique() and bool(named.dates))


def _is_contact(named: Named, column: Column) -> bool:
    """Whether a column holds how persons are reached, one each: by its name or its values."""
    if column.kind in (Kind.NUMERIC, Kind.DATE) or column.distinct < _FEWEST_NAMES:
        return False
    plain = plain_name(column.name)
    if _NO_CONTACT.search(plain):
        return False
    texts = named.sample[column.name].dropna().head(200)
    if not len(texts):
        return False
    mailed = bool(texts.str.fullmatch(_MAILED).mean() > REPEATED)
    return mailed or _CONTACT.search(plain) is not None
