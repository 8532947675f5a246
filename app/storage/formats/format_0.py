"""Format 0: joblib files of the engine's own classes, and of scikit-learn's, without a number.

They are pickles, so each is read in a process of its own, once its checksum has been compared, and
with stand-ins for every class: nothing that a file names is called, and no class need still exist.
"""

import hashlib
import io
from collections.abc import Mapping
from pathlib import Path
from pickle import UnpicklingError
from typing import Any, ClassVar

import numpy as np
from joblib.numpy_pickle import NumpyArrayWrapper, NumpyUnpickler

from app.storage.bundles import Bundle, DamagedArtefact, write_bundle, write_files
from app.storage.codec import encode

SUFFIX = ".joblib"
VERSION_FILES = ("customers.npz", "kmeans.pkl", "scaler.pkl")

_ARRAYS = {
    ("numpy", "dtype"),
    ("numpy", "ndarray"),
    ("numpy._core.multiarray", "scalar"),
    ("numpy._core.multiarray", "_reconstruct"),
}
_TAGS = {
    "KeptVersion": "version",
    "KeptRun": "run",
    "FittedRun": "segmentation",
    "FeatureEncoder": "encoder",
    "NumericColumn": "numeric column",
    "CategoricalColumn": "categorical column",
    "StandardScaler": "standardisation",
    "PCA": "components",
    "Clustering": "clustering",
    "DensityModel": "density",
    "Scorer": "scorer",
    "Silhouette": "silhouette",
    "Sweep": "sweep",
    "ClusterProfile": "profile",
    "CategoryShare": "category share",
    "Difference": "difference",
    "Band": "band",
    "Projection": "projection",
    "CuttableTree": "cuttable tree",
    "MeasuredTree": "measured tree",
    "Tree": "tree",
    "TreeCut": "cut",
    "Tabulation": "tabulation",
    "NumericCounts": "numeric counts",
    "CategoricalCounts": "categorical counts",
    "BandCounts": "band counts",
}
_IN_ORDER = {
    "CategoryShare": ("level", "share"),
    "Scorer": ("mean", "scale", "centers", "outlier_threshold"),
}
"""Fields of the classes that are written without their names."""

_LEARNED = {
    "StandardScaler": {
        "mean": "mean_",
        "variance": "var_",
        "scale": "scale_",
    },
    "PCA": {
        "mean": "mean_",
        "directions": "components_",
        "variance": "explained_variance_",
        "explained": "explained_variance_ratio_",
    },
}
"""What is kept of scikit-learn's classes, and what it is called there."""


class StandIn:
    """Takes what a file says of an object, and does nothing with it."""

    name: ClassVar[str] = "KeptVersion"
    state: Mapping[str, Any]

    def __new__(cls, *args: object) -> "StandIn":
        found = super().__new__(cls)
        found.state = dict(zip(_IN_ORDER.get(cls.name, ()), args, strict=False))
        return found

    def __setstate__(self, state: Any) -> None:
        named = state if isinstance(state, dict) else zip(_IN_ORDER[self.name], state, strict=True)
        self.state = dict(named)

    def fields(self) -> dict[str, object]:
        learned = _LEARNED.get(self.name)
        if learned is None:
            return dict(self.state)
        return {name: self.state[old] for name, old in learned.items()}


class _PlainArray(NumpyArrayWrapper):  # type: ignore[misc]
    """An array of numbers or text; one of objects would be a pickle within the pickle."""

    def read(self, *args: Any) -> Any:
        if self.dtype.hasobject:
            raise UnpicklingError("it holds an array of objects")
        return super().read(*args)


class _Unpickler(NumpyUnpickler):  # type: ignore[misc]
    def find_class(self, module: str, name: str) -> Any:
        if (module.replace("numpy.core.", "numpy._core."), name) in _ARRAYS:
            return super().find_class(module, name)
        if (module, name) == ("joblib.numpy_pickle", "NumpyArrayWrapper"):
            return _PlainArray
        if module.partition(".")[0] in ("app", "sklearn") and (name in _TAGS or name == "KMeans"):
            return type(name, (StandIn,), {"name": name})
        raise UnpicklingError(f"it names {module}.{name}")


def convert_artefact(source: Path, checksum: str, target: Path) -> str:
    """Write a run or a tree as format 1 beside its file, and return the new checksum.

    Raises
    ------
    DamagedArtefact
        The file is missing, is not the one that was written, or cannot be read.
    """
    content = _content(source)
    if hashlib.sha256(content).hexdigest() != checksum:
        raise DamagedArtefact(f"{source.name} is not what was written")
    document, arrays = encode(_read(source.name, content), _described)
    return write_bundle(target, Bundle(1, target.name.partition("-")[0], document, arrays))


def convert_version(directory: Path, checksum: str) -> str:
    """Write a version as format 1 beside its files, and return the new checksum; see above."""
    content = {name: _content(directory / name) for name in VERSION_FILES}
    digest = hashlib.sha256()
    for name, each in content.items():
        digest.update(f"{name}:{len(each)}\n".encode())
        digest.update(each)
    if digest.hexdigest() != checksum:
        raise DamagedArtefact(f"{directory.name} is not what was written")
    with np.load(io.BytesIO(content["customers.npz"]), allow_pickle=False) as customers:
        ids, features = customers["ids"], customers["features"]
    kmeans = _read("kmeans.pkl", content["kmeans.pkl"])
    scaler = _read("scaler.pkl", content["scaler.pkl"])
    version = StandIn()
    version.state = {
        "mean": scaler.state["mean_"],
        "scale": scaler.state["scale_"],
        "centers": kmeans.state["cluster_centers_"],
        "labels": kmeans.state["labels_"],
        "inertia": kmeans.state["inertia_"],
        "customer_ids": ids,
        "features": features,
    }
    document, arrays = encode(version, _described)
    return write_files(directory, Bundle(1, "version", document, arrays))


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise DamagedArtefact(f"{file.name} is not there") from error


def _read(name: str, content: bytes) -> StandIn:
    try:
        found = _Unpickler(name, io.BytesIO(content), ensure_native_byte_order=True).load()
    # What a pickle of anything can raise is anything.
    except Exception as error:
        raise DamagedArtefact(f"{name} cannot be read: {error}") from error
    if not isinstance(found, StandIn):
        raise DamagedArtefact(f"{name} holds something else")
    return found


def _described(value: object) -> tuple[str, dict[str, object]] | None:
    return (_TAGS[value.name], value.fields()) if isinstance(value, StandIn) else None
