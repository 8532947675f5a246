"""What the engine refuses, and why."""


class SegmentationError(ValueError):
    """The engine cannot do what was asked; the message says what to change.

    Attributes
    ----------
    field : str or None
        The option that asks for it, where there is one.
    code : str
        Names the kind of refusal, for programs.
    """

    field: str | None = None
    code = "cannot_segment"

    def __init__(self, message: str = "", *, field: str | None = None) -> None:
        super().__init__(message)
        if field is not None:
            self.field = field

    def __reduce__(self) -> tuple[object, ...]:
        """Travel between processes whatever a kind's own constructor takes."""
        return _restored, (type(self), self.args, self.__dict__)


def _restored(
    kind: type[SegmentationError], args: tuple[object, ...], state: dict[str, object]
) -> SegmentationError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


class RecipeError(SegmentationError):
    """A recipe has a field that it does not know, or a value that the field cannot have."""

    code = "invalid_recipe"


class TableError(SegmentationError):
    """The table itself is at fault; the message names its row or column."""

    code = "invalid_table"


class FormatError(TableError):
    """The file is something else than a table; the message says what."""

    code = "not_a_table"


class ColumnError(SegmentationError):
    """A column that was asked for is absent, or cannot tell customers apart."""

    code = "unusable_column"
    field = "columns"


class GrainError(TableError):
    """The rows are no customers; the message says what they are and how to go on."""

    code = "rows_are_not_customers"


class DegenerateDataError(SegmentationError):
    """The values cannot be segmented: constant, not finite, too few distinct rows."""

    code = "degenerate_data"


class MemoryLimitError(SegmentationError):
    """The method needs more memory than it may use; the message says how many rows fit."""

    code = "too_much_memory"
    field = "algorithm"


class RowLimitError(SegmentationError):
    """The method takes too long for so many rows; the message says how many it takes."""

    code = "too_many_rows"
    field = "algorithm"


class ComponentsError(SegmentationError):
    """More principal components were asked for than the columns give."""

    code = "too_many_components"
    field = "pca_components"
