"""What a run's row tells of it, written and read here alone."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import cast

import numpy as np

from app.db.segmentation_tables import ClusteringRun, LastingSegmentation, RunIdentity, Version
from app.db.tables import Dataset
from app.schemas.base import CautionOut
from app.schemas.clustering import MembershipOut, RunDescription, RunOut, SweepOut
from app.schemas.recipes import RecipeOut
from app.schemas.reports import Report, StoredProfile
from app.schemas.validation import StructureOut, ValidationOut
from app.segmentation.clustering.sweep import Sweep
from app.segmentation.description.characteristics import evidence
from app.segmentation.description.reasons import reasons
from app.segmentation.recipe import AUTO, CONTRACT, CORE, Recipe
from app.segmentation.segmentation import Segmentation
from app.segmentation.tables import ColumnFormat
from app.segmentation.validation.headline import headline
from app.segmentation.validation.report import ValidationReport
from app.services import models

DIFFERENCES_SHOWN = 10

NOISE = "Noise"
"""The name of what is in no cluster, -1."""
_OLDEST = (
    "algorithm",
    "linkage",
    "n_clusters",
    "columns",
    "transform",
    "categorical_limit",
    "eps",
    "min_samples",
    "min_cluster_size",
)
_AUTOMATIC = (
    "Named options follow the contract: numbers are standardised, categories count in full, every "
    "usable column is used. Automatic segmentation (algorithm and n_clusters auto) would fill gaps "
    "from similar customers, straighten skewed numbers, draw in single extreme values, and set "
    "sparse, repeated and unrelated columns aside; it would look for groups of any shape and "
    "number, and only where there are none choose the algorithm and the number by score."
)
_SENTENCES = {
    "auto": "Columns, algorithm and number of segments were chosen automatically.",
    "contract": _AUTOMATIC,
    "core": "Age, income, spending and frequency, standardised, by K-means.",
}


def report_of(found: Segmentation, formats: Mapping[str, ColumnFormat] | None = None) -> Report:
    """Describe a segmentation; `formats` says how its columns of numbers were written."""
    measure, columns, encoder = found.silhouette, found.columns, found.encoder
    explanation, sweep = found.explanation, found.chosen.sweep
    return Report(
        details=dict(found.clustering.details),
        inertia=found.clustering.inertia,
        n_noise=int(np.count_nonzero(found.labels < 0)),
        n_features=len(encoder.feature_names) if encoder is not None else 0,
        explained_variance=list(encoder.explained_variance) if encoder is not None else [],
        silhouette_sample_size=measure.sample_size if measure is not None else None,
        columns=list(columns.used),
        numeric=list(columns.numeric),
        categorical=list(columns.categorical),
        left_out=dict(columns.left_out),
        identifier=columns.identifier,
        degenerate=found.degenerate,
        warnings=[str(each) for each in found.warnings],
        cautions=[CautionOut.of(each) for each in found.warnings],
        profiles=profiles_of(found),
        sweep=_sweep(sweep) if sweep is not None else None,
        validation=validation_of(found.validation) if found.validation else None,
        structure=StructureOut.model_validate(found.structure) if found.structure else None,
        placement=MembershipOut.model_validate(found.membership) if found.membership else None,
        reason=found.chosen.reason or None,
        feature_importance=dict(found.importance) if explanation is not None else None,
        accuracy=found.accuracy if explanation is not None else None,
        formats=dict(formats or {}),
    )


def _sweep(sweep: Sweep) -> SweepOut:
    return SweepOut(
        k_range=list(sweep.k_range),
        silhouette_scores=list(sweep.silhouettes),
        inertias=list(sweep.inertias),
        degenerate=list(sweep.degenerate),
    )


def profiles_of(found: Segmentation) -> list[StoredProfile]:
    per_cluster = found.silhouette.per_cluster if found.silhouette is not None else None
    told = found.characteristics or ((),) * len(found.profiles)
    return [
        StoredProfile.model_validate(
            {
                "cluster": profile.cluster_id,
                "cluster_name": name,
                "size": profile.size,
                "share": profile.share,
                "silhouette": per_cluster[profile.cluster_id] if per_cluster is not None else None,
                "means": profile.means,
                "categories": {
                    column: [share._asdict() for share in shares]
                    for column, shares in profile.categories.items()
                },
                "differences": [
                    asdict(each) for each in reasons(profile, name, most=DIFFERENCES_SHOWN)
                ],
                "characteristics": [each.text for each in statements],
                "evidence": [asdict(each) for each in evidence(statements)] if statements else None,
                "middle": statements[0].text if statements and statements[0].is_medium else None,
            }
        )
        for profile, name, statements in zip(found.profiles, found.names, told, strict=True)
    ]


def read_report(run: ClusteringRun) -> Report:
    """Return a run's report, with the names that its segments are shown by."""
    report = Report.model_validate(run.report)
    return with_shown_names(report, run.segmentation, identity_of(run))


