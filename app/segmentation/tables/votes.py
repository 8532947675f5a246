"""Decide a column's decimal mark by what its values say together, and then by its file's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from app.segmentation.tables.marks import Classes, Mark, Mask, mask

_BELOW_TEN = r"^\d[.,]\d{3}$"
_SHORT, _LONG = r"^\d{1,3}$", r"^\d{4,}$"
_SAMPLE = 2000


@dataclass(frozen=True, kw_only=True)
class Votes:
    """How many values of a column say what of its marks.

    Attributes
    ----------
    money
        Of the doubtful ones, those beside a currency: hardly any money has thousandths.
    below_ten
        Of the doubtful ones, those with one digit before the mark: what a litre of fuel or a
        kilowatt-hour costs is written to the thousandth after all.
    multiplied
        Of the doubtful ones, those in thousands or millions: ``1.234k`` may be either.
    short, long
        Whole numbers of up to three digits, and of more, without any mark.
    near
        Whether the short whole numbers lie nearer to the doubtful ones read as decimals.
    """

    point: int
    comma: int
    doubt_point: int
    doubt_comma: int
    money: int
    below_ten: int
    multiplied: int
    short: int
    long: int
    near: bool

    @property
    def doubtful(self) -> int:
        """How many values could be read either way."""
        return self.doubt_point + self.doubt_comma

    @property
    def may_be_decimals(self) -> bool:
        """Whether the doubtful ones, though money or beside whole numbers, could be decimals."""
        if self.multiplied:
            return True
        return self.near if self.short else self.below_ten == self.doubtful

    @property
    def evident(self) -> Mark | None:
        """The decimal mark that most values which can be read in one way have."""
        if self.point == self.comma:
            return None
        return "." if self.point > self.comma else ","

    @property
    def plain(self) -> bool:
        """Whether no value has a mark that could be a decimal one."""
        return not (self.point or self.comma or self.doubtful)


@dataclass(frozen=True, kw_only=True)
class FileMarks:
    """What the columns of a file that leave no doubt say together, and how its fields are cut."""

    point: int = 0
    comma: int = 0
    day_first_columns: int = 0
    month_first_columns: int = 0
    delimiter: str | None = None

    @property
    def decimal(self) -> Mark | None:
        """The one decimal mark of the file; None where it has none, or both."""
        if bool(self.point) == bool(self.comma):
            return None
        return "." if self.point else ","

    @property
    def order(self) -> Literal["dmy", "mdy"] | None:
        """The order of day and month in all its dates that leave no doubt."""
        if bool(self.day_first_columns) == bool(self.month_first_columns):
            return None
        return "dmy" if self.day_first_columns else "mdy"

    @property
    def day_first(self) -> bool:
        """Whether 1/12/2010 more likely means a day of December, by what is around it."""
        if self.order is not None:
            return self.order == "dmy"
        return self.delimiter == ";" or self.decimal == ","

    @property
    def habit(self) -> Mark | None:
        """The more frequent one."""
        if self.point == self.comma:
            return None
        return "." if self.point > self.comma else ","


@dataclass(frozen=True, kw_only=True)
class Settled:
    """A column's decimal mark, and whether its doubtful values could be read otherwise."""

    decimal: Mark | None
    doubtful: bool = False


def count_votes(classes: Classes, *, money: Mask | None, multiplied: Mask | None) -> Votes:
    """Count what the values of a column say."""
    cores, doubtful = classes.cores, classes.doubtful
    any_doubt = bool(doubtful.any())
    short = mask(pc.match_substring_regex(cores, _SHORT)) if any_doubt else doubtful
    long = mask(pc.match_substring_regex(cores, _LONG)) if any_doubt else doubtful
    small = mask(pc.match_substring_regex(cores, _BELOW_TEN)) if any_doubt else doubtful
    return Votes(
        point=int(classes.only_point.sum()),
        comma=int(classes.only_comma.sum()),
        doubt_point=int(classes.doubt_point.sum()),
        doubt_comma=int(classes.doubt_comma.sum()),
        money=0 if money is None else int((money & doubtful).sum()),
        below_ten=int((small & doubtful).sum()),
        multiplied=0 if multiplied is None else int((multiplied & doubtful).sum()),
        short=int(short.sum()),
        long=int(long.sum()),
        near=bool(short.any()) and _nearer_as_decimals(cores, short, doubtful),
    )


def _nearer_as_decimals(cores: Any, short: Mask, doubtful: Mask) -> bool:
    whole = _sample(cores, short).astype(np.float64)
    joined = pc.replace_substring_regex(cores, pattern="[.,]", replacement="")
    thousands = _sample(joined, doubtful).astype(np.float64)
    middle = np.median(np.log1p(whole))
    as_thousands, as_decimals = np.log1p(thousands), np.log1p(thousands / 1000)
    return bool(abs(np.median(as_decimals) - middle) < abs(np.median(as_thousands) - middle))


def _sample(values: Any, mask: Mask) -> NDArray[Any]:
    rows = np.flatnonzero(mask)
    taken: NDArray[Any] = pc.take(values, pa.array(rows[:: max(1, len(rows) // _SAMPLE)])).to_numpy(
        zero_copy_only=False
    )
    return taken


def settle(votes: Votes, *, given: Mark | Literal["none"] | None, file: FileMarks) -> Settled:
    """Decide a column's decimal mark.

    What can be read in one way only decides. Where all doubtful values have one mark, it groups
    digits if they are money, or if the others have no mark and none of them is long enough for
    one; a doubt is left where they are so small that they could be decimals all the same. Then
    the file's other columns decide, and last a habit, which leaves the doubt.
    """
    doubt = votes.doubtful
    if given == ".":
        return Settled(decimal=".")
    if given == ",":
        return Settled(decimal=",")
    if given == "none":
        return Settled(decimal="," if votes.doubt_comma + votes.comma else ".")
    if votes.evident:
        divided = min(votes.point, votes.comma) > 0
        return Settled(decimal=votes.evident, doubtful=divided and doubt > 0)
    if not doubt:
        return Settled(decimal=file.decimal)
    if votes.point or (votes.doubt_point and votes.doubt_comma):
        return Settled(decimal=file.habit or _by_delimiter(file), doubtful=True)
    mark: Mark = "." if votes.doubt_point else ","
    grouped: Mark = "," if mark == "." else "."
    if votes.money > doubt / 2 or (votes.short and not votes.long):
        contradicted = file.decimal == mark
        small = votes.may_be_decimals and (votes.short > 0 or file.decimal != grouped)
        decimal = mark if contradicted and small else grouped
        return Settled(decimal=decimal, doubtful=contradicted or small)
    if file.decimal:
        return Settled(decimal=file.decimal, doubtful=votes.long > 0 and file.decimal == grouped)
    if votes.long:
        return Settled(decimal=mark, doubtful=True)
    return Settled(decimal=_by_delimiter(file), doubtful=True)


def _by_delimiter(file: FileMarks) -> Mark:
    """Semicolons stand where commas are decimal marks."""
    return "," if file.delimiter == ";" else "."


def tally(evident: Iterable[str | None], delimiter: str | None) -> FileMarks:
    """Count the columns that leave no doubt, by decimal mark or by order of day and month."""
    counted = Counter(evident)
    return FileMarks(
        point=counted["."],
        comma=counted[","],
        day_first_columns=counted["dmy"],
        month_first_columns=counted["mdy"],
        delimiter=delimiter,
    )
