"""Components of a mixture or dense regions: the groups of some thousand rows."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from app.segmentation.choice.columns_apart import ColumnsApart
from app.segmentation.choice.mixtures import best_mixture
from app.segmentation.choice.regions import Regions, clear_regions
from app.segmentation.choice.valleys import components_of, joined, valleys
from app.segmentation.clustering.mixture import Mixture
from app.segmentation.clustering.nearest_rows import NearestRows

VALLEY = 0.3
"""Depth of the valley between two groups, at least: that of two equal Gaussians 2.9 standard
deviations apart is 0.3."""

DEEP_VALLEY = 0.75
"""Depth that it takes to divide a region that rows fill densely: the components that a ring or a
crescent is made of show valleys between them by chance, seldom as deep as this."""

WITHIN_REGIONS = 0.98
"""Share of rows that lie where a group of the mixture has most of its own, at least, for the groups
to be a division of the regions."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Found:
    """What a search found.

    Attributes
    ----------
    mixture : Mixture
    kept : ndarray of int64, shape (n_kept,)
        Its components of enough rows.
    components : ndarray of int64, shape (n_samples,)
        Of each row, among those kept.
    depths : ndarray of shape (n_kept, n_kept)
        As `valleys`.
    groups : ndarray of int64, shape (n_kept,)
        Of each component that is kept.
    regions : Regions or None
        Where these are the groups, and components are not.
    """

    mixture: Mixture
    kept: NDArray[np.int64]
    components: NDArray[np.int64]
    depths: NDArray[np.float64]
    groups: NDArray[np.int64]
    regions: Regions | None

    @property
    def labels(self) -> NDArray[np.int64]:
        """Group of each row."""
        return self.groups[self.components] if self.regions is None else self.regions.labels

    def on(self, rows: ColumnsApart, searched: NDArray[np.intp]) -> Self:
        """Give more rows the groups that were found in some of them.

        Parameters
        ----------
        rows : ColumnsApart
        searched : ndarray of shape (n_searched,)
            Which of these rows were searched.
        """
        if self.regions is not None:
            nearest = NearestRows(rows.matrix[searched], self.regions.labels)
            labels = nearest.predict(rows.matrix)
            return replace(self, regions=replace(self.regions, labels=labels))
        joint = self.mixture.log_joint(rows.numbers, rows.codes)[:, self.kept]
        return replace(self, components=joint.argmax(axis=1))


def search(rows: ColumnsApart, random_state: int) -> Found:
    """Describe rows by a mixture, and take dense regions instead where these are clearer."""
    mixture = best_mixture(rows, random_state=random_state)
    components, joint, kept = components_of(mixture, rows)
    depths = valleys(rows, components, joint)
    regions = clear_regions(rows.numbers) if rows.numbers.shape[1] else None
    groups = joined(depths, VALLEY if regions is None else DEEP_VALLEY)
    if regions is not None and _divides(groups[components], regions):
        regions = None
    return Found(mixture=mixture, kept=kept, components=components, depths=depths, groups=groups,
                  regions=regions)  # fmt: skip


def _divides(groups: NDArray[np.int64], regions: Regions) -> bool:
    """Whether groups are the regions, or parts of them, and more than these."""
    if groups.max() + 1 <= regions.n_regions:
        return False
    counts = np.zeros((int(groups.max()) + 1, regions.n_regions))
    np.add.at(counts, (groups, regions.labels), 1)
    return bool(counts.max(axis=1).sum() >= WITHIN_REGIONS * len(groups))
