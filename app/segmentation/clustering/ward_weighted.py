"""Ward's tree over points that each stand for many rows."""

import numpy as np
from numpy.typing import NDArray


def weighted_ward(
    points: NDArray[np.floating], *, weights: NDArray[np.floating | np.integer]
) -> NDArray[np.float64]:
    """Build Ward's tree as if each point were repeated as often as its weight says.

    Parameters
    ----------
    points : ndarray of shape (n_points, n_features)
        At least two.
    weights : ndarray of shape (n_points,)
        Positive.

    Returns
    -------
    ndarray of float64, shape (n_points - 1, 4)
        SciPy's linkage matrix: its heights are those of the tree on the repeated rows, its
        counts are points.

    Notes
    -----
    Merging clusters of mass p and q costs pq / (p + q) times the squared distance of their
    means in within-cluster sum of squares; the height is the square root of twice that, which
    for two single rows is their distance. The nearest-neighbour chain finds the same merges as
    the greedy algorithm because Ward's cost never falls after a merge elsewhere. Distances are
    computed from the means when needed: memory is linear, time quadratic.

    References
    ----------
    J. H. Ward (1963), "Hierarchical grouping to optimize an objective function", JASA 58;
    F. Murtagh (1983), "A survey of recent advances in hierarchical clustering algorithms",
    The Computer Journal 26; D. Müllner (2011), arXiv:1109.2378.
    """
    n_points = len(points)
    means = np.array(points, dtype=np.float64)
    mass = np.array(weights, dtype=np.float64)
    gone = np.zeros(n_points, dtype=bool)
    pairs = np.empty((n_points - 1, 2), dtype=np.intp)
    heights = np.empty(n_points - 1)
    chain: list[int] = []
    for step in range(n_points - 1):
        if not chain:
            chain.append(int(np.argmin(gone)))
        while True:
            tip = chain[-1]
            costs = _merge_costs(means, mass, tip)
            costs[gone] = np.inf
            costs[tip] = np.inf
            nearest = int(np.argmin(costs))
            if len(chain) > 1 and costs[chain[-2]] <= costs[nearest]:
                nearest = chain[-2]
                break
            chain.append(nearest)
        del chain[-2:]
        pairs[step] = tip, nearest
        heights[step] = np.sqrt(2.0 * costs[nearest])
        total = mass[tip] + mass[nearest]
        means[nearest] = (mass[tip] * means[tip] + mass[nearest] * means[nearest]) / total
        mass[nearest] = total
        gone[tip] = True
    return _linkage_matrix(pairs, heights)


def _merge_costs(
    means: NDArray[np.float64], mass: NDArray[np.float64], tip: int
) -> NDArray[np.float64]:
    offsets = means - means[tip]
    squared = np.einsum("ij,ij->i", offsets, offsets)
    costs: NDArray[np.float64] = mass * mass[tip] / (mass + mass[tip]) * squared
    return costs


def _linkage_matrix(pairs: NDArray[np.intp], heights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Order merges by height and number the nodes as SciPy does."""
    n_points = len(heights) + 1
    parent = list(range(2 * n_points - 1))
    count = [1] * n_points + [0] * (n_points - 1)

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    merges = np.empty((n_points - 1, 4))
    for row, step in enumerate(np.argsort(heights, kind="stable")):
        low, high = sorted((root(int(pairs[step, 0])), root(int(pairs[step, 1]))))
        node = n_points + row
        parent[low] = parent[high] = node
        count[node] = count[low] + count[high]
        merges[row] = low, high, heights[step], count[node]
    return merges
