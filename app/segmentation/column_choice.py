"""Which columns of a table to segment by, and why the others are left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.segmentation.errors import ColumnError
from app.segmentation.tables.kinds import Kind, name_words

_REASONS = {
    Kind.IDENTIFIER: "an identifier: it names customers and does not describe them",
    Kind.FREE_TEXT: "free text: nearly every value differs",
    Kind.CONSTANT: "constant: it is the same for everybody",
    Kind.DATE: "a date",
}
_WHO = {"customer", "client", "user", "member", "account", "household", "person"}


@dataclass(frozen=True)
class ColumnChoice:
    """The columns of a segmentation.

    Attributes
    ----------
    numeric, categorical : tuple of str
        What customers are compared on, in the table's order.
    identifier : str or None
        What names a customer.
    left_out : mapping of str to str
        Column to the reason, asked for or not; one that could be used and was not asked for is not
        in it.
    """

    numeric: tuple[str, ...]
    categorical: tuple[str, ...]
    identifier: str | None
    left_out: Mapping[str, str]

    @property
    def used(self) -> tuple[str, ...]:
        return (*self.numeric, *self.categorical)


def choose_columns(
    kinds: Mapping[str, str], *, wanted: Sequence[str] | None = None
) -> ColumnChoice:
    """Take the columns that can tell customers apart, all of them or those asked for.

    Parameters
    ----------
    kinds : mapping of str to str
        Every column of the table, in its order, to its `Kind`.
    wanted : sequence of str, optional

    Raises
    ------
    ColumnError
        A column asked for does not exist or is of a kind that is left out, or no column is
        left.
    """
    absent = [name for name in wanted or () if name not in kinds]
    if absent:
        listed = ", ".join(repr(name) for name in absent)
        raise ColumnError(f"The table has no column {listed}.")
    chosen = [name for name in kinds if wanted is None or name in wanted]
    left_out = {name: _REASONS[Kind(kind)] for name, kind in kinds.items() if kind in _REASONS}
    name = next((name for name in wanted or () if name in left_out), None)
    if name is not None:
        raise ColumnError(
            f"Column {name!r} is {left_out[name]}; "
            "leave it out, or correct its kind where it is wrong."
        )
    choice = ColumnChoice(
        numeric=tuple(name for name in chosen if kinds[name] == Kind.NUMERIC),
        categorical=tuple(name for name in chosen if kinds[name] == Kind.CATEGORICAL),
        identifier=_identifier(kinds),
        left_out=left_out,
    )
    if not choice.used:
        told = "; ".join(f"{name!r} is {reason}" for name, reason in left_out.items())
        raise ColumnError(f"No column is left to segment by: {told}.")
    return choice


def _identifier(kinds: Mapping[str, str]) -> str | None:
    """Prefer what names a customer over what names an order or an item."""
    names = [name for name, kind in kinds.items() if kind == Kind.IDENTIFIER]
    return next((name for name in names if _WHO & set(name_words(name))), next(iter(names), None))
