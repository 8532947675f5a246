"""What shops call the columns of their orders, in the usual languages."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from importlib.resources import files
from typing import Literal, get_args

from app.segmentation.tables.roles import ID, WORDS, plain_name

Role = Literal[
    "customer", "date", "order", "amount", "quantity", "price", "product", "product_name",
    "category", "currency", "status",
]  # fmt: skip
ROLES: tuple[Role, ...] = get_args(Role)

_SPELT = str.maketrans({"°": "o", "º": "o", "ł": "l", "ø": "o", "ß": "ss", "ı": "i", "#": "no"})


def squashed(name: str) -> str:
    """Write a name in small letters and digits alone: ``Währung_ID`` as ``wahrungid``."""
    spelt = name.casefold().translate(_SPELT)
    folded = unicodedata.normalize("NFKD", spelt)
    return "".join(letter for letter in folded if letter.isalnum())


_NAMES: Mapping[str, str] = tomllib.loads(
    (files(__package__) / "order_names.toml").read_text(encoding="utf-8")
)
_KINDS_OF_LINES = frozenset(squashed(name) for name in _NAMES["kind_of_line"].split())
"""Names of columns that say what each line is: a sale, a return, a fee."""


_TYPES = re.compile(r"type|typ$|art$|tipo|vorgang|soort|rodzaj")
_STATES = re.compile(r"stat|etat|zustand|stav|durum")
_FLAGS = re.compile(
    r"(is|was|order|sale)?(cancell?ed|refunded|voided?|returned|storniert|storno|retour|erstattet|retourniert"
    r"|annule|rembourse|anulad[oa]|cancelad[oa]|reembolsad[oa]|devuelt[oa]|annullato|rimborsato"
    r"|geannuleerd|anulowan[eo]|zwrocon[eo])"
)
_PRICES = re.compile(r"price|preis|prix|preci|preco|prezz|prijs|cena|pris$|fiyat|単価|价|цена")
_SUM = "amount|total|betrag|montant|importe|importo|valor"
_REFUNDS = re.compile(
    rf"(order|item)?({_SUM})?(refund(ed|s)?|erstattung|erstattet|rembourse?|remboursement"
    rf"|reembolso|reembolsado|rimborso|rimborsato)s?({_SUM})?"
)
_CENTS = re.compile(r"(?i:[\W_]|in)(?i:cents?)\)?$|(?<=[a-z])Cents?$|(?i:minor[\W_]?units?)$")
NAMES: Mapping[Role, Mapping[str, int]] = {
    role: {squashed(name): rank for rank, name in enumerate(_NAMES[role].split())} for role in ROLES
}
_UNIT = re.compile(r"[\s_]*[(\[][^)\]]*[)\]]\s*$|[\s_]+(eur|usd|gbp|chf)$", re.IGNORECASE)
_NUMBER_OF = re.compile(r"^(no|nr|num|numero|nummer)(?=...)")
_OF_A_SHOP = re.compile(r"^[a-z]+(?=orderid$|ordernumber$|orderno$)")
_COUNT_OF = re.compile(r"(numberof|numof|noof|nombrede|anzahlder)")


def name_rank(role: Role, name: str) -> int | None:
    """How well a column's name says a role: 0 is best, None where it does not."""
    plain = squashed(_UNIT.sub("", name)) or squashed(name)
    if role == "quantity" and _COUNT_OF.match(plain):
        return len(NAMES[role])
    if role == "status" and plain in _KINDS_OF_LINES:
        # What became of an order says more than what kind of line it is.
        return len(NAMES[role])
    if is_in_cents(name):
        plain = squashed(_CENTS.sub("", name))
    rank = NAMES[role].get(plain)
    rank = rank if rank is not None else NAMES[role].get(_NUMBER_OF.sub("", plain))
    if rank is None and role == "order" and _OF_A_SHOP.match(plain):
        # ``amazon-order-id`` before ``merchant-order-id``: in the table's own order.
        return len(NAMES[role])
    if rank is not None or role not in ("customer", "order", "product"):
        return rank
    # Further languages, as the tables' own reading knows them.
    known = re.fullmatch(rf"({WORDS[role]})(s|n|en|e)?( ?{ID})?", plain_name(name))
    return len(NAMES[role]) + 1 if known else None


def is_kind_of_line(column: str) -> bool:
    """Whether a column's name says that it tells what each line is: a sale, a return, a fee."""
    plain = squashed(column)
    return plain in _KINDS_OF_LINES or _TYPES.search(plain) is not None


def may_be_status(column: str) -> bool:
    """Whether a column's name allows that it says what became of orders or what lines are."""
    return is_kind_of_line(column) or _STATES.search(squashed(column)) is not None


def is_in_cents(column: str) -> bool:
    """Whether a column's name says that its money is in hundredths."""
    return _CENTS.search(column) is not None


def holds_refunds(column: str) -> bool:
    """Whether a column's name says that it holds what was given back of an order."""
    return _REFUNDS.fullmatch(squashed(column)) is not None


def is_cancelled_flag(column: str) -> bool:
    """Whether a column's name says that it marks cancelled or refunded lines with yes or no."""
    return _FLAGS.fullmatch(squashed(column)) is not None


def is_named_as_price(column: str) -> bool:
    """Whether a part of a column's name says that it is a price."""
    return _PRICES.search(squashed(column)) is not None
