"""The upper part of a tree as plain coordinates, for whoever draws it."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.segmentation.clustering.tree import Linkage, Tree, TreeMethod, cut_leaves
from app.segmentation.errors import SegmentationError

DEFAULT_MAX_LEAVES = 30
MIN_WIDTH, MIN_HEIGHT = 600, 400
"""Pixels within which fifteen long names still leave room for the tree."""

MAX_SIDE = 4000
NO_CLUSTER = -1


@dataclass(frozen=True)
class Branch:
    """One merge: a bracket from the left child's height, across its own, to the right child's.

    Clusters are those of all rows below each part, or -1 above the cut.
    """

    x_left: float
    x_right: float
    y_left: float
    y_right: float
    height: float
    cluster: int
    left_cluster: int
    right_cluster: int


@dataclass(frozen=True)
class Leaf:
    """A subtree that is not drawn further: its place, its rows, its cluster, the tree's node."""

    x: float
    n_rows: int
    cluster: int
    node: int


@dataclass(frozen=True)
class DrawnCut:
    """Another cut of a tree that is drawn.

    Attributes
    ----------
    n_clusters : int
    cut_height : float
    leaf_clusters : tuple of int
        The cluster of each drawn leaf, numbered as `cut_tree` does; empty where fewer leaves
        are drawn than there are clusters.
    """

    n_clusters: int
    cut_height: float
    leaf_clusters: tuple[int, ...]


@dataclass(frozen=True)
class DendrogramData:
    """What a dendrogram shows.

    Attributes
    ----------
    branches : tuple of Branch
        From the lowest merge to the highest.
    leaves : tuple of Leaf
        From left to right, at x = 0, 1, ...
    cut_height : float
        Halfway between the lowest merge undone by the cut and the highest one kept.
    cluster_sizes : tuple of int, length n_clusters
    linkage, method : str
        Of the tree.
    """

    branches: tuple[Branch, ...]
    leaves: tuple[Leaf, ...]
    cut_height: float
    cluster_sizes: tuple[int, ...]
    linkage: Linkage
    method: TreeMethod

    @property
    def n_clusters(self) -> int:
        return len(self.cluster_sizes)

    @property
    def n_rows(self) -> int:
        return sum(self.cluster_sizes)


def dendrogram_data(
    tree: Tree, *, n_clusters: int, max_leaves: int = DEFAULT_MAX_LEAVES
) -> DendrogramData:
    """Lay out a tree's last merges.

    Parameters
    ----------
    tree : Tree
    n_clusters : int
        Where to cut; ties may leave fewer, as in `cut_tree`.
    max_leaves : int
        Subtrees to end in; as many as there are clusters are always drawn.

    Raises
    ------
    SegmentationError
        ``max_leaves`` is less than 2.
    DegenerateDataError
        The tree cannot be cut into so many clusters.
    """
    if max_leaves < 2:
        raise SegmentationError(f"A dendrogram has at least 2 leaves, {max_leaves} were asked for.")
    leaf_clusters = cut_leaves(tree, n_clusters)
    n_leaves, merges = tree.n_leaves, tree.merges
    children = merges[:, :2].astype(int).tolist()
    rows = tree.leaf_sizes.tolist()
    clusters = leaf_clusters.tolist()
    for left, right in children:
        rows.append(rows[left] + rows[right])
        same = clusters[left] == clusters[right]
        clusters.append(clusters[left] if same else NO_CLUSTER)

    n_drawn = min(max(max_leaves, n_clusters), n_leaves)
    first_drawn = 2 * n_leaves - n_drawn
    places: dict[int, float] = {}
    leaves: list[Leaf] = []
    waiting = [2 * n_leaves - 2]
    while waiting:
        node = waiting.pop()
        if node >= first_drawn:
            # The larger side goes left; the last one pushed is the next one placed.
            waiting.extend(sorted(children[node - n_leaves], key=lambda child: rows[child]))
        else:
            places[node] = float(len(leaves))
            leaf = Leaf(x=places[node], n_rows=rows[node], cluster=clusters[node], node=node)
            leaves.append(leaf)

    branches = []
    heights = dict.fromkeys(places, 0.0)
    for node in range(first_drawn, 2 * n_leaves - 1):
        one, other = sorted(children[node - n_leaves], key=lambda child: places[child])
        heights[node] = float(merges[node - n_leaves, 2])
        places[node] = (places[one] + places[other]) / 2
        branches.append(
            Branch(
                x_left=places[one],
                x_right=places[other],
                y_left=heights[one],
                y_right=heights[other],
                height=heights[node],
                cluster=clusters[node],
                left_cluster=clusters[one],
                right_cluster=clusters[other],
            )
        )
    n_found = int(leaf_clusters.max()) + 1
    sizes = [0] * n_found
    for leaf in leaves:
        sizes[leaf.cluster] += leaf.n_rows
    return DendrogramData(
        branches=tuple(branches),
        leaves=tuple(leaves),
        cut_height=cut_height(tree, n_found),
        cluster_sizes=tuple(sizes),
        linkage=tree.linkage,
        method=tree.method,
    )


def drawn_cuts(tree: Tree, data: DendrogramData, *, counts: Iterable[int]) -> tuple[DrawnCut, ...]:
    """Cut a tree elsewhere than where it was laid out, for the same drawing.

    Parameters
    ----------
    tree : Tree
    data : DendrogramData
        Of this tree.
    counts : iterable of int
        Numbers of clusters to cut into.

    Raises
    ------
    DegenerateDataError
        The tree cannot be cut into so many clusters.
    """
    below = [_leaf_below(tree, leaf.node) for leaf in data.leaves]
    cuts = []
    for n_clusters in counts:
        clusters = cut_leaves(tree, n_clusters)
        n_found = int(clusters.max()) + 1
        cuts.append(
            DrawnCut(
                n_clusters=n_clusters,
                cut_height=cut_height(tree, n_found),
                leaf_clusters=tuple(clusters[below].tolist()) if n_found <= len(below) else (),
            )
        )
    return tuple(cuts)


def _leaf_below(tree: Tree, node: int) -> int:
    while node >= tree.n_leaves:
        node = int(tree.merges[node - tree.n_leaves, 0])
    return node


def cut_height(tree: Tree, n_clusters: int) -> float:
    """Return the height of a cut that was found, halfway between the merges on its two sides."""
    heights = tree.merges[:, 2]
    below = len(heights) - n_clusters
    kept = heights[below] if below >= 0 else 0.0
    undone = heights[below + 1] if n_clusters > 1 else 1.1 * kept
    return float(kept + undone) / 2
