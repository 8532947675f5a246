import io

import joblib
import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score, silhouette_score

from app.segmentation.customers import read_customers
from app.segmentation.errors import DegenerateDataError
from app.segmentation.recipe import FEATURES
from app.segmentation.synthesis import GROUPS, OCCASIONAL_BUYERS, generate_customers
from app.segmentation.trained import PreviousModel
from app.segmentation.training import train_segments
from app.storage.models import estimators
from app.storage.segmentations import KeptVersion


def read(frame):
    return read_customers(io.BytesIO(frame.to_csv(index=False).encode()))


def exported(trained, table):
    """What other programs are given: scikit-learn's own classes."""
    return estimators(
        KeptVersion(
            mean=np.array(trained.scorer.mean),
            scale=np.array(trained.scorer.scale),
            centers=np.array(trained.scorer.centers),
            labels=trained.labels,
            inertia=trained.inertia,
            customer_ids=np.array(table.customer_ids, dtype=np.str_),
            features=table.features,
        )
    )


def as_previous(trained):
    return PreviousModel(trained.scorer, tuple(segment.name for segment in trained.segments))


def without(name):
    return [g._replace(weight=0.0) if g.name == name else g for g in GROUPS]


@pytest.fixture(scope="module")
def table():
    return read(generate_customers(900))


@pytest.fixture(scope="module")
def trained(table):
    return train_segments(table)


def test_the_generated_groups_are_found_and_named(trained):
    assert [segment.name for segment in trained.segments] == [
        "Young Enthusiasts",
        "Budget Conscious",
        "Loyal Customers",
        "High Value Customers",
        "Potential Growth",
    ]
    assert 0.45 <= trained.silhouette <= 0.65


def test_the_files_serve_a_program_that_has_scikit_learn_alone(trained, table, tmp_path):
    for name, model in zip(("kmeans", "scaler"), exported(trained, table), strict=True):
        joblib.dump(model, tmp_path / f"{name}.pkl")
    kmeans = joblib.load(tmp_path / "kmeans.pkl")
    scaler = joblib.load(tmp_path / "scaler.pkl")
    predicted = kmeans.predict(scaler.transform(table.features))
    assert type(kmeans).__module__.split(".")[0] == type(scaler).__module__.split(".")[0]
    np.testing.assert_array_equal(predicted, kmeans.labels_)
    np.testing.assert_array_equal(predicted, trained.labels)
    np.testing.assert_array_equal(predicted, trained.scorer.score_many(table.features).clusters)
    assert kmeans.inertia_ == trained.inertia
    assert (kmeans.n_clusters, kmeans.n_features_in_) == (trained.n_clusters, 4)


def test_each_segment_is_the_average_of_its_customers(trained, table):
    for segment in trained.segments:
        members = trained.labels == segment.cluster_id
        averages = (
            segment.avg_age,
            segment.avg_annual_income,
            segment.avg_spending_score,
            segment.avg_purchase_frequency,
        )
        np.testing.assert_allclose(averages, table.features[members].mean(axis=0))
        assert segment.size == members.sum()
        assert segment.share == pytest.approx(members.mean())
        women = np.array(table.sex)[members] == "Female"
        assert segment.sex_shares["Female"] == pytest.approx(women.mean())
    assert sum(segment.size for segment in trained.segments) == 900


def test_the_silhouette_is_that_of_the_partition(trained, table):
    scaled = exported(trained, table)[1].transform(table.features)
    assert trained.silhouette == pytest.approx(silhouette_score(scaled, trained.labels), abs=1e-5)
    assert trained.silhouette_sample_size == 900


def test_one_training_customer_in_a_hundred_is_an_outlier_in_every_segment(trained, table):
    outliers = trained.scorer.score_many(table.features).outliers
    shares = [outliers[trained.labels == label].mean() for label in range(trained.n_clusters)]
    assert outliers.mean() == pytest.approx(0.01, abs=0.003)
    assert max(shares) < 0.02
    assert min(shares) > 0
    assert trained.scorer.score_one((18.0, 900.0, 1.0, 50.0)).outlier


