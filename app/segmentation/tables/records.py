"""From posted records to a frame, whose size follows from what was posted."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

RARE = 0.05
"""A field in a smaller share of the records becomes no column. A frame has a cell for every field
of every record: a thousand records with one field each, none shared, would make a million cells.
This way a frame has at most twenty cells per value that was posted."""


@dataclass(frozen=True, kw_only=True)
class RecordFrame:
    """Records as columns.

    Attributes
    ----------
    frame : DataFrame of shape (n_records, n_columns), of object
        One column per field, in alphabetical order whatever the order of the keys.
    left_out : mapping of str to str
        Each rare field to the reason.
    """

    frame: pd.DataFrame
    left_out: Mapping[str, str]


def frame_of_records(
    records: Sequence[Mapping[str, object]], *, wanted: Collection[str] = ()
) -> RecordFrame:
    """Make a column of each field that is not rare.

    Parameters
    ----------
    records : sequence of mappings
        Field to value.
    wanted : collection of str
        Fields that become columns however rare they are.
    """
    held: Counter[str] = Counter()
    for record in records:
        held.update(record.keys())
    fields = sorted(held)
    enough = RARE * len(records)
    kept = [name for name in fields if held[name] >= enough or name in wanted]
    columns = {name: [record.get(name) for record in records] for name in kept}
    return RecordFrame(
        frame=pd.DataFrame(columns, index=range(len(records)), dtype=object),
        left_out={
            name: f"rare: in only {held[name]:,} of {len(records):,} records"
            for name in fields
            if name not in columns
        },
    )