def with_shown_names(
    report: Report, segmentation: LastingSegmentation, identity: RunIdentity
) -> Report:
    """Give a report the names that its segments are shown by."""
    automatic = [each.automatic_name for each in report.profiles]
    shown = shown_names(segmentation, identity, automatic)
    for profile, name in zip(report.profiles, shown, strict=True):
        profile.cluster_name = name
    return report


def identity_of(version: Version) -> RunIdentity:
    """Return which lasting segments a version has; those of the oldest models are their ids."""
    if isinstance(version, ClusteringRun):
        return cast(RunIdentity, version.identity)
    told = models.report_of(version)
    if told.identity is not None:
        return cast(RunIdentity, told.identity)
    overlaps = {match.new_id: match.overlap for match in told.matches}
    return {
        "identified_by": None,
        "segments": [
            {"lasting_id": each.cluster_id, "overlap": overlaps.get(each.cluster_id)}
            for each in told.segments
        ],
        "cautions": [],
    }


def shown_names(
    segmentation: LastingSegmentation, identity: RunIdentity, automatic: Sequence[str]
) -> list[str]:
    """Take the owner's name of each segment, or else the automatic one."""
    owners = {each.lasting_id: each.name for each in segmentation.segments}
    given = [owners.get(each["lasting_id"]) for each in identity["segments"]]
    # A name that was found later must not pass for one that the owner gave to another segment.
    return [
        own or (f"{name} ({i})" if name in given else name)
        for i, (own, name) in enumerate(zip(given, automatic, strict=True), start=1)
    ]


def headline_of(report: Report) -> str | None:
    """Say what to make of a run, as far as it was asked; the oldest reports have no such words."""
    structure = report.tested_structure
    jaccards = [each.jaccard for each in report.stabilities.values()]
    verdict = structure.verdict if structure is not None else None
    return headline(verdict, jaccards, degenerate=report.degenerate) or None


def described(run: ClusteringRun, dataset: Dataset) -> RunOut:
    report, recipe = read_report(run), recipe_of(run.options)
    by_count = recipe.algorithm in ("auto", "hierarchical", "kmeans")
    return RunOut(
        **{name: getattr(report, name) for name in RunDescription.model_fields},
        run_id=run.id,
        dataset_id=run.dataset_id,
        dataset=dataset.filename,
        segmentation_id=run.segmentation_id,
        version=run.version,
        created_by=run.created_by,
        visibility=run.visibility,
        algorithm=run.algorithm,
        linkage=run.linkage,
        method=_method(report),
        n_clusters=run.n_clusters,
        n_clusters_requested="auto"
        if by_count and recipe.n_clusters is None
        else recipe.n_clusters,
        silhouette_score=run.silhouette_score,
        cluster_sizes=[profile.size for profile in report.profiles],
        cluster_names=[profile.cluster_name for profile in report.profiles],
        n_samples=run.n_samples,
        n_encoded_features=run.n_encoded_features,
        use_pca=bool(report.explained_variance),
        transform=recipe.transform,
        recipe=describe_recipe(recipe),
        created_at=run.created_at,
        data_changed=run.reading != dataset.reading,
    )


def _method(report: Report) -> str | None:
    method = report.details.get("method")
    return method if isinstance(method, str) else None


def validation_of(report: ValidationReport) -> ValidationOut:
    stability = report.stability
    return ValidationOut.model_validate(
        {
            "headline": report.headline,
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


def recipe_of(options: Mapping[str, object]) -> Recipe:
    """Read the recipe of a stored run; the oldest have the request's options instead."""
    if "seed" in options:
        return Recipe.from_dict(options)
    components = options["pca_components"]
    return Recipe.from_dict(
        {
            **CONTRACT.to_dict(),
            **{name: options[name] for name in _OLDEST},
            "projection": "none" if components is None else components,
            "validation": "full" if options.get("with_validation") else "none",
        }
    )


def describe_recipe(recipe: Recipe) -> RecipeOut:
    """Name a recipe, give its values, and say what another would do differently."""
    name = _name_of(recipe)
    return RecipeOut(name=name, sentence=_SENTENCES[name], values=recipe.to_dict())


def _name_of(recipe: Recipe) -> str:
    if recipe.vocabulary == CORE.vocabulary:
        return "core"
    return "auto" if recipe.undivided == AUTO.undivided else "contract"
