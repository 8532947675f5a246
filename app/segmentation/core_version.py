"""A stored version of the contract's model as a segmentation like any other."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.clustering.result import Clustering
from app.segmentation.description.characteristics import characterise
from app.segmentation.description.profiles import ClusterProfile, profile_segments
from app.segmentation.membership import Membership
from app.segmentation.preparation.column_choice import ColumnChoice
from app.segmentation.preparation.columns import NumericColumn
from app.segmentation.preparation.encoder import Encoder
from app.segmentation.probability import ProbabilityScale
from app.segmentation.recipe import CORE, FEATURES
from app.segmentation.scoring import Scorer
from app.segmentation.segmentation import Chosen, Segmentation
from app.segmentation.silhouette import Silhouette


def core_segmentation(
    frame: pd.DataFrame,
    clustering: Clustering,
    scorer: Scorer,
    *,
    names: Sequence[str],
    averages: NDArray[np.float64],
    silhouette: Silhouette,
    scale: ProbabilityScale | None,
    identifier: str | None,
    degenerate: bool,
    warnings: Sequence[str],
) -> Segmentation:
    """Describe and place customers as a version of the model does.

    Parameters
    ----------
    frame : DataFrame of shape (n_samples, n_features)
        The customers that it was trained on: ``FEATURES`` in original units, blanks NaN or filled
        with the median of the others.
    clustering : Clustering
        Of these rows, in the scaled space.
    scorer : Scorer
        The model, in original units.
    names : sequence of str
        Of the segments.
    averages : ndarray of shape (n_clusters, n_features)
        Of the values that customers gave; what filled a blank is no part of them.
    silhouette : Silhouette
    scale : ProbabilityScale or None
        None for versions of earlier releases.
    identifier : str or None
        Column that names a customer.
    degenerate : bool
    warnings : sequence of str
    """
    columns = {"numeric": FEATURES, "categorical": ()}
    profiles = tuple(
        _averaged(profile, dict(zip(FEATURES, means, strict=True)))
        for profile, means in zip(
            profile_segments(frame, clustering.labels, **columns), averages.tolist(), strict=True
        )
    )
    encoder = Encoder(
        numeric=tuple(
            NumericColumn(
                name=name,
                # Filling blanks with the median does not move it.
                median=float(np.nanmedian(frame[name])),
                transform_name="none",
                mean=mean,
                scale=spread,
            )
            for name, mean, spread in zip(FEATURES, scorer.mean, scorer.scale, strict=True)
        ),
        categorical=(),
    )
    # The encoder measures in standard deviations already.
    places = replace(scorer, mean=(0.0,) * len(FEATURES), scale=(1.0,) * len(FEATURES))
    placed = places.score_many(encoder.transform(frame)).clusters
    return Segmentation(
        recipe=CORE,
        columns=ColumnChoice(FEATURES, (), identifier, {}),
        encoder=encoder,
        clustering=clustering,
        scorer=places,
        chosen=Chosen(algorithm=clustering.method, reason=""),
        silhouette=silhouette,
        profiles=profiles,
        names=tuple(names),
        characteristics=characterise(profiles, frame, clustering.labels, **columns),
        degenerate=degenerate,
        warnings=tuple(warnings),
        membership=Membership(
            rule="nearest_center",
            n_voters=0,
            agreement=float((placed == clustering.labels).mean()),
            scale=scale,
        ),
    )


def _averaged(profile: ClusterProfile, means: Mapping[str, float]) -> ClusterProfile:
    differences = (replace(each, value=means[each.column]) for each in profile.differences)
    return replace(profile, means=means, differences=tuple(differences))
