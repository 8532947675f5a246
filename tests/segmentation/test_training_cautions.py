"""Doubts that a training tells: each where it is due, none where all is well."""

import io

import numpy as np
import pandas as pd
import pytest

from app.segmentation.customers import read_customers
from app.segmentation.synthesis import generate_customers
from app.segmentation.training import train_segments
from app.segmentation.training_cautions import training_cautions


def cautions_for(frame: pd.DataFrame, n_clusters: int | None = None) -> tuple[str, ...]:
    table = read_customers(io.BytesIO(frame.to_csv(index=False).encode()))
    return training_cautions(table, train_segments(table, n_clusters=n_clusters))


@pytest.fixture
def customers() -> pd.DataFrame:
    return generate_customers(500, seed=7)


def test_a_sound_table_raises_no_doubt(customers):
    assert cautions_for(customers) == ()


def test_ids_that_repeat_are_counted(customers):
    customers.loc[5:8, "customer_id"] = customers.loc[1, "customer_id"]
    (told,) = cautions_for(customers)
    assert told.startswith("4 rows repeat the customer id")


def test_a_column_mostly_blank_is_named_with_its_share(customers):
    customers["purchase_frequency"] = customers["purchase_frequency"].where(customers.index < 250)
    assert "purchase_frequency is blank in 50% of the rows" in cautions_for(customers)[0]


def test_incomes_in_units_are_suspected(customers):
    customers["annual_income"] *= 1000
    assert any("enter it in thousands" in told for told in cautions_for(customers))


def test_noise_is_called_a_continuum():
    rng = np.random.default_rng(0)
    noise = pd.DataFrame(
        {
            "age": rng.integers(18, 70, 300),
            "annual_income": rng.uniform(15, 150, 300),
            "spending_score": rng.integers(1, 101, 300),
            "purchase_frequency": rng.integers(1, 51, 300),
        }
    )
    told = " ".join(cautions_for(noise))
    assert "cut a continuum" in told


def test_one_customer_alone_is_no_segment(customers):
    customers["annual_income"] = 50.0
    customers["age"] = 30
    customers["spending_score"] = 50
    customers["purchase_frequency"] = 10
    customers.loc[0, "annual_income"] = 900.0
    customers.loc[1:3, "annual_income"] = 51.0
    told = " ".join(cautions_for(customers, n_clusters=2))
    assert "too uneven" in told
