"""The schemas in camel case say the same as those in snake case that they are derived from."""

from pydantic.alias_generators import to_snake

from app.schemas.analysis_result import AnalysisResult
from app.schemas.camel import camel
from app.schemas.validation import ValidationOut

VALIDATION = {
    "headline": "There are signs of groups that overlap.",
    "structure": {
        "verdict": "weak",
        "p_value": 0.03,
        "separation": 0.2,
        "sentence": "There may be groups.",
        "n_samples": 40,
        "sampled": False,
        "borderline": False,
        "notes": [],
    },
    "stability": None,
    "certainty": {
        "best_n_clusters": 3,
        "shares": {2: 0.25, 3: 0.75},
        "criteria": [{"name": "gap", "n_clusters": 3}],
        "agree": True,
        "n_resamples": 50,
        "sentences": [],
    },
    "rules": [],
    "notes": [],
}


def properties(schema: dict) -> dict[str, set[str]]:
    return {
        name: set(each.get("properties", ()))
        for name, each in {**schema.get("$defs", {}), "": schema}.items()
    }


def test_every_field_within_is_in_camel_case():
    snake = properties(AnalysisResult.model_json_schema(mode="serialization"))
    derived = properties(camel(AnalysisResult).model_json_schema(mode="serialization"))
    assert len(derived) == len(snake) > 10
    for name, fields in derived.items():
        assert not any("_" in field for field in fields)
        origin = name.removeprefix("Camel")
        assert {to_snake(field) for field in fields} == snake[origin], name


def test_values_are_those_of_the_schema_it_is_derived_from():
    plain = ValidationOut.model_validate(VALIDATION)
    derived = camel(ValidationOut).model_validate(plain)
    assert derived.model_dump(by_alias=False) == plain.model_dump() == VALIDATION
    out = derived.model_dump()
    assert out["structure"]["pValue"] == 0.03
    assert out["certainty"]["bestNClusters"] == 3
    assert out["certainty"]["criteria"] == [{"name": "gap", "nClusters": 3}]


def test_a_schema_is_derived_once():
    assert camel(ValidationOut) is camel(ValidationOut)
