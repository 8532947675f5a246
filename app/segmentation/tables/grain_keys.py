"""Which column says whose a row is: by its name, by what is in it, or by how it repeats."""

from __future__ import annotations

import re

from app.segmentation.tables.codes import names_code
from app.segmentation.tables.columns import Column
from app.segmentation.tables.kinds import Kind
from app.segmentation.tables.named_columns import UNIQUE, CustomerKey, Named
from app.segmentation.tables.order_names import name_rank
from app.segmentation.tables.roles import ID, WORDS, means, plain_name

FEWEST_ROWS = 4
REPEATED = 0.8
"""Share of rows with customers of their own, from which those that come twice are mistakes."""

_REPEATED_BESIDE_ORDERS = 0.98
"""The same where each row has an order number, a date and an amount."""

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
            one_each = named.varies(customer.name, order.name) <= 1 - UNIQUE
            one_day = any(named.varies(day, order.name) <= 1 - UNIQUE for day in days)
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
