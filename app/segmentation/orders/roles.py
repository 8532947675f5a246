"""Which column of a table of orders is what, by its name and by its shape."""

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.errors import ColumnError
from app.segmentation.orders.role_shapes import (
    FoundRole,
    drop_shared_orders,
    status_by_shape,
    take_amounts_for_prices,
    take_lines_for_orders,
)
from app.segmentation.orders.role_shapes import (
    found_role as _found,
)
from app.segmentation.tables import Kind
from app.segmentation.tables.order_names import ROLES, Role, is_named_as_price, name_rank

SAMPLE_ROWS = 50_000
NEARLY = 0.98
"""Share of orders with one customer and one day, or of rows where one number is the product of two
others, from which it is a rule and not chance; the rest are mistakes in the data."""

_NUMBERS: frozenset[Role] = frozenset({"amount", "quantity", "price"})
_CODES: frozenset[Role] = frozenset({"customer", "order", "product"})


def find_roles(frame: pd.DataFrame, kinds: Mapping[str, Kind]) -> tuple[FoundRole, ...]:
    """Find the roles of a table's columns; roles of which nothing is known are left out.

    Parameters
    ----------
    frame : DataFrame of shape (n_lines, n_columns)
    kinds : mapping of str to Kind
        What each column holds.
    """
    sample = frame.head(SAMPLE_ROWS)
    found = {each.role: each for each in roles_by_name(kinds)}
    drop_shared_orders(sample, found)
    if "quantity" not in found and "price" in found and "amount" not in found:
        price = found.pop("price")
        reason = f"{price.column!r} is named as a price, and there is no quantity to multiply."
        found["amount"] = _found("amount", price.column, "medium", reason)
    for by_shape in (
        _date_by_shape, _people_by_shape, _order_by_row, _money_by_shape, status_by_shape
    ):  # fmt: skip
        by_shape(sample, kinds, found)
    take_lines_for_orders(sample, found)
    take_amounts_for_prices(sample, found)
    return tuple(found[role] for role in ROLES if role in found)


def roles_by_name(kinds: Mapping[str, Kind]) -> tuple[FoundRole, ...]:
    """Find the roles that columns' names say, before anything is known of their values."""
    found: dict[Role, FoundRole] = {}
    for role in ROLES:
        named = _by_name(role, kinds, taken={each.column for each in found.values()})
        if named is not None:
            found[role] = named
    return tuple(found.values())


def required_kinds(roles: Mapping[Role, str]) -> dict[str, Kind]:
    """Give the kind that each role's column has to be read as."""
    kinds = {column: Kind.NUMERIC for role, column in roles.items() if role in _NUMBERS}
    kinds |= {column: Kind.IDENTIFIER for role, column in roles.items() if role in _CODES}
    return kinds | {column: Kind.DATE for role, column in roles.items() if role == "date"}


def check_roles(roles: Mapping[Role, str]) -> None:
    """Refuse roles that no customers can be made of.

    Raises
    ------
    ColumnError
        There is no customer or no date, or one column has two roles.
    """
    for role in ("customer", "date"):
        if role not in roles:
            raise ColumnError(f"No column was recognised as the {role}; name it.")
    columns = list(roles.values())
    twice = next((each for each in columns if columns.count(each) > 1), None)
    if twice is not None:
        raise ColumnError(f"Column {twice!r} has two roles; give each column one.")


def _by_name(role: Role, kinds: Mapping[str, Kind], *, taken: set[str]) -> FoundRole | None:
    ranked = [
        (not _possible(role, kind), rank, column)
        for column, kind in kinds.items()
        if column not in taken and (rank := name_rank(role, column)) is not None
    ]
    if not ranked:
        return None
    odd, _, column = min(ranked)
    if odd:
        reason = f"{column!r} is named like it, but does not look it: read as {kinds[column]}."
        return _found(role, column, "low", reason)
    return _found(role, column, "high", f"{column!r} is named like it, and its values agree.")


def _possible(role: Role, kind: Kind) -> bool:
    if role == "date":
        return kind is Kind.DATE
    if role in _NUMBERS:
        return kind in (Kind.NUMERIC, Kind.CONSTANT)
    return kind is not Kind.DATE


def _free(kinds: Mapping[str, Kind], found: Mapping[Role, FoundRole], *wanted: Kind) -> list[str]:
    taken = {each.column for each in found.values()}
    return [name for name, kind in kinds.items() if kind in wanted and name not in taken]


def _date_by_shape(
    frame: pd.DataFrame, kinds: Mapping[str, Kind], found: dict[Role, FoundRole]
) -> None:
    dates = _free(kinds, found, Kind.DATE)
    if not dates or ("date" in found and found["date"].confidence == "high"):
        return
    # Orders come before they are shipped, due or delivered.
    first = min(dates, key=lambda name: (frame[name].isna().mean() > 0.5, frame[name].mean()))
    reason = f"{first!r} is the only column of dates."
    if len(dates) > 1:
        reason = f"{first!r} is the earliest of {len(dates)} columns of dates."
    found["date"] = _found("date", first, "medium" if len(dates) == 1 else "low", reason)


