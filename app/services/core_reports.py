"""The report of a version of the core's model, in the form that runs have."""

from dataclasses import asdict, replace

import pandas as pd

from app.db.tables import ModelVersion
from app.schemas.base import CautionOut
from app.schemas.reports import Report, StoredProfile
from app.segmentation.description.characteristics import characterise, evidence
from app.segmentation.description.profiles import ClusterProfile, profile_segments
from app.segmentation.recipe import FEATURES
from app.segmentation.trained import SegmentProfile
from app.services.models import ModelService, report_of
from app.services.versions import customers_of


def core_report(models: ModelService, row: ModelVersion) -> Report:
    """Describe its segments by the customers they were made of, as a run's are.

    Averages are those that were stored: what filled a customer's blank is no part of them.
    """
    told = report_of(row)
    kept = customers_of(models, row)
    frame = pd.DataFrame(kept.features, columns=list(FEATURES))
    columns = {"numeric": FEATURES, "categorical": ()}
    found = profile_segments(frame, kept.labels, **columns)
    profiles = [
        _with_averages(profile, segment)
        for profile, segment in zip(found, told.segments, strict=True)
    ]
    statements = characterise(profiles, frame, kept.labels, **columns)
    return Report(
        silhouette_sample_size=told.silhouette_sample_size,
        inertia=kept.inertia,
        n_noise=0,
        n_features=len(FEATURES),
        explained_variance=[],
        columns=list(FEATURES),
        left_out={},
        degenerate=told.degenerate,
        warnings=told.warnings,
        cautions=[CautionOut.of(each) for each in told.warnings],
        details={},
        sweep=None,
        validation=None,
        structure=None,
        placement=None,
        reason=None,
        feature_importance=None,
        accuracy=None,
        numeric=list(FEATURES),
        categorical=[],
        identifier=None,
        formats={},
        profiles=[
            StoredProfile.model_validate(
                {
                    "cluster": segment.cluster_id,
                    "cluster_name": segment.name,
                    "size": segment.size,
                    "share": segment.share,
                    "silhouette": segment.silhouette,
                    "means": profile.means,
                    "categories": {},
                    "differences": [asdict(each) for each in profile.differences],
                    "characteristics": [each.text for each in said],
                    "evidence": [asdict(each) for each in evidence(said)],
                    "middle": said[0].text if said and said[0].is_medium else None,
                }
            )
            for segment, profile, said in zip(told.segments, profiles, statements, strict=True)
        ],
    )


def _with_averages(profile: ClusterProfile, segment: SegmentProfile) -> ClusterProfile:
    means = {name: float(getattr(segment, f"avg_{name}")) for name in FEATURES}
    return replace(
        profile,
        means=means,
        differences=tuple(replace(each, value=means[each.column]) for each in profile.differences),
    )
