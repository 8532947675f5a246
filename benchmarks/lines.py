"""The lines of the bench that need no server of their own: the work, its peers, what it aims at."""

from collections.abc import Mapping, Sequence
from typing import cast

import numpy as np
from sklearn.cluster import KMeans
from sklearn.preprocessing import StandardScaler

from app.segmentation.recipe import FEATURES
from benchmarks import inputs, ours
from benchmarks.inputs import Matrix
from benchmarks.measuring import OURS, Line, Way, faster, within
from benchmarks.peers import clustering, tables

Sweeps = Mapping[str, tuple[list[float], list[float]]]


def same_k(answers: Mapping[str, object]) -> str:
    """Compare the number of segments by silhouette."""
    best = {
        name: clustering.K_RANGE[int(np.argmax(answer[1]))]
        for name, answer in cast(Sweeps, answers).items()
        if isinstance(answer, tuple)
    }
    same = "the same k" if len(set(best.values())) == 1 else f"other k: {best}"
    gaps = [
        np.abs(np.array(answer[1]) - np.array(cast(Sweeps, answers)[OURS][1])).max()
        for name, answer in cast(Sweeps, answers).items()
        if name != OURS and isinstance(answer, tuple)
    ]
    return same + (f"; silhouettes differ by {max(gaps):.0e} at most" if gaps else "")


def worst_inertia(answers: Mapping[str, object]) -> str:
    """Say how far our inertia lies above the peer's at worst."""
    mine = np.array(answers[OURS])
    over = [(mine / np.array(answer) - 1).max() for name, answer in answers.items() if name != OURS]
    return f"inertia at most {100 * max(over):+.4f}% from the peer's"


def same_sizes(answers: Mapping[str, object]) -> str:
    return "the same sizes" if len(set(map(str, answers.values()))) == 1 else f"sizes: {answers}"


def how_many(answers: Mapping[str, object]) -> str:
    return "segments: " + ", ".join(f"{name} {number}" for name, number in answers.items())


def fitted(X: Matrix) -> tuple[StandardScaler, KMeans, Matrix]:
    scaler = StandardScaler().fit(inputs.trained_on())
    kmeans = KMeans(n_clusters=clustering.N_CLUSTERS, n_init=10, random_state=0)
    return scaler, kmeans.fit(scaler.transform(inputs.trained_on())), X


def place_by_scikit_learn(model: tuple[StandardScaler, KMeans, Matrix]) -> float:
    scaler, kmeans, X = model
    scaled = scaler.transform(X)
    ordered = np.sort(kmeans.transform(scaled), axis=1)
    confidences = np.rint((1 - ordered[:, 0] / ordered[:, 1]) * 100)
    return float(kmeans.predict(scaled).sum() + confidences.sum())


def place_each_by_scikit_learn(model: tuple[StandardScaler, KMeans, Matrix]) -> int:
    scaler, kmeans, X = model
    total = 0
    for row in X:
        scaled = scaler.transform(row[None])
        total += int(kmeans.predict(scaled)[0])
        kmeans.transform(scaled)
    return total


def fitted_for_csv(content: bytes) -> tuple[StandardScaler, KMeans, Sequence[str], bytes]:
    scaler, kmeans, _ = fitted(np.empty((0, 4)))
    return scaler, kmeans, list(FEATURES), content


