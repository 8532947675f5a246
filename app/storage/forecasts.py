"""Forecasts that took long, kept next to the customers that they are of."""

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import numpy as np
from numpy.typing import NDArray

from app.storage.files import write_atomically

_TOLD = "told"


class ForecastStore:
    """One file per forecast in its dataset's folder; a key stands for all that it was made from."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def save(
        self,
        directory: str,
        key: str,
        arrays: Mapping[str, NDArray[np.float64]],
        told: Mapping[str, Any],
    ) -> None:
        text = np.frombuffer(json.dumps(told).encode(), dtype=np.uint8)
        buffer = io.BytesIO()
        with ZipFile(buffer, "w") as kept:
            for name, array in {**arrays, _TOLD: text}.items():
                with kept.open(f"{name}.npy", "w") as file:
                    np.lib.format.write_array(file, np.asarray(array), allow_pickle=False)
        write_atomically(self._at(directory, key), lambda file: file.write(buffer.getvalue()))

    def load(
        self, directory: str, key: str
    ) -> tuple[dict[str, NDArray[np.float64]], dict[str, Any]] | None:
        """Return what was kept; None where nothing is, or it has to be made again."""
        try:
            with np.load(self._at(directory, key), allow_pickle=False) as kept:
                arrays = {name: kept[name] for name in kept.files}
            told = json.loads(arrays.pop(_TOLD).tobytes())
        except (OSError, ValueError, KeyError, BadZipFile):
            return None
        return arrays, told

    def _at(self, directory: str, key: str) -> Path:
        return self._root / directory / f"value-{key}.npz"
