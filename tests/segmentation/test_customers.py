import io

import numpy as np
import pytest

from app.segmentation.customers import find_columns, read_customers
from app.segmentation.errors import TableError
from app.segmentation.recipe import FEATURES

HEADER = "customer_id,sex,age,annual_income,spending_score,purchase_frequency"
ROWS = ("1,Male,19,15.5,39,12", "2,Female,21,16,81,30", "3,Female,60,90,6,4")


def read(text):
    return read_customers(io.BytesIO(text.encode()))


def table(*rows, header=HEADER):
    return "\n".join((header, *rows)) + "\n"


def test_the_generated_header_is_read_in_the_models_order():
    customers = read(table(*ROWS))
    assert FEATURES == ("age", "annual_income", "spending_score", "purchase_frequency")
    assert customers.features.tolist() == [[19, 15.5, 39, 12], [21, 16, 81, 30], [60, 90, 6, 4]]
    assert customers.customer_ids == ("1", "2", "3")
    assert customers.sex == ("Male", "Female", "Female")
    assert set(customers.imputed.values()) == {0}


@pytest.mark.parametrize(
    "header",
    [
        "CustomerID,Gender,Age,Annual Income (k$),Spending Score (1-100),Purchase Frequency",
        "Customer ID,GENDER,AGE,Income,Spending Score,Purchases",
        "id,gender, age ,annual income,spending_score,Frequency",
        "CUSTOMER_ID,Sex,age,AnnualIncome [k$],Spending-Score,purchase frequency",
    ],
)
def test_the_usual_other_names_are_understood(header):
    expected, customers = read(table(*ROWS)), read(table(*ROWS, header=header))
    np.testing.assert_array_equal(customers.features, expected.features)
    assert (customers.customer_ids, customers.sex) == (expected.customer_ids, expected.sex)


def test_order_of_columns_does_not_matter_and_further_ones_are_ignored():
    text = table("30,x,1,2,3", "4,y,5,6,7", "8,z,9,10,11", header="frequency,note,age,income,score")
    customers = read(text)
    assert customers.features.tolist() == [[1, 2, 3, 30], [5, 6, 7, 4], [9, 10, 11, 8]]
    assert customers.customer_ids == ()
    assert customers.sex == (None, None, None)


def test_semicolons_and_decimal_commas_are_read():
    text = table("30;1,5;2;3", "4;5,25;6;7", "8;9,5;10;11", header="age;income;score;frequency")
    assert read(text).features[:, 1].tolist() == [1.5, 5.25, 9.5]


@pytest.mark.parametrize("mark", ["", "NA", "n/a", "?", "NaN", "null", " "])
def test_blanks_are_filled_by_the_median_and_counted(mark):
    customers = read(table(*ROWS, f"4,Male,{mark},20,50,{mark}"))
    assert customers.features[3].tolist() == [21, 20, 50, 12]
    assert customers.imputed == {
        "age": 1,
        "annual_income": 0,
        "spending_score": 0,
        "purchase_frequency": 1,
    }
    assert customers.medians["age"] == 21


@pytest.mark.parametrize(
    ("written", "sex"),
    [("m", "Male"), (" FEMALE ", "Female"), ("Other", "Other"), ("", None), ("NA", None)],
)
def test_sex_is_read_as_people_write_it(written, sex):
    assert read(table(*ROWS, f"4,{written},30,20,50,5")).sex[3] == sex


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("4,Male,abc,20,50,5", r"Row 5, column 'age': 'abc' is not a number"),
        ("4,Male,30,twenty,50,5", r"Row 5, column 'annual_income': 'twenty' is not a number"),
        ("4,Male,30,20,5_0,5", r"column 'spending_score': '5_0' is not a number"),
        ("4,Male,30,20,0x10,5", r"'0x10' is not a number"),
        ("4,Male,30,20,True,5", r"'True' is not a number"),
        ("4,Male,30,inf,50,5", r"'inf' is not a number"),
        ("4,Male,30,-Infinity,50,5", r"'-Infinity' is not a number"),
        ("4,Male,30,1e400,50,5", r"'1e400' is not a number"),
        ("4,Male,30,1e200,50,5", r"'1e200' is too large"),
        ("4,Male,151,20,50,5", r"Row 5, column 'age': '151' is not an age"),
        ("4,Male,-1,20,50,5", r"'-1' is not an age"),
        ("4,Male,30,-0.1,50,5", r"column 'annual_income': '-0.1' is below 0"),
        ("4,Male,30,20,50,-3", r"column 'purchase_frequency': '-3' is below 0"),
    ],
)
def test_a_bad_value_is_named_by_row_and_column(row, message):
    with pytest.raises(TableError, match=message):
        read(table(*ROWS, row, "5,Male,40,20,50,5"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        (" \n\n", "empty"),
        (HEADER + "\n", "no rows"),
        (table(*ROWS[:2]), "2 customers; at least 3"),
        (
            table("1,2,3", "4,5,6", "7,8,9", header="age,annual_income,spending_score"),
            "no column 'purchase_frequency'; its columns are 'age'",
        ),
        (
            table("1,2,3,4,5", "1,2,3,4,5", header="age,Age,income,score,frequency"),
            "'age', 'Age' all mean 'age'",
        ),
        (table("1,2,3,4,5", header="age,age,income,score,frequency"), "more than once"),
        (
            table(*(f"{i},,30,,50,5" for i in range(4))),
            "'annual_income' holds no value",
        ),
    ],
)
def test_a_table_at_fault_is_refused_with_the_reason(text, message):
    with pytest.raises(TableError, match=message):
        read(text)


def test_the_exact_name_wins_over_another_for_it():
    found = find_columns(["id", "customer_id", "age", "income", "score", "frequency"])
    assert found["customer_id"] == "customer_id"
