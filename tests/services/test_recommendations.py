"""Advice from an analysis that comes back, whatever words its sentences are in."""

import json

import numpy as np
import pytest

from app.config import Settings
from app.schemas.analysis import AnalysisOptions
from app.schemas.recommendations import RecommendationRequest
from app.services.analysis_work import analyse_records
from app.services.recommendations import recommend


@pytest.fixture(scope="module")
def answer() -> dict:
    """Three groups of customers along two columns: one lies between the others."""
    rng = np.random.default_rng(0)
    records = [
        {
            "income": round(float(rng.normal(center * 1000, 900)), 2),
            "visits": round(float(rng.normal(center, 0.9)), 2),
        }
        for center in (20, 40, 60)
        for _ in range(60)
    ]
    return json.loads(analyse_records(records, AnalysisOptions(n_clusters=3)).model_dump_json())


def between(answer: dict) -> dict:
    return next(each for each in answer["clusters"] if each["middle"])


def test_a_segment_between_the_others_is_marked(answer):
    middles = [each["middle"] for each in answer["clusters"]]
    assert sum(middle is not None for middle in middles) == 1
    assert between(answer)["middle"] == between(answer)["characteristics"][0]
    assert 38_000 < between(answer)["centroid"]["income"] < 42_000


def test_no_meaning_is_read_from_the_words_of_a_characteristic(answer):
    reworded = json.loads(json.dumps(answer))
    for cluster in reworded["clusters"]:
        cluster["characteristics"] = ["Medium of everything", "Ein Satz"]
    settings = Settings(_env_file=None)

    def advise(analysis: dict) -> list[str]:
        form = RecommendationRequest.model_validate({"analysis": analysis})
        return recommend(form, settings).model_dump()["details"]

    assert advise(reworded) == advise(answer)