LINES: Sequence[Line] = (
    Line(
        "sweep", "the sweep over k = 2 to 10", inputs.customers,
        ways=(
            Way(OURS, ours.sweep),
            Way("scikit-learn, full silhouette", clustering.sweep_with_full_silhouette, most=5_000),
            Way(
                "scikit-learn, sampled silhouette", clustering.sweep_with_sampled_silhouette,
                most=100_000,
            ),
            Way("one fit of scikit-learn", clustering.one_fit),
        ),
        sizes=(5_000, 100_000, 1_000_000), quick=(5_000,),
        aims={
            5_000: faster(6, "scikit-learn, full silhouette"),
            1_000_000: faster(0.1, "one fit of scikit-learn"),
        },
        compare=same_k,
    ),
    Line(
        "starts", "the best of ten starts, on ten tables", inputs.ten_tables,
        ways=(Way(OURS, ours.best_of_ten), Way("scikit-learn", clustering.best_of_ten)),
        sizes=(5_000,), quick=(1_000,), aims={5_000: faster(2, "scikit-learn")},
        compare=worst_inertia, unit="rows each",
    ),
    Line(
        "placing", "placing customers with confidence, in process", inputs.many_customers,
        ways=(
            Way(OURS, ours.place_many, ours.with_scorer),
            Way("scikit-learn", place_by_scikit_learn, fitted),
        ),
        sizes=(1_000_000,), quick=(100_000,), aims={1_000_000: faster(3, "scikit-learn")},
    ),
    Line(
        "placing-one", "placing customers one by one, in process", inputs.many_customers,
        ways=(
            Way(OURS, ours.place_each, ours.with_scorer),
            Way("scikit-learn", place_each_by_scikit_learn, fitted),
        ),
        sizes=(1_000,), quick=(200,), aims={1_000: faster(50, "scikit-learn")},
    ),
    Line(
        "placing-csv", "placing customers, from CSV to CSV over HTTP",
        inputs.many_customers_as_csv,
        ways=(
            Way(OURS, ours.place_csv, ours.with_program),
            Way("pandas and scikit-learn, no HTTP", tables.place_csv, fitted_for_csv),
        ),
        sizes=(1_000_000,), quick=(50_000,),
        aims={1_000_000: faster(0.5, "pandas and scikit-learn, no HTTP")},
    ),
    Line(
        "ward", "Ward, cut into six", inputs.groups,
        ways=(
            Way(OURS, ours.ward),
            Way("scipy", clustering.ward_by_scipy, most=20_000),
            Way("scikit-learn", clustering.ward_by_scikit_learn, most=20_000),
        ),
        sizes=(10_000, 20_000, 50_000, 1_000_000), quick=(5_000,),
        aims={20_000: faster(15, "scipy"), 1_000_000: within(60, megabytes=1_000)},
        compare=same_sizes, rounds=2,
    ),
    Line(
        "first-run", "the first run at the door, from request to answer",
        inputs.ten_columns_as_csv,
        ways=(
            Way(OURS, ours.first_run, ours.uploaded),
            Way("the steps by hand", tables.segment_by_hand, most=100_000),
        ),
        sizes=(10_000, 100_000, 1_000_000), quick=(10_000,),
        aims={10_000: within(3), 100_000: within(15), 1_000_000: within(40)},
        compare=how_many, rounds=1,
    ),
    Line(
        "density", "HDBSCAN in four columns", inputs.few_columns,
        ways=(
            Way(OURS, ours.density),
            Way("scikit-learn", clustering.hdbscan_by_scikit_learn, most=50_000),
            Way("hdbscan", clustering.hdbscan_by_hdbscan, needs="hdbscan", most=200_000),
        ),
        sizes=(50_000, 200_000), quick=(20_000,), aims={50_000: faster(5, "scikit-learn")},
        rounds=2,
    ),
    Line(
        "reading", "reading and profiling a CSV of six columns", inputs.six_columns_as_csv,
        ways=(Way(OURS, ours.read), Way("pandas.read_csv", tables.read_by_pandas)),
        sizes=(250_000, 1_000_000), quick=(100_000,),
        aims={1_000_000: faster(1 / 3, "pandas.read_csv")}, compare=same_sizes,
    ),
    Line(
        "validated-run", "a run with validation on 17 mixed columns", inputs.mixed_as_csv,
        ways=(
            Way(OURS, ours.segment_and_validate),
            Way("the steps by hand", tables.segment_and_validate_by_hand),
        ),
        sizes=(45_000,), quick=(5_000,), aims={45_000: within(30)}, compare=how_many, rounds=1,
    ),
    Line(
        "analysis", "an analysis of records with eight fields", inputs.records,
        ways=(Way(OURS, ours.analyse), Way("the steps by hand", tables.analyse_by_hand)),
        sizes=(5_000,), quick=(1_000,), aims={5_000: within(1)}, compare=how_many,
    ),
    Line(
        "validated-analysis", "the same, with validation", inputs.records,
        ways=(
            Way(OURS, ours.analyse_and_validate),
            Way("the steps by hand", tables.analyse_and_validate_by_hand),
        ),
        sizes=(5_000,), quick=(1_000,), aims={5_000: within(3)}, compare=how_many, rounds=2,
    ),
    Line(
        "stability", "whether each segment comes back in 50 resamples", inputs.groups,
        ways=(
            Way(OURS, ours.stability, ours.with_segments),
            Way("the plain loops", clustering.stability_by_loops),
        ),
        sizes=(5_000,), quick=(1_000,), aims={5_000: faster(10, "the plain loops")},
    ),
    Line(
        "structure", "whether there are groups at all", inputs.groups,
        ways=(
            Way(OURS, ours.structure),
            Way("the gap statistic, 50 references", clustering.gap_statistic),
        ),
        sizes=(5_000,), quick=(1_000,),
        aims={5_000: faster(10, "the gap statistic, 50 references")},
    ),
)  # fmt: skip
