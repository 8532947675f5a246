"""Fitted models on disk: whole, checked, and swept up after."""

from dataclasses import fields

import joblib
import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import KMeans
from sklearn.preprocessing import StandardScaler

from app.storage.models import DamagedArtefact, KeptVersion, ModelStore, StoredModel

ROWS = np.random.default_rng(0).normal(size=(30, 4))


@pytest.fixture
def store(tmp_path) -> ModelStore:
    return ModelStore(tmp_path / "models")


def version() -> KeptVersion:
    scaler = StandardScaler().fit(ROWS)
    kmeans = KMeans(2, n_init=1, random_state=0).fit(scaler.transform(ROWS))
    return KeptVersion(
        mean=scaler.mean_,
        scale=scaler.scale_,
        centers=kmeans.cluster_centers_,
        labels=kmeans.labels_,
        inertia=kmeans.inertia_,
        customer_ids=np.arange(30).astype(str),
        features=ROWS,
    )


def save(store: ModelStore) -> StoredModel:
    return store.save(version(), pd.DataFrame({"age": [40.0, 50.0]}))


def test_what_is_saved_is_loaded(store):
    saved, loaded = version(), store.load(save(store))
    for field in fields(KeptVersion):
        np.testing.assert_array_equal(getattr(loaded, field.name), getattr(saved, field.name))


def test_what_is_published_places_customers_as_the_model_does(store, tmp_path):
    stored = save(store)
    with store.publishing_turn():
        store.publish(stored)
    kmeans = joblib.load(tmp_path / "models" / "kmeans.pkl")
    scaler = joblib.load(tmp_path / "models" / "scaler.pkl")
    np.testing.assert_array_equal(scaler.mean_, ROWS.mean(axis=0))
    np.testing.assert_array_equal(kmeans.predict(scaler.transform(ROWS)), version().labels)
    np.testing.assert_array_equal(kmeans.labels_, version().labels)


@pytest.mark.parametrize("file", ["manifest.json", "arrays.npz"])
@pytest.mark.parametrize("damage", ["changed", "cut", "missing"])
def test_a_damaged_file_is_refused_before_it_is_read(store, tmp_path, monkeypatch, file, damage):
    stored = save(store)
    path = tmp_path / "models" / "versions" / stored.directory / file
    content = path.read_bytes()
    path.unlink()
    if damage != "missing":
        path.write_bytes(content[:-1] + (b"" if damage == "cut" else bytes([content[-1] ^ 1])))
    monkeypatch.setattr(np, "load", lambda *_args: pytest.fail("read"))
    with pytest.raises(DamagedArtefact):
        store.load(stored)


def test_sweeping_up_removes_what_a_killed_training_left_and_nothing_else(store, tmp_path):
    store.sweep_up(set())
    kept, lost, of_another_database = save(store), save(store), save(store)
    store.recorded(of_another_database.directory)
    versions = tmp_path / "models" / "versions"
    (versions / ".half").mkdir()
    (versions / "stray").write_text("")
    store.sweep_up({kept.directory})
    left = {path.name for path in versions.iterdir()}
    assert left == {kept.directory, of_another_database.directory, "stray"}
    assert lost.directory not in left
    store.sweep_up(set())
    assert (versions / kept.directory).exists()
