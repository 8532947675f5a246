"""Advice on a stored run is that on the same segments, posted."""

import numpy as np
import pandas as pd
import pytest

from app.config import Settings
from app.schemas.analysis import AnalysisOptions
from app.schemas.recommendations import RecommendationRequest
from app.schemas.reports import Report
from app.segmentation.segment import segment
from app.segmentation.tables import table_from_frame
from app.services.analysis_work import analyse_records
from app.services.recommendations import recommend
from app.services.segmentations.advising import advise
from app.services.segmentations.reports import report_of


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    """Three groups along two columns, of which one lies between the others."""
    rng = np.random.default_rng(0)
    centers = np.repeat([20.0, 40.0, 60.0], 60)
    return pd.DataFrame(
        {
            "income": (rng.normal(centers, 0.9) * 1000).round(2),
            "visits": rng.normal(centers, 0.9).round(2),
        }
    )


@pytest.fixture(scope="module")
def report(frame: pd.DataFrame) -> Report:
    recipe = AnalysisOptions(n_clusters=3).recipe()
    found = report_of(segment(table_from_frame(frame.astype(object)), recipe))
    return Report.model_validate_json(found.model_dump_json())


def test_a_run_gets_the_advice_of_the_analysis_of_the_same_customers(frame, report):
    analysis = analyse_records(frame.to_dict("records"), AnalysisOptions(n_clusters=3))
    form = RecommendationRequest.model_validate({"analysis": analysis.model_dump(by_alias=True)})
    answered = recommend(form, Settings(_env_file=None))
    assert [each.text for each in advise(report)] == answered.recommendations
    assert any("in the middle" in each.reason for each in advise(report))


def test_advice_names_segments_as_they_are_shown(report):
    texts = [each.text for each in advise(report, {0: "Our best"}) if each.segment == 0]
    assert texts
    assert all('"Our best"' in text for text in texts)


def test_runs_of_earlier_releases_get_advice_from_their_differences(report):
    old = report.model_dump()
    for profile in old["profiles"]:
        del profile["evidence"], profile["middle"]
    old |= {"feature_importance": None, "accuracy": None}
    advice = advise(Report.model_validate(old))
    assert {each.segment for each in advice} >= {0, 1, 2}
