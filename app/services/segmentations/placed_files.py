"""A file of customers, placed block by block, as CSV with columns added."""

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from typing import BinaryIO

import numpy as np
import pyarrow as pa
from defusedcsv import csv

from app.errors import BadRequest, UnsupportedMediaType
from app.segmentation.errors import FormatError, SegmentationError, TableError
from app.segmentation.tables import Cells, read_cells
from app.segmentation.tables.signatures import recognise_format
from app.segmentation.tables.streaming import RowStream, stream_rows
from app.services.placing import PlacedRows, PlacementRules, place_cells
from app.services.segmentations.reports import NOISE

BLOCK_ROWS = 8_192
READ_WHOLE_BYTES = 20_000_000
"""A smaller file is read as an upload is, also without a header; a larger one needs one."""

ADDED_COLUMNS = ("segment", "segment_name", "confidence", "outlier")


def stream(
    rules: PlacementRules,
    source: BinaryIO,
    *,
    max_columns: int,
    on_block: Callable[[PlacedRows], None],
) -> Iterator[bytes]:
    """Place each block, hand it on, and yield its lines.

    What is wrong with the file, or with its first block, is raised at once; what is wrong later
    is told in the last line, for the answer has begun. `source` is closed at the end.
    """
    with ExitStack() as stack:
        stack.enter_context(source)
        try:
            blocks = _blocks(source, stack, max_columns)
            first = next(blocks, None)
            if first is None:
                raise BadRequest("The file has no rows", code="no_rows")
            placed = place_cells(rules, first)
        except FormatError as error:
            raise UnsupportedMediaType(str(error), code=error.code) from error
        except SegmentationError as error:
            raise BadRequest(str(error), code=error.code) from error
        on_block(placed)
        opened = stack.pop_all()
    return _lines(rules, first, placed, blocks, on_block, opened)


def _lines(
    rules: PlacementRules,
    cells: Cells,
    placed: PlacedRows,
    blocks: Iterator[Cells],
    on_block: Callable[[PlacedRows], None],
    opened: ExitStack,
) -> Iterator[bytes]:
    names = [str(name) for name in cells.frame.columns]
    added = list(ADDED_COLUMNS)
    while set(names).intersection(added):
        added = [f"placed_{name}" for name in added]
    with opened:
        yield _csv([[*names, *added]])
        yield _block(rules, cells, placed)
        try:
            for following in blocks:
                placed = place_cells(rules, following)
                on_block(placed)
                yield _block(rules, following, placed)
        except SegmentationError as error:
            told = f"{error}; the rest was not placed"
            yield _csv([[*[""] * len(names), "", told, "", ""]])


def _block(rules: PlacementRules, cells: Cells, placed: PlacedRows) -> bytes:
    names = rules.names
    return _csv(
        [*row, label, names.get(label, NOISE), confidence, str(bool(outlier)).lower()]
        for row, label, confidence, outlier in zip(
            cells.frame.itertuples(index=False, name=None),
            placed.found.labels.tolist(),
            placed.confidences,
            placed.found.outliers.tolist(),
            strict=True,
        )
    )


def _blocks(source: BinaryIO, stack: ExitStack, max_columns: int) -> Iterator[Cells]:
    small = source.seek(0, io.SEEK_END) <= READ_WHOLE_BYTES
    source.seek(0)
    if recognise_format(source) != "csv" or small:
        source.seek(0)
        yield read_cells(source, max_columns=max_columns)
        return
    rows = stack.enter_context(stream_rows(source))
    block: list[tuple[int, list[str]]] = []
    for row in rows.rows:
        block.append(row)
        if len(block) == BLOCK_ROWS:
            yield _cells(rows, block)
            block = []
    if block:
        yield _cells(rows, block)


def _cells(stream: RowStream, rows: Sequence[tuple[int, list[str]]]) -> Cells:
    width = len(stream.names)
    for line, fields in rows:
        if len(fields) > width:
            raise TableError(f"line {line} has {len(fields)} fields, the header has {width}")
    filled = [[*fields, *[""] * (width - len(fields))] for _, fields in rows]
    return Cells(
        columns={
            name: pa.array(values, type=pa.large_string())
            for name, values in zip(stream.names, zip(*filled, strict=True), strict=True)
        },
        dialect=stream.dialect,
        line_numbers=np.array([line for line, _ in rows], dtype=np.int64),
    )


def _csv(rows: Iterable[Sequence[object]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue().encode()
