"""Run every benchmark in turn: `make bench`."""

import subprocess
import sys

MODULES = (
    "benchmarks.sweep",
    "benchmarks.scoring",
    "benchmarks.serving",
    "benchmarks.two_step",
    "benchmarks.cuts",
    "benchmarks.analysis",
    "benchmarks.book",
    "benchmarks.customers",
)


def main() -> int:
    worst = 0
    for module in MODULES:
        print(f"\n== {module} ==", flush=True)
        worst = max(worst, subprocess.call([sys.executable, "-m", module]))
    return worst


if __name__ == "__main__":
    sys.exit(main())
