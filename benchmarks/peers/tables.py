"""Tables by pandas and scikit-learn: read, segment by hand, place, write."""

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.compose import make_column_transformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.metrics import silhouette_score
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from benchmarks.peers.clustering import K_RANGE, SILHOUETTE_SAMPLE

IDENTIFIERS = ("customer_id", "id")


def read_by_pandas(path: Path) -> list[int]:
    return list(pd.read_csv(path).shape)


def segment_by_hand(path: Path) -> int:
    """Read, prepare, try each number of segments, and describe the best, as a notebook would."""
    return _segmented(pd.read_csv(path), validate=False)


def segment_and_validate_by_hand(path: Path) -> int:
    """The same, and fifty resamples of the answer."""
    return _segmented(pd.read_csv(path), validate=True)


def analyse_by_hand(records: Sequence[dict[str, object]]) -> int:
    return _segmented(pd.DataFrame(records), validate=False)


def analyse_and_validate_by_hand(records: Sequence[dict[str, object]]) -> int:
    return _segmented(pd.DataFrame(records), validate=True)


def _segmented(frame: pd.DataFrame, *, validate: bool) -> int:
    frame = frame.drop(columns=[name for name in IDENTIFIERS if name in frame])
    numbers = frame.select_dtypes("number").columns.tolist()
    texts = [name for name in frame if name not in numbers and frame[name].nunique() <= 50]
    encode = make_column_transformer(
        (make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numbers),
        (OneHotEncoder(sparse_output=False, handle_unknown="ignore"), texts),
    )
    X = encode.fit_transform(frame)
    best, labels = -1.0, np.zeros(len(X), dtype=int)
    for k in K_RANGE:
        found = KMeans(n_clusters=k, n_init=10, random_state=0).fit_predict(X)
        score = silhouette_score(
            X, found, sample_size=min(len(X), SILHOUETTE_SAMPLE), random_state=0
        )
        if score > best:
            best, labels = float(score), found
    frame.groupby(labels)[numbers].mean()
    forest = RandomForestClassifier(n_estimators=100, random_state=0)
    sample = np.random.default_rng(0).permutation(len(X))[:5_000]
    cross_val_score(forest, X[sample], labels[sample], cv=3)
    n_clusters = int(labels.max()) + 1
    if validate:
        rng = np.random.default_rng(1)
        for seed in range(50):
            drawn = rng.integers(0, len(X), len(X))
            KMeans(n_clusters=n_clusters, n_init=5, random_state=seed).fit(X[drawn])
    return n_clusters


def place_csv(fitted: tuple[StandardScaler, KMeans, list[str], bytes]) -> int:
    """Read a CSV, place its customers with a confidence, and write them as CSV."""
    scaler, kmeans, features, content = fitted
    frame = pd.read_csv(io.BytesIO(content))
    scaled = scaler.transform(frame[features].to_numpy(dtype=float))
    distances = np.sort(kmeans.transform(scaled), axis=1)
    frame["cluster"] = kmeans.predict(scaled)
    frame["confidence"] = np.rint((1 - distances[:, 0] / distances[:, 1]) * 100)
    return len(frame.to_csv(index=False).encode())
