"""What may stand around the digits of a number: currencies, multipliers, units."""

import re

_SYMBOLS = "$€£¥₹₩₽₺₫₪₦฿₴₱元円원圓"
_CODES = (
    "USD|EUR|GBP|CHF|JPY|CNY|RMB|INR|SEK|NOK|DKK|ISK|PLN|CZK|HUF|RON|BGN|UAH|RUB|CAD|AUD|NZD|HKD|"
    "SGD|BRL|ARS|CLP|COP|MXN|ZAR|KRW|TRY|ILS|AED|SAR|EGP|NGN|KES|THB|IDR|MYR|PHP|VND|PKR|LKR|TWD"
)
CURRENCY = (
    rf"[A-Z]{{0,2}}[{_SYMBOLS}]|(?i:{_CODES})(?![^\W\d_])|Rs\.?|Fr\.?|SFr\.?|kr\.?|zł|Kč|Ft|TL|RM|"
    r"(?i:lei|lev[a]?|euros?|dollars?|pounds?|francs?|rupees?)|лв\.?|руб\.?|грн\.?|дин\.?|р\."
)
"""A currency's sign, its ISO 4217 code, or its usual name."""

SAME_CURRENCY = {
    "€": "EUR", "$": "USD", "£": "GBP", "₹": "INR", "¥": "JPY", "EURO": "EUR", "EUROS": "EUR",
    "DOLLAR": "USD", "DOLLARS": "USD", "RS": "INR", "FR": "CHF", "SFR": "CHF", "RMB": "CNY",
    "RUPEE": "INR", "RUPEES": "INR", "₽": "RUB", "РУБ": "RUB", "円": "JPY", "元": "CNY",
    "원": "KRW", "₩": "KRW", "₺": "TRY", "TL": "TRY", "ZŁ": "PLN", "KČ": "CZK", "FT": "HUF",
    "₪": "ILS", "LEI": "RON",
}  # fmt: skip
_MULTIPLIERS = {
    "k": 1e3, "tsd": 1e3, "thousand": 1e3, "thousands": 1e3, "mille": 1e3, "tausend": 1e3,
    "mila": 1e3, "duizend": 1e3, "tys": 1e3, "tis": 1e3, "тыс": 1e3, "тысяч": 1e3, "千": 1e3,
    "천": 1e3, "万": 1e4, "萬": 1e4, "만": 1e4, "lakh": 1e5, "lakhs": 1e5, "lac": 1e5, "lacs": 1e5,
    "M": 1e6, "MM": 1e6, "mio": 1e6, "mln": 1e6, "mn": 1e6, "million": 1e6, "millions": 1e6,
    "millionen": 1e6, "millón": 1e6, "millones": 1e6, "milhão": 1e6, "milhões": 1e6,
    "milione": 1e6, "milioni": 1e6, "miljoen": 1e6, "miljoner": 1e6, "millioner": 1e6, "млн": 1e6,
    "миллионов": 1e6, "crore": 1e7, "crores": 1e7, "亿": 1e8, "億": 1e8, "억": 1e8, "bn": 1e9,
    "tn": 1e12, "trn": 1e12, "trillion": 1e12, "trillions": 1e12,
    "billion": 1e9, "billions": 1e9, "mrd": 1e9, "mia": 1e9, "mld": 1e9, "milliarde": 1e9,
    "milliarden": 1e9, "milliard": 1e9, "milliards": 1e9, "miljard": 1e9, "miliardi": 1e9,
    "млрд": 1e9,
}  # fmt: skip
LETTERS = {"m": 1e6, "b": 1e9, "B": 1e9, "T": 1e3, "L": 1e5, "mi": 1e6}
"""Letters that multiply only where other values of the column say so: 1.5m may be metres."""

SIGN_PAIRS = (
    ("cr", "dr"), ("H", "S"), ("C", "D"), ("haben", "soll"), ("credit", "debit"),
    ("crédit", "débit"), ("crédito", "débito"), ("avere", "dare"),
)  # fmt: skip
"""What stands behind amounts above and below zero; single letters only where both do."""

CREDIT = {mark: sign for pair in SIGN_PAIRS for mark, sign in zip(pair, (1.0, -1.0), strict=True)}
CRORE = 1e7
MIL = "mil"
"""A thousand in Spanish and Portuguese, a million in English."""

_SHORT_UNITS = {
    "kg", "g", "mg", "t", "lb", "lbs", "oz", "km", "m", "cm", "mm", "mi", "ft", "in", "l", "L",
    "ml", "cl", "h", "hr", "min", "s", "ms", "d", "y", "yr", "mo", "wk", "w", "gb", "mb", "kb",
    "tb", "kw", "yo", "pt", "st", "px", "x", "pc", "an", "j",
}  # fmt: skip
_NO_UNITS = {"th", "nd", "rd", "er", "ère", "e", "º", "ª", "am", "pm", "a.m", "p.m", "bis"}
_MONTHS = re.compile(
    r"(jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez|fév|avr|juil|août|déc|ene|abr"
    r"|ago|dic|gen|mag|giu|lug|set|ott|fev|out|maa|mei)[^\W\d_]*\.?$",
    re.IGNORECASE,
)
_UNIT = re.compile(r"(?:/\s?)?[^\W\d_'\"<>=][^\d_'\"<>=()\[\]{},;:+]*|[%‰°★⭐][A-Za-z]?")
_LONGEST_UNIT = 30


