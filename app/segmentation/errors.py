"""What the engine refuses, and why."""


class SegmentationError(ValueError):
    """The engine cannot do what was asked; the message says what to change.

    Attributes
    ----------
    field : str or None
        The option that asks for it, where there is one.
    """

    field: str | None = None

    def __init__(self, message: str = "", *, field: str | None = None) -> None:
        super().__init__(message)
        if field is not None:
            self.field = field


class RecipeError(SegmentationError):
    """A recipe has a field that it does not know, or a value that the field cannot have."""

    def __init__(self, field: str, expected: str) -> None:
        super().__init__(f"{field} must be {expected}.", field=field)


class TableError(SegmentationError):
    """The table itself is at fault; the message names its row or column."""


class FormatError(TableError):
    """The file is something else than a table; the message says what."""


class ColumnError(SegmentationError):
    """A column that was asked for is absent, or cannot tell customers apart."""

    field = "columns"


class GrainError(TableError):
    """The rows are no customers; the message says what they are and how to go on."""


class DegenerateDataError(SegmentationError):
    """The values cannot be segmented: constant, not finite, too few distinct rows."""


class MemoryLimitError(SegmentationError):
    """The method needs more memory than it may use; the message says how many rows fit."""

    field = "algorithm"


class RowLimitError(SegmentationError):
    """The method takes too long for so many rows; the message says how many it takes."""

    field = "algorithm"


class ComponentsError(SegmentationError):
    """More principal components were asked for than the columns give."""

    field = "pca_components"
