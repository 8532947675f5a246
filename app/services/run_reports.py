"""What a run's row tells of it: plain values, which are listed without its artefact."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from app.db.tables import ClusteringRun
from app.segmentation.column_choice import ColumnChoice
from app.segmentation.description.reasons import reasons
from app.segmentation.fitting import FittedRun

DIFFERENCES_SHOWN = 10

NOISE = "Noise"
"""The name of what is in no cluster, -1."""


def report_of(run: FittedRun, choice: ColumnChoice) -> dict[str, Any]:
    """Put a run's description into plain values."""
    measure, sweep = run.silhouette, run.sweep
    return {
        "details": dict(run.clustering.details),
        "inertia": run.clustering.inertia,
        "n_noise": int(np.count_nonzero(run.clustering.labels < 0)),
        "n_features": len(run.encoder.feature_names),
        "explained_variance": list(run.encoder.explained_variance),
        "silhouette_sample_size": measure.sample_size if measure is not None else None,
        "columns": list(choice.used),
        "numeric": list(choice.numeric),
        "categorical": list(choice.categorical),
        "left_out": dict(choice.left_out),
        "identifier": choice.identifier,
        "degenerate": run.degenerate,
        "warnings": list(run.warnings),
        "profiles": profiles_of(run),
        "sweep": None
        if sweep is None
        else {
            "k_range": [int(k) for k in sweep.k_range],
            "silhouette_scores": [float(score) for score in sweep.silhouettes],
            "inertias": [float(inertia) for inertia in sweep.inertias],
            "degenerate": [bool(each) for each in sweep.degenerate],
        },
    }


def choice_of(report: Mapping[str, Any]) -> ColumnChoice:
    """Return the columns that a stored run used."""
    return ColumnChoice(
        numeric=tuple(report["numeric"]),
        categorical=tuple(report["categorical"]),
        identifier=report["identifier"],
        left_out=report["left_out"],
    )


def profiles_of(run: FittedRun) -> list[dict[str, Any]]:
    per_cluster = run.silhouette.per_cluster if run.silhouette is not None else None
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
        }
        for profile, name in zip(run.profiles, run.names, strict=True)
    ]


def cluster_names(run: ClusteringRun) -> dict[int, str]:
    """Return the names of a stored run's clusters, in their order."""
    return {each["cluster"]: each["cluster_name"] for each in run.report["profiles"]}
