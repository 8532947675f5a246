"""The segments of the generated customers: what the program shows before anyone signs in."""

import io
import threading
from functools import cache

from app.schemas.example import Example, ExampleSegment
from app.segmentation.customers import read_customers
from app.segmentation.recipe import FEATURES
from app.segmentation.synthesis import generate_customers
from app.segmentation.threads import single_threaded
from app.segmentation.training import train_segments

N_CUSTOMERS = 600
_turn = threading.Lock()


def example() -> Example:
    """Return the generated customers and their segments; nobody's own data is in them."""
    # Without taking turns, everyone who asks before the first answer would compute their own.
    with _turn:
        return _compute()


@cache
def _compute() -> Example:
    file = io.BytesIO(generate_customers(N_CUSTOMERS).to_csv(index=False).encode())
    table = read_customers(file)
    with single_threaded():
        trained = train_segments(table)
    columns = dict(zip(FEATURES, table.features.T.tolist(), strict=True))
    return Example(
        n_customers=N_CUSTOMERS,
        segments=[
            ExampleSegment(
                cluster_id=segment.cluster_id, cluster_name=segment.name, share=segment.share
            )
            for segment in trained.segments
        ],
        annual_income=columns["annual_income"],
        spending_score=columns["spending_score"],
        cluster=trained.labels.tolist(),
    )
