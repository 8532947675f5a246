"""What the bench writes: RESULTS.md for people, results.json for the next run, pictures of cost."""

import json
import os
import platform
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from matplotlib.figure import Figure

from benchmarks.measuring import OURS, Result

FOLDER = Path(__file__).parent
PAGE, RECORD, PICTURES = FOLDER / "RESULTS.md", FOLDER / "results.json", FOLDER / "pictures"
LOST = 0.8
"""A ratio below this share of the one recorded is a regression."""

PACKAGES = (
    "numpy", "scipy", "scikit-learn", "pandas", "pyarrow", "duckdb", "fastcluster", "fast_hdbscan",
    "fastapi", "uvicorn", "sqlalchemy",
)  # fmt: skip
Record = dict[str, dict[str, float]]


def shown(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:.1f} s"
    return f"{1000 * seconds:.1f} ms" if seconds >= 0.001 else f"{1e6 * seconds:.1f} µs"


def lines_of(result: Result) -> list[str]:
    """Describe a result in rows of a Markdown table, one for each peer."""
    mine = result.figures[OURS]
    met = {None: "", True: "met", False: "**missed**"}[result.met]
    aim = "" if result.aim is None else f"{result.aim.words}: {met}"
    peak = f"{mine.megabytes:,.0f}" if mine.megabytes else ""
    rows: list[str] = []
    for peer in result.peers or [""]:
        ratio, theirs = "", ""
        if peer:
            each = result.ratios(peer)
            spread = f" ({min(each):.2g} to {max(each):.2g})" if len(each) > 1 else ""
            ratio = f"{result.ratio(peer):.2g}{spread}"
            figures = result.figures[peer]
            memory = f", {figures.megabytes:,.0f} MB" if figures.megabytes else ""
            theirs = f"{shown(figures.median)}{memory}"
        rows.append(
            f"| {result.work if not rows else ''} | {result.size if not rows else ''} "
            f"| {shown(mine.median) if not rows else ''} | {peak if not rows else ''} "
            f"| {peer} | {theirs} | {ratio} | {aim if not rows else ''} |"
        )
    return rows


def machine() -> str:
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores ({model}), {memory:.0f} GiB, Python {platform.python_version()}"


def write_page(results: Sequence[Result], *, load: float) -> None:
    """Write RESULTS.md and its pictures."""
    notes = [
        f"- {result.work}, {result.size}: {note}"
        for result in results
        for note in (*result.notes, *result.skipped)
    ]
    PICTURES.mkdir(exist_ok=True)
    pictures = [f"![{name}](pictures/{name}.svg)" for name in draw(results)]
    PAGE.write_text(
        "\n".join(
            [
                "# What it costs, beside its peers",
                "",
                "*Written by `make bench`; the peers are in `benchmarks/peers/`.* Each way has a",
                "process of its own and the same input; they take turns, and a ratio is the",
                "median of the rounds' own, with the least and the largest behind it. Above 1,",
                "this program is the faster one. Memory is the most that a process held,",
                "its input included.",
                "",
                f"Machine: {machine()}. Load when it began: {load:.1f}.",
                "",
                ", ".join(f"{name} {version(name)}" for name in PACKAGES) + ".",
                "",
                "| work | size | this program | MB | peer | its time | ratio | aim |",
                "|---|---|---|---|---|---|---|---|",
                *(row for result in results for row in lines_of(result)),
                "",
                "## Answers compared, and peers left out",
                "",
                *notes,
                "",
                "## How cost grows",
                "",
                *pictures,
                "",
            ]
        ),
        encoding="utf-8",
    )


def draw(results: Iterable[Result]) -> list[str]:
    """Draw seconds over size for each line that was measured at several; return their names."""
    by_line: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        by_line[result.line].append(result)
    drawn = []
    for name, points in by_line.items():
        if len({point.n for point in points}) < 2:
            continue
        figure = Figure(figsize=(6, 3.6), layout="constrained")
        axes = figure.add_subplot()
        for way in dict.fromkeys(way for point in points for way in point.figures):
            at = [point for point in points if way in point.figures]
            seconds = [point.figures[way].median for point in at]
            axes.loglog([point.n for point in at], seconds, marker="o", lw=2 if way == OURS else 1)
            axes.annotate(
                way, (at[-1].n, seconds[-1]), textcoords="offset points", xytext=(6, 4), fontsize=8
            )
        axes.set_title(points[0].work, loc="left", fontsize=10)
        axes.set_xlabel(points[0].size.split(" ", 1)[1])
        axes.set_ylabel("seconds")
        axes.margins(x=0.35)
        axes.spines[["top", "right"]].set_visible(False)
        figure.savefig(PICTURES / f"{name}.svg", metadata={"Date": None})
        drawn.append(name)
    return drawn


def ratios_of(results: Iterable[Result]) -> Record:
    return {
        f"{result.line}, {result.size}": {
            peer: round(result.ratio(peer), 4) for peer in result.peers
        }
        for result in results
    }


def regressions(found: Record, recorded: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Name the ratios that have fallen by more than a fifth since they were recorded."""
    return [
        f"{line}: {now:.2f} of {peer}, {before:.2f} when recorded"
        for line, ratios in found.items()
        for peer, now in ratios.items()
        if (before := recorded.get(line, {}).get(peer)) is not None and now < LOST * before
    ]


def recorded() -> Record:
    """Give the ratios of the run that was recorded last."""
    if not RECORD.exists():
        return {}
    kept: Record = json.loads(RECORD.read_text())
    return kept


def record(found: Record) -> None:
    RECORD.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")
