import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.segmentation.description.naming_generic import TYPICAL, name_generic
from app.segmentation.description.phrases import plain, readable
from app.segmentation.description.profiles import MEDIUM_EFFECT, SMALL_EFFECT, profile_segments
from app.segmentation.description.vocabulary import VOCABULARY
from app.segmentation.units import with_unit
from tests.segmentation.statements import check_name


def profiles(labels, *, categorical=(), **columns):
    return of(pd.DataFrame(columns), labels, categorical=categorical)


def of(frame, labels, *, categorical=()):
    numeric = [name for name in frame if name not in categorical]
    return profile_segments(frame, np.array(labels), numeric=numeric, categorical=categorical)


def test_the_strongest_difference_comes_first():
    names = name_generic(
        profiles([0, 0, 0, 1, 1, 1], income=[90.0, 95, 88, 20, 25, 22], visits=[1.0, 4, 2, 7, 9, 3])
    )
    assert names == (
        "High-income customers with few visits",
        "Low-income customers with frequent visits",
    )


def test_usual_columns_and_categories_have_usual_words():
    frame = pd.DataFrame(
        {
            "tenure": [60.0, 62, 64, 6, 8, 5],
            "InternetService": ["Fiber optic"] * 3 + ["DSL"] * 3,
            "Contract": ["Month-to-month"] * 3 + ["Two year"] * 3,
        }
    )
    net = of(frame.drop(columns="Contract"), [0, 0, 0, 1, 1, 1], categorical=["InternetService"])
    names = name_generic(net)
    assert names == ("Long-standing fibre customers", "Newer DSL customers")
    contract = of(
        frame.drop(columns="InternetService"), [0, 0, 0, 1, 1, 1], categorical=["Contract"]
    )
    assert name_generic(contract) == (
        "Long-standing customers on monthly contracts",
        "Newer customers on two-year contracts",
    )


@pytest.mark.parametrize(
    ("column", "high", "low"),
    [
        ("Annual Income (k$)", "High-income customers", "Low-income customers"),
        ("jahres_einkommen", "High-income customers", "Low-income customers"),
        ("Alter", "Older customers", "Younger customers"),
        ("Year_Birth", "Younger customers", "Older customers"),
        ("Recency", "Long-inactive customers", "Recently active customers"),
        ("nb_products", "Customers with many products", "Customers with few products"),
        ("distance_km", "Customers with high distance km", "Customers with low distance km"),
        (
            "income_tax_rate",
            "Customers with a high income tax rate",
            "Customers with a low income tax rate",
        ),
    ],
)
def test_a_column_is_named_in_usual_words_or_in_its_own(column, high, low):
    frame = pd.DataFrame({column: [9.0, 8, 10, 1, 2, 3]})
    assert name_generic(of(frame, [0, 0, 0, 1, 1, 1])) == (high, low)


@pytest.mark.parametrize(
    ("column", "high", "low"),
    [
        ("total_day_minutes", "Heavy-calling customers", "Light-calling customers"),
        ("Data Usage (GB)", "Heavy-data customers", "Light-data customers"),
        ("Credit_Limit", "High-limit customers", "Low-limit customers"),
        ("Months_on_book", "Long-standing customers", "Newer customers"),
        ("email_open_rate", "Email-reading customers", "Email-ignoring customers"),
        ("click_through_rate", "Often-clicking customers", "Rarely clicking customers"),
        ("PagesPerSession", "Customers who view many pages", "Customers who view few pages"),
        ("number_of_employees", "Large-company customers", "Small-company customers"),
        ("MRR", "High-value customers", "Low-value customers"),
        ("seats", "Many-seat customers", "Few-seat customers"),
        ("workouts_per_week", "Often-training customers", "Rarely training customers"),
        ("bmi", "Customers with a high BMI", "Customers with a low BMI"),
        ("length_of_stay", "Long-stay customers", "Short-stay customers"),
        ("lead_time", "Early-booking customers", "Late-booking customers"),
        ("days_since_last_login", "Long-inactive customers", "Recently active customers"),
        ("churn_rate", "Customers with a high churn rate", "Customers with a low churn rate"),
        ("num_of_referrals", "Customers with many referrals", "Customers with few referrals"),
    ],
)  # fmt: skip
def test_usual_columns_of_many_trades_have_usual_words(column, high, low):
    frame = pd.DataFrame({column: [9.0, 8, 10, 1, 2, 3]})
    assert name_generic(of(frame, [0, 0, 0, 1, 1, 1])) == (high, low)


