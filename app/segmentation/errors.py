"""What the engine refuses, and why."""


class SegmentationError(ValueError):
    """The engine cannot do what was asked; the message says what to change."""


class TableError(SegmentationError):
    """The table itself is at fault; the message names its row or column."""


class DegenerateDataError(SegmentationError):
    """The values cannot be segmented: constant, not finite, too few distinct rows."""
