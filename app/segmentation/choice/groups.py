"""Groups of any shape and number, where valleys or empty space divide the rows."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.segmentation.choice.columns_apart import ColumnsApart
from app.segmentation.choice.returning import drawn_again, holds, most_typical, returning, usual
from app.segmentation.choice.search import search
from app.segmentation.clustering.from_labels import clustering_from_labels
from app.segmentation.clustering.mixture import Covariance
from app.segmentation.clustering.result import Clustering
from app.segmentation.threads import single_threaded
from app.segmentation.validation.scales import spread_ties

SEARCH_ROWS = 1_600
"""Rows that groups are sought in; those of a longer table are given the groups found."""

Method = Literal["mixture", "regions"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Groups:
    """Groups that were found.

    Attributes
    ----------
    labels : ndarray of int64, shape (n_samples,)
        0 to n_groups - 1; each row is in a group.
    method : {"mixture", "regions"}
        Components of a mixture, joined where no valley divides them, or dense regions.
    n_components : int
        Components of the mixture that describes the rows best.
    covariance : {"spherical", "diagonal", "tied", "full"}
        Theirs.
    shallowest : float
        Depth of the least valley between two groups; 1 for regions.
    n_searched : int
        Rows that the groups were sought in.
    """

    labels: NDArray[np.int64]
    method: Method
    n_components: int
    covariance: Covariance
    shallowest: float
    n_searched: int

    @property
    def n_groups(self) -> int:
        return int(self.labels.max()) + 1

    @property
    def sentence(self) -> str:
        """How the groups were found, in plain words."""
        if self.method == "regions":
            return f"Density: {self.n_groups} dense regions with empty space between them."
        return (
            f"Mixture model: {self.n_groups} groups, each two of them divided by a valley in "
            f"density of at least {self.shallowest:.0%}."
        )

    def to_clustering(self, matrix: NDArray[np.float64]) -> Clustering:
        """Give the groups in the shape of an algorithm's answer.

        Parameters
        ----------
        matrix : ndarray of shape (n_samples, n_features)
            The space that was clustered.
        """
        return clustering_from_labels(
            matrix,
            self.labels.astype(np.int32),
            method=self.method,
            details={
                "n_components": self.n_components,
                "covariance": self.covariance,
                "shallowest_valley": self.shallowest,
                "n_searched": self.n_searched,
            },
        )


def find_groups(
    rows: ColumnsApart,
    *,
    telling: NDArray[np.bool_] | None = None,
    random_state: int = 0,
) -> Groups | None:
    """Find groups that are divided from each other, whatever their shape and their number.

    Parameters
    ----------
    rows : ColumnsApart
        In an order that does not depend on the table's.
    telling : ndarray of bool, shape (n_samples,), optional
        Rows to seek groups in; the others are given the groups found.
    random_state : int
        Seeds the draw of `SEARCH_ROWS` rows from a longer table and the starts.

    Returns
    -------
    Groups or None
        None where nothing divides the rows, so that any segmentation of them cuts a continuum,
        or where parts of the rows show other groups.

    Notes
    -----
    A mixture with the lowest information criterion describes the density with few parameters,
    whatever the shapes; components that no valley divides are one group (Hennig 2010). Shapes
    that take many components, such as rings, are found as dense regions instead, where empty
    space divides these. Components inside a region count as groups only with deep valleys.

    References
    ----------
    C. Hennig (2010), "Methods for merging Gaussian mixture components", Adv. Data Anal. Classif. 4.
    """
    places = np.arange(len(rows)) if telling is None else np.flatnonzero(telling)
    drawn = places[_drawn(len(places), random_state)]
    with single_threaded():
        rng = np.random.default_rng(random_state)
        searched = _without_ties(rows.take(drawn), rng)
        found = search(searched, random_state)
        if found.labels.max() == 0:
            return None
        found, draws = most_typical(found, drawn_again(searched, rng))
        if found.regions is None:
            groups = usual(returning(found, draws), found, searched)
            found = replace(found, groups=groups)
        if found.labels.max() == 0 or not holds(found.labels, draws):
            return None
    used, labels = np.unique(found.on(rows, drawn).labels, return_inverse=True)
    if len(used) < 2:
        return None
    return Groups(
        labels=labels.astype(np.int64),
        method="mixture" if found.regions is None else "regions",
        n_components=len(found.depths),
        covariance=found.mixture.covariance,
        shallowest=_shallowest(found.depths, found.groups) if found.regions is None else 1.0,
        n_searched=len(searched),
    )


def _without_ties(rows: ColumnsApart, rng: np.random.Generator) -> ColumnsApart:
    """Spread equal numbers over their step: rounding leaves gaps that divide no groups."""
    if rows.numbers.shape[1] == 0:
        return rows
    return ColumnsApart(rows.matrix, spread_ties(rows.numbers, rng=rng), rows.codes)


def _drawn(n_rows: int, random_state: int) -> NDArray[np.intp]:
    if n_rows <= SEARCH_ROWS:
        return np.arange(n_rows)
    rng = np.random.default_rng(random_state)
    return np.sort(rng.choice(n_rows, SEARCH_ROWS, replace=False))


def _shallowest(depths: NDArray[np.float64], groups: NDArray[np.int64]) -> float:
    apart = groups[:, None] != groups[None]
    return float(depths[apart].min(initial=1.0))