@pytest.mark.parametrize(
    ("column", "level", "name"),
    [
        ("plan", "Premium", "Customers on the premium plan"),
        ("plan", "free", "Free-plan customers"),
        ("plan", "B2", "Customers on the B2 plan"),
        ("plan", "2", "Customers in plan 2"),
        ("PaymentMethod", "Electronic check", "Customers who pay by electronic check"),
        ("PaymentMethod", "Credit card (automatic)", "Customers who pay by credit card"),
        ("loyalty_tier", "gold", "Gold-tier customers"),
        ("Card_Category", "Platinum", "Customers with a platinum card"),
        ("industry", "Financial_Services", "Customers in financial services"),
        ("industry", "IT", "Customers in IT"),
        ("browser", "{Level} {column}", "Customers with browser {Level} {column}"),
        ("browser", "Fire{level}fox", "Customers who use Fire{level}fox"),
        ("device", "smartphone", "Mobile customers"),
        ("job", "blue-collar", "Blue-collar customers"),
        ("VisitorType", "Returning_Visitor", "Returning customers"),
        ("market_segment", "Corporate", "Corporate customers"),
        ("smoker", "no", "Non-smoking customers"),
        ("membership", "Premium", "Customers with premium membership"),
    ],
)
def test_usual_categories_of_many_trades_have_usual_words(column, level, name):
    found = profiles([0, 0, 1, 1], **{column: [level, level, "zzz", "zzz"]}, categorical=[column])
    assert name_generic(found)[0] == name


def test_yes_and_no_are_with_and_without():
    found = profiles(
        [0, 0, 1, 1], TechSupport=["No", "No", "Yes", "Yes"], categorical=["TechSupport"]
    )
    assert name_generic(found) == ("Customers without tech support", "Customers with tech support")


def test_a_category_of_most_but_not_nearly_all_is_said_to_be_of_most():
    sex = ["Male"] * 6 + ["Female"] * 4 + ["Female"] * 9 + ["Male"]
    found = profiles(np.repeat([0, 1], 10), sex=sex, categorical=["sex"])
    assert name_generic(found) == ("Mostly male customers", "Female customers")


def test_what_nearly_everyone_has_names_no_segment():
    country = ["United Kingdom"] * 98 + ["France"] * 2 + ["United Kingdom"] * 80 + ["Norway"] * 20
    rng = np.random.default_rng(0)
    spend = np.concatenate([rng.normal(100, 10, 100), rng.normal(200, 10, 100)])
    found = profiles(np.repeat([0, 1], 100), Country=country, Spend=spend, categorical=["Country"])
    assert found[0].differences[1].level == "United Kingdom" or "Norway" in str(
        found[0].differences
    )
    assert name_generic(found) == ("Low-spending customers", "High-spending customers")


def test_a_difference_that_another_segment_nearly_shares_does_not_make_the_name_alone():
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1, 2], 60)
    income = np.array([90.0, 89, 20])[labels] + rng.normal(0, 2, 180)
    age = np.array([30.0, 50, 40])[labels] + rng.normal(0, 2, 180)
    visits = np.array([20.0, 20, 5])[labels] + rng.normal(0, 1, 180)
    first, second, _ = name_generic(profiles(labels, income=income, age=age, visits=visits))
    assert "younger" in first.casefold()
    assert "older" in second.casefold()


def test_columns_that_tell_the_same_rows_apart_give_one_word_the_plainest():
    segment = profiles(
        [0, 0, 1, 1],
        OnlineSecurity=["No internet service", "No internet service", "Yes", "No"],
        InternetService=["No", "No", "DSL", "DSL"],
        categorical=["OnlineSecurity", "InternetService"],
    )
    assert name_generic(segment)[0] == "Phone-only customers"


def test_a_segment_that_differs_in_nothing_is_typical():
    names = name_generic(
        profiles([0, 0, 1, 1, 2, 2], x=[0.0, 10, 0, 10, 0, 10], y=[1.0, 1, 1, 1, 1, 1])
    )
    assert TYPICAL in names
    assert all(name.startswith(TYPICAL) for name in names)
    assert len(set(names)) == 3


