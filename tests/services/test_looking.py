"""One segment and one customer: every figure again from the raw file, by other libraries."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.preprocessing import StandardScaler

from app.errors import NotFound
from app.segmentation.recipe import AUTO, CONTRACT
from app.services.segmentations.forms import form_of
from app.services.segmentations.insights import insights_of
from app.services.segmentations.looked import Looked, Words
from app.services.segmentations.looking import segment_of
from app.services.segmentations.one_customer import customer_of
from tests.services.test_customers import rows_of
from tests.services.versions import csv_of, kept_version

KMEANS = replace(CONTRACT, algorithm="kmeans", n_clusters=3)
TABLES = {
    "mall_customers.csv": ("CustomerID", {}, ["Age", "Annual Income (k$)"]),
    "wholesale_customers.csv": (None, {}, ["Fresh", "Milk", "Grocery"]),
    "marketing_campaign_semicolon_bom.csv": ("ID", {"sep": ";"}, ["Recency", "MntWines"]),
}


@pytest.fixture(scope="module", params=TABLES)
def seen(request, shared_data, tmp_path_factory):
    """A version of a real table, and the table as pandas reads it."""
    identifier, options, columns = TABLES[request.param]
    content = (shared_data / request.param).read_bytes()
    recipe = replace(KMEANS, columns=tuple(columns))
    looked, found = kept_version(tmp_path_factory.mktemp("seen"), content, recipe)
    raw = pd.read_csv(shared_data / request.param, encoding="utf-8-sig", **options)
    return looked, found, raw, identifier, columns


class TestOneSegment:
    def test_every_count_and_mean_is_of_its_customers(self, seen) -> None:
        looked, found, raw, identifier, columns = seen
        for label in range(3):
            view = segment_of(looked, label + 1, Words(), [looked])
            inside = found.labels == label
            assert view.size == inside.sum()
            assert view.share == pytest.approx(inside.mean())
            assert {each.name for each in view.columns if each.used} == set(columns)
            assert identifier not in {each.name for each in view.columns}
            for column in view.columns:
                for side, rows in ((column.this, inside), (column.rest, ~inside)):
                    values = raw.loc[rows, column.name]
                    assert side.missing == values.isna().sum()
                    assert sum(side.counts) + side.other == values.notna().sum()
                    if column.kind == "category":
                        texts = values.dropna().astype(str)
                        expected = [int((texts == level).sum()) for level in column.levels]
                        assert side.counts == expected
                    elif column.kind == "number" and column.edges is not None:
                        edges = [-np.inf, *column.edges[1:-1], np.inf]
                        cut = pd.cut(values.dropna(), edges, right=False)
                        assert side.counts == cut.value_counts(sort=False).tolist()
                if column.kind == "number" and column.difference is not None:
                    means = raw.groupby(inside)[column.name].mean()
                    assert column.difference.value == pytest.approx(means[True])
                    assert column.difference.rest == pytest.approx(means[False])
            effects = [abs(each.difference.effect) for each in view.columns if each.difference]
            assert effects == sorted(effects, reverse=True)

    def test_typical_and_borderline_are_by_distance(self, seen) -> None:
        looked, found, raw, _, columns = seen
        X = StandardScaler().fit_transform(raw[columns].to_numpy(dtype=float))
        centers = np.stack([X[found.labels == label].mean(axis=0) for label in range(3)])
        apart = np.linalg.norm(X[:, None] - centers, axis=2)
        rows = np.flatnonzero(found.labels == 1)
        view = segment_of(looked, 2, Words(note="ours"), [looked])
        own, others = apart[rows, 1], np.delete(apart[rows], 1, axis=1)
        nearest = np.sort(own)[:5]
        assert apart[[each.row - 1 for each in view.typical], 1] == pytest.approx(nearest)
        margins = 1 - own / others.min(axis=1)
        doubtful = [each.row - 1 for each in view.borderline]
        shown = 1 - apart[doubtful, 1] / np.delete(apart[doubtful], 1, axis=1).min(axis=1)
        assert shown == pytest.approx(np.sort(margins)[:5])
        distances = {each.lasting_id: each.distance for each in view.neighbours}
        for other in (0, 2):
            expected = np.linalg.norm(centers[other] - centers[1])
            assert distances[other + 1] == pytest.approx(expected)
        assert view.note == "ours"

    def test_its_rule_selects_the_rows_that_it_counts(self, seen) -> None:
        looked, found, raw, *_ = seen
        rules = insights_of(looked).rules
        assert rules
        for rule in rules:
            text = rule.text.replace(" and ", ") & (")
            for name in sorted(raw.columns, key=len, reverse=True):
                text = text.replace(f"{name} ", f"raw[{name!r}] ")
            chosen = eval(f"({text})", {"raw": raw})
            assert chosen.sum() == rule.size
            right = (found.labels[chosen] == rule.cluster).mean()
            assert right == pytest.approx(rule.precision, abs=0.1)

    def test_one_that_is_not_there_is_not_found(self, seen) -> None:
        looked = seen[0]
        with pytest.raises(NotFound):
            segment_of(looked, 4, Words(), [looked])


class TestOneCustomer:
    def test_is_explained_by_its_own_figures(self, seen) -> None:
        looked, found, raw, identifier, columns = seen
        X = StandardScaler().fit_transform(raw[columns].to_numpy(dtype=float))
        centers = np.stack([X[found.labels == label].mean(axis=0) for label in range(3)])
        for row in (0, 57, 133):
            asked = str(row + 1) if identifier is None else str(raw[identifier].iloc[row])
            view = customer_of(looked, asked, [looked])
            assert view.customer.row == row + 1
            assert view.customer.values[columns[0]] == raw[columns[0]].iloc[row]
            apart = np.linalg.norm(X[row] - centers, axis=1)
            assert [each.distance for each in view.probabilities] == pytest.approx(apart.tolist())
            assert sum(each.probability for each in view.probabilities) == pytest.approx(1)
            assert view.history[0].segment == found.labels[row] + 1
            own, rival = found.labels[row], view.compared_with - 1
            assert rival == np.argsort(np.where(np.arange(3) == own, np.inf, apart))[0]
            terms = (X[row] - centers[rival]) ** 2 - (X[row] - centers[own]) ** 2
            speaking = [each.column for each in view.speaks_for]
            ranked = [columns[i] for i in np.argsort(-terms) if terms[i] > 0]
            assert speaking == ranked[:3]
            for each in view.speaks_for:
                means = raw.groupby(found.labels)[each.column].mean()
                assert (each.here, each.there) == pytest.approx((means[own], means[rival]))
            change = view.smallest_change
            if change is not None:
                changed = raw.iloc[[row]].assign(**{change.column: change.to})
                assert looked.found.place(changed).labels[0] == change.segment - 1

    def test_that_is_not_there_is_not_found(self, seen) -> None:
        looked = seen[0]
        for nobody in ("nobody", "-1", "10000000", "1.0", "١", "9" * 30):
            with pytest.raises(NotFound):
                customer_of(looked, nobody, [looked])


class TestColumnsMadeFromOthers:
    """Days since a sign-up are a column of the list; their dates no reader of the team sees."""

    @pytest.fixture(scope="class")
    @classmethod
    def made(cls, tmp_path_factory) -> Looked:
        rng = np.random.default_rng(8)
        days = np.concatenate([rng.integers(0, 40, 60), rng.integers(900, 990, 60)])
        frame = pd.DataFrame(
            {
                "customer_id": [f"K{i}" for i in rng.permutation(120)],
                "signup_date": (pd.Timestamp("2026-01-01") - pd.to_timedelta(days, unit="D"))
                .strftime("%Y-%m-%d"),
                "orders": np.concatenate([rng.poisson(2, 60), rng.poisson(30, 60)]),
            }
        )  # fmt: skip
        return kept_version(tmp_path_factory.mktemp("made"), csv_of(frame), AUTO)[0]

    def test_are_filtered_sorted_and_explained_like_any_other(self, made) -> None:
        name = "days since signup_date"
        assert name in made.opened.report.columns
        newest = made.frame(["signup_date"])["signup_date"].max()
        expected = (newest - made.frame(["signup_date"])["signup_date"]).dt.days
        assert (
            rows_of(made, where=(f"{name}:gt:500",))
            == (expected[expected > 500].index + 1).tolist()
        )
        order = expected.sort_values(ascending=False, kind="stable").index + 1
        assert rows_of(made, sort=f"-{name}") == order.tolist()
        view = segment_of(made, 1, Words(), [made])
        assert name in {each.name for each in view.columns}
        assert customer_of(made, "K5", [made]).customer.values[name] >= 0

    def test_their_sources_are_their_owner_s(self, made) -> None:
        shared = replace(made, opened=replace(made.opened, whole=False))
        assert "signup_date" not in shared.columns
        column = form_of(shared).columns
        told = {each.name: each for each in column}
        assert told["signup_date"].kind == "date"
        assert (told["signup_date"].low, told["signup_date"].high) == (None, None)
        owner = {each.name: each for each in form_of(made).columns}
        assert owner["signup_date"].high == "2026-01-01"
        shown = segment_of(shared, 1, Words(), [shared])
        assert "signup_date" not in {each.name for each in shown.columns}


def test_customers_with_one_identifier_are_counted(tmp_path) -> None:
    frame = pd.DataFrame({"customer_id": ["A", "B", "B", *map(str, range(57))], "age": range(60)})
    looked, _ = kept_version(tmp_path, csv_of(frame), replace(KMEANS, n_clusters=2))
    assert looked.report.identifier == "customer_id"
    view = customer_of(looked, "B", [looked])
    assert (view.customer.row, view.same_identifier) == (2, 2)
