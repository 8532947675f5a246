"""What the density methods and the matrix linkages can take, told in words."""

from app.segmentation.errors import DegenerateDataError

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
