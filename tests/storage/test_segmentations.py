"""What runs leave behind is read again by this release, and by those to come."""

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.neighbors import NearestNeighbors
from sklearn.preprocessing import PowerTransformer, StandardScaler

from app.segmentation.clustering.tree import Tree
from app.segmentation.kept_tree import KeptTree
from app.segmentation.segmentation import Segmentation
from app.storage import segmentations
from app.storage.artefacts import ArtefactStore, StoredArtefact
from app.storage.bundles import Bundle, DamagedArtefact, read_bundle, write_bundle
from app.storage.segmentations import CODEC, FORMAT, TAGS, packed, unpacked

TREE = Tree(
    merges=np.array([[0, 1, 0.1, 2], [2, 3, 0.7, 3]]),
    leaf_of_row=np.arange(3, dtype=np.int32),
    leaf_sizes=np.ones(3, dtype=np.int64),
    linkage="ward",
    method="exact",
)


@pytest.fixture
def store(tmp_path: Path) -> ArtefactStore:
    return ArtefactStore(tmp_path)


def test_every_field_of_every_class_is_of_a_kind_that_can_be_read() -> None:
    for tag in TAGS:
        assert CODEC.fields_of(tag), tag


def test_what_is_saved_is_loaded(store: ArtefactStore) -> None:
    loaded = store.load("shop", store.save("shop", "tree", TREE), Tree)
    np.testing.assert_array_equal(loaded.merges, TREE.merges)
    assert (loaded.linkage, loaded.method, loaded.quantization_share) == ("ward", "exact", 0.0)


@pytest.mark.parametrize("file", ["manifest.json", "arrays.npz"])
@pytest.mark.parametrize("damage", ["changed", "cut", "missing"])
def test_a_damaged_file_is_refused_before_it_is_read(
    store: ArtefactStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, damage: str
) -> None:
    stored = store.save("shop", "tree", TREE)
    path = tmp_path / "shop" / stored.name / file
    content = path.read_bytes()
    path.unlink()
    if damage != "missing":
        path.write_bytes(content[:-1] + (b"" if damage == "cut" else bytes([content[-1] ^ 1])))
    monkeypatch.setattr(np, "load", lambda *_args: pytest.fail("read"))
    monkeypatch.setattr(json, "loads", lambda *_args: pytest.fail("read"))
    with pytest.raises(DamagedArtefact):
        store.load("shop", stored, Tree)


def test_something_else_than_expected_is_refused(store: ArtefactStore) -> None:
    stored = store.save("shop", "tree", TREE)
    with pytest.raises(DamagedArtefact, match="something else"):
        store.load("shop", stored, Segmentation)


def test_a_write_that_fails_leaves_nothing(store: ArtefactStore, tmp_path: Path) -> None:
    broken = dataclasses.replace(TREE, merges=np.array([object()]))
    with pytest.raises(TypeError):
        store.save("shop", "tree", broken)
    assert list(tmp_path.rglob("*.npz")) == []


def test_what_is_removed_is_gone_and_may_be_removed_again(
    store: ArtefactStore, tmp_path: Path
) -> None:
    stored = store.save("shop", "tree", TREE)
    store.remove("shop", stored.name)
    store.remove("shop", stored.name)
    assert list((tmp_path / "shop").iterdir()) == []


