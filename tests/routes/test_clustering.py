"""Runs against scipy, scikit-learn and the published figures, on a matrix made in the test."""

import csv
import io
from collections import Counter

import numpy as np
import openpyxl
import pytest
import sqlalchemy as sa
from scipy.cluster import hierarchy
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import pdist
from sklearn.decomposition import PCA
from sklearn.metrics import adjusted_rand_score, confusion_matrix, silhouette_score

from app.db.segmentation_tables import ClusteringTree
from app.db.tables import Dataset
from app.schemas.clustering import RunRequest
from app.services.segmentations import runs
from tests.routes.matrices import (
    READ,
    best_kmeans,
    cut_of_scipy,
    dbscan_of_scikit_learn,
    head_of,
    matrix_of,
    reference,
    ward_of_scipy,
)
from tests.routes.tables import SMALL, train, upload

CLUSTERING = "/api/v1/clustering"
LINKAGES = ("ward", "complete", "average", "single")
ROWS_OF_LONG_TABLES = 1200
WHOLE = ("mall_customers.csv", "wholesale_customers.csv", "marketing_campaign_semicolon_bom.csv")

INCOME_SPENDING = ["Annual Income (k$)", "Spending Score (1-100)"]
SPENDS = ["Fresh", "Milk", "Grocery", "Frozen", "Detergents_Paper", "Delicatessen"]

ANY = {"one_row_is": "customer"}
"""Two of the real tables are of orders; how they cluster is compared all the same."""


@pytest.fixture
def analyst(accounts):
    return accounts.make("analyst")


@pytest.fixture
def mall(client, analyst, shared_data):
    return upload(client, analyst, shared_data / "mall_customers.csv")["id"]


@pytest.fixture
def wholesale(client, analyst, shared_data):
    return upload(client, analyst, shared_data / "wholesale_customers.csv")["id"]


def get(client, account, path, *, status=200, **params):
    answer = client.get(f"{CLUSTERING}/{path}", params=params, headers=account.headers)
    assert answer.status_code == status, answer.text[:500]
    return answer


def labels_of(client, account, run) -> np.ndarray:
    """Every customer's cluster, by pages."""
    labels: list[int] = []
    while len(labels) < run["n_samples"]:
        page = get(client, account, f"segments/{run['run_id']}", skip=len(labels), limit=1000)
        labels += [each["cluster"] for each in page.json()["assignments"]]
    return np.array(labels)


def in_one_process(names):
    """Keep what a table is compared with at hand for both databases."""
    return [
        pytest.param(name, id=name, marks=pytest.mark.xdist_group(f"table-{name}"))
        for name in names
    ]


@pytest.mark.parametrize("name", in_one_process(READ))
class TestRealTables:
    """Each table from upload to dendrogram, compared with the libraries on its own matrix.

    Linkages and DBSCAN take Mall, Wholesale and Marketing whole and the first 1,200 rows of the
    longer ones, or with `--whole-tables` all of them; Ward takes Telco and Bank whole too, below,
    and K-means every table.
    """

    @pytest.fixture
    def table(self, shared_data, name, whole_tables):
        whole = whole_tables or name in WHOLE
        return reference(shared_data / name, None if whole else ROWS_OF_LONG_TABLES)

    def test_every_linkage_is_scipy_s(self, client, analyst, table, name):
        dataset = upload(client, analyst, table.content, name)
        # pytest.approx takes a minute for two million numbers.
        np.testing.assert_allclose(table.distances, pdist(table.matrix), rtol=0, atol=1e-9)
        for linkage in LINKAGES:
            run = train(client, analyst, dataset["id"], linkage=linkage, n_clusters=4, **ANY)
            expected, silhouette = cut_of_scipy(table, linkage, 4)
            labels = labels_of(client, analyst, run)
            assert adjusted_rand_score(expected, labels) == 1.0
            assert run["method"] == "exact"
            assert run["n_encoded_features"] == table.matrix.shape[1]
            assert run["silhouette_score"] == pytest.approx(silhouette, abs=1e-4)
            picture = get(client, analyst, f"dendrogram/{run['run_id']}")
            assert picture.content.startswith(b"\x89PNG")

    def test_kmeans_is_as_good_as_scikit_learn_s_best(self, client, analyst, shared_data, name):
        table = reference(shared_data / name, None)
        dataset = upload(client, analyst, table.content, name)
        run = train(client, analyst, dataset["id"], algorithm="kmeans", n_clusters=3, **ANY)
        # With fewer restarts scikit-learn itself misses the best partition of Mall.
        best = best_kmeans(table, 3, restarts=100)
        assert run["inertia"] == pytest.approx(best.inertia_, rel=2e-3)
        assert adjusted_rand_score(best.labels_, labels_of(client, analyst, run)) > 0.98
        assert sum(run["cluster_sizes"]) == dataset["n_rows"]

    def test_dbscan_is_scikit_learn_s_with_the_eps_it_states(
        self, client, analyst, table, name, whole_tables
    ):
        dataset = upload(client, analyst, table.content, name)
        run = train(client, analyst, dataset["id"], algorithm="dbscan", n_clusters=None, **ANY)
        details = run["details"]
        # A few far orders draw the knee of the whole retail table past what memory holds.
        narrowed = whole_tables and name.startswith("online_retail")
        assert details["eps_source"] == ("memory" if narrowed else "k_distance_knee")
        expected = dbscan_of_scikit_learn(table, details["eps"], details["min_samples"])
        labels = labels_of(client, analyst, run)
        assert adjusted_rand_score(expected, labels) > 0.99
        assert run["n_noise"] == np.count_nonzero(expected == -1)


