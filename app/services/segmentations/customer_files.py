"""A list of customers as a file: exactly those that were asked for, in their order."""

from collections.abc import Iterator
from itertools import chain

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import xlsxwriter

from app.segmentation.tables import plain_rows
from app.services.segmentations.customers import CustomerList
from app.services.segmentations.looked import NOWHERE
from app.services.sheets import (
    BOOK_OPTIONS,
    Sheet,
    Value,
    check_sheet,
    csv_block,
    customers_header,
    sent,
)
from app.storage.files import scratch_file

ADDED_COLUMNS = ("segment", "segment_name", "confidence", "probability", "outlier")


def as_csv(customers: CustomerList) -> Iterator[bytes]:
    """Write CSV block by block; texts that a spreadsheet would run are quoted."""
    tables = _tables(customers)
    # What is wrong with the version's files is raised here, before an answer has begun. A
    # spreadsheet takes UTF-8 for something else without the mark.
    start = "\ufeff".encode() + csv_block([next(tables).column_names])
    return chain([start], (csv_block(_rows(table)) for table in tables))


def as_workbook(customers: CustomerList) -> Iterator[bytes]:
    """Write one sheet.

    Raises
    ------
    BadRequest
        There are more rows than a sheet holds.
    """
    check_sheet(customers.count())
    file = scratch_file()
    with xlsxwriter.Workbook(file, BOOK_OPTIONS) as book:
        sheet = Sheet(book, "Customers")
        tables = _tables(customers)
        sheet.header(next(tables).column_names)
        for table in tables:
            for row in _rows(table):
                sheet.row(row)
        sheet.finish()
    return sent(file)


def as_parquet(customers: CustomerList) -> Iterator[bytes]:
    """Write columns of their own types."""
    file = scratch_file()
    tables = _tables(customers)
    empty = next(tables)
    with pq.ParquetWriter(file, empty.schema, compression="zstd") as writer:
        for table in tables:
            writer.write_table(table)
    return sent(file)


def _tables(customers: CustomerList) -> Iterator[pa.Table]:
    """Yield blocks with names: who a customer is, in which segment, how surely, and the columns."""
    looked, identifier = customers.looked, customers.looked.identifier
    others = [each for each in customers.fields if each != identifier]
    header = customers_header(
        identifier.name if identifier is not None else None,
        [each.name for each in others],
        ADDED_COLUMNS,
    )
    labels = [*range(len(looked.lasting)), NOWHERE]
    ids = pa.array([looked.lasting_of(label) for label in labels], type=pa.int64())
    names = pa.array([looked.name_of(label) for label in labels])
    first = "row" if identifier is None else identifier.sql
    for block in customers.blocks(first, others):
        identified, segment, *further = block.columns
        place = pc.if_else(pc.less(segment, 0), len(labels) - 1, segment)
        yield pa.table([identified, ids.take(place), names.take(place), *further], names=header)


def _rows(table: pa.Table) -> list[list[Value]]:
    # Whole numbers among blanks would be fractions in a frame.
    known = [column.to_pylist() for column in table.columns[: len(ADDED_COLUMNS) + 1]]
    values = plain_rows(table.select(range(len(known), table.num_columns)).to_pandas())
    return [
        [*facts, *(row.values())]
        for facts, row in zip(zip(*known, strict=True), values or [{}] * len(table), strict=True)
    ]
