"""Fitted models on disk: whole, checked, and swept up after."""

import joblib
import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.preprocessing import StandardScaler

from app.storage.models import DamagedModel, ModelStore, StoredModel, TrainingCustomers

ROWS = np.random.default_rng(0).normal(size=(30, 4))


@pytest.fixture
def store(tmp_path) -> ModelStore:
    return ModelStore(tmp_path / "models")


def save(store: ModelStore, kmeans: object = None) -> StoredModel:
    return store.save(
        kmeans=kmeans or KMeans(2, n_init=1, random_state=0).fit(ROWS),
        scaler=StandardScaler().fit(ROWS),
        customers=TrainingCustomers(ids=np.arange(30).astype(str), features=ROWS),
    )


def test_what_is_saved_is_loaded(store):
    stored = save(store)
    kmeans, scaler = store.load(stored)
    assert kmeans.n_clusters == 2
    np.testing.assert_array_equal(scaler.mean_, ROWS.mean(axis=0))
    np.testing.assert_array_equal(store.load_customers(stored).features, ROWS)


@pytest.mark.parametrize("file", ["kmeans.pkl", "scaler.pkl", "customers.npz"])
@pytest.mark.parametrize("damage", ["changed", "cut", "missing"])
def test_a_damaged_file_is_refused_before_it_is_read(store, tmp_path, monkeypatch, file, damage):
    stored = save(store)
    path = tmp_path / "models" / "versions" / stored.directory / file
    content = path.read_bytes()
    path.unlink()
    if damage != "missing":
        path.write_bytes(content[:-1] + (b"" if damage == "cut" else bytes([content[-1] ^ 1])))
    monkeypatch.setattr(joblib, "load", lambda *_args: pytest.fail("unpickled"))
    for read in (store.load, store.load_customers):
        with pytest.raises(DamagedModel):
            read(stored)


def test_something_else_than_a_model_is_refused(store):
    with pytest.raises(DamagedModel, match="something else"):
        store.load(save(store, kmeans={"k": 2}))


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