def multiplier(word: str) -> float | None:
    """Give what a word behind a number multiplies it by; None where it does not."""
    return _MULTIPLIERS.get(word) or (
        _MULTIPLIERS.get(word.casefold()) if word not in ("m", "mm") else None
    )


def is_currency(text: str) -> bool:
    """Whether a text is, or begins with, a currency."""
    words = text.split()
    return bool(words) and re.fullmatch(CURRENCY, words[0].rstrip(",").split("/")[0]) is not None


def is_unit(text: str, *, attached: bool) -> bool:
    """Whether a text behind a number can be what it counts: ``years``, ``%``, ``/ month``."""
    if len(text) > _LONGEST_UNIT or len(text.split()) > 3 or not _UNIT.fullmatch(text):
        return False
    head = text.split()[0].rstrip(".,")
    lowered = head.casefold()
    if lowered in _NO_UNITS or _MONTHS.fullmatch(head):
        return False
    short = len(head) < 3 and head.isascii() and head.isalpha()
    # 12a is a house, 85B an article.
    return not (attached and short and (head if len(head) == 1 else lowered) not in _SHORT_UNITS)


def same_unit(one: str, other: str) -> bool:
    """Whether two units count the same: ``visit`` and ``visits``, ``€`` and ``EUR``."""
    a, b = sorted((canonical(one), canonical(other)), key=len)
    if _forms(a) & _forms(b):
        return True
    return a == b or (len(a) >= 2 and b.startswith(a) and len(b) - len(a) <= 2)


_ONE_UNIT = (
    {"ГОД", "ГОДА", "ЛЕТ"}, {"ANNO", "ANNI"}, {"ROK", "LATA", "LAT"}, {"MÊS", "MESES"},
    {"GIORNO", "GIORNI"}, {"ОЧКО", "ОЧКА", "ОЧКОВ"},
    {"ДЕНЬ", "ДНЯ", "ДНЕЙ"}, {"MONTH", "MONTHS", "MO", "MOS"},
    {"YEAR", "YEARS", "YR", "YRS", "Y"}, {"HOUR", "HOURS", "H", "HR", "HRS"},
    {"MINUTE", "MINUTES", "MIN", "MINS"}, {"DAY", "DAYS", "D"}, {"MES", "MESES"},
    {"PERCENT", "%", "PROZENT"}, {"PIECE", "PIECES", "PC", "PCS"}, {"ZŁOTY", "ZŁ", "PLN"},
)  # fmt: skip


def _forms(unit: str) -> set[int]:
    return {i for i, forms in enumerate(_ONE_UNIT) if unit in forms}


def canonical(unit: str) -> str:
    """Write a unit in one way."""
    plain = unit.upper().rstrip(".")
    return SAME_CURRENCY.get(plain, plain)


_MEASURES: tuple[dict[str, float], ...] = (
    {"day": 1, "tag": 1, "jour": 1, "dia": 1, "week": 7, "woche": 7, "semaine": 7, "semana": 7,
     "month": 365 / 12, "monat": 365 / 12, "mois": 365 / 12, "mes": 365 / 12, "year": 365,
     "jahr": 365, "an": 365, "año": 365, "ano": 365, "yr": 365, "mo": 365 / 12, "d": 1, "wk": 7},
    {"second": 1, "s": 1, "sec": 1, "minute": 60, "min": 60, "hour": 3600, "h": 3600, "hr": 3600,
     "stunde": 3600, "heure": 3600, "hora": 3600},
    {"g": 1, "kg": 1000, "mg": 0.001, "t": 1e6, "lb": 453.59237, "oz": 28.349523125},
    {"m": 1, "km": 1000, "cm": 0.01, "mm": 0.001, "mi": 1609.344, "ft": 0.3048, "in": 0.0254},
    {"l": 1, "ml": 0.001, "cl": 0.01},
    {"b": 1e-9, "kb": 1e-6, "mb": 1e-3, "gb": 1, "tb": 1e3},
)  # fmt: skip


def factor_between(unit: str, other: str) -> float | None:
    """Give how many of the ``other`` unit one is; None where they do not measure the same."""
    for measure in _MEASURES:
        sizes = [
            measure.get(form) for form in (_singular(unit, measure), _singular(other, measure))
        ]
        if sizes[0] is not None and sizes[1] is not None:
            return sizes[0] / sizes[1]
    return None


def _singular(unit: str, measure: dict[str, float]) -> str:
    plain = unit.casefold().rstrip(".")
    endings = ("", "s", "es", "e", "en", "n")
    return next(
        (
            plain.removesuffix(ending)
            for ending in endings
            if plain.endswith(ending) and plain.removesuffix(ending) in measure
        ),
        plain,
    )
