"""Which default: candidate ways on tables with known groups and on real ones; docs/defaults.md.

    python -m benchmarks.defaults [--long] [--data ../shared/data]

Constants were tried on the sets named TUNED; reported is what came out on the held-out ones, of
other shapes and other draws. The quick way takes one draw of each; the long one five.
"""

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from sklearn.metrics import adjusted_rand_score

from app.segmentation.preparation.column_choice import columns_used
from app.segmentation.recipe import AUTO
from app.segmentation.tables import read_table
from app.segmentation.threads import single_threaded
from benchmarks import known_customers, known_shapes
from benchmarks.default_candidates import CANDIDATES, Case, Labels

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


ADDITIONS: dict[str, Addition] = {
    "an irrelevant column": _irrelevant,
    "a copy of a column": _copy,
    "a category of 50 levels": _levels,
    "gender": _gender,
    "one far value": _far,
    "20% gaps": _gaps,
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


def measure(seeds: Sequence[int], data: Path, jobs: int) -> dict[str, list[dict[str, object]]]:
    tuned = [one for seed in seeds for one in known("tuned", seed)]
    held_out = [one for seed in seeds for one in known("held out", seed)]
    run = Parallel(n_jobs=jobs, verbose=1)
    on_held_out = run(delayed(_measured)(name, *one) for name in CANDIDATES for one in held_out)
    on_tuned = run(delayed(_measured)("groups", *one) for one in tuned)
    added = run(
        delayed(_added)(name, label, addition, case, truth, i)
        for name in ("groups", "scored")
        for i, (label, _, case, truth) in enumerate(held_out[::EVERY])
        for addition in ADDITIONS
    )
    tables = list(real(data)) if data.is_dir() else []
    on_real = run(delayed(_of_real)(name, *one) for name in ("groups", "scored") for one in tables)
    return {"held out": on_held_out, "tuned": on_tuned, "added": added, "real": on_real}


def _grid(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def page(figures: Mapping[str, list[dict[str, object]]]) -> str:
    """Fill the template with tables."""
    held_out = pd.DataFrame(figures["held out"])
    kinds = sorted(held_out["kind"].unique())
    by_candidate = []
    for name in CANDIDATES:
        own = held_out[held_out["candidate"] == name]
        means = own.groupby("kind")["ari"].mean()
        spread = own.groupby("set")["ari"].mean().std()
        by_candidate.append(
            [name, f"{own['ari'].mean():.2f}", f"{spread:.2f}", *(f"{means[k]:.2f}" for k in kinds),
             f"{own['seconds'].mean():.1f}"]
        )  # fmt: skip
    scores: dict[tuple[str, str], list[float]] = defaultdict(list)
    for one in figures["held out"]:
        scores[str(one["candidate"]), str(one["set"])].append(float(str(one["ari"])))
    names = list(dict.fromkeys(name for _, name in scores))
    default = held_out[held_out["candidate"] == "groups"].groupby("set", sort=False)
    by_set = [
        [name, int(rows["k"].median()), f"{rows['found'].median():.0f}",
         *(f"{np.mean(scores[candidate, name]):.2f}" for candidate in CANDIDATES)]
        for name, rows in ((each, default.get_group(each)) for each in names)
    ]  # fmt: skip
    losses: dict[tuple[str, str], list[float]] = defaultdict(list)
    for one in figures["added"]:
        candidate, name = str(one["candidate"]), str(one["set"])
        loss = float(np.mean(scores[candidate, name])) - float(str(one["ari"]))
        losses[candidate, str(one["addition"])].append(loss)
    additions = [
        [addition, *(f"{np.mean(losses[name, addition]):.3f} ± "
                     f"{np.std(losses[name, addition]):.2f}" for name in ("groups", "scored"))]
        for addition in ADDITIONS
    ]  # fmt: skip
    real_rows = [
        [one["set"], one["rows"], one["candidate"], ", ".join(map(str, one["sizes"])),  # type: ignore[call-overload]
         f"{one['stability']:.2f}"]
        for one in sorted(figures["real"], key=lambda one: str(one["set"]))
    ]  # fmt: skip
    tuned = pd.DataFrame(figures["tuned"])["ari"]
    return (
        TEMPLATE.read_text(encoding="utf-8")
        .replace("{n_sets}", str(held_out["set"].nunique()))
        .replace("{n_draws}", str(len(default.get_group(names[0]))))
        .replace("{tuned}", f"{tuned.mean():.2f}")
        .replace("{candidates}", _grid(["way", "mean ARI", "spread over sets", *kinds, "CPU s"],
                                       by_candidate))
        .replace("{sets}", _grid(["set", "groups", "found", *CANDIDATES], by_set))
        .replace("{additions}", _grid(["added", "groups loses", "scored loses"], additions))
        .replace("{real}", _grid(["table", "rows", "way", "sizes", "stability"], real_rows))
    )  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--long", action="store_true", help="five draws of each set")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--render", action="store_true", help="only write the page again")
    options = parser.parse_args()
    if not options.render:
        figures = measure(range(5 if options.long else 1), options.data, options.jobs)
        FIGURES.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(page(json.loads(FIGURES.read_text(encoding="utf-8"))), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