@pytest.mark.parametrize(
    "name", in_one_process(["telco_churn.csv", "bank_additional_semicolon.csv"])
)
def test_a_long_table_whole_is_still_exact(client, analyst, shared_data, name):
    table = reference(shared_data / name, None)
    dataset = upload(client, analyst, table.content, name)
    run = train(client, analyst, dataset["id"], linkage="ward", n_clusters=5)
    expected = ward_of_scipy(table, 5)
    assert adjusted_rand_score(expected, labels_of(client, analyst, run)) == 1.0


class TestPublishedFigures:
    def test_mall_by_kmeans(self, client, analyst, mall):
        options = {"algorithm": "kmeans", "columns": INCOME_SPENDING, "n_clusters": "auto"}
        run = train(client, analyst, mall, **options)
        assert run["n_clusters"] == 5
        assert run["silhouette_score"] == pytest.approx(0.5547, abs=5e-5)
        assert run["inertia"] == pytest.approx(65.57, abs=5e-3)
        assert sorted(run["cluster_sizes"], reverse=True) == [81, 39, 35, 23, 22]

    def test_mall_by_ward(self, client, analyst, mall):
        run = train(client, analyst, mall, columns=INCOME_SPENDING, n_clusters=5)
        assert run["silhouette_score"] == pytest.approx(0.5538, abs=5e-5)
        assert run["cluster_sizes"] == [85, 39, 32, 23, 21]

    def test_wholesale_by_kmeans_on_logarithms(self, client, analyst, wholesale):
        options = {"algorithm": "kmeans", "columns": SPENDS, "transform": "log"}
        run = train(client, analyst, wholesale, n_clusters="auto", **options)
        assert run["n_clusters"] == 2
        assert run["silhouette_score"] == pytest.approx(0.290, abs=5e-4)

    @pytest.mark.parametrize("linkage", ["single", "complete", "average"])
    def test_a_split_of_one_customer_from_all_others_is_named(
        self, client, analyst, wholesale, linkage
    ):
        run = train(client, analyst, wholesale, columns=SPENDS, linkage=linkage, n_clusters=2)
        assert run["silhouette_score"] == pytest.approx(0.8638, abs=5e-5)
        assert run["cluster_sizes"] == [439, 1]
        assert run["degenerate"] is True
        assert any(text.startswith("Not a segmentation") for text in run["warnings"])

    def test_auto_prefers_a_sound_split_whatever_its_silhouette(self, client, analyst, wholesale):
        run = train(client, analyst, wholesale, columns=SPENDS, n_clusters="auto")
        scores = dict(zip(run["sweep"]["k_range"], run["sweep"]["silhouette_scores"], strict=True))
        assert max(scores, key=scores.__getitem__) == 2
        assert run["sweep"]["degenerate"][0] is True
        assert run["n_clusters"] == 3
        assert run["degenerate"] is False

    def test_auto_says_so_where_no_split_is_sound(self, client, analyst, wholesale):
        options = {"columns": SPENDS, "linkage": "average", "n_clusters": "auto"}
        run = train(client, analyst, wholesale, **options)
        assert all(run["sweep"]["degenerate"])
        assert any(text.startswith("Not a segmentation") for text in run["warnings"])

    def test_cdnow_has_its_customers(self, client, analyst, shared_data):
        dataset = upload(client, analyst, shared_data / "cdnow_sample.csv")
        assert dataset["columns"][0]["distinct"] == 2357


