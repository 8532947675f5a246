"""What a run's row tells of it: plain values, which are listed without its artefact."""

from dataclasses import asdict
from typing import Any

import numpy as np

from app.db.tables import ClusteringRun
from app.segmentation.description.reasons import reasons
from app.segmentation.segmentation import Segmentation
from app.services.validating import structure_of, validation_of

DIFFERENCES_SHOWN = 10

NOISE = "Noise"
"""The name of what is in no cluster, -1."""


def report_of(found: Segmentation) -> dict[str, Any]:
    """Put a segmentation's description into plain values."""
    measure, sweep, columns = found.silhouette, found.chosen.sweep, found.columns
    encoder, explanation = found.encoder, found.explanation
    validation, structure = found.validation, found.structure
    return {
        "details": dict(found.clustering.details),
        "inertia": found.clustering.inertia,
        "n_noise": int(np.count_nonzero(found.labels < 0)),
        "n_features": len(encoder.feature_names) if encoder is not None else 0,
        "explained_variance": list(encoder.explained_variance) if encoder is not None else [],
        "silhouette_sample_size": measure.sample_size if measure is not None else None,
        "columns": list(columns.used),
        "numeric": list(columns.numeric),
        "categorical": list(columns.categorical),
        "left_out": dict(columns.left_out),
        "identifier": columns.identifier,
        "degenerate": found.degenerate,
        "warnings": list(found.warnings),
        "profiles": profiles_of(found),
        "reason": found.chosen.reason,
        "feature_importance": dict(found.importance) if explanation is not None else None,
        "accuracy": found.accuracy if explanation is not None else None,
        "structure": structure_of(structure).model_dump(mode="json") if structure else None,
        "validation": validation_of(validation).model_dump(mode="json") if validation else None,
        "sweep": None
        if sweep is None
        else {
            "k_range": [int(k) for k in sweep.k_range],
            "silhouette_scores": [float(score) for score in sweep.silhouettes],
            "inertias": [float(inertia) for inertia in sweep.inertias],
            "degenerate": [bool(each) for each in sweep.degenerate],
        },
    }


def profiles_of(found: Segmentation) -> list[dict[str, Any]]:
    per_cluster = found.silhouette.per_cluster if found.silhouette is not None else None
    told = found.characteristics or ((),) * len(found.profiles)
    return [
        {
            "cluster": profile.cluster_id,
            "cluster_name": name,
            "size": profile.size,
            "share": profile.share,
            "silhouette": per_cluster[profile.cluster_id] if per_cluster is not None else None,
            "means": dict(profile.means),
            "categories": {
                column: [share._asdict() for share in shares]
                for column, shares in profile.categories.items()
            },
            "differences": [
                asdict(each) for each in reasons(profile, name, most=DIFFERENCES_SHOWN)
            ],
            "characteristics": [each.text for each in statements],
        }
        for profile, name, statements in zip(found.profiles, found.names, told, strict=True)
    ]


def cluster_names(run: ClusteringRun) -> dict[int, str]:
    """Return the names of a stored run's clusters, in their order."""
    return {each["cluster"]: each["cluster_name"] for each in run.report["profiles"]}
