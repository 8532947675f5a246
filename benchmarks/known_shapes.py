"""Benchmark sets of the clustering literature, rebuilt by their published recipes.

Each maker takes a generator and gives rows of shape (n_samples, n_features) and the group of each,
-1 for a row of no group, which takes no part in a score. Row counts are cut to at most 1,600.

References
----------
P. Fränti and S. Sieranoja (2018), "K-means properties on six clustering benchmark datasets", Appl.
Intell. 48, for S, A and unbalance; C. Veenman, M. Reinders and E. Backer (2002), "A maximum
variance cluster algorithm", IEEE Trans. PAMI 24, for R15 and D31; A. Gionis, H. Mannila and
P. Tsaparas (2007), "Clustering aggregation", ACM TKDD 1; L. Fu and E. Medico (2007), "FLAME", BMC
Bioinform. 8; A. Jain and M. Law (2005), "Data clustering: a user's dilemma"; H. Chang and
D.-Y. Yeung (2008), "Robust path-based spectral clustering", Pattern Recognit. 41, for the spirals;
C. Zahn (1971), IEEE Trans. Comput. C-20, for the compound; A. Ultsch (2005), "Clustering with
SOM: U*C", for the fundamental problems (Hepta to Target).
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float64]
Groups = NDArray[np.int64]
Maker = Callable[[np.random.Generator], tuple[Rows, Groups]]


def stacked(parts: Sequence[Rows]) -> tuple[Rows, Groups]:
    """Put groups under one another, numbered in their order."""
    return np.vstack(parts), np.repeat(np.arange(len(parts)), [len(part) for part in parts])


def _apart(rng: np.random.Generator, k: int, least: float, d: int = 2) -> Rows:
    """Centres in the unit cube, each two of them at least so far apart."""
    centres: list[Rows] = []
    while len(centres) < k:
        drawn = rng.uniform(0, 1, d)
        if all(np.linalg.norm(drawn - other) >= least for other in centres):
            centres.append(drawn)
    return np.array(centres)


def scattered(k: int, *, overlap: float, size: int) -> Maker:
    """S1 to S4: Gaussian groups at random places, their spread rising with the overlap."""

    def make(rng: np.random.Generator) -> tuple[Rows, Groups]:
        least = 0.62 / np.sqrt(k)
        centres = _apart(rng, k, least)
        spread = least * overlap
        parts = []
        for centre in centres:
            turned = np.linalg.qr(rng.normal(size=(2, 2)))[0] * rng.uniform(0.7, 1.2, 2)
            parts.append(centre + spread * rng.normal(size=(size, 2)) @ turned.T)
        return stacked(parts)

    return make


def chained(k: int, size: int) -> Maker:
    """A1 to A3: equal round groups, placed as neighbours of one another."""

    def make(rng: np.random.Generator) -> tuple[Rows, Groups]:
        centres = _apart(rng, k, 0.72 / np.sqrt(k))
        return stacked([c + 0.14 / np.sqrt(k) * rng.normal(size=(size, 2)) for c in centres])

    return make


def r15(rng: np.random.Generator) -> tuple[Rows, Groups]:
    inner = 2 * np.pi * np.arange(7) / 7
    outer = inner + np.pi / 7
    centres = [(0.0, 0.0)]
    centres += [(2 * np.cos(a), 2 * np.sin(a)) for a in inner]
    centres += [(6 * np.cos(a), 6 * np.sin(a)) for a in outer]
    return stacked([np.array(c) + 0.32 * rng.normal(size=(40, 2)) for c in centres])


def d31(rng: np.random.Generator) -> tuple[Rows, Groups]:
    centres = _apart(rng, 31, 0.135)
    return stacked([c + 0.024 * rng.normal(size=(50, 2)) for c in centres])


def aggregation(rng: np.random.Generator) -> tuple[Rows, Groups]:
    blobs = [((8, 8), 3.2, 170), ((8, 22), 3.6, 272), ((20, 6), 2.0, 102), ((33, 21), 3.4, 130),
             ((33, 8), 1.5, 45), ((33, 13.4), 1.4, 34), ((20, 24), 1.4, 35)]  # fmt: skip
    return stacked([np.array(c) + _disc(rng, n, r) for c, r, n in blobs])


def _disc(rng: np.random.Generator, n: int, radius: float, inner: float = 0.0) -> Rows:
    r = np.sqrt(rng.uniform(inner**2, radius**2, n))
    a = rng.uniform(0, 2 * np.pi, n)
    return np.column_stack([r * np.cos(a), r * np.sin(a)])


def jain(rng: np.random.Generator) -> tuple[Rows, Groups]:
    def half(n: int, spread: float) -> Rows:
        a = rng.uniform(0, np.pi, n)
        r = 10 + rng.normal(0, spread, n)
        return np.column_stack([r * np.cos(a), r * np.sin(a)])

    dense, thin = half(276, 1.0), half(97, 1.4)
    return stacked([dense * (1, -1) + (10, 3), thin - (1, 1.5)])


def flame(rng: np.random.Generator) -> tuple[Rows, Groups]:
    a = rng.uniform(0, np.pi, 153)
    r = 6.3 + rng.normal(0, 0.75, 153)
    bowl = np.column_stack([r * np.cos(a), -0.9 * r * np.sin(a) + 2])
    return stacked([bowl, _disc(rng, 87, 2.6) * (1.2, 1) + (0, 3)])


def compound(rng: np.random.Generator) -> tuple[Rows, Groups]:
    ring = _disc(rng, 110, 4.2, 3.3) + np.array([8, 8])
    core = rng.normal((8, 8), 0.8, size=(60, 2))
    pair = [rng.normal((5, 20), 1.1, size=(60, 2)), rng.normal((11, 20), 1.1, size=(50, 2))]
    return stacked([ring, core, *pair, rng.normal((24, 12), (1.2, 3.2), size=(100, 2))])


def moons(noise: float) -> Maker:
    def make(rng: np.random.Generator) -> tuple[Rows, Groups]:
        a = rng.uniform(0, np.pi, (2, 300))
        first = np.column_stack([np.cos(a[0]), np.sin(a[0])])
        second = np.column_stack([1 - np.cos(a[1]), 0.5 - np.sin(a[1])])
        return stacked([part + rng.normal(0, noise, part.shape) for part in (first, second)])

    return make


def rings(rng: np.random.Generator) -> tuple[Rows, Groups]:
    return stacked([_disc(rng, n, r + 0.15, r - 0.15) for r, n in ((0.3, 150), (1.2, 350),
                                                                  (2.2, 500))])  # fmt: skip


def spirals(rng: np.random.Generator) -> tuple[Rows, Groups]:
    arms = []
    for turn in range(3):
        t = np.sqrt(rng.uniform(0.08, 1, 180)) * 1.8 * np.pi
        a = t + turn * 2 * np.pi / 3
        arms.append(np.column_stack([t * np.cos(a), t * np.sin(a)]) + rng.normal(0, 0.12, (180, 2)))
    return stacked(arms)


def hepta(rng: np.random.Generator) -> tuple[Rows, Groups]:
    centres = np.vstack([np.zeros(3), 4 * np.eye(3), -4 * np.eye(3)])
    return stacked([c + rng.normal(0, 0.6 if i else 0.3, (30, 3)) for i, c in enumerate(centres)])


def lsun(rng: np.random.Generator) -> tuple[Rows, Groups]:
    long = rng.uniform((0, 0), (4.5, 1), (200, 2))
    tall = rng.uniform((0, 1.6), (1, 5), (100, 2))
    return stacked([long, tall, rng.normal((3.3, 3.4), 0.4, (100, 2))])


def tetra(rng: np.random.Generator) -> tuple[Rows, Groups]:
    corners = np.array([(1, 1, 1), (1, -1, -1), (-1, 1, -1), (-1, -1, 1)])
    return stacked([c + rng.normal(0, 0.42, (100, 3)) for c in corners])


def chainlink(rng: np.random.Generator) -> tuple[Rows, Groups]:
    a = rng.uniform(0, 2 * np.pi, (2, 400))
    first = np.column_stack([np.cos(a[0]), np.sin(a[0]), np.zeros(400)])
    second = np.column_stack([1 + np.cos(a[1]), np.zeros(400), np.sin(a[1])])
    return stacked([part + rng.normal(0, 0.09, part.shape) for part in (first, second)])


def two_diamonds(rng: np.random.Generator) -> tuple[Rows, Groups]:
    square = rng.uniform(-1, 1, (800, 2)) @ np.array([(1, 1), (-1, 1)]) / 2
    return stacked([square[:400] - (1.04, 0), square[400:] - (-1.04, 0)])


def wing_nut(rng: np.random.Generator) -> tuple[Rows, Groups]:
    # Density rises towards the corner that faces the other group.
    u = rng.beta(1.6, 1, (1_000, 2)) * (3, 2)
    return stacked([u[:500] - (3.15, 1.2), -u[500:] + (3.15, 1.2)])


def engy_time(rng: np.random.Generator) -> tuple[Rows, Groups]:
    return stacked(
        [rng.normal((0, 0), (0.7, 0.7), (700, 2)), rng.normal((2.6, 2.2), 1.3, (700, 2))]
    )


def target(rng: np.random.Generator) -> tuple[Rows, Groups]:
    core, ring = _disc(rng, 365, 0.9), _disc(rng, 395, 2.6, 2.1)
    corners = [rng.normal(c, 0.1, (3, 2)) for c in ((3, 3), (3, -3), (-3, 3), (-3, -3))]
    rows, groups = stacked([core, ring, *corners])
    return rows, np.where(groups > 1, -1, groups)


def unbalanced(rng: np.random.Generator) -> tuple[Rows, Groups]:
    dense = [(0.0, 0.0), (1.6, 2.5), (1.6, -2.5)]
    thin = [(12, -3), (12, 0), (12, 3), (15, -1.5), (15, 1.5)]
    parts = [rng.normal(c, 0.35, (400, 2)) for c in dense]
    return stacked(parts + [rng.normal(c, 0.5, (30, 2)) for c in thin])


def densities(rng: np.random.Generator) -> tuple[Rows, Groups]:
    parts = [((0, 0), 0.25, 300), ((3, 0), 0.8, 300), ((1, 6), 1.6, 300)]
    return stacked([rng.normal(c, s, (n, 2)) for c, s, n in parts])


def elongated(d: int) -> Maker:
    """Parallel long groups, turned; the longest axis is ten times the shortest."""

    def make(rng: np.random.Generator) -> tuple[Rows, Groups]:
        turned = np.linalg.qr(rng.normal(size=(d, d)))[0]
        spreads = np.array([5.0, *([0.5] * (d - 1))])
        parts = []
        for i in range(3):
            centre = np.zeros(d)
            centre[1], centre[0] = 3.5 * i, rng.uniform(-2, 2)
            parts.append((centre + rng.normal(size=(250, d)) * spreads) @ turned.T)
        return stacked(parts)

    return make


def anisotropic(rng: np.random.Generator) -> tuple[Rows, Groups]:
    sheared = np.array([(0.6, -0.64), (-0.41, 0.85)])
    centres = [(-9, -2), (-6, 7), (5, 0)]
    return stacked([(rng.normal(c, 1.0, (250, 2))) @ sheared for c in centres])


def gaussian(k: int, d: int, gap: float, size: int = 150) -> Maker:
    """Unit Gaussian groups whose nearest centres are ``gap`` apart, and of unlike size."""

    def make(rng: np.random.Generator) -> tuple[Rows, Groups]:
        centres = rng.normal(size=(k, d))
        between = np.linalg.norm(centres[:, None] - centres[None], axis=2)
        centres *= gap / between[np.triu_indices(k, 1)].min()
        sizes = (size * rng.uniform(0.6, 1.4, k)).astype(int)
        return stacked([c + rng.normal(size=(n, d)) for c, n in zip(centres, sizes, strict=True)])

    return make


def noisy_gaussian(rng: np.random.Generator) -> tuple[Rows, Groups]:
    """Five groups and 10% of rows anywhere."""
    rows, groups = scattered(5, overlap=0.2, size=160)(rng)
    return np.vstack([rows, rng.uniform(-0.2, 1.2, (80, 2))]), np.append(groups, np.full(80, -1))


TUNED: dict[str, tuple[str, Maker]] = {
    "S1": ("round", scattered(15, overlap=0.17, size=90)),
    "S3": ("round", scattered(15, overlap=0.34, size=90)),
    "A1": ("round", chained(20, 75)),
    "R15": ("round", r15),
    "Hepta": ("round", hepta),
    "unbalanced": ("round", unbalanced),
    "8 in 16 columns": ("round", gaussian(8, 16, 7.0, 120)),
    "4 in 6 columns": ("round", gaussian(4, 6, 5.0)),
    "elongated, 2 columns": ("shaped", elongated(2)),
    "moons": ("shaped", moons(0.08)),
    "rings": ("shaped", rings),
    "Aggregation": ("shaped", aggregation),
    "Chainlink": ("shaped", chainlink),
    "Target": ("shaped", target),
    "TwoDiamonds": ("shaped", two_diamonds),
}
"""Those that constants of the default were tried on."""

HELD_OUT: dict[str, tuple[str, Maker]] = {
    "S2": ("round", scattered(15, overlap=0.25, size=90)),
    "S4": ("round", scattered(15, overlap=0.42, size=90)),
    "A2": ("round", chained(35, 45)),
    "D31": ("round", d31),
    "Tetra": ("round", tetra),
    "EngyTime": ("round", engy_time),
    "12 in 8 columns": ("round", gaussian(12, 8, 6.0, 90)),
    "30 in 10 columns": ("round", gaussian(30, 10, 7.0, 50)),
    "6 in 32 columns": ("round", gaussian(6, 32, 8.0, 150)),
    "10% anywhere": ("round", noisy_gaussian),
    "densities": ("round", densities),
    "elongated, 4 columns": ("shaped", elongated(4)),
    "anisotropic": ("shaped", anisotropic),
    "noisy moons": ("shaped", moons(0.13)),
    "spirals": ("shaped", spirals),
    "jain": ("shaped", jain),
    "flame": ("shaped", flame),
    "compound": ("shaped", compound),
    "Lsun": ("shaped", lsun),
    "WingNut": ("shaped", wing_nut),
}
"""Those on which it is reported."""
