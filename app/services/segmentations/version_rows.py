"""The rows of a version: its table, the columns made from it, and what is known of each row."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from app.segmentation.looking.rows import RowFacts, facts_of
from app.segmentation.new_rows import columns_needed, made_from
from app.segmentation.segmentation import Segmentation
from app.segmentation.tables import ColumnFormat
from app.storage.customers import ROWS_FILE, read_columns, schema_of, write_rows
from app.storage.datasets import DatasetStore

BLOCK_ROWS = 50_000


@dataclass(frozen=True)
class VersionRows:
    """Where the rows of a version are, and how its columns are made."""

    tables: DatasetStore
    directory: str
    reading: str
    artefact: str
    formats: Mapping[str, ColumnFormat]
    used: tuple[str, ...]

    @cached_property
    def table(self) -> Path:
        return self.tables.root / self.directory / self.reading

    @cached_property
    def rows(self) -> Path:
        return self.tables.root / self.directory / self.artefact / ROWS_FILE

    @cached_property
    def made(self) -> tuple[str, ...]:
        """The columns that it was segmented by and that are made from the table's own."""
        return tuple(
            name for name in self.used if name in self.formats and self.formats[name].source
        )

    def has(self, column: str) -> bool:
        """Whether a column is the table's own or can be made from it."""
        return column in self.made or column in schema_of(self.table).names

    def frame(
        self, columns: Sequence[str], *, skip: int = 0, limit: int | None = None
    ) -> pd.DataFrame:
        """Return rows with some columns, the table's own and made ones."""
        needed = columns_needed(columns, {name: self.formats[name] for name in self.made})
        if limit is None:
            frame = self.tables.frame(self.directory, self.reading, columns=needed)
        else:
            frame = self.tables.rows(
                self.directory, self.reading, skip=skip, limit=limit, columns=needed
            )
        made = {
            name: made_from(frame[self.formats[name].source], self.formats[name])
            for name in columns
            if name in self.made
        }
        return frame.assign(**made)[list(columns)]

    def ensure(self, found: Callable[[], Segmentation]) -> Path:
        """Return the file of what is known of each row; two askers measure it once.

        The segmentation itself is read for that alone.
        """
        if not self.rows.exists():
            with self.tables.turn(self.directory, f"rows-{self.artefact}"):
                if not self.rows.exists():
                    write_rows(self.rows, self._blocks(found()))
        return self.rows

    def facts(self, found: Callable[[], Segmentation]) -> RowFacts:
        """Return what is known of all rows."""
        table = read_columns(self.ensure(found))
        return RowFacts(
            confidences=_floats(table["confidence"]),
            probabilities=_floats(table["probability"]),
            outliers=table["outlier"].to_numpy(),
            distances=_floats(table["distance"]),
            margins=_floats(table["margin"]),
            rivals=table["rival"].to_numpy(),
        )

    def _blocks(self, found: Segmentation) -> Iterator[pa.Table]:
        columns = [] if found.encoder is None else list(found.encoder.columns)
        columns = list(dict.fromkeys([*columns, *self.made]))
        for start in range(0, len(found.labels), BLOCK_ROWS):
            labels = found.labels[start : start + BLOCK_ROWS]
            frame = self.frame(columns, skip=start, limit=BLOCK_ROWS)
            facts = facts_of(found, frame, labels)
            yield pa.table(
                {
                    "row": np.arange(start + 1, start + 1 + len(labels)),
                    "segment": labels.astype(np.int32),
                    "confidence": _nullable(facts.confidences, pa.int16()),
                    "probability": _nullable(facts.probabilities),
                    "outlier": facts.outliers,
                    "distance": _nullable(facts.distances),
                    "margin": _nullable(facts.margins),
                    "rival": facts.rivals,
                    **{
                        f"made_{place}": pa.Array.from_pandas(frame[name])
                        for place, name in enumerate(self.made)
                    },
                }
            )


def _nullable(values: np.ndarray, kind: pa.DataType | None = None) -> pa.Array:
    found = pa.array(values, from_pandas=True)
    return found if kind is None else found.cast(kind)


def _floats(column: pa.ChunkedArray) -> np.ndarray:
    return np.asarray(column.cast(pa.float64()).to_numpy())