def _people_by_shape(
    frame: pd.DataFrame, kinds: Mapping[str, Kind], found: dict[Role, FoundRole]
) -> None:
    if "date" not in found or kinds[found["date"].column] is not Kind.DATE:
        return
    day = frame[found["date"].column].dt.normalize()
    names = _free(kinds, found, Kind.IDENTIFIER, Kind.CATEGORICAL, Kind.FREE_TEXT)
    codes = [each for each in names if 1 < frame[each].nunique() < len(frame)]
    if "customer" not in found:
        customer = _customer_by_shape(frame, codes, day, found.get("order"))
        if customer is None:
            return
        found["customer"] = customer
        codes = [each for each in codes if each != customer.column]
    if "order" not in found:
        who = frame[found["customer"].column]
        orders = [each for each in codes if _is_order(frame[each], who, day)]
        if orders:
            best = max(orders, key=lambda each: frame[each].nunique())
            reason = f"Each value of {best!r} has one customer and one day, over several lines."
            found["order"] = _found("order", best, "medium", reason)


def _order_by_row(
    frame: pd.DataFrame, kinds: Mapping[str, Kind], found: dict[Role, FoundRole]
) -> None:
    """Take a column of unique ids for order numbers where one row is an order."""
    if "order" in found or {"product", "product_name", "quantity"} & set(found):
        return
    for name in _free(kinds, found, Kind.IDENTIFIER):
        if frame[name].notna().all() and frame[name].is_unique and len(frame) > 1:
            reason = f"{name!r} is different in every row, and nothing says that rows are lines."
            found["order"] = _found("order", name, "medium", reason)
            return


def _customer_by_shape(
    frame: pd.DataFrame, codes: list[str], day: pd.Series, order: FoundRole | None
) -> FoundRole | None:
    if order is not None:
        groups = frame.groupby(order.column)
        within = [each for each in codes if (groups[each].nunique() <= 1).mean() >= NEARLY]
        if within:
            best = max(within, key=lambda each: frame[each].nunique())
            reason = f"Each order has one value of {best!r}, and no column has more of those."
            return _found("customer", best, "medium", reason)
    coming_back = [
        each for each in codes if (day.groupby(frame[each], observed=True).nunique() > 1).any()
    ]
    if not coming_back:
        return None
    first = coming_back[0]
    reason = f"{first!r} is the first column whose values come back on other days."
    return _found("customer", first, "low", reason)


def _is_order(values: pd.Series, customer: pd.Series, day: pd.Series) -> bool:
    """Whether values have one customer and nearly one time each, and are finer than customers."""
    distinct = values.nunique()
    if distinct <= customer.nunique() or distinct >= 0.95 * len(values):
        return False
    one_customer = (customer.groupby(values).nunique() <= 1).mean()
    one_day = (day.groupby(values).nunique() <= 1).mean()
    return bool(one_customer >= NEARLY and one_day >= NEARLY)


def _money_by_shape(
    frame: pd.DataFrame, kinds: Mapping[str, Kind], found: dict[Role, FoundRole]
) -> None:
    known = [found[role].column for role in ("quantity", "price", "amount") if role in found]
    free = _free(kinds, found, Kind.NUMERIC)
    numbers = {
        name: frame[name].to_numpy(dtype=np.float64)
        for name in (*known, *free)
        if kinds[name] in (Kind.NUMERIC, Kind.CONSTANT)
    }
    for total in numbers:
        for one, other in combinations([name for name in numbers if name != total], 2):
            if _is_product(numbers[total], numbers[one], numbers[other]):
                # Of the two factors the one of whole numbers counts things.
                whole = all(np.mod(numbers[one][~np.isnan(numbers[one])], 1) == 0)
                quantity, price = (one, other) if whole else (other, one)
                roles: dict[Role, str] = {"amount": total, "quantity": quantity, "price": price}
                reason = f"{total!r} is {quantity!r} × {price!r} in nearly all lines."
                if all(role not in found or found[role].column == c for role, c in roles.items()):
                    for role, column in roles.items():
                        found[role] = _found(role, column, "high", reason)
                    return
    if "amount" not in found and not {"quantity", "price"} <= set(found) and free:
        fractional = [each for each in free if np.nanmax(np.mod(numbers[each], 1), initial=0) > 0]
        if fractional and "quantity" in found and is_named_as_price(fractional[0]):
            reason = f"{fractional[0]!r} is named as a price, and there is a quantity."
            found["price"] = _found("price", fractional[0], "medium", reason)
        elif fractional:
            reason = f"{fractional[0]!r} is the first column of numbers with a fraction."
            found["amount"] = _found("amount", fractional[0], "low", reason)


def _is_product(
    total: NDArray[np.float64], one: NDArray[np.float64], other: NDArray[np.float64]
) -> bool:
    rows = np.isfinite(total) & np.isfinite(one) & np.isfinite(other)
    # Where a factor is 1 the other is the total, whatever they are.
    telling = rows & (one != 1) & (other != 1) & (total != 0)
    if telling.sum() < 5 or np.unique(one[telling]).size == 1:
        return False
    close = np.isclose(total[telling], one[telling] * other[telling], rtol=1e-3, atol=0.011)
    return bool(close.mean() >= NEARLY)
