"""Another cut of a tree that was kept, described without reading a row."""

from collections.abc import Mapping

from app.segmentation.cautions import cautions, placing_cautions
from app.segmentation.clustering.sweep import is_degenerate
from app.segmentation.description.naming_generic import name_generic
from app.segmentation.description.profiles import describe_segments, with_units
from app.segmentation.kept_tree import KeptTree, cut_kept, cut_membership, cut_projection
from app.segmentation.placing import scorer_of
from app.segmentation.recipe import Recipe
from app.segmentation.segmentation import Chosen, Segmentation


def recut(
    tree: KeptTree, recipe: Recipe, *, units: Mapping[str, str] | None = None, placing: bool = True
) -> Segmentation:
    """Describe another cut of a kept tree as `segment` would, without reading a row.

    Parameters
    ----------
    tree : KeptTree
    recipe : Recipe
        Its ``n_clusters`` is the cut; None is the sound one with the highest silhouette.
    units : mapping of str to str, optional
        Column to what its values are counted in.
    placing : bool
        Whether new rows will be placed by it, which takes longer than the rest.

    Raises
    ------
    DegenerateDataError
        The tree has no such cut.
    """
    asked = tree.measured.best_k if recipe.n_clusters is None else recipe.n_clusters
    clustering, cut = cut_kept(tree, asked)
    measure = tree.measured.measure(clustering.n_clusters)
    profiles = with_units(describe_segments(tree.table.merged(cut.clusters)), units or {})
    scorer = scorer_of(clustering, cut.reaches or (cut.reach,) * len(cut.centers))
    membership = cut_membership(tree, clustering, scorer) if placing else None
    return Segmentation(
        recipe=recipe,
        columns=tree.columns,
        encoder=tree.encoder,
        clustering=clustering,
        scorer=scorer,
        membership=membership,
        chosen=Chosen(
            algorithm="hierarchical",
            reason=_reason(recipe, clustering.n_clusters),
            sweep=tree.measured.sweep,
        ),
        silhouette=measure,
        profiles=profiles,
        names=name_generic(profiles),
        degenerate=is_degenerate(clustering),
        n_filled=tree.n_filled,
        warnings=(
            *tree.remarks,
            *cautions(clustering, measure, recipe=recipe, sweep=tree.measured.sweep),
            *placing_cautions(membership),
        ),
        plane=cut_projection(tree, n_clusters=asked),
    )


def _reason(recipe: Recipe, n_clusters: int) -> str:
    return (
        f"Hierarchical ({recipe.linkage.capitalize()}) with {n_clusters} segments: "
        "the algorithm was requested."
    )
