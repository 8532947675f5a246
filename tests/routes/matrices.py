"""The real tables as matrices, made here by pandas and scikit-learn alone, and their clusters."""

import io
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.cluster import hierarchy
from scipy.spatial.distance import pdist
from sklearn.cluster import DBSCAN, KMeans
from sklearn.metrics import silhouette_score
from sklearn.preprocessing import StandardScaler

from app.segmentation.preparation.column_choice import choose_columns
from app.segmentation.preparation.fitting import fit_features
from app.segmentation.tables import read_table

READ: dict[str, dict[str, Any]] = {
    "mall_customers.csv": {},
    "wholesale_customers.csv": {},
    "cdnow_sample.csv": {"sep": r"\s+", "header": None, "names": list("abcde")},
    "telco_churn.csv": {"na_values": [" "]},
    "bank_additional_semicolon.csv": {"sep": ";", "na_values": {"pdays": ["999"]}},
    "online_retail_semicolon_decimalcomma_bom.csv": {
        "sep": ";",
        "decimal": ",",
        "encoding": "utf-8-sig",
    },
    "marketing_campaign_semicolon_bom.csv": {"sep": ";", "encoding": "utf-8-sig"},
}
NUMERIC = {
    "mall_customers.csv": ["Age", "Annual Income (k$)", "Spending Score (1-100)"],
    "wholesale_customers.csv": [
        "Fresh",
        "Milk",
        "Grocery",
        "Frozen",
        "Detergents_Paper",
        "Delicatessen",
    ],
    "cdnow_sample.csv": ["d", "e"],
    "telco_churn.csv": ["tenure", "MonthlyCharges", "TotalCharges"],
    "bank_additional_semicolon.csv": [
        "age",
        "duration",
        "campaign",
        "pdays",
        "previous",
        "emp.var.rate",
        "cons.price.idx",
        "cons.conf.idx",
        "euribor3m",
        "nr.employed",
    ],
    "online_retail_semicolon_decimalcomma_bom.csv": ["Quantity", "UnitPrice"],
    "marketing_campaign_semicolon_bom.csv": [
        "Year_Birth",
        "Income",
        "Kidhome",
        "Teenhome",
        "Recency",
        "MntWines",
        "MntFruits",
        "MntMeatProducts",
        "MntFishProducts",
        "MntSweetProducts",
        "MntGoldProds",
        "NumDealsPurchases",
        "NumWebPurchases",
        "NumCatalogPurchases",
        "NumStorePurchases",
        "NumWebVisitsMonth",
    ],
}
IGNORED = {
    "mall_customers.csv": ["CustomerID"],
    "wholesale_customers.csv": [],
    "cdnow_sample.csv": ["a", "b", "c"],
    "telco_churn.csv": ["customerID"],
    "bank_additional_semicolon.csv": [],
    "online_retail_semicolon_decimalcomma_bom.csv": [
        "InvoiceNo",
        "StockCode",
        "Description",
        "InvoiceDate",
        "CustomerID",
    ],
    "marketing_campaign_semicolon_bom.csv": ["ID", "Dt_Customer", "Z_CostContact", "Z_Revenue"],
}
LEVELS = 20


def head_of(file: Path, n_rows: int | None) -> bytes:
    """The first rows of a file, as it is written."""
    lines = file.read_bytes().splitlines(keepends=True)
    first_row = 0 if file.name == "cdnow_sample.csv" else 1
    return b"".join(lines if n_rows is None else lines[: first_row + n_rows])


def matrix_of(name: str, content: bytes) -> NDArray[np.float64]:
    """Standardised numbers, blanks at the median, beside one-hot categories."""
    options: dict[str, Any] = {"keep_default_na": False, "na_values": [""]}
    frame = pd.read_csv(io.BytesIO(content), **options | READ[name])
    numeric = frame[NUMERIC[name]].astype(float)
    numeric = numeric.fillna(numeric.median())
    parts = [StandardScaler().fit_transform(numeric.to_numpy())]
    for column in frame.columns.difference([*NUMERIC[name], *IGNORED[name]], sort=False):
        values = frame[column].astype("str").fillna("(missing)")
        common = values.value_counts().index[:LEVELS]
        kept = values.where(values.isin(common), "(other)")
        parts.append(pd.get_dummies(kept).to_numpy(dtype=float))
    return np.hstack(parts)


def engine_matrix_of(content: bytes) -> NDArray[np.float64]:
    """The same by the engine: equal up to the order of columns and the last digits.

    Those digits decide between merges at one distance, of which tables of repeated values are
    full, so that a tree is compared on exactly the numbers it was built from.
    """
    table = read_table(io.BytesIO(content))
    choice = choose_columns({column.name: column.kind for column in table.columns})
    return fit_features(table.frame, numeric=choice.numeric, categorical=choice.categorical).matrix


class Reference:
    """What scipy and scikit-learn make of a table, worked out once for all databases."""

    def __init__(self, file: Path, n_rows: int | None) -> None:
        self.name = file.name
        self.content = head_of(file, n_rows)
        self.matrix = matrix_of(file.name, self.content)

    @cached_property
    def distances(self) -> NDArray[np.float64]:
        return pdist(engine_matrix_of(self.content))


@cache
def reference(file: Path, n_rows: int | None) -> Reference:
    return Reference(file, n_rows)


@cache
def cut_of_scipy(
    table: Reference, linkage: str, n_clusters: int
) -> tuple[NDArray[np.int32], float]:
    """Return the labels, and scikit-learn's silhouette of them."""
    tree = hierarchy.linkage(table.distances, linkage)
    labels = hierarchy.fcluster(tree, n_clusters, "maxclust")
    return labels, silhouette_score(table.matrix, labels)


@cache
def ward_of_scipy(table: Reference, n_clusters: int) -> NDArray[np.int32]:
    """Return the labels without keeping the distances, which take 200 MB for 7,000 rows."""
    return hierarchy.fcluster(hierarchy.linkage(table.matrix, "ward"), n_clusters, "maxclust")


@cache
def best_kmeans(table: Reference, n_clusters: int, restarts: int = 20) -> KMeans:
    return KMeans(n_clusters, n_init=restarts, random_state=1).fit(table.matrix)


@cache
def dbscan_of_scikit_learn(table: Reference, eps: float, min_samples: int) -> NDArray[np.int64]:
    return DBSCAN(eps=eps, min_samples=min_samples).fit(table.matrix).labels_
