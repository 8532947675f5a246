import numpy as np
import pytest
from sklearn.tree import DecisionTreeClassifier

from app.segmentation.clustering.sweep import sweep_kmeans
from app.segmentation.errors import SegmentationError
from app.segmentation.preparation.fitting import fit_features
from app.segmentation.recipe import FEATURES
from app.segmentation.synthesis import GROUPS, OCCASIONAL_BUYERS, generate_customers

BOUNDS = {
    "age": (18, 70),
    "annual_income": (15, 150),
    "spending_score": (1, 100),
    "purchase_frequency": (1, 50),
}


def test_the_table_has_the_published_header_and_ranges():
    table = generate_customers(5000)
    assert ",".join(table) == (
        "customer_id,sex,age,annual_income,spending_score,purchase_frequency"
    )
    assert table["customer_id"].tolist() == list(range(1, 5001))
    assert set(table["sex"]) == {"Male", "Female"}
    for name, (low, high) in BOUNDS.items():
        assert table[name].between(low, high).all()


def test_no_customers_pile_up_at_a_border():
    table = generate_customers(5000)
    for name, borders in BOUNDS.items():
        width = 5 if name == "annual_income" else 1
        for border in borders:
            at_border = (table[name] - border).abs() < width
            next_to_it = (table[name] - border).abs().between(width, 3 * width, inclusive="left")
            assert at_border.sum() <= next_to_it.sum() / 2 * 1.5 + 10


def test_the_same_seed_gives_the_same_customers_and_another_does_not():
    assert generate_customers(50, seed=7).equals(generate_customers(50, seed=7))
    assert not generate_customers(50, seed=7).equals(generate_customers(50, seed=8))


@pytest.mark.parametrize("n_customers", [500, 1500, 5000])
@pytest.mark.parametrize("seed", [42, 1, 2])
def test_kmeans_finds_four_to_six_clusters_at_a_fair_silhouette(n_customers, seed):
    table = generate_customers(n_customers, seed=seed)
    sweep = sweep_kmeans(fit_features(table, numeric=FEATURES).matrix, n_init=4)
    assert 4 <= sweep.best_k <= 6
    assert 0.45 <= max(sweep.silhouettes) <= 0.65


@pytest.mark.parametrize("feature", FEATURES)
@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)
def test_no_group_is_separable_on_one_column(feature, group):
    rest = [other for other in GROUPS if other is not group]
    inside = generate_customers(1000, seed=1, groups=[group])[feature].to_numpy()
    outside = generate_customers(4000, seed=2, groups=rest)[feature].to_numpy()
    values = np.concatenate([inside, outside]).reshape(-1, 1)
    is_inside = np.repeat([1, 0], [1000, 4000])
    tree = DecisionTreeClassifier(max_leaf_nodes=4, random_state=0).fit(values, is_inside)
    found = tree.predict(values)
    recall = found[:1000].mean()
    precision = found[:1000].sum() / max(found.sum(), 1)
    assert min(recall, precision) < 0.9


def test_a_sixth_group_is_found_and_one_taken_away_is_missed():
    six = generate_customers(3000, groups=(*GROUPS, OCCASIONAL_BUYERS))
    four = generate_customers(3000, groups=[GROUPS[0]._replace(weight=0.0), *GROUPS[1:]])
    assert sweep_kmeans(fit_features(six, numeric=FEATURES).matrix, n_init=4).best_k == 6
    assert sweep_kmeans(fit_features(four, numeric=FEATURES).matrix, n_init=4).best_k == 4


@pytest.mark.parametrize(
    ("n_customers", "groups"), [(0, GROUPS), (10, ()), (10, [GROUPS[0]._replace(weight=0.0)])]
)
def test_nothing_to_draw_is_refused(n_customers, groups):
    with pytest.raises(SegmentationError, match="at least one"):
        generate_customers(n_customers, groups=groups)
