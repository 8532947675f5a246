"""Format 1: runs and trees with scikit-learn's scaler and components beside the columns."""

from typing import Any

from app.storage.bundles import Bundle

_RECIPE: dict[str, Any] = {
    "is": "recipe",
    "columns": None,
    "exclude": [],
    "sparse": "keep",
    "blanks": "median",
    "transform": "none",
    "category_weight": 1.0,
    "categorical_limit": 20,
    "extremes": "keep",
    "relevance": "all",
    "redundancy": "keep",
    "projection": "none",
    "algorithm": "hierarchical",
    "linkage": "ward",
    "n_clusters": None,
    "eps": None,
    "min_samples": None,
    "min_cluster_size": None,
    "k_range": [2, 10],
    "count_rule": "highest",
    "compare_counts": False,
    "undivided": "refuse",
    "vocabulary": "generic",
    "validation": "none",
    "explanation": False,
    "seed": 42,
}
_LINKAGES = ("ward", "complete", "average", "single")


def upgrade(bundle: Bundle) -> Bundle:
    """Put each column's mean and scale into the column, and the run into a segmentation."""
    document: Any = bundle.document
    if document["is"] == "run":
        document = _segmentation(document, bundle)
    elif document["is"] == "cuttable tree":
        encoder = _encoder(document["encoder"], bundle)
        document = {
            **document,
            "encoder": encoder,
            "columns": _columns(encoder),
            "n_filled": 0,
            "remarks": [],
        }
    return Bundle(2, bundle.kind, document, bundle.arrays)


def _segmentation(run: dict[str, Any], bundle: Bundle) -> dict[str, Any]:
    fitted = {name: value for name, value in run["fitted"].items() if name != "sweep"}
    encoder = _encoder(fitted["encoder"], bundle)
    recipe = _recipe(fitted["clustering"], encoder)
    return {
        **fitted,
        "recipe": recipe,
        "columns": _columns(encoder),
        "encoder": encoder,
        "chosen": {
            "is": "chosen",
            "algorithm": recipe["algorithm"],
            "reason": "",
            "attempts": [],
            "sweep": run["fitted"]["sweep"],
            "kmeans_sweep": None,
        },
        "characteristics": [],
        "confidences": None,
        "explanation": None,
        "structure": None,
        "validation": None,
        "n_filled": 0,
        "plane": run["projection"],
    }


def _encoder(encoder: dict[str, Any], bundle: Bundle) -> dict[str, Any]:
    scaler, components = encoder["scaler"], encoder["pca"]
    means, scales = (
        [] if scaler is None else bundle.arrays[scaler[each]["array"]].tolist()
        for each in ("mean", "scale")
    )
    numeric = [
        {**column, "fences": None, "mean": mean, "scale": scale}
        for column, mean, scale in zip(encoder["numeric"], means, scales, strict=True)
    ]
    if components is not None:
        components = {name: value for name, value in components.items() if name != "variance"}
    return {
        "is": "encoder",
        "numeric": numeric,
        "categorical": encoder["categorical"],
        "category_weight": 1.0,
        "donors": None,
        "components": components,
    }


def _columns(encoder: dict[str, Any]) -> dict[str, Any]:
    return {
        "is": "column choice",
        "numeric": [column["name"] for column in encoder["numeric"]],
        "categorical": [column["name"] for column in encoder["categorical"]],
        "identifier": None,
        "left_out": {"entries": []},
    }


def _recipe(clustering: dict[str, Any], encoder: dict[str, Any]) -> dict[str, Any]:
    """Tell as much of the recipe as the run itself says; the database has all of it."""
    method = clustering["method"]
    told = {"linkage": method} if method in _LINKAGES else {"algorithm": method}
    transforms = {column["transform_name"] for column in encoder["numeric"]}
    told["transform"] = "log" if "log" in transforms else "none"
    if "yeo-johnson" in transforms:
        told["transform"] = "auto"
    components = encoder["components"]
    projection = components["directions"]["shape"][0] if components is not None else "none"
    return {**_RECIPE, **told, "projection": projection}
