"""Tables of customers with known groups: mixed columns, categories only, skew, small groups."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.known_shapes import Groups, gaussian

Table = tuple[pd.DataFrame, Groups]
TableMaker = Callable[[np.random.Generator], Table]


def named(rows: NDArray[np.float64]) -> pd.DataFrame:
    """Give numbers the names of columns."""
    return pd.DataFrame(rows, columns=[f"x{i + 1}" for i in range(rows.shape[1])])


def _categories(
    rng: np.random.Generator, groups: Groups, levels: int, purity: float
) -> NDArray[np.str_]:
    """Draw a category that names the group's own level as often as ``purity`` says."""
    usual = groups % levels
    drawn = np.where(rng.random(len(groups)) < purity, usual, rng.integers(0, levels, len(groups)))
    return np.char.add("c", drawn.astype(str))


def mixed(k: int, gap: float, purity: float) -> TableMaker:
    """Groups in four numbers and two categories, beside a gender that has to do with nothing."""

    def make(rng: np.random.Generator) -> Table:
        rows, groups = gaussian(k, 4, gap, 150)(rng)
        frame = named(rows)
        frame["plan"] = _categories(rng, groups, k, purity)
        frame["channel"] = _categories(rng, groups, 3, purity)
        frame["gender"] = rng.choice(["Female", "Male"], len(frame))
        return frame, groups

    return make


def irrelevant_region(rng: np.random.Generator) -> Table:
    """Three perfect groups in three numbers, beside a region of four values."""
    rows, groups = gaussian(3, 3, 12.0, 120)(rng)
    return named(rows).assign(region=rng.choice(["N", "S", "E", "W"], len(rows))), groups


def few_of_many(informative: int, noise: int, kind: str, gap: float = 7.0) -> TableMaker:
    """Three groups in a few columns, beside columns of noise."""

    def make(rng: np.random.Generator) -> Table:
        rows, groups = gaussian(3, informative, gap, 200)(rng)
        others = {
            "normal": rng.normal(size=(len(rows), noise)),
            "uniform": rng.uniform(size=(len(rows), noise)),
            "exponential": rng.exponential(size=(len(rows), noise)),
        }[kind]
        return named(np.hstack([rows, others])), groups

    return make


def answers(k: int, columns: int, levels: int, sharp: float, *, ordered: bool) -> TableMaker:
    """Latent classes: within a class, answers do not depend on each other."""

    def make(rng: np.random.Generator) -> Table:
        n = 200 * k
        groups = rng.choice(k, n, p=rng.dirichlet(np.full(k, 12.0)))
        taken = np.empty((n, columns), dtype=np.int64)
        for j in range(columns):
            if ordered:
                means = rng.permutation(np.linspace(1.4, levels - 0.4, k))
                drawn = rng.normal(means[groups], 1 / sharp)
                taken[:, j] = np.clip(np.rint(drawn), 1, levels)
            else:
                usual = rng.permutation(np.arange(k) % levels)[groups]
                other = rng.integers(0, levels, n)
                taken[:, j] = np.where(rng.random(n) < sharp, usual, other)
        names = [f"q{j + 1}" for j in range(columns)]
        frame = pd.DataFrame(taken, columns=names)
        if not ordered:
            frame = frame.apply(lambda column: "a" + column.astype(str))
        return frame, groups

    return make


def skewed(k: int, columns: int, spread: float, gap: float) -> TableMaker:
    """Amounts, lognormal within each group."""

    def make(rng: np.random.Generator) -> Table:
        rows, groups = gaussian(k, columns, gap, 180)(rng)
        return named(np.exp(3 + spread * rows)), groups

    return make


def small(shares: tuple[float, ...], distance: float, n: int = 1_000) -> TableMaker:
    """A large group and small ones beside it, in four columns."""

    def make(rng: np.random.Generator) -> Table:
        sizes = [int(share * n) for share in shares]
        parts = [rng.normal(size=(n - sum(sizes), 4))]
        for i, size in enumerate(sizes):
            centre = np.zeros(4)
            centre[i] = distance
            parts.append(centre + 0.5 * rng.normal(size=(size, 4)))
        groups = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
        return named(np.vstack(parts)), groups

    return make


