"""Write the example table of customers."""

import argparse
import sys
from pathlib import Path

from app.services.bootstrap import write_example_customers


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a table of example customers.")
    parser.add_argument("--rows", type=int, default=5000, help="how many customers (5000)")
    parser.add_argument("--seed", type=int, default=42, help="same seed, same table (42)")
    parser.add_argument("--output", type=Path, default=Path("data/customers.csv"))
    arguments = parser.parse_args()
    if arguments.rows < 1:
        parser.error("--rows must be at least 1")
    try:
        kept = write_example_customers(arguments.output, rows=arguments.rows, seed=arguments.seed)
    except OSError as error:
        parser.exit(1, f"{arguments.output} cannot be written: {error.strerror}\n")
    sys.stdout.write(f"{arguments.rows} customers written to {arguments.output}\n")
    if kept is not None:
        sys.stdout.write(f"the table that was there is kept as {kept}\n")


if __name__ == "__main__":
    main()
