"""Write the example table of customers."""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from app.segmentation.synthesis import generate_customers


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a table of example customers.")
    parser.add_argument("--rows", type=int, default=5000, help="how many customers (5000)")
    parser.add_argument("--seed", type=int, default=42, help="same seed, same table (42)")
    parser.add_argument("--output", type=Path, default=Path("data/customers.csv"))
    arguments = parser.parse_args()
    if arguments.rows < 1:
        parser.error("--rows must be at least 1")

    text = generate_customers(arguments.rows, seed=arguments.seed).to_csv(
        index=False, lineterminator="\n"
    )
    try:
        write_whole(arguments.output, text)
    except OSError as error:
        parser.exit(1, f"{arguments.output} cannot be written: {error.strerror}\n")
    sys.stdout.write(f"{arguments.rows} customers written to {arguments.output}\n")


def write_whole(path: Path, text: str) -> None:
    """Replace a file in one step, so that no reader ever sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


if __name__ == "__main__":
    main()
