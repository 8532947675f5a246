"""Uploading tables, and what the real ones hold."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

_LINES = [
    f"C{i:03},{20 + i % 40},{30 + i * 7 % 90},{i * 13 % 100},{'MF'[i % 2]},{'NSEW'[i % 4]}"
    for i in range(60)
]
SMALL = "\n".join(
    ["customer_id,age,annual_income,spending_score,gender,region", *_LINES, ""]
).encode()
ROWS = {
    "mall_customers.csv": (200, 5),
    "wholesale_customers.csv": (440, 8),
    "cdnow_sample.csv": (6919, 5),
    "telco_churn.csv": (7043, 21),
    "bank_additional_semicolon.csv": (4119, 21),
    "online_retail_semicolon_decimalcomma_bom.csv": (10000, 8),
    "marketing_campaign_semicolon_bom.csv": (2240, 29),
}


def send(
    client,
    account,
    content: bytes | Path = SMALL,
    name: str = "table.csv",
    headers: Mapping[str, str] | None = None,
    **fields: str,
):
    """Upload a table; fields override what would be recognised."""
    if isinstance(content, Path):
        name, content = content.name, content.read_bytes()
    return client.post(
        "/api/v1/datasets/upload",
        files={"file": (name, content)},
        data=fields,
        headers={**account.headers, **(headers or {})},
    )


def upload(client, account, content: bytes | Path = SMALL, name: str = "table.csv") -> Any:
    answer = send(client, account, content, name)
    assert answer.status_code == 201, answer.text
    return answer.json()


def train(client, account, dataset_id: int, *, status: int = 201, **options: Any) -> Any:
    answer = client.post(
        "/api/v1/clustering/train",
        json={"dataset_id": dataset_id, "n_clusters": 3, **options},
        headers=account.headers,
    )
    assert answer.status_code == status, answer.text
    return answer.json()


def files_left(client) -> list[str]:
    """What stands in the folder of datasets, but for the servers' own locks."""
    root = client.app.state.resources.datasets.store.root
    return sorted(path.name for path in root.iterdir() if path.name != ".servers")