class TestTrain:
    ORDER_LINES = "customer_id,date,product,quantity\n" + "".join(
        f"C{i // 4},2024-05-{i % 28 + 1:02},{'mug' if i % 2 else 'lamp'},{i % 7}\n"
        for i in range(40)
    )

    def test_refuses_rows_that_are_no_customers_and_says_the_way_on(self, client, analyst):
        dataset = upload(client, analyst, self.ORDER_LINES.encode())
        assert dataset["one_row_is"] == "order_line"
        refused = train(client, analyst, dataset["id"], status=422)["detail"][0]
        assert refused["loc"] == ["body", "one_row_is"]
        assert refused["type"] == "rows_are_not_customers"
        assert "one_row_is: customer" in refused["msg"]

        assert train(client, analyst, dataset["id"], **ANY)["n_samples"] == 40
        corrected = client.patch(
            f"/api/v1/datasets/{dataset['id']}",
            json={"one_row_is": "customer"},
            headers=analyst.headers,
        )
        assert corrected.json()["one_row_is"] == "customer"
        assert train(client, analyst, dataset["id"])["n_samples"] == 40

    def test_answers_with_the_run(self, client, analyst, mall):
        run = train(client, analyst, mall, n_clusters=4)
        assert (run["dataset_id"], run["linkage"], run["algorithm"]) == (
            mall,
            "ward",
            "hierarchical",
        )
        assert run["n_samples"] == sum(run["cluster_sizes"]) == 200
        assert run["n_encoded_features"] == 5
        assert run["left_out"] == {
            "CustomerID": "an identifier: it names customers and does not describe them"
        }
        assert len(set(run["cluster_names"])) == 4

    def test_another_number_is_a_cut_of_the_kept_tree(self, client, analyst, shared_data, settings):
        dataset = upload(client, analyst, shared_data / "marketing_campaign_semicolon_bom.csv")
        first = train(client, analyst, dataset["id"], n_clusters=3)
        folder = client.app.state.resources.datasets.store.root
        assert len(list(folder.glob("*/tree-*"))) == 1
        settings.max_rows_in_request = 10
        for table in folder.glob("*/*.parquet"):
            table.write_bytes(b"A cut of a kept tree reads no row.")
        again = train(client, analyst, dataset["id"], n_clusters=7, columns=first["columns"])
        assert again["n_clusters"] == len(again["cluster_sizes"]) == 7
        assert again["left_out"] == first["left_out"] != {}
        assert len(list(folder.glob("*/tree-*"))) == 1

    def test_a_damaged_tree_is_grown_again(self, client, analyst, mall):
        first = train(client, analyst, mall, n_clusters=5)
        resources = client.app.state.resources
        tree = next(resources.datasets.store.root.glob("*/tree-*"))
        (tree / "manifest.json").write_bytes(b"not what was written")
        resources.runs.tools.artefacts._kept.clear()
        assert (
            "cannot be used"
            in get(client, analyst, f"dendrogram/{first['run_id']}", status=503).json()["detail"]
        )
        # An option that is null is as if not given.
        nothing = dict.fromkeys(RunRequest.model_fields.keys() - {"dataset_id", "n_clusters"})
        second = train(client, analyst, mall, n_clusters=5, **nothing, validate=None)
        assert second["cluster_sizes"] == first["cluster_sizes"]
        assert not tree.exists()
        gone = get(client, analyst, f"dendrogram/{first['run_id']}", status=503).json()["detail"]
        assert "its tree was damaged and is gone; train it again" in gone
        get(client, analyst, f"dendrogram/{second['run_id']}")

    def test_silhouette_is_of_the_projected_space(self, client, analyst, shared_data):
        file = shared_data / "wholesale_customers.csv"
        matrix = matrix_of(file.name, file.read_bytes())
        dataset = upload(client, analyst, file)
        run = train(client, analyst, dataset["id"], use_pca=True, pca_components=3)
        projected = PCA(3).fit_transform(matrix)
        expected = hierarchy.fcluster(hierarchy.linkage(projected, "ward"), 3, "maxclust")
        labels = labels_of(client, analyst, run)
        assert adjusted_rand_score(expected, labels) == 1.0
        measured = silhouette_score(projected, expected)
        assert run["silhouette_score"] == pytest.approx(measured, abs=1e-5)
        assert (run["n_features"], len(run["explained_variance"])) == (3, 3)

    @pytest.mark.parametrize(
        ("options", "status", "field"),
        [
            ({"n_clusters": 1}, 422, "n_clusters"),
            ({"n_clusters": 16}, 422, "n_clusters"),
            ({"n_clusters": "many"}, 422, "n_clusters"),
            ({"n_clusters": [3]}, 422, "n_clusters"),
            ({"n_clusters": True}, 422, "n_clusters"),
            ({"n_clusters": None}, 422, "n_clusters"),
            ({"n_clusters": None, "algorithm": "kmeans"}, 422, "n_clusters"),
            ({"linkage": "centroid"}, 422, "linkage"),
            ({"algorithm": "optics"}, 422, "algorithm"),
            ({"use_pca": "yes"}, 422, "use_pca"),
            ({"validate": 1}, 422, "validate"),
            ({"use_pca": True, "pca_components": 1}, 422, "pca_components"),
            ({"use_pca": True, "pca_components": 6}, 422, "pca_components"),
            ({"columns": ["Shoe size"]}, 422, "columns"),
            ({"columns": ["CustomerID"]}, 422, "columns"),
            ({"columns": []}, 422, "columns"),
            ({"transform": "cube"}, 422, "transform"),
            ({"eps": -1, "algorithm": "dbscan"}, 422, "eps"),
        ],
    )
    def test_a_wrong_option_is_named(self, client, analyst, mall, options, status, field):
        problem = train(client, analyst, mall, status=status, **options)
        assert problem["detail"][0]["loc"][:2] == ["body", field]
        if field == "n_clusters":
            assert [each["loc"] for each in problem["detail"]] == [["body", "n_clusters"]]
            assert '2 to 15, or "auto"' in problem["detail"][0]["msg"]
        assert get(client, analyst, f"runs/{mall}").json() == []

    def test_a_linkage_past_its_memory_says_what_it_can_take(self, client, analyst, mall, settings):
        tools = client.app.state.resources.runs.tools
        object.__setattr__(tools, "linkage_memory_bytes", 80_000)
        problem = train(client, analyst, mall, status=422, linkage="complete")["detail"][0]
        assert problem["loc"] == ["body", "linkage"]
        assert "it can take 141 rows" in problem["msg"]
        assert "Ward" in problem["msg"]
        assert train(client, analyst, mall, linkage="ward")["method"] == "exact"

    def test_tables_without_groups_get_a_clear_answer(self, client, analyst):
        same = upload(client, analyst, b"x,y,z\n" + b"1,2,a\n" * 30 + b"1,2,b\n" * 30)
        answer = train(client, analyst, same["id"], status=400, n_clusters=5, algorithm="kmeans")
        assert "2 distinct customers for 5 clusters" in answer["detail"]
        only_ids = upload(client, analyst, b"id,name\n1,Ann Lee\n2,Bo Li\n3,Cy Wu\n")
        problem = train(client, analyst, only_ids["id"], status=422, n_clusters=2)
        assert "No column is left" in problem["detail"][0]["msg"]

    def test_a_linkage_that_cannot_be_is_refused_before_it_is_a_job(
        self, client, analyst, mall, settings
    ):
        settings.max_rows_in_request = 10
        tools = client.app.state.resources.runs.tools
        object.__setattr__(tools, "linkage_memory_bytes", 80_000)
        problem = train(client, analyst, mall, status=422, linkage="complete")["detail"][0]
        assert problem["loc"] == ["body", "linkage"]
        assert "it can take 141 rows" in problem["msg"]
        with client.app.state.resources.database.connect() as connection:
            connection.execute(sa.update(Dataset).values(n_rows=200_001))
        for options in (
            {"algorithm": "dbscan"},
            {"algorithm": "hdbscan"},
            {"algorithm": "hierarchical", "linkage": "single"},
        ):
            problem = train(client, analyst, mall, status=422, **options)["detail"][0]
            assert "there are 200,001" in problem["msg"]
        assert client.get("/api/v1/jobs", headers=analyst.headers).json() == []

    @pytest.mark.parametrize(
        "options",
        [{"algorithm": "dbscan", "eps": 0.5}, {"linkage": "average"}, {"linkage": "ward"}],
    )
    def test_what_takes_much_memory_is_worked_out_beside_the_server(
        self, client, analyst, mall, monkeypatch, options
    ):
        here = train(client, analyst, mall, **options)
        with client.app.state.resources.database.connect() as connection:
            connection.execute(sa.delete(ClusteringTree))
        monkeypatch.setattr(runs, "DENSITY_ROWS_HERE", 100)
        monkeypatch.setattr(runs, "MATRIX_BYTES_HERE", 10_000)
        in_server = []
        monkeypatch.setattr(runs, "single_threaded", lambda: in_server.append(1))
        apart = train(client, analyst, mall, **options)
        assert in_server == []
        refused = train(client, analyst, mall, status=400, algorithm="dbscan", min_samples=201)
        assert "min_samples must be 1 to 200" in refused["detail"]
        same = ("n_clusters", "silhouette_score", "cluster_sizes", "details")
        assert [apart[name] for name in same] == [here[name] for name in same]

    @pytest.mark.parametrize("algorithm", ["hierarchical", "kmeans", "dbscan", "hdbscan"])
    def test_a_table_of_one_row_is_refused(self, client, analyst, algorithm):
        one = upload(client, analyst, b"x,y\n1,2\n")
        answer = train(client, analyst, one["id"], status=400, n_clusters=2, algorithm=algorithm)
        assert "rows" in answer["detail"]

    def test_is_404_for_another_s_dataset(self, client, accounts, mall):
        train(client, accounts.make("analyst"), mall, status=404)
        train(client, accounts.make("user"), mall, status=403)
        assert train(client, accounts.make("admin"), mall)["dataset_id"] == mall


