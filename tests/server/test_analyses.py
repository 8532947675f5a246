"""What else a server answers while it analyses posted records."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import numpy as np

from app.segmentation.synthesis import generate_customers
from tests.factories import CUSTOMER
from tests.server.running import PATIENCE, Server

ANALYSES = 8
CUSTOMERS = 3000


def test_predictions_are_answered_while_eight_tables_are_analysed(tmp_path: Path) -> None:
    with Server(tmp_path, database_url=f"sqlite:///{tmp_path / 'customers.db'}") as server:
        generate_customers(1000, seed=7).to_csv(server.customers, index=False)
        headers = server.sign_in("operator")
        httpx.post(f"{server.url}/train", headers=headers, timeout=PATIENCE).raise_for_status()

        def analyse(seed: int) -> int:
            table = generate_customers(CUSTOMERS, seed=seed).replace({np.nan: None})
            body = {"customerData": table.to_dict("records")}
            answer = httpx.post(
                f"{server.url}/api/analyze", json=body, headers=headers, timeout=PATIENCE
            )
            answer.raise_for_status()
            return answer.json()["nCustomers"]

        predictions = 0
        with ThreadPoolExecutor(ANALYSES) as pool, httpx.Client(headers=headers) as client:
            analyses = [pool.submit(analyse, seed) for seed in range(ANALYSES)]
            while not all(each.done() for each in analyses):
                predicted = client.post(f"{server.url}/predict", json=CUSTOMER, timeout=PATIENCE)
                assert predicted.status_code == 200, predicted.text
                predictions += 1
                time.sleep(0.02)
            assert [each.result() for each in analyses] == [CUSTOMERS] * ANALYSES
        # Those that wait for an analysis to end are no more than there are analyses.
        assert predictions > 2 * ANALYSES