def test_a_segment_between_two_others_is_named_after_the_middle_it_keeps_to():
    names = name_generic(
        profiles([0, 0, 0, 1, 1, 1, 2, 2, 2], pay=[1.0, 2, 3, 49, 50, 51, 97, 98, 99])
    )
    assert names == ("Low-pay customers", "Medium-pay customers", "High-pay customers")


def test_a_skewed_column_names_a_segment_by_shares_where_its_mean_tells_little():
    dear = [1.0, 2, 3, 4, 5, 6, 7, 8, 9, 900]
    cheap = [0.1, 0.2, 0.3, 0.4, 0.5, 0.1, 0.2, 0.3, 0.4, 0.5]
    found = profiles([0] * 10 + [1] * 10 + [2] * 10, price=[*cheap, *dear, *dear])
    assert SMALL_EFFECT <= -found[0].differences[0].effect < MEDIUM_EFFECT
    assert name_generic(found)[0] == "Low-price customers"


def test_what_is_not_known_is_named_so():
    found = profiles([0, 0, 1, 1], city=[None, None, "a", "b"], categorical=["city"])
    assert name_generic(found)[0] == "Customers with unknown city"


@pytest.mark.parametrize(
    ("column", "spelt", "within"),
    [
        ("MonthlyCharges", "Monthly Charges", "monthly charges"),
        ("annual_income", "Annual Income", "annual income"),
        ("ANNUAL_INCOME", "Annual Income", "annual income"),
        ("AnnualIncome", "Annual Income", "annual income"),
        ("AGE", "Age", "age"),
        ("CLV", "CLV", "CLV"),
        ("Annual Income (k$)", "Annual Income", "annual income"),
        ("emp.var.rate", "Emp Var Rate", "emp var rate"),
        ("(k$)", "(k$)", "(k$)"),
        ("MntWines", "Wine Spend", "wine spend"),
    ],
)
def test_columns_are_spelt_as_words(column, spelt, within):
    assert (readable(column), plain(column)) == (spelt, within)


@pytest.mark.parametrize(
    ("column", "written"),
    [
        ("Annual Income (k$)", "$84.8k"),
        ("Price [EUR]", "84.8 EUR"),
        ("Share (%)", "84.8%"),
        ("Distance (km)", "84.8 km"),
        ("Score (1-100)", "84.8"),
        ("Loss (€)", "€84.8"),
    ],
)
def test_figures_have_their_columns_unit(column, written):
    assert with_unit("84.8", column) == written


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_names_are_unique_and_every_word_is_a_measured_difference(seed):
    rng = np.random.default_rng(seed)
    n_clusters = int(rng.integers(2, 12))
    labels = np.concatenate([np.arange(n_clusters), rng.integers(0, n_clusters, 200)])
    shift = rng.normal(0, rng.uniform(0, 2), (n_clusters, 3))
    numbers = shift[labels] + rng.normal(0, 1, (len(labels), 3))
    kinds = np.array(["red_one", "Yes", "0", "United Kingdom"])
    chances = rng.dirichlet([0.5] * 4, n_clusters)
    frame = pd.DataFrame(numbers, columns=["total_spend", "tenure", "num_store_visits"])
    frame["kind_of"] = [rng.choice(kinds, p=chances[label]) for label in labels]
    found = of(frame, labels, categorical=["kind_of"])
    names = name_generic(found)
    assert len(set(names)) == n_clusters
    for profile, name in zip(found, names, strict=True):
        check_name(profile, name)
        assert not re.search(r"\bOnly\b", name)


def test_segments_with_the_same_figures_still_have_names_of_their_own():
    names = name_generic(profiles([0, 1, 2], x=[5.0, 5.0, 5.0]))
    assert len(set(names)) == 3


def test_a_long_category_is_shortened():
    long = "a very long category " * 5
    names = name_generic(profiles([0, 0, 1, 1], c=[long, long, "b", "b"], categorical=["c"]))
    assert names[0].endswith("…")
    assert len(names[0]) < 60


def test_every_word_of_the_vocabulary_is_found_by_its_own_name():
    for entry in VOCABULARY.numbers:
        for name in entry.names:
            assert VOCABULARY.number("_".join(name), "high") is not None
    for entry in VOCABULARY.categories:
        for name in entry.names:
            level = next(iter(entry.phrases), "Retail")
            assert VOCABULARY.category(" ".join(name), level) is not None
