"""The engine's report of validation in plain values, the same for every door."""

import numpy as np
import pandas as pd

from app.db.tables import ModelVersion
from app.schemas.validation import ValidationOut
from app.segmentation.clustering.result import Clustering
from app.segmentation.recipe import FEATURES
from app.segmentation.threads import single_threaded
from app.segmentation.validation.report import ValidationReport, validate_segments
from app.services import versions
from app.services.answer_cache import AnswerCache
from app.services.models import ModelService

NOBODY = 0
"""Owner of what is known of models, which belong to all; no account has this id."""


def validate_version(
    models: ModelService, answers: AnswerCache, row: ModelVersion
) -> ValidationOut:
    """Ask whether the segments of a version of the core's model are real; once, then remember."""
    key = answers.key(["validation of a model", row.version, row.checksum])
    known = answers.get(NOBODY, key)
    if known is not None:
        return ValidationOut.model_validate_json(known)
    customers = versions.customers_of(models, row)
    scorer = models.scorer_of(row)
    X = (customers.features - np.array(scorer.mean)) / np.array(scorer.scale)
    clustering = Clustering(
        labels=scorer.score_many(customers.features).clusters,
        n_clusters=row.n_clusters,
        centers=np.array(scorer.centers),
        inertia=row.inertia,
        method="kmeans",
    )
    frame = pd.DataFrame(customers.features, columns=list(FEATURES))
    with single_threaded():
        found = validation_of(validate_segments(X, clustering, frame, numeric=FEATURES))
    answers.put(NOBODY, key, found.model_dump_json().encode())
    return found


def validation_of(report: ValidationReport) -> ValidationOut:
    stability = report.stability
    return ValidationOut.model_validate(
        {
            "structure": report.structure,
            "stability": stability
            and {
                "weakest": stability.weakest,
                "n_resamples": stability.n_resamples,
                "sample_size": report.stability_sample_size,
                "segments": stability.per_segment,
            },
            "certainty": report.certainty,
            "rules": report.rules,
            "notes": report.notes,
        }
    )
