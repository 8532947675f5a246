"""A table has one answer, whichever door it came in by."""

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from app.db.tables import Dataset
from app.schemas.analysis import AnalysisOptions
from app.schemas.clustering import RunRequest
from app.segmentation.segment import segment
from app.segmentation.tables import Table, read_table
from app.services.analysis_work import analyse_records
from app.services.column_formats import described
from app.services.segmentations.asking import RunOrder, Target
from app.services.segmentations.reports import report_of
from tests.factories import Account, caller_of
from tests.generated import generated

TABLES = [
    "mall_customers.csv",
    "wholesale_customers.csv",
    "telco_churn.csv",
    "bank_additional_semicolon.csv",
    "marketing_campaign_semicolon_bom.csv",
    "cdnow_sample.csv",
    "online_retail_semicolon_decimalcomma_bom.csv",
]
ROWS = 800


def check_one_answer(table: Table) -> None:
    form = RunRequest.model_validate({"dataset_id": 1, "algorithm": "auto", "n_clusters": "auto"})
    kept = Dataset(
        id=1,
        directory="",
        reading="",
        n_rows=len(table.frame),
        columns=[described(column).model_dump(mode="json") for column in table.columns],
    )
    order = RunOrder.of(kept, form.recipe(), caller_of(Account(1, "anna", "", {})), Target())
    order = RunOrder.model_validate(order.model_dump(mode="json"))
    as_kept = order.table_of(table.frame[order.columns_read()])
    run = segment(as_kept, order.recipe)
    told = report_of(run)

    records = table.page(limit=len(table.frame))
    for row, record in enumerate(records):
        record["row of the file"] = f"row {row} of the file"
    answer = analyse_records(
        records, AnalysisOptions(exclude=["row of the file"], one_row_is="customer")
    )
    labels = np.full(len(records), -1)
    for cluster in answer.clusters:
        for customer in cluster.customers:
            labels[int(customer["row of the file"].split()[1])] = cluster.cluster_id
    assert adjusted_rand_score(run.labels, labels) == 1.0
    assert [each.cluster_name for each in told.profiles] == [
        each.cluster_name for each in answer.clusters
    ]
    assert [each.characteristics for each in told.profiles] == [
        each.characteristics for each in answer.clusters
    ]
    if told.structure is None:
        assert answer.structure is None
    else:
        assert told.structure.verdict == answer.structure.verdict
    assert run.accuracy == answer.accuracy


@pytest.mark.parametrize("name", TABLES)
def test_a_real_table_has_one_answer(shared_data: Path, name: str) -> None:
    with (shared_data / name).open("rb") as source:
        table = read_table(source)
    frame = pd.DataFrame(table.page(limit=ROWS))
    check_one_answer(read_table(io.BytesIO(frame.to_csv(index=False).encode())))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", range(metafunc.config.getoption("--generated-tables")))


def test_a_generated_table_has_one_answer(seed: int) -> None:
    check_one_answer(read_table(io.BytesIO(generated(seed).to_csv(index=False).encode())))
