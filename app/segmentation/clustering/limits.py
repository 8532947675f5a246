"""What the density methods and the matrix linkages can take, told in words."""

from app.segmentation.errors import DegenerateDataError, RowLimitError

_MEBIBYTE = 1024**2
_GIBIBYTE = 1024**3


def told_bytes(n_bytes: float) -> str:
    """Write an amount of memory for a person: "1.5 GiB", and "80 MiB" or "0.1 MiB" below one."""
    if n_bytes >= _GIBIBYTE:
        return f"{n_bytes / _GIBIBYTE:.1f} GiB"
    digits = 0 if n_bytes >= 10 * _MEBIBYTE else 1
    return f"{n_bytes / _MEBIBYTE:.{digits}f} MiB"


def check_has_neighbours(n_rows: int, method: str) -> None:
    """Refuse a table in which no row has another beside it.

    Raises
    ------
    DegenerateDataError
        There are fewer than two rows.
    """
    if n_rows < 2:
        raise DegenerateDataError(
            f"{method} compares rows with one another and there is only {n_rows}; add rows."
        )


def check_row_limit(n_rows: int, row_limit: int, method: str, *, others: str) -> None:
    """Refuse more rows than a method takes, before anything is read or computed.

    Parameters
    ----------
    n_rows, row_limit : int
    method, others : str
        What was chosen, and what to choose instead.

    Raises
    ------
    RowLimitError
        More than ``row_limit`` rows.
    """
    if n_rows > row_limit:
        raise RowLimitError(
            f"{method} takes at most {row_limit:,} rows and there are {n_rows:,}; "
            f"choose {others}, or sample the rows."
        )
