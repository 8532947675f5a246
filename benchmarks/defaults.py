"""Which default: candidate ways on tables with known groups and on real ones; docs/defaults.md.

    python -m benchmarks.defaults [--draws 1] [--jobs 1] [--data ../shared/data]
    python -m benchmarks.defaults --parts tuned added --ways groups --sets S1 --additions "20% gaps"

Constants were tried on the sets named TUNED; reported is what came out on the held-out ones, of
other shapes and other draws. Where parts, ways, sets or additions are named, the figures are only
printed, or with --update replace those of the same ways on the page; without, all are written.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from sklearn.metrics import adjusted_rand_score
from sklearn.metrics.pairwise import nan_euclidean_distances

from app.segmentation.preparation.column_choice import columns_used
from app.segmentation.recipe import AUTO
from app.segmentation.tables import read_table
from app.segmentation.threads import single_threaded
from benchmarks import known_customers, known_shapes
from benchmarks.default_candidates import CANDIDATES, Case, Labels
from benchmarks.defaults_page import page

ROOT = Path(__file__).parents[1]
FIGURES = ROOT / "benchmarks" / "defaults.json"
PAGE = ROOT / "docs" / "defaults.md"
TEMPLATE = ROOT / "benchmarks" / "defaults.template.md"
HELD_OUT_SEED, TUNED_SEED = 99, 7
OUTCOMES = ("Channel", "Region", "Churn", "y", "Response")
"""Columns of the real tables that tell of what came of customers: never clustered on."""

REAL_ROWS = 800
PART, PARTS = 0.8, 2
EVERY = 6
"""One in so many sets is taken with additions."""

Figures = dict[str, list[dict[str, object]]]
Addition = Callable[[Case, np.random.Generator], Case]


def known(split: str, seed: int) -> Iterable[tuple[str, str, Case, Labels]]:
    """Every set of one split: its name, its kind, the table and the groups."""
    shapes = known_shapes.TUNED if split == "tuned" else known_shapes.HELD_OUT
    customers = known_customers.TUNED if split == "tuned" else known_customers.HELD_OUT
    of_split = TUNED_SEED if split == "tuned" else HELD_OUT_SEED
    for name, (kind, shape) in shapes.items():
        rng = np.random.default_rng([seed, of_split])
        rows, truth = shape(rng)
        yield _shuffled(name, kind, known_customers.named(rows), truth, rng)
    for name, (kind, table) in customers.items():
        rng = np.random.default_rng([seed, of_split])
        frame, truth = table(rng)
        yield _shuffled(name, kind, frame, truth, rng)


def _shuffled(
    name: str, kind: str, frame: pd.DataFrame, truth: Labels, rng: np.random.Generator
) -> tuple[str, str, Case, Labels]:
    order = rng.permutation(len(frame))
    frame = frame.iloc[order].reset_index(drop=True)
    numeric = [n for n in frame.columns if pd.api.types.is_numeric_dtype(frame[n])]
    case = Case(
        frame=frame,
        numeric=numeric,
        categorical=[n for n in frame.columns if n not in numeric],
        n_groups=len(np.unique(truth[truth >= 0])),
    )
    return name, kind, case, truth[order]


def real(folder: Path) -> Iterable[tuple[str, Case]]:
    """Each real table, without its outcome, at most `REAL_ROWS` rows of it."""
    for path in sorted(folder.glob("*.csv")):
        with path.open("rb") as source:
            table = read_table(source)
        outcomes = tuple(name for name in OUTCOMES if name in table.frame.columns)
        recipe = replace(AUTO, exclude=outcomes)
        choice = columns_used(table.columns, recipe, n_rows=len(table.frame))
        rows = np.random.default_rng(0).permutation(len(table.frame))[:REAL_ROWS]
        frame = table.frame.iloc[np.sort(rows)].reset_index(drop=True)
        varied = [name for name in choice.used if frame[name].nunique() > 1]
        yield (
            path.stem,
            Case(
                frame=frame,
                numeric=[name for name in choice.numeric if name in varied],
                categorical=[name for name in choice.categorical if name in varied],
            ),
        )


def _irrelevant(case: Case, rng: np.random.Generator) -> Case:
    frame = case.frame.assign(irrelevant=rng.normal(size=len(case.frame)))
    return replace(case, frame=frame, numeric=[*case.numeric, "irrelevant"])


def _copy(case: Case, _rng: np.random.Generator) -> Case:
    first = [*case.numeric, *case.categorical][0]
    frame = case.frame.assign(again=case.frame[first])
    if case.numeric:
        return replace(case, frame=frame, numeric=[*case.numeric, "again"])
    return replace(case, frame=frame, categorical=[*case.categorical, "again"])


def _levels(case: Case, rng: np.random.Generator) -> Case:
    city = [f"city {i}" for i in rng.integers(0, 50, len(case.frame))]
    return replace(
        case, frame=case.frame.assign(city=city), categorical=[*case.categorical, "city"]
    )


def _gender(case: Case, rng: np.random.Generator) -> Case:
    sex = rng.choice(["Female", "Male"], len(case.frame))
    return replace(case, frame=case.frame.assign(sex=sex), categorical=[*case.categorical, "sex"])


def _far(case: Case, _rng: np.random.Generator) -> Case:
    if not case.numeric:
        return case
    values = case.frame[case.numeric[0]].astype(float).to_numpy().copy()
    values[0] = 1e6 * max(float(values.max() - values.min()), 1.0)
    return replace(case, frame=case.frame.assign(**{case.numeric[0]: values}))


def _gaps(case: Case, rng: np.random.Generator) -> Case:
    frame = case.frame.copy()
    for name in [*case.numeric, *case.categorical]:
        gone = rng.random(len(frame)) < 0.2
        frame[name] = frame[name].astype(float if name in case.numeric else object).mask(gone)
    return replace(case, frame=frame)


GAPS = "20% gaps"
ADDITIONS: dict[str, Addition] = {
    "an irrelevant column": _irrelevant,
    "a copy of a column": _copy,
    "a category of 50 levels": _levels,
    "gender": _gender,
    "one far value": _far,
    GAPS: _gaps,
}


def ari(truth: Labels, labels: Labels) -> float:
    inside = truth >= 0
    return float(adjusted_rand_score(truth[inside], labels[inside]))


def _measured(candidate: str, name: str, kind: str, case: Case, truth: Labels) -> dict[str, object]:
    began = time.process_time()
    with single_threaded():
        labels = CANDIDATES[candidate](case)
    return {
        "candidate": candidate,
        "set": name,
        "kind": kind,
        "k": case.n_groups,
        "found": len(np.unique(labels[labels >= 0])),
        "ari": ari(truth, labels),
        "seconds": time.process_time() - began,
    }


def _added(
    candidate: str, name: str, addition: str, case: Case, truth: Labels, seed: int
) -> dict[str, object]:
    changed = ADDITIONS[addition](case, np.random.default_rng(seed))
    with single_threaded():
        labels = CANDIDATES[candidate](changed)
    return {"candidate": candidate, "set": name, "addition": addition, "ari": ari(truth, labels)}


def _of_real(candidate: str, name: str, case: Case) -> dict[str, object]:
    """The same way on parts of the rows: how alike its answers are to that on all of them."""
    way, rng, alike = CANDIDATES[candidate], np.random.default_rng(0), []
    with single_threaded():
        labels = way(case)
        for _ in range(PARTS):
            part = np.sort(rng.choice(len(labels), int(PART * len(labels)), replace=False))
            frame = case.frame.iloc[part].reset_index(drop=True)
            alike.append(adjusted_rand_score(labels[part], way(replace(case, frame=frame))))
    sizes = sorted(np.bincount(labels[labels >= 0]).tolist(), reverse=True)
    return {
        "candidate": candidate,
        "set": name,
        "rows": len(labels),
        "sizes": sizes,
        "stability": float(np.mean(alike)),
    }


def known_at_best(case: Case, truth: Labels) -> float:
    """ARI of a way that knows each complete row's group, and asks 15 neighbours for the others.

    What 20% gaps take away from a table, no way can find again: of two columns, one row in three
    lacks one.
    """
    numbers = case.frame[list(case.numeric)].astype(float)
    parts = [((numbers - numbers.mean()) / numbers.std().replace(0, 1)).to_numpy()]
    for name in case.categorical:
        codes = pd.get_dummies(case.frame[name]).to_numpy(dtype=float) / np.sqrt(2)
        codes[case.frame[name].isna().to_numpy()] = np.nan
        parts.append(codes)
    distances = nan_euclidean_distances(np.hstack(parts))
    np.fill_diagonal(distances, np.inf)
    distances = np.where(np.isnan(distances), np.inf, distances)
    labels = truth.copy()
    for row in np.flatnonzero(case.frame[[*case.numeric, *case.categorical]].isna().any(axis=1)):
        votes = truth[np.argsort(distances[row], kind="stable")[:15]]
        labels[row] = np.bincount(votes[votes >= 0], minlength=1).argmax()
    return ari(truth, labels)


def _at_best(name: str, addition: str, case: Case, truth: Labels, seed: int) -> dict[str, object]:
    changed = ADDITIONS[addition](case, np.random.default_rng(seed))
    return {"set": name, "addition": addition, "ari": known_at_best(changed, truth)}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What to measure."""

    draws: int = 1
    jobs: int = 1
    ways: tuple[str, ...] = tuple(CANDIDATES)
    sets: tuple[str, ...] = ()
    additions: tuple[str, ...] = tuple(ADDITIONS)
    parts: tuple[str, ...] = ("held out", "tuned", "added", "real")

    def known(self, split: str) -> list[tuple[str, str, Case, Labels]]:
        everything = (one for seed in range(self.draws) for one in known(split, seed))
        return [one for one in everything if not self.sets or one[0] in self.sets]


