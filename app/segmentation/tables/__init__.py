"""Tables of unknown dialect: bytes to strings, strings to typed columns."""

from app.segmentation.tables.cells import Cells, cells_from_frame, read_cells
from app.segmentation.tables.column_format import ColumnFormat
from app.segmentation.tables.columns import Column, units_of, units_of_formats
from app.segmentation.tables.dialect import Dialect, ReadOptions
from app.segmentation.tables.kinds import Kind
from app.segmentation.tables.number_column import NumberFormat
from app.segmentation.tables.plain_values import plain_rows
from app.segmentation.tables.quality import Alternative, TableWarning
from app.segmentation.tables.records import RecordFrame, frame_of_records
from app.segmentation.tables.signatures import unpacked_bytes
from app.segmentation.tables.table import (
    Table,
    build_table,
    new_row_options,
    read_table,
    table_from_frame,
)

__all__ = [
    "Alternative",
    "Cells",
    "Column",
    "ColumnFormat",
    "Dialect",
    "Kind",
    "NumberFormat",
    "ReadOptions",
    "RecordFrame",
    "Table",
    "TableWarning",
    "build_table",
    "cells_from_frame",
    "frame_of_records",
    "new_row_options",
    "plain_rows",
    "read_cells",
    "read_table",
    "table_from_frame",
    "units_of",
    "units_of_formats",
    "unpacked_bytes",
]