def shop(rng: np.random.Generator) -> Table:
    """Four kinds of customers as a shop has them: counts, amounts, days, a channel, a gender."""
    groups = rng.choice(4, 900, p=[0.4, 0.3, 0.2, 0.1])
    orders = rng.poisson(np.array([2, 8, 20, 4])[groups]) + 1
    own, other = np.array([0, 1, 2, 2])[groups], rng.integers(0, 3, 900)
    usual = rng.random(900) < 0.75
    basket = rng.lognormal(np.log(np.array([25, 40, 60, 400]))[groups], 0.35)
    frame = pd.DataFrame(
        {
            "age": rng.normal(np.array([27, 44, 52, 60])[groups], 6).round(),
            "orders": orders,
            "revenue": (orders * basket).round(2),
            "days_since": rng.exponential(np.array([200, 60, 15, 90])[groups]).round(),
            "channel": np.array(["app", "web", "store"])[np.where(usual, own, other)],
            "gender": rng.choice(["Female", "Male"], 900),
        }
    )
    return frame, groups


def mall(rng: np.random.Generator) -> Table:
    """Five groups in income and spending, beside age and gender."""
    centres = np.array([(55, 50), (25, 20), (25, 80), (88, 17), (88, 82)])
    groups = rng.choice(5, 300, p=[0.4, 0.12, 0.12, 0.18, 0.18])
    rows = rng.normal(centres[groups], 7)
    frame = pd.DataFrame({"income": rows[:, 0].round(), "spending": rows[:, 1].round()})
    ages = np.array([(43, 16), (45, 13), (25, 5), (41, 11), (32, 4)])
    frame["age"] = rng.normal(ages[groups, 0], ages[groups, 1]).clip(18, 75).round()
    frame["gender"] = rng.choice(["Female", "Male"], 300)
    return frame, groups


def subscriptions(rng: np.random.Generator) -> Table:
    """Three kinds of subscribers told apart by services and contract, with a few numbers."""
    groups = rng.choice(3, 900, p=[0.3, 0.4, 0.3])
    services = {
        name: np.where(rng.random(900) < np.array(share)[groups], "Yes", "No")
        for name, share in {
            "internet": (0.02, 0.97, 0.99),
            "streaming": (0.01, 0.35, 0.85),
            "security": (0.01, 0.25, 0.8),
            "phone": (0.98, 0.85, 0.95),
            "paperless": (0.3, 0.7, 0.65),
        }.items()
    }
    frame = pd.DataFrame(services)
    frame["tenure"] = rng.gamma(2, np.array([14, 8, 26])[groups]).clip(0, 72).round()
    frame["bill"] = rng.normal(np.array([22, 62, 98])[groups], np.array([3, 14, 10])[groups]).round(
        2
    )
    frame["gender"] = rng.choice(["Female", "Male"], 900)
    return frame, groups


TUNED: dict[str, tuple[str, TableMaker]] = {
    "mixed, 3 groups": ("customers", mixed(3, 4.5, 0.7)),
    "irrelevant region": ("customers", irrelevant_region),
    "2 of 10 columns, normal": ("customers", few_of_many(2, 8, "normal")),
    "binary, 3 classes": ("categories", answers(3, 10, 2, 0.75, ordered=False)),
    "Likert, 4 classes": ("customers", answers(4, 8, 5, 1.3, ordered=True)),
    "lognormal, 4 groups": ("customers", skewed(4, 4, 0.5, 5.0)),
    "5% apart": ("customers", small((0.05,), 8.0)),
    "a shop": ("customers", shop),
}

HELD_OUT: dict[str, tuple[str, TableMaker]] = {
    "mixed, 5 groups": ("customers", mixed(5, 4.5, 0.75)),
    "mixed, 4 groups, vague categories": ("customers", mixed(4, 5.0, 0.4)),
    "2 of 10 columns, uniform": ("customers", few_of_many(2, 8, "uniform")),
    "3 of 12 columns, exponential": ("customers", few_of_many(3, 9, "exponential")),
    "categories, 4 classes": ("categories", answers(4, 8, 4, 0.65, ordered=False)),
    "binary, 2 classes": ("categories", answers(2, 12, 2, 0.6, ordered=False)),
    "Likert, 3 classes": ("customers", answers(3, 10, 7, 1.0, ordered=True)),
    "lognormal, 3 groups": ("customers", skewed(3, 6, 0.7, 4.5)),
    "8% and 2% apart": ("customers", small((0.08, 0.02), 6.0)),
    "as Mall": ("customers", mall),
    "subscriptions": ("customers", subscriptions),
}
