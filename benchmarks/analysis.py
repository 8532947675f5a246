"""An analysis of posted records, 5,000 by 8, without and with validation, and each part's cost.

Seconds of the clock and of the processor. The work has one thread, so that on a machine with a
free core both are alike; the limits are held against the processor's, which no other work changes.
"""

import argparse
import time
from collections.abc import Callable
from typing import Any, TypeVar

import pandas as pd
from pydantic_core import to_json

from app.config import Settings
from app.schemas.analysis import AnalysisOptions
from app.schemas.recommendations import RecommendationRequest
from app.segmentation.choice.attempts import fit
from app.segmentation.choice.choosing import choose
from app.segmentation.explanation.importance import explain_segments
from app.segmentation.explanation.rules import describe_by_rules
from app.segmentation.preparation.preparing import prepare
from app.segmentation.recipe import AUTO
from app.segmentation.tables import table_from_frame
from app.segmentation.threads import single_threaded
from app.segmentation.validation.certainty import assess_certainty
from app.segmentation.validation.clear_groups import shows_clear_groups
from app.segmentation.validation.report import STABILITY_ROWS, refit_of
from app.segmentation.validation.stability import assess_stability
from app.segmentation.validation.structure import assess_structure
from app.services.analysis_work import analyse_records
from app.services.answer_cache import AnswerCache
from app.services.recommendations import recommend
from benchmarks.inputs import records

Result = TypeVar("Result")
LIMITS = {False: 3.0, True: 15.0}
LIMIT_OF_OWN_FIELDS = 0.5


def timed(name: str, work: Callable[[], Result]) -> Result:
    clock, processor = time.perf_counter(), time.process_time()
    with single_threaded():
        result = work()
    seconds = time.perf_counter() - clock
    print(f"  {name:34} {seconds:7.3f} s, {time.process_time() - processor:7.3f} s of processor")
    return result


def parts(posted: list[dict[str, Any]]) -> None:
    table = timed("table", lambda: table_from_frame(pd.DataFrame(posted, dtype=object)))
    prepared = timed(
        "columns, gaps filled, encoded",
        lambda: prepare(table, AUTO, shows_groups=shows_clear_groups),
    )
    X, frame, described = prepared.space.matrix, prepared.frame, prepared.described
    columns = {"numeric": described.numeric, "categorical": described.categorical}
    for algorithm in ("kmeans", "hierarchical", "dbscan"):
        timed(f"trying {algorithm}", lambda a=algorithm: fit(a, prepared.space, AUTO))
    choice = choose(prepared.space, AUTO)
    clustering = choice.clustering
    assert clustering is not None
    labels = clustering.labels
    timed("accuracy and importance", lambda: explain_segments(frame, labels, **columns))
    timed("structure", lambda: assess_structure(X))
    rows = slice(None, None, max(1, len(X) // STABILITY_ROWS))
    timed(
        "stability, 50 resamples",
        lambda: assess_stability(X[rows], labels[rows], refit_of(clustering), n_resamples=50),
    )
    timed("certainty", lambda: assess_certainty(X, sweep=choice.kmeans_sweep))
    timed("rules", lambda: describe_by_rules(frame, labels, **columns))


def fields_of_their_own() -> int:
    """A thousand records that share no field: little to send, and a million cells as a table."""
    clusters = [
        {
            "clusterId": number,
            "clusterName": f"Segment {number}",
            "customers": [{f"f{number}-{i}": i} for i in range(500)],
            "centroid": {},
            "characteristics": [],
        }
        for number in range(2)
    ]
    analysis = {"clusters": clusters, "featureImportance": {}, "accuracy": 0.9}
    body = to_json({"analysis": analysis})
    began = time.process_time()
    recommend(RecommendationRequest.model_validate_json(body), Settings(_env_file=None))
    spent = time.process_time() - began
    kept = "kept" if spent < LIMIT_OF_OWN_FIELDS else "MISSED"
    print(
        f"  advice, 1,000 fields of 1,000      {spent:7.3f} s of processor; "
        f"limit {LIMIT_OF_OWN_FIELDS} s {kept}"
    )
    return int(spent >= LIMIT_OF_OWN_FIELDS)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=5000)
    posted = records(parser.parse_args().rows)
    analyse_records(posted[:200], AnalysisOptions())

    print(f"{len(posted):,} records by {len(posted[0]) - 1}")
    missed = fields_of_their_own()
    spent = {}
    for validate, limit in LIMITS.items():
        began, worked = time.perf_counter(), time.process_time()
        analyse_records(posted, AnalysisOptions(with_validation=validate))
        seconds, spent[validate] = time.perf_counter() - began, time.process_time() - worked
        kept = "kept" if spent[validate] < limit else "MISSED"
        missed += spent[validate] >= limit
        how = "with" if validate else "without"
        print(
            f"  {how + ' validation':34} {seconds:7.3f} s, {spent[validate]:7.3f} s of processor; "
            f"limit {limit:.0f} s {kept}"
        )
    cache = AnswerCache(max_bytes=1_000_000, release="benchmark")
    began = time.process_time()
    cache.get(1, cache.key([posted, {}]))
    print(
        f"  from the cache, ratio              {spent[False] / (time.process_time() - began):7.0f}"
    )
    print("each part")
    parts(posted)
    return int(missed > 0)


if __name__ == "__main__":
    raise SystemExit(main())