def measure(asked: Asked, data: Path) -> Figures:
    run = Parallel(n_jobs=asked.jobs, verbose=1)
    both = [name for name in ("groups", "scored") if name in asked.ways]
    figures: Figures = {}
    for split in ("held out", "tuned"):
        sets = asked.known(split)
        if split in asked.parts:
            ways = asked.ways if split == "held out" else asked.ways[:1]
            figures[split] = run(delayed(_measured)(name, *one) for name in ways for one in sets)
    if "added" in asked.parts:
        sets = asked.known("tuned" if asked.parts == ("tuned", "added") else "held out")
        figures["added"] = run(
            delayed(_added)(name, label, addition, case, truth, i)
            for name in both
            for i, (label, _, case, truth) in enumerate(sets)
            for addition in asked.additions
            if addition == GAPS or asked.sets or i % EVERY == 0
        )
        figures["known"] = run(
            delayed(_at_best)(label, GAPS, case, truth, i)
            for i, (label, _, case, truth) in enumerate(sets)
            if GAPS in asked.additions
        )
    if "real" in asked.parts and data.is_dir():
        figures["real"] = run(delayed(_of_real)(name, *one) for name in both for one in real(data))
    return figures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=1, help="draws of each set")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--render", action="store_true", help="only write the page again")
    parser.add_argument("--update", action="store_true", help="keep the figures of other ways")
    for name in _CHOSEN:
        parser.add_argument(f"--{name}", nargs="+", help="these alone, and only printed")
    options = parser.parse_args()
    chosen = {name: tuple(given) for name in _CHOSEN if (given := getattr(options, name))}
    if not options.render:
        asked = Asked(draws=options.draws, jobs=options.jobs, **chosen)
        figures = measure(asked, options.data)
        if options.update:
            figures = _beside(json.loads(FIGURES.read_text(encoding="utf-8")), figures, asked)
        elif chosen:
            for part, rows in figures.items():
                print(f"\n{part}\n{pd.DataFrame(rows).to_string()}")
            return 0
        FIGURES.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    written = page(json.loads(FIGURES.read_text(encoding="utf-8")), TEMPLATE.read_text("utf-8"))
    PAGE.write_text(written, encoding="utf-8")
    return 0


def _beside(old: Figures, new: Figures, asked: Asked) -> Figures:
    """Replace figures of the ways that were measured again."""
    figures = dict(old)
    for part, rows in new.items():
        kept = [one for one in old.get(part, []) if "candidate" in one]
        figures[part] = [one for one in kept if one["candidate"] not in asked.ways] + rows
    return figures


_CHOSEN = ("parts", "ways", "sets", "additions")


if __name__ == "__main__":
    raise SystemExit(main())