def test_training_again_gives_the_same_model(trained, table):
    again = train_segments(table)
    assert again.scorer == trained.scorer
    assert again.segments == trained.segments


def test_the_order_of_the_rows_changes_neither_ids_nor_names(trained):
    shuffled = train_segments(read(generate_customers(900).sample(frac=1, random_state=3)))
    assert [s.name for s in shuffled.segments] == [s.name for s in trained.segments]
    np.testing.assert_allclose(shuffled.scorer.centers, trained.scorer.centers, atol=0.02)


@pytest.mark.parametrize("k", [2, 7, 10, 12, 15])
def test_a_given_k_is_obeyed_and_the_sweep_still_answers(table, k):
    trained = train_segments(table, n_clusters=k)
    assert trained.n_clusters == len(trained.segments) == k
    assert len({segment.name for segment in trained.segments}) == k
    assert trained.sweep.k_range == tuple(range(2, 11))
    assert trained.sweep.best_k == 5
    kmeans, scaler = exported(trained, table)
    np.testing.assert_array_equal(kmeans.predict(scaler.transform(table.features)), trained.labels)


def test_retraining_on_other_customers_of_the_same_kind_keeps_ids_and_names(trained):
    later = train_segments(read(generate_customers(900, seed=9)), previous=as_previous(trained))
    assert [s.name for s in later.segments] == [s.name for s in trained.segments]
    assert [(m.old_id, m.new_id) for m in later.matches] == [(i, i) for i in range(5)]
    assert all(match.overlap > 0.9 for match in later.matches)


def test_a_sixth_group_gets_the_next_id_and_the_others_keep_theirs(trained):
    grown = read(generate_customers(1100, groups=(*GROUPS, OCCASIONAL_BUYERS)))
    later = train_segments(grown, previous=as_previous(trained))
    assert [s.name for s in later.segments[:5]] == [s.name for s in trained.segments]
    assert later.segments[5].name == "Occasional Buyers"


@pytest.mark.parametrize("gone", [group.name for group in GROUPS])
def test_when_a_group_shrinks_away_the_others_keep_their_names_and_ids_stay_dense(trained, gone):
    later = train_segments(
        read(generate_customers(900, groups=without(gone))), previous=as_previous(trained)
    )
    assert [segment.cluster_id for segment in later.segments] == list(range(4))
    old_names = [segment.name for segment in trained.segments]
    for match in later.matches:
        assert later.segments[match.new_id].name == old_names[match.old_id]
        assert match.new_id == match.old_id or match.old_id >= 4
    assert len(later.matches) == 4


def test_a_table_of_identical_customers_is_refused():
    frame = generate_customers(10)
    for feature in FEATURES:
        frame[feature] = 30
    with pytest.raises(DegenerateDataError, match="alike"):
        train_segments(read(frame))


def test_more_clusters_than_distinct_customers_are_refused():
    frame = generate_customers(4)
    assert train_segments(read(frame)).sweep.k_range == (2, 3, 4)
    with pytest.raises(DegenerateDataError, match="4 distinct customers for 9 clusters"):
        train_segments(read(frame), n_clusters=9)


def test_one_cluster_is_no_segmentation(table):
    with pytest.raises(DegenerateDataError, match="at least 2"):
        train_segments(table, n_clusters=1)


def test_a_constant_feature_takes_no_part():
    frame = generate_customers(600)
    constant = frame.assign(purchase_frequency=7)
    trained = train_segments(read(constant), n_clusters=4)
    spread = np.ptp(np.array(trained.scorer.centers)[:, 3])
    assert spread == 0
    assert trained.segments[0].avg_purchase_frequency == 7


def test_blanks_are_filled_and_counted_and_cost_no_segment():
    frame = generate_customers(900).astype({"age": float})
    frame.loc[::30, "age"] = np.nan
    blanked, whole = train_segments(read(frame)), train_segments(read(generate_customers(900)))
    assert blanked.imputed["age"] == 30
    assert adjusted_rand_score(blanked.labels, whole.labels) > 0.95
