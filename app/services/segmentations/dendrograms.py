"""A run's tree as data for a picture with a slider."""

from collections.abc import Mapping
from dataclasses import asdict

from app.db.segmentation_tables import ClusteringRun
from app.schemas.run_views import Dendrogram
from app.segmentation.choice.trees import MeasuredTree
from app.segmentation.pictures.dendrogram import dendrogram_data, drawn_cuts
from app.segmentation.pictures.palette import segment_colour


def drawn(
    run: ClusteringRun, names: Mapping[int, str], measured: MeasuredTree, *, max_leaves: int
) -> Dendrogram:
    """Return the drawn part of the tree, and the height of each cut for a slider.

    Raises
    ------
    SegmentationError
        As many leaves cannot be drawn.
    """
    data = dendrogram_data(measured.tree, n_clusters=run.n_clusters, max_leaves=max_leaves)
    sweep = measured.sweep
    cuts = drawn_cuts(measured.tree, data, counts=sweep.k_range if sweep is not None else ())
    return Dendrogram.model_validate(
        {
            "run_id": run.id,
            "linkage": data.linkage,
            "method": data.method,
            "n_clusters": data.n_clusters,
            "cut_height": data.cut_height,
            "branches": [asdict(branch) for branch in data.branches],
            "leaves": [asdict(leaf) for leaf in data.leaves],
            "segments": [
                {"cluster": i, "cluster_name": name, "size": size, "colour": segment_colour(i)}
                for i, (name, size) in enumerate(
                    zip(names.values(), data.cluster_sizes, strict=True)
                )
            ],
            "cuts": [
                {
                    **asdict(cut),
                    "silhouette_score": sweep.silhouettes[i],
                    "degenerate": sweep.degenerate[i],
                }
                for i, cut in enumerate(cuts)
            ]
            if sweep is not None
            else [],
        }
    )