class TestAnOlderFormat:
    """As an earlier release would have written it: another number, and a field by another name."""

    @pytest.fixture
    def older(self, tmp_path: Path) -> StoredArtefact:
        bundle = packed("tree", TREE)
        document: Any = bundle.document
        document["join"] = document.pop("linkage")
        old = Bundle(FORMAT - 1, "tree", document, bundle.arrays)
        return StoredArtefact("tree-old", write_bundle(tmp_path / "shop" / "tree-old", old))

    def test_is_read_by_its_reader(
        self, store: ArtefactStore, older: StoredArtefact, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def upgrade(bundle: Bundle) -> Bundle:
            document: Any = bundle.document
            document["linkage"] = document.pop("join")
            return dataclasses.replace(bundle, format=FORMAT)

        readers: dict[int, Callable[[Bundle], Bundle]] = {FORMAT - 1: upgrade}
        monkeypatch.setattr(segmentations, "UPGRADES", readers)
        assert store.load("shop", older, Tree).linkage == "ward"

    def test_is_refused_where_there_is_none(
        self, store: ArtefactStore, older: StoredArtefact, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(segmentations, "UPGRADES", {})
        with pytest.raises(DamagedArtefact, match=f"its format, {FORMAT - 1}, "):
            store.load("shop", older, Tree)

    def test_a_newer_one_is_refused(self, store: ArtefactStore, tmp_path: Path) -> None:
        bundle = dataclasses.replace(packed("tree", TREE), format=FORMAT + 1)
        checksum = write_bundle(tmp_path / "shop" / "tree-new", bundle)
        with pytest.raises(DamagedArtefact, match="format"):
            store.load("shop", StoredArtefact("tree-new", checksum), Tree)


class TestStoredExamples:
    """One of each kind, as the first release with a number wrote it; they stay for good."""

    FOLDER = Path(__file__).parent / "fixtures" / "format_1"
    INDEX = json.loads((FOLDER / "index.json").read_text())

    @pytest.mark.parametrize("name", INDEX)
    def test_is_read(self, name: str) -> None:
        bundle = read_bundle(self.FOLDER / name, self.INDEX[name])
        assert bundle.format == 1
        expected = {"run": Segmentation, "tree": KeptTree, "version": segmentations.KeptVersion}
        assert unpacked(bundle, expected[bundle.kind])

    @pytest.mark.parametrize("name", [name for name in INDEX if name.startswith("run-")])
    def test_no_estimator_of_a_library_is_asked_for_what_was_kept(
        self, name: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """So that no other release of it can change an answer."""
        for estimator in (StandardScaler, PowerTransformer, PCA, KMeans, NearestNeighbors):
            monkeypatch.setattr(estimator, "__init__", lambda *_, **__: pytest.fail("made"))
        found = unpacked(read_bundle(self.FOLDER / name, self.INDEX[name]), Segmentation)
        encoder = found.encoder
        assert encoder is not None
        row = {column.name: [column.median] for column in encoder.numeric}
        row |= {column.name: [column.levels[0]] for column in encoder.categorical}
        matrix = encoder.transform(pd.DataFrame(row))
        if found.scorer is not None:
            nearest = np.linalg.norm(found.clustering.centers - matrix, axis=1).argmin()
            assert found.scorer.score_many(matrix).clusters.tolist() == [nearest]


class TestSegmentationsOfFormat2:
    """One of each kind, with what it answered when it was stored; they stay for good."""

    FOLDER = Path(__file__).parent / "fixtures" / "format_2"
    INDEX = json.loads((FOLDER / "index.json").read_text())

    @pytest.mark.parametrize("name", [name for name in INDEX if name.startswith("run-")])
    def test_a_run_answers_as_it_did(self, name: str) -> None:
        told = self.INDEX[name]
        bundle = read_bundle(self.FOLDER / name, told["checksum"])
        assert bundle.format == 2
        found = unpacked(bundle, Segmentation)
        placed = found.place(pd.read_json(self.FOLDER / f"{name}.json", orient="split"))
        assert placed.labels.tolist() == told["labels"]
        assert placed.outliers.tolist() == told["outliers"]
        confidences = None if placed.confidences is None else placed.confidences.tolist()
        assert confidences == told["confidences"]
        assert list(found.names) == told["names"]

    @pytest.mark.parametrize(
        ("name", "kind"), [("tree-ward", KeptTree), ("version-1", segmentations.KeptVersion)]
    )
    def test_trees_and_versions_are_read(self, name: str, kind: type) -> None:
        bundle = read_bundle(self.FOLDER / name, self.INDEX[name]["checksum"])
        assert bundle.format == 2
        assert unpacked(bundle, kind)
