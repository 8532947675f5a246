"""Small tables as files, and ways to damage one; a seed gives the same damage every time."""

import io
import random
import struct

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from app.segmentation.errors import TableError
from app.segmentation.tables import read_table

TABLE = pd.DataFrame(
    {
        "id": range(40),
        "name": [f"customer {n % 7}" for n in range(40)],
        "spend": [n * 1.5 for n in range(40)],
        "since": pd.date_range("2026-01-01", periods=40),
        "active": [n % 3 == 0 for n in range(40)],
        "tags": [[n] * (n % 3) for n in range(40)],
    }
)


def parquet(compression: str) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pandas(TABLE), buffer, compression=compression, row_group_size=16)
    return buffer.getvalue()


def workbook() -> bytes:
    book = openpyxl.Workbook()
    for row in [TABLE.columns[:4], *TABLE.iloc[:, :4].itertuples(index=False)]:
        book.active.append([*row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def files() -> list[bytes]:
    text = TABLE.iloc[:, :5].to_csv(index=False).encode()
    return [parquet("snappy"), parquet("zstd"), parquet("none"), workbook(), text]


def bomb(n_rows: int, value_bytes: int) -> bytes:
    """Write one long value so many times, which takes next to nothing in Parquet."""
    value = pa.DictionaryArray.from_arrays(
        pa.array([0] * n_rows, pa.int32()), pa.array(["a" * value_bytes])
    )
    buffer = io.BytesIO()
    pq.write_table(
        pa.table({"id": range(n_rows), "note": value}),
        buffer,
        compression="zstd",
        store_schema=False,
        dictionary_pagesize_limit=1 << 30,
    )
    return buffer.getvalue()


def damaged(content: bytes, seed: int) -> bytes:
    """Flip, cut, repeat, overwrite; half the time in the last part, where Parquet's footer is."""
    chance, found = random.Random(seed), bytearray(content)
    for _ in range(chance.randint(1, 4)):
        least = len(found) // 2 if chance.random() < 0.5 else 0
        at = chance.randrange(least, max(least + 1, len(found) - 8))
        match chance.randrange(5):
            case 0:
                found[at] ^= 1 << chance.randrange(8)
            case 1:
                del found[at : at + chance.randint(1, 64)]
            case 2:
                found[at:at] = found[at : at + chance.randint(1, 64)]
            case 3:
                number = chance.choice([0, 1, -1, 2**31 - 1, -(2**31), chance.getrandbits(31)])
                found[at : at + 4] = struct.pack("<i", number)
            case _:
                # The footer's own length, which is read first.
                found[-8:-4] = struct.pack("<i", chance.getrandbits(31))
    return bytes(found)


def read_damaged(seeds: range) -> list[str]:
    """Read damaged files; return what was neither a table nor an error that says what is wrong."""
    wrong, whole = [], files()
    for seed in seeds:
        try:
            read_table(io.BytesIO(damaged(whole[seed % len(whole)], seed)), max_columns=50)
        except (TableError, MemoryError):
            pass
        # Whatever else it is, it is what is looked for.
        except Exception as error:  # noqa: BLE001
            wrong.append(f"seed {seed}: {error!r}")
    return wrong
