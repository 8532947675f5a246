"""How the owner of a file wants it read: what is given, and what is laid over it later."""

from app.db.tables import Dataset
from app.errors import InvalidField
from app.schemas.read_overrides import ReadOverrides
from app.services.reading import read_options

_BY_COLUMN = frozenset(
    {"kinds", "decimals", "date_orders", "newest_years", "suffixes", "marks", "forms"}
)
_NAMING_OPTIONS = frozenset(
    {"delimiter", "encoding", "quotechar", "has_header", "header_row", "skip_rows", "sheet"}
)


def given_overrides(overrides: ReadOverrides) -> dict[str, object]:
    given = overrides.model_dump(exclude_none=True)
    for name in _BY_COLUMN:
        given[name] = {column: value for column, value in given[name].items() if value is not None}
    return {name: value for name, value in given.items() if value != {}}


def merged_overrides(dataset: Dataset, form: ReadOverrides) -> dict[str, object]:
    """Lay new overrides over the ones before; `null` takes one back."""
    merged = {name: value for name, value in dataset.options.items() if name not in _BY_COLUMN}
    for name in form.model_fields_set - _BY_COLUMN:
        merged[name] = getattr(form, name)
    # Read with another header or delimiter the columns are others, and so are their kinds.
    other_columns = form.model_fields_set & _NAMING_OPTIONS
    for name in _BY_COLUMN:
        before = {} if other_columns else dataset.options.get(name, {})
        laid = {**before, **getattr(form, name)}
        merged[name] = {column: value for column, value in laid.items() if value is not None}
        unknown = set(getattr(form, name)) - {column["name"] for column in dataset.columns}
        if not other_columns and unknown:
            told = f"There is no column {', '.join(sorted(unknown))!r}"
            raise InvalidField(name, told, code="unknown_column")
    given = {name: value for name, value in merged.items() if value is not None and value != {}}
    read_options(given)
    return given
