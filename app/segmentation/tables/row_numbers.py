"""Tell row numbers from measures that happen to run from one whole number to the next."""

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

# What is measured, and so numbers nobody even where it runs from one whole number to the next.
_MEASURE_WORDS = {
    "age", "ages", "alter", "edad", "idade", "tenure", "years", "months", "weeks", "days", "income",
    "salary", "spend", "spending", "score", "rating", "revenue", "sales", "amount", "price", "cost",
    "balance", "purchases", "visits", "frequency", "recency", "height", "weight", "year", "month",
    "points", "children", "kids", "percent", "floor", "floors", "storey", "level", "distance", "km",
    "miles", "hours", "minutes", "quantity", "qty", "count", "value", "size", "rooms", "duration",
    "jahr", "jahre", "monate", "kinder", "etage", "stockwerk", "anzahl", "wert", "umsatz", "ans",
    "enfants", "valeur", "hijos", "valor", "anni", "figli", "valore",
}  # fmt: skip
_NUMBERING_WORDS = {
    "no", "nr", "num", "number", "index", "idx", "row", "rank", "position", "line", "serial", "key",
    "customer", "client", "user", "member", "account", "order", "invoice", "record", "unnamed",
    "column",
}  # fmt: skip
_FEWEST, _MANY = 10, 50


def numbers_rows(words: Collection[str], numbers: NDArray[np.float64]) -> bool:
    """Whether a column that runs from one whole number to the next numbers its rows.

    It does where it starts from 0 or 1, runs on through many rows, or is called so; a few customers
    of consecutive ages are not numbered by them.

    Parameters
    ----------
    words
        The words of the column's name, in lower case.
    numbers
        (n_rows,) in the order of the rows.
    """
    # Whole steps from a whole number: 0.5, 1.5, 2.5 measures something.
    if len(numbers) < _FEWEST or numbers[0] != np.round(numbers[0]):
        return False
    if _MEASURE_WORDS & set(words) or not np.all(np.diff(numbers) == 1):
        return False
    likely = numbers[0] in (0, 1) or len(numbers) >= _MANY
    return bool(likely or _NUMBERING_WORDS & set(words))