class TestSegments:
    def test_pages_assignments_beside_profiles(self, client, analyst, mall):
        run = train(client, analyst, mall, columns=INCOME_SPENDING, n_clusters=5)
        page = get(client, analyst, f"segments/{run['run_id']}", skip=198).json()
        assert page["total"] == 200
        assert page["customer_id_column"] == "CustomerID"
        assert [each["customer_id"] for each in page["assignments"]] == ["199", "200"]
        assert [profile["size"] for profile in page["profiles"]] == run["cluster_sizes"]
        richest = max(page["profiles"], key=lambda each: each["means"]["Annual Income (k$)"])
        top = richest["differences"][0]
        assert abs(top["effect"]) == max(abs(each["effect"]) for each in richest["differences"])
        assert top["value"] == pytest.approx(richest["means"][top["column"]])

    def test_profiles_are_the_means_of_their_customers(self, client, analyst, mall, shared_data):
        run = train(client, analyst, mall, n_clusters=4)
        labels = labels_of(client, analyst, run)
        income = np.genfromtxt(
            shared_data / "mall_customers.csv", delimiter=",", skip_header=1, usecols=3
        )
        profiles = get(client, analyst, f"segments/{run['run_id']}").json()["profiles"]
        for profile in profiles:
            mean = income[labels == profile["cluster"]].mean()
            assert profile["means"]["Annual Income (k$)"] == pytest.approx(mean)
            shares = profile["categories"]["Gender"]
            assert sum(each["share"] for each in shares) == pytest.approx(1)

    def test_as_csv_it_is_safe_in_a_spreadsheet(self, client, analyst):
        lines = [f"id{i},{i % 2 * 50},{'=cmd()' if i % 2 else '+1 or more'}" for i in range(40)]
        content = "\n".join(["customer_id,spend,=note", *lines, ""]).encode()
        dataset = upload(client, analyst, content)
        run = train(client, analyst, dataset["id"], n_clusters=2)
        answer = get(client, analyst, f"segments/{run['run_id']}", format="csv")
        assert "attachment" in answer.headers["Content-Disposition"]
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert rows[0][:3] == ["customer_id", "cluster", "segment"]
        assert len(rows) == 41
        assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)

    def test_a_column_s_name_stands_once_in_the_header(self, client, analyst):
        lines = [f"{i % 5},{i * 7 % 40},{i % 2},{'ab'[i % 2]}" for i in range(40)]
        content = "\n".join(["row,spend,cluster,predicted_segment", *lines, ""]).encode()
        dataset = upload(client, analyst, content)
        run = train(client, analyst, dataset["id"], n_clusters=2)
        answer = get(client, analyst, f"segments/{run['run_id']}", format="csv")
        header = next(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert header[:3] == [
            "table_row",
            "predicted_predicted_cluster",
            "predicted_predicted_segment",
        ]
        assert header[3:] == ["row", "spend", "cluster", "predicted_segment"]

    def test_as_a_workbook_it_is_ready_to_be_read_and_nothing_is_a_formula(self, client, analyst):
        lines = [f"id{i},{i % 2 * 50.5},{'=1+1' if i % 8 else 'plain'}" for i in range(40)]
        dataset = upload(
            client, analyst, "\n".join(["customer_id,spend,note", *lines, ""]).encode()
        )
        run = train(client, analyst, dataset["id"], n_clusters=2, columns=["spend", "note"])
        answer = get(client, analyst, f"segments/{run['run_id']}", format="xlsx")
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        assert book.sheetnames[2:5] == ["What to do", "What matters", "Rules"]
        customers, segments, _, matters, rules, how = book
        assert sum(row[1].value for row in matters.iter_rows(min_row=2)) == pytest.approx(1)
        assert [row[4].value for row in rules.iter_rows(min_row=2)] == [20, 20]
        assert [cell.value for cell in customers[1]] == [
            "customer_id",
            "cluster",
            "segment",
            "spend",
            "note",
        ]
        assert customers.max_row == 41
        cells = [cell for sheet in book for row in sheet.iter_rows(min_row=2) for cell in row]
        assert {cell.data_type for cell in cells} == {"s", "n"}
        for sheet, extent in ((customers, "A1:E41"), (segments, "A1:G3")):
            assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("C2", extent)
            assert all(cell.font.bold for cell in sheet[1])
            longest = max(
                len(str(cell.value)) for cell in sheet["C" if sheet is customers else "B"]
            )
            assert sheet.column_dimensions["C" if sheet is customers else "B"].width > longest

        titles, *profiles = segments.iter_rows()
        assert [cell.value for cell in titles] == [
            "cluster",
            "segment",
            "size",
            "share",
            "mean spend",
            "main note",
            "what sets it apart",
        ]
        by_spend = {row[4].value: row for row in profiles}
        assert set(by_spend) == {0, 50.5}
        for spend, note in ((0, "=1+1 75%"), (50.5, "=1+1 100%")):
            _, _, size, share, mean, main, apart = by_spend[spend]
            assert (size.value, share.value, share.number_format) == (20, 0.5, "0.0%")
            assert mean.number_format == "0.00"
            assert main.value == note
            assert f"spend {spend} vs {50.5 - spend:g}" in apart.value

        told = {row[0].value: row[1].value for row in how.iter_rows()}
        assert told["Columns used"] == "spend, note"
        assert told["Algorithm"] == "hierarchical, ward linkage"
        assert (told["Customers"], told["Number of segments"]) == (40, 2)
        assert told["Silhouette"] == pytest.approx(run["silhouette_score"])
        assert told["Made"].startswith(run["created_at"][:10])
        assert "Structure" not in told

    def test_a_run_keeps_the_reading_it_was_made_from(self, client, analyst):
        dataset = upload(client, analyst)
        run = train(client, analyst, dataset["id"])
        before = get(client, analyst, f"segments/{run['run_id']}").json()
        changed = client.patch(
            f"/api/v1/datasets/{dataset['id']}",
            json={"has_header": False},
            headers=analyst.headers,
        )
        assert changed.json()["n_rows"] == 61
        assert get(client, analyst, f"segments/{run['run_id']}").json() == before


class TestDendrogram:
    def test_is_a_png_of_the_size_asked_or_an_svg(self, client, analyst, mall):
        run = train(client, analyst, mall)
        png = get(client, analyst, f"dendrogram/{run['run_id']}", width=800, height=500)
        assert png.headers["Content-Type"] == "image/png"
        assert (int.from_bytes(png.content[16:20]), int.from_bytes(png.content[20:24])) == (
            800,
            500,
        )
        svg = get(client, analyst, f"dendrogram/{run['run_id']}", format="svg")
        assert svg.headers["Content-Type"] == "image/svg+xml"
        assert "Ward linkage" in svg.text or b"<svg" in svg.content

    def test_as_data_it_is_the_tree_and_its_cuts(self, client, analyst, mall):
        run = train(client, analyst, mall, columns=INCOME_SPENDING, n_clusters=5)
        data = get(client, analyst, f"dendrogram/{run['run_id']}", format="json").json()
        assert sum(leaf["n_rows"] for leaf in data["leaves"]) == 200
        assert len(data["branches"]) == len(data["leaves"]) - 1
        assert [segment["size"] for segment in data["segments"]] == run["cluster_sizes"]
        heights = [cut["cut_height"] for cut in data["cuts"]]
        assert heights == sorted(heights, reverse=True)
        five = next(cut for cut in data["cuts"] if cut["n_clusters"] == 5)
        assert five["silhouette_score"] == pytest.approx(0.5538, abs=5e-5)
        assert five["cut_height"] == pytest.approx(data["cut_height"])
        assert five["leaf_clusters"] == [leaf["cluster"] for leaf in data["leaves"]]

    def test_other_algorithms_have_none(self, client, analyst, mall):
        run = train(client, analyst, mall, algorithm="kmeans")
        answer = get(client, analyst, f"dendrogram/{run['run_id']}", status=400)
        assert "has no tree" in answer.json()["detail"]


class TestProjection:
    def test_is_two_principal_components(self, client, analyst, shared_data):
        file = shared_data / "wholesale_customers.csv"
        matrix = matrix_of(file.name, file.read_bytes())
        dataset = upload(client, analyst, file)
        run = train(client, analyst, dataset["id"])
        shown = get(client, analyst, f"projection/{run['run_id']}").json()
        pca = PCA(2).fit(matrix)
        assert shown["explained_variance"] == pytest.approx(pca.explained_variance_ratio_.tolist())
        points = np.array([[point["x"], point["y"]] for point in shown["points"]])
        assert np.abs(points) == pytest.approx(np.abs(pca.transform(matrix)), abs=1e-8)
        assert shown["n_shown"] == shown["n_samples"] == 440

    def test_shows_five_thousand_of_more(self, client, analyst, shared_data):
        dataset = upload(client, analyst, shared_data / "cdnow_sample.csv")
        run = train(client, analyst, dataset["id"], algorithm="kmeans", **ANY)
        shown = get(client, analyst, f"projection/{run['run_id']}").json()
        assert shown["n_samples"] == 6919
        assert 4_900 <= len(shown["points"]) <= 5_000
        assert {point["cluster"] for point in shown["points"]} == {0, 1, 2}


class TestCut:
    def test_previews_without_storing(self, client, analyst, mall):
        run = train(client, analyst, mall, columns=INCOME_SPENDING, n_clusters=3)
        answer = client.post(
            f"{CLUSTERING}/runs/{run['run_id']}/cut",
            json={"n_clusters": 5},
            headers=analyst.headers,
        )
        cut = answer.json()
        assert cut["cluster_sizes"] == [85, 39, 32, 23, 21]
        assert cut["silhouette_score"] == pytest.approx(0.5538, abs=5e-5)
        assert len(cut["profiles"]) == 5
        stored, other = (
            get(client, analyst, f"projection/{run['run_id']}", **query).json()["points"]
            for query in ({}, {"n_clusters": 5})
        )
        assert Counter(point["cluster"] for point in other) == dict(enumerate(cut["cluster_sizes"]))
        assert [(one["x"], one["y"]) for one in stored] == [(one["x"], one["y"]) for one in other]
        assert len(get(client, analyst, f"runs/{mall}").json()) == 1


@pytest.mark.both_databases("order of runs, and JSON that is kept")
class TestSharing:
    def test_a_team_run_is_read_and_scored_with_by_everyone(self, client, accounts, analyst, mall):
        run = train(client, analyst, mall)
        marketer = accounts.make("user")
        paths = [f"{view}/{run['run_id']}" for view in ("segments", "dendrogram", "projection")]
        rows = {"rows": [{"Gender": "Male", "Age": 40, INCOME_SPENDING[0]: 60}]}
        rows["rows"][0][INCOME_SPENDING[1]] = 50
        predict = f"{CLUSTERING}/runs/{run['run_id']}/predict"
        for path in (*paths, f"runs/{mall}"):
            get(client, marketer, path, status=404)
        assert client.post(predict, json=rows, headers=marketer.headers).status_code == 404

        sharing = f"{CLUSTERING}/runs/{run['run_id']}/sharing"
        team = {"visibility": "team"}
        assert client.put(sharing, json=team, headers=marketer.headers).status_code == 403
        stranger = accounts.make("analyst")
        assert client.put(sharing, json=team, headers=stranger.headers).status_code == 404
        shared = client.put(sharing, json=team, headers=analyst.headers)
        assert shared.json()["visibility"] == "team"

        for path in (*paths, f"runs/{mall}"):
            get(client, marketer, path)
        assert client.post(predict, json=rows, headers=marketer.headers).status_code == 200
        listed = get(client, marketer, "runs").json()
        assert [each["run_id"] for each in listed] == [run["run_id"]]
        hidden = client.get(f"/api/v1/datasets/{mall}", headers=stranger.headers)
        assert hidden.status_code == 404
        deleting = client.delete(f"{CLUSTERING}/runs/{run['run_id']}", headers=stranger.headers)
        assert deleting.status_code == 404

        client.put(sharing, json={"visibility": "private"}, headers=analyst.headers)
        get(client, marketer, paths[0], status=404)

    def test_what_the_run_did_not_use_is_not_exported_to_others(self, client, accounts, analyst):
        dataset = upload(client, analyst)
        run = train(client, analyst, dataset["id"], columns=["age", "annual_income"])
        client.put(
            f"{CLUSTERING}/runs/{run['run_id']}/sharing",
            json={"visibility": "team"},
            headers=analyst.headers,
        )
        own = ["customer_id", "cluster", "segment", "age", "annual_income"]
        rest = ["spending_score", "gender", "region"]
        for who, expected in (
            (accounts.make("user"), own),
            (accounts.make("analyst"), own),
            (analyst, [*own, *rest]),
            (accounts.make("admin"), [*own, *rest]),
        ):
            path = f"segments/{run['run_id']}"
            text = get(client, who, path, format="csv").content.decode("utf-8-sig")
            rows = list(csv.reader(io.StringIO(text)))
            assert rows[0] == expected
            assert {len(row) for row in rows} == {len(expected)}
            book = openpyxl.load_workbook(io.BytesIO(get(client, who, path, format="xlsx").content))
            assert [cell.value for cell in book["Customers"][1]] == expected

    def test_runs_are_listed_newest_first_and_removed(self, client, analyst, mall):
        first, second = (train(client, analyst, mall, n_clusters=k) for k in (2, 3))
        listed = get(client, analyst, f"runs/{mall}")
        assert [each["run_id"] for each in listed.json()] == [second["run_id"], first["run_id"]]
        assert listed.headers["X-Total-Count"] == "2"
        url = f"{CLUSTERING}/runs/{first['run_id']}"
        assert client.delete(url, headers=analyst.headers).status_code == 200
        assert len(get(client, analyst, f"runs/{mall}").json()) == 1


class TestCompare:
    def test_says_who_is_in_another_segment(self, client, accounts, analyst, mall):
        five = train(client, analyst, mall, columns=INCOME_SPENDING, n_clusters=5)
        options = {"algorithm": "kmeans", "columns": INCOME_SPENDING, "n_clusters": 5}
        other = train(client, analyst, mall, **options)
        path = f"runs/{other['run_id']}/compare"
        told = get(client, analyst, path, against=five["run_id"]).json()
        before, after = (labels_of(client, analyst, run) for run in (five, other))
        table = confusion_matrix(before, after)
        assert told["matrix"] == table.tolist()
        ways = zip(*linear_sum_assignment(table, maximize=True), strict=True)
        stayed = sum(int(table[way]) for way in ways)
        assert told["n_moved"] == 200 - stayed > 0
        assert told["sentence"] == (
            f"{told['n_moved']} of 200 customers ({told['n_moved'] / 200:.0%}) "
            "are in another segment."
        )
        index = adjusted_rand_score(before, after)
        assert told["adjusted_rand_index"] == pytest.approx(index)
        assert (told["rows"], told["columns"]) == (five["cluster_names"], other["cluster_names"])
        assert {each["change"] for each in told["segments"]} <= {"kept", "renamed"}
        assert told["refinement"] is None

        three = train(client, analyst, mall, columns=INCOME_SPENDING, n_clusters=3)
        for run, against, change in ((five, three, "split"), (three, five, "merged")):
            told = get(
                client, analyst, f"runs/{run['run_id']}/compare", against=against["run_id"]
            ).json()
            assert (told["refinement"], told["n_moved"]) == (change, 0)
            k, others = against["n_clusters"], run["n_clusters"]
            assert told["sentence"] == (
                f"{k} segments are {change} into {others}, and nobody goes elsewhere."
            )
            assert len(told["segments"]) == 5
            assert sum(each["change"] == change for each in told["segments"]) in (3, 4)

        stranger = accounts.make("analyst")
        get(client, stranger, path, status=404, against=five["run_id"])
        share = f"{CLUSTERING}/runs/{other['run_id']}/sharing"
        client.put(share, json={"visibility": "team"}, headers=analyst.headers)
        # The other run is still its owner's alone.
        get(client, stranger, path, status=404, against=five["run_id"])
        get(client, stranger, path, against=other["run_id"])

    def test_runs_without_customers_in_common_are_refused(self, client, analyst):
        small = upload(client, analyst)
        first = train(client, analyst, small["id"])
        second = train(client, analyst, upload(client, analyst)["id"])
        path = f"runs/{second['run_id']}/compare"
        refused = get(client, analyst, path, status=400, against=first["run_id"])
        assert "of another table" in refused.json()["detail"]
        url = f"/api/v1/datasets/{small['id']}"
        changed = client.patch(url, json={"has_header": False}, headers=analyst.headers)
        assert changed.status_code == 200, changed.text
        anew = train(client, analyst, small["id"])
        path = f"runs/{anew['run_id']}/compare"
        refused = get(client, analyst, path, status=400, against=first["run_id"])
        assert "60 customers" in refused.json()["detail"]
        get(client, analyst, path, status=422)


class TestPredict:
    def post(self, client, account, run, status=200, **sent):
        url = f"{CLUSTERING}/runs/{run['run_id']}/predict"
        answer = client.post(url, headers=account.headers, **sent)
        assert answer.status_code == status, answer.text[:500]
        return answer.json()

    def test_kmeans_puts_its_own_rows_back(self, client, analyst, mall, shared_data):
        run = train(client, analyst, mall, algorithm="kmeans", n_clusters=4)
        file = shared_data / "mall_customers.csv"
        placed = self.post(client, analyst, run, files={"file": (file.name, file.read_bytes())})
        assert placed["rule"] == "nearest_center"
        found = [each["cluster"] for each in placed["placements"]]
        assert found == labels_of(client, analyst, run).tolist()

    def test_rows_as_json_and_as_a_file_agree(self, client, analyst, mall, shared_data):
        run = train(client, analyst, mall, n_clusters=5)
        file = shared_data / "mall_customers.csv"
        with file.open(newline="") as text:
            rows = list(csv.DictReader(text))[:20]
        by_json = self.post(client, analyst, run, json={"rows": rows})
        head = head_of(file, 20)
        by_file = self.post(client, analyst, run, files={"file": (file.name, head)})
        assert by_json["placements"] == by_file["placements"]
        as_body = {"Content-Type": "text/csv; charset=utf-8", **analyst.headers}
        url = f"{CLUSTERING}/runs/{run['run_id']}/predict"
        by_body = client.post(url, content=head, headers=as_body)
        assert by_body.json()["placements"] == by_file["placements"]
        other = {"Content-Type": "text/plain", **analyst.headers}
        refused = client.post(url, content=head, headers=other)
        assert refused.status_code == 415
        assert "field named file" in refused.json()["detail"]
        first = by_json["placements"][0]
        assert first["cluster_name"] == run["cluster_names"][first["cluster"]]
        assert 0 <= first["confidence"] <= 100

    def test_dbscan_tells_core_border_and_noise(self, client, analyst, shared_data):
        file = shared_data / "wholesale_customers.csv"
        dataset = upload(client, analyst, file)
        options = {"algorithm": "dbscan", "columns": SPENDS, "transform": "log", "eps": 1.0}
        run = train(client, analyst, dataset["id"], n_clusters=None, min_samples=12, **options)
        placed = self.post(client, analyst, run, files={"file": (file.name, file.read_bytes())})
        roles = [each["role"] for each in placed["placements"]]
        assert placed["rule"] == "density"
        assert set(roles) == {"core", "border", "noise"}
        assert roles.count("core") == run["details"]["n_core"]
        assert roles.count("noise") == run["n_noise"]
        far = dict.fromkeys(SPENDS, 10_000_000)
        assert self.post(client, analyst, run, json={"rows": [far]})["placements"][0] == {
            "row": 1,
            "cluster": -1,
            "cluster_name": "Noise",
            "confidence": None,
            "probability": None,
            "outlier": True,
            "role": "noise",
        }

    def test_rows_that_do_not_fit_are_refused(self, client, analyst, mall):
        run = train(client, analyst, mall)
        lacking = self.post(client, analyst, run, 422, json={"rows": [{"Age": 30}]})
        assert "Gender" in lacking["detail"][0]["msg"]
        words = {"Gender": "Male", "Age": "old", INCOME_SPENDING[0]: 1, INCOME_SPENDING[1]: 1}
        assert (
            "Age"
            in self.post(client, analyst, run, 422, json={"rows": [words]})["detail"][0]["msg"]
        )
        good = {**words, "Age": 30}
        beside = self.post(client, analyst, run, 422, json={"rows": [good, words]})
        assert "'old'" in beside["detail"][0]["msg"]
        assert "row 2" in beside["detail"][0]["msg"]
        self.post(client, analyst, run, 422, json={"rows": []})
        self.post(client, analyst, run, 422, json=[1])
        self.post(client, analyst, run, 415, files={"file": ("a.csv", b"\x89PNG\r\n\x1a\n")})

    def test_a_blank_is_filled_as_it_was_in_training(self, client, analyst):
        dataset = upload(client, analyst)
        run = train(client, analyst, dataset["id"], columns=["age", "annual_income"])
        median = sorted(int(line.split(b",")[1]) for line in SMALL.splitlines()[1:])
        middle = (median[29] + median[30]) / 2
        rows = [{"age": None, "annual_income": 40}, {"age": middle, "annual_income": 40}]
        blank, filled = self.post(client, analyst, run, json={"rows": rows})["placements"]
        assert blank["confidence"] == filled["confidence"]

    def test_what_is_missing_or_never_seen_is_said(self, client, analyst, mall):
        run = train(client, analyst, mall)
        good = {"Gender": "Male", "Age": 30, INCOME_SPENDING[0]: 60, INCOME_SPENDING[1]: 50}
        assert self.post(client, analyst, run, json={"rows": [good]})["warnings"] == []
        odd = {**good, "Gender": "Unheard of", "Age": None}
        told = " ".join(self.post(client, analyst, run, json={"rows": [good, odd]})["warnings"])
        assert "Age: 1 blank" in told
        assert "'Unheard of'" in told

    def test_a_blank_is_filled_also_where_the_row_is_alone(self, client, analyst):
        dataset = upload(client, analyst)
        run = train(client, analyst, dataset["id"], columns=["age", "annual_income"])
        rows = [{"age": None, "annual_income": 40}, {"age": 30, "annual_income": 40}]
        beside_another = self.post(client, analyst, run, json={"rows": rows})["placements"][0]
        for sent in (
            {"json": {"rows": rows[:1]}},
            {"files": {"file": ("one.csv", b"age,annual_income\n,40\n")}},
        ):
            assert self.post(client, analyst, run, **sent)["placements"] == [beside_another]
