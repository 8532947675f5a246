"""Warnings have codes for programs beside their sentences."""

import pickle

import numpy as np

from app.schemas.analysis import AnalysisOptions, AnalysisRequest
from app.schemas.reports import Report
from app.segmentation.caution import NOTE, Caution, code_of
from app.services.analysis_work import analyse_records

GROUPS = [
    {"income": round(float(value), 2), "spent": round(float(value) * 2 + 1, 2)}
    for center in (20, 60)
    for value in np.random.default_rng(center).normal(center, 1, 60)
]


def test_a_caution_is_its_sentence_and_keeps_its_code():
    caution = Caution("4 rows are noise", "noise")
    assert caution == "4 rows are noise"
    assert code_of(pickle.loads(pickle.dumps(caution))) == "noise"
    assert code_of("4 rows are noise") == NOTE


def test_an_analysis_gives_each_warning_with_its_code():
    request = AnalysisRequest.model_validate({"customerData": GROUPS, "options": {"hue": 1}})
    found = analyse_records(GROUPS, AnalysisOptions(), remarks=request.remarks())
    assert [each.message for each in found.cautions] == found.warnings
    codes = [each.code for each in found.cautions]
    assert codes[0] == "unknown_option"
    assert "repeated_column" in codes
    assert NOTE not in codes


def test_a_report_of_an_earlier_release_has_its_warnings_as_notes():
    report = Report.model_validate(
        {
            "details": {},
            "inertia": 1.0,
            "n_noise": 0,
            "n_features": 1,
            "explained_variance": [],
            "silhouette_sample_size": None,
            "columns": ["age"],
            "numeric": ["age"],
            "categorical": [],
            "left_out": {},
            "identifier": None,
            "degenerate": False,
            "warnings": ["Only one cluster was found"],
            "profiles": [],
            "sweep": None,
        }
    )
    assert [each.model_dump() for each in report.cautions] == [
        {"code": NOTE, "message": "Only one cluster was found"}
    ]
    assert report.validation is None
