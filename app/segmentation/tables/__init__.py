"""Tables of unknown dialect: bytes to strings, strings to typed columns."""

from app.segmentation.tables.cells import Cells, read_cells
from app.segmentation.tables.dialect import Dialect, ReadOptions

__all__ = ["Cells", "Dialect", "ReadOptions", "read_cells"]
