"""The page of the defaults: figures in tables."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from benchmarks.default_candidates import CANDIDATES


def _grid(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def page(figures: Mapping[str, list[dict[str, object]]], template: str) -> str:
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
    lost = [1 - float(str(one["ari"])) for one in figures["known"]]
    additions = [
        [addition, len(losses["groups", addition]),
         *(f"{np.mean(losses[name, addition]):.3f} ± {np.std(losses[name, addition]):.2f}"
           for name in ("groups", "scored")),
         f"{np.mean(lost):.3f} ± {np.std(lost):.2f}" if addition == figures["known"][0]["addition"]
         else "0"]
        for addition in dict.fromkeys(str(one["addition"]) for one in figures["added"])
    ]  # fmt: skip
    of_found = _gaps_of_found(figures)
    real_rows = [
        [one["set"], one["rows"], one["candidate"], ", ".join(map(str, one["sizes"])),  # type: ignore[call-overload]
         f"{one['stability']:.2f}"]
        for one in sorted(figures["real"], key=lambda one: str(one["set"]))
    ]  # fmt: skip
    tuned = pd.DataFrame(figures["tuned"])["ari"]
    return (
        template
        .replace("{gaps}", f"{np.mean(losses['groups', '20% gaps']):.2f}")
        .replace("{n_found}", str(len(of_found)))
        .replace("{found_loss}", f"{np.mean(of_found['loss']):.2f}")
        .replace("{found_lost}", f"{np.mean(of_found['lost']):.2f}")
        .replace("{n_sets}", str(held_out["set"].nunique()))
        .replace("{n_draws}", str(len(default.get_group(names[0]))))
        .replace("{tuned}", f"{tuned.mean():.2f}")
        .replace("{candidates}", _grid(["way", "mean ARI", "spread over sets", *kinds, "CPU s"],
                                       by_candidate))
        .replace("{sets}", _grid(["set", "groups", "found", *CANDIDATES], by_set))
        .replace("{additions}", _grid(["added", "sets", "groups loses", "scored loses",
                                      "lost for good"], additions))
        .replace("{real}", _grid(["table", "rows", "way", "sizes", "stability"], real_rows))
    )  # fmt: skip


def _gaps_of_found(figures: Mapping[str, list[dict[str, object]]]) -> pd.DataFrame:
    """What gaps cost on the sets whose groups the default finds, and what they cost at least."""

    def of_default(part: str) -> pd.DataFrame:
        rows = pd.DataFrame(figures[part])
        return rows[rows["candidate"] == "groups"]

    added = of_default("added")
    whole = of_default("held out").groupby("set")["ari"].mean()
    with_gaps = added[added["addition"] == "20% gaps"].groupby("set")["ari"].mean()
    known = pd.DataFrame(figures["known"]).groupby("set")["ari"].mean()
    table = pd.DataFrame({"whole": whole, "loss": whole - with_gaps, "lost": 1 - known})
    return table[table["whole"] >= 0.9]
