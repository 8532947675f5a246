"""Columns of texts that repeat: each different text once, and which of them each row has.

What is asked of a column's texts is asked of each different one, so that a million rows of three
regions cost three questions. A column whose texts hardly repeat is a plain array of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

LARGE = pa.large_string()
CODED = pa.dictionary(pa.int32(), LARGE)

_SELDOM = 4
"""Rows for each different text, on average, from which a column is kept as repeated ones."""


def repeats(column: Any) -> bool:
    """Whether a column's texts repeat so often that each is worth keeping once."""
    return bool(len(pc.unique(column)) * _SELDOM <= len(column))


def is_coded(column: Any) -> bool:
    """Whether a column keeps each different text once."""
    return bool(pa.types.is_dictionary(column.type))


def in_one(column: Any) -> Any:
    """Put a column that was read in parts together; plain texts again where few repeat.

    The different texts are in the order in which they first appear.
    """
    if not is_coded(column):
        return column
    whole = column.unify_dictionaries().combine_chunks()
    return whole if len(whole.dictionary) * _SELDOM <= len(whole) else plain(whole)


def kept(column: Any, rows: NDArray[np.bool_]) -> Any:
    """Leave out the rows where ``rows`` is false, and the texts that only they have."""
    if not is_coded(column):
        return pc.filter(column, pa.array(rows))
    codes, seen = pd.factorize(codes_of(column)[rows])
    texts = column.dictionary.take(pa.array(seen))
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), texts)


def plain(column: Any) -> Any:
    """Give (n_rows,) texts."""
    if not is_coded(column):
        return column
    return pa.chunked_array([column.dictionary.take(column.indices)])


def head(column: Any, n: int) -> Any:
    """Give the first ``n`` rows' texts."""
    return plain(column[:n])


def texts_of(column: Any) -> Any:
    """Give each different text, or all rows' where few repeat: for questions of any and all."""
    return column.dictionary if is_coded(column) else column


def codes_of(column: Any) -> NDArray[np.int32]:
    """(n_rows,) which of the different texts each row of a coded column has."""
    return np.asarray(column.indices.to_numpy(zero_copy_only=False))


def from_pandas(series: pd.Series) -> pa.ChunkedArray:
    """Take a column of strings out of a frame; a missing one is empty."""
    raw = pa.Array.from_pandas(series)
    raw = raw if isinstance(raw, pa.ChunkedArray) else pa.chunked_array([raw])
    return pc.fill_null(pc.cast(raw, LARGE), "")


def any_before(texts: Any, text: str) -> bool:
    """Whether a text comes before this one in the order of bytes: a glance at how texts begin."""
    return bool(pc.any(pc.less(texts, pa.scalar(text, type=LARGE)), min_count=0).as_py())


def where(column: Any, found: Callable[[Any], Any]) -> NDArray[np.bool_]:
    """(n_rows,) what ``found`` says of each text, asked once of each different one."""
    said = np.asarray(found(texts_of(column)).to_numpy(zero_copy_only=False), dtype=np.bool_)
    if not is_coded(column):
        return said
    return said[codes_of(column)] if said.any() else np.zeros(len(column), dtype=np.bool_)


def rewritten(column: Any, rewrite: Callable[[Any], Any]) -> Any:
    """Write each text otherwise; two that become one are one text."""
    if not is_coded(column):
        return rewrite(column)
    texts = rewrite(column.dictionary)
    different = pc.unique(texts)
    if len(different) == len(texts):
        return pa.DictionaryArray.from_arrays(column.indices, texts)
    codes = pc.index_in(texts, value_set=different).to_numpy()[codes_of(column)]
    return pa.DictionaryArray.from_arrays(pa.array(codes), different)
