"""From a table of order lines to customers at a date: roles, ledger, snapshot."""

import datetime as dt
import io
from dataclasses import replace

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.segmentation.errors import ColumnError, DegenerateDataError
from app.segmentation.orders.date_order import order_read
from app.segmentation.orders.ledger import count_duplicates, take_ledger
from app.segmentation.orders.lines import Plan, Source, define_lines
from app.segmentation.orders.roles import check_roles, find_roles
from app.segmentation.orders.snapshot import take_snapshot
from app.segmentation.tables import read_table

SHOP = """\
Invoice,Code,Description,Qty,InvoiceDate,Price,Customer
1001,A1,RED MUG,2,2026-01-01 10:00,5.00,K1
1001,POST,POSTAGE,1,2026-01-01 10:00,3.00,K1
1002,A2,BLUE MUG,1,2026-01-11 09:00,10.00,K1
C1003,A2,BLUE MUG,-1,2026-01-30 09:00,10.00,K1
1004,A1,RED MUG,4,2026-01-31 12:00,5.00,K1
1005,A1,RED MUG,1,2026-01-05 12:00,5.00,
1006,A3,GIFT,1,2026-01-06 12:00,0.00,K2
1006,A1,RED MUG,1,2026-01-06 12:00,5.00,K2
1006,A1,RED MUG,1,2026-01-06 12:00,5.00,K2
1007,A1,RED MUG,1,,5.00,K2
"""
SHOP_ROLES = {
    "customer": "Customer", "date": "InvoiceDate", "order": "Invoice", "quantity": "Qty",
    "price": "Price", "product": "Code", "product_name": "Description",
}  # fmt: skip


def roles_of(text: str) -> dict[str, str]:
    table = read_table(io.BytesIO(text.encode()))
    kinds = {column.name: column.kind for column in table.columns}
    return {each.role: each.column for each in find_roles(table.frame, kinds)}


@pytest.fixture
def shop():
    frame = pd.read_csv(io.StringIO(SHOP), parse_dates=["InvoiceDate"], dtype={"Invoice": str})
    connection = duckdb.connect()
    connection.register("file_0", frame)
    yield connection
    connection.close()


def counted(connection, plan: Plan) -> dict[str, tuple[int, float | None]]:
    define_lines(connection, [Source(view="file_0")], plan)
    return {e.state: (e.lines, e.value) for e in take_ledger(connection, duplicates=0).entries}


class TestRoles:
    @pytest.mark.parametrize(
        ("header", "expected"),
        [
            ("Kundennummer;Bestelldatum;Bestellnummer;Betrag", "customer date order amount"),
            ("ID client;Date de commande;N° facture;Montant TTC", "customer date order amount"),
            ("ID cliente;Fecha de pedido;Número pedido;Importe", "customer date order amount"),
            ("codice cliente;data ordine;numero ordine;importo", "customer date order amount"),
            ("Klantnummer;Orderdatum;Ordernummer;Bedrag (EUR)", "customer date order amount"),
            ("CustomerID;InvoiceDate;InvoiceNo;LineTotal", "customer date order amount"),
            ("客户编号;date;订单编号;amount", "customer date order amount"),
            ("customer_email;created_at;order_id;total_usd", "customer date order amount"),
        ],
    )
    def test_are_found_by_name_in_the_usual_languages(self, header, expected):
        lines = [f"K{i % 7};2026-01-{1 + i % 28:02};{5000 + i};{i}.5" for i in range(40)]
        found = roles_of("\n".join([header, *lines]))
        wanted = dict(zip(expected.split(), header.split(";"), strict=True))
        assert {role: found.get(role) for role in wanted} == wanted

    def test_are_found_by_shape_where_names_say_nothing(self):
        rng = np.random.default_rng(3)
        order = np.repeat(np.arange(400), 3)
        who, day = rng.integers(0, 60, 400), rng.integers(0, 300, 400)
        quantity, price = rng.integers(1, 9, 1200), rng.integers(100, 9000, 1200) / 100
        frame = pd.DataFrame(
            {
                "a": [f"X{o:05}" for o in order],
                "b": [f"P{p:03}" for p in rng.integers(0, 80, 1200)],
                "c": (pd.Timestamp("2026-01-01") + pd.to_timedelta(day, "D"))[order],
                "d": [f"Z{w:04}" for w in who[order]],
                "e": quantity,
                "f": price,
                "g": (quantity * price).round(2),
            }
        )
        first = frame[["d", "a", "b", "c", "e", "f", "g"]]
        found = roles_of(first.to_csv(index=False))
        people = {"customer": "d", "date": "c", "order": "a"}
        assert found == people | {"amount": "g", "quantity": "e", "price": "f"}

    def test_the_only_price_is_the_amount_where_nothing_is_counted(self):
        found = roles_of("customer,date,price\nA,2026-01-01,3.5\nB,2026-01-02,4.5\n")
        assert found == {"customer": "customer", "date": "date", "amount": "price"}

    @pytest.mark.parametrize(
        ("roles", "told"),
        [
            ({"customer": "a"}, "date"),
            ({"date": "a"}, "customer"),
            ({"customer": "a", "date": "b", "amount": "a"}, "'a' has two roles"),
        ],
    )
    def test_that_make_no_customers_are_refused(self, roles, told):
        with pytest.raises(ColumnError, match=told):
            check_roles(roles)


class TestLedger:
    def test_accounts_for_every_line(self, shop):
        assert counted(shop, Plan(roles=SHOP_ROLES)) == {
            "order": (5, 50.0),
            "return": (1, -10.0),
            "no_customer": (1, 5.0),
            "no_date": (1, 5.0),
            "no_product": (1, 3.0),
            "no_price": (1, 0.0),
        }
        assert count_duplicates(shop, "file_0") == 1

    def test_returns_may_be_left_out(self, shop):
        states = counted(shop, Plan(roles=SHOP_ROLES, returns="ignore"))
        assert states["return_left_out"] == (1, -10.0)
        assert "return" not in states

    @pytest.mark.parametrize("word", ["Cancelled", "refunded", "storniert", "annulée", "Anulado"])
    def test_cancelled_orders_are_told_by_their_status(self, word):
        frame = pd.DataFrame(
            {
                "who": ["A", "B"],
                "when": pd.to_datetime(["2026-01-01"] * 2),
                "paid": [3.0, 4.0],
                "state": ["paid", word],
            }
        )
        connection = duckdb.connect()
        connection.register("file_0", frame)
        roles = {"customer": "who", "date": "when", "amount": "paid", "status": "state"}
        states = counted(connection, Plan(roles=roles))
        assert states == {"order": (1, 3.0), "cancelled": (1, 4.0)}

    @given(
        lines=st.lists(
            st.tuples(
                st.sampled_from(["K1", "K'2", "a@B.de", "0", "", "guest", None]),
                st.sampled_from([None, "2026-01-01", "2026-05-01 23:59"]),
                st.sampled_from(["7", "8", "C7", "GS-8", None]),
                st.sampled_from([-2.0, 0.0, 3.0, None]),
                st.sampled_from([-1.5, 0.0, 9.99, None]),
                st.sampled_from(["Mug", "Postage", "Discount 5%", None]),
                st.sampled_from(["EUR", "€", "usd", None]),
                st.sampled_from(["paid", "Refunded", "partly refunded", "shipping", None]),
            ),
            min_size=1,
            max_size=30,
        ),
        returns=st.sampled_from(["net", "separate", "ignore"]),
        currency=st.sampled_from([None, "EUR", "usd", "GBP"]),
        limits=st.sampled_from(
            [(None, None), (dt.date(2026, 3, 1), None), (dt.date(2026, 3, 1), 9)]
        ),
        known=st.sets(
            st.sampled_from(["order", "quantity", "price", "product_name", "currency", "status"])
        ),
    )
    @settings(max_examples=60, deadline=None)
    def test_what_is_used_and_what_is_left_out_sum_to_the_file(
        self, lines, returns, currency, limits, known
    ):
        names = ["who", "when", "order", "quantity", "price", "product_name", "currency", "status"]
        frame = pd.DataFrame(lines, columns=[f'the "{name}"' for name in names])
        frame['the "when"'] = pd.to_datetime(frame['the "when"'], format="ISO8601")
        numbers = ['the "quantity"', 'the "price"']
        frame[numbers] = frame[numbers].astype(float)
        texts = [name for name in frame if name not in (*numbers, 'the "when"')]
        frame[texts] = frame[texts].astype("str")
        connection = duckdb.connect()
        connection.register("file_0", frame)
        roles = {"customer": 'the "who"', "date": 'the "when"'}
        roles |= {name: f'the "{name}"' for name in known}
        plan = Plan(
            roles=roles,
            returns=returns,
            currency=currency if "currency" in known else None,
            as_of=limits[0],
            window_days=limits[1],
        )
        define_lines(connection, [Source(view="file_0")], plan)
        ledger = take_ledger(connection, duplicates=0)
        connection.close()
        states = {each.state: each for each in ledger.entries}
        assert sum(each.lines for each in states.values()) == ledger.lines == len(lines)
        assert ("return" in states) <= (returns != "ignore")
        assert ("return_left_out" in states) <= (returns == "ignore")
        assert {each.state for each in ledger.entries if each.counted} <= {"order", "return"}
        worth = (frame[numbers[0]] * frame[numbers[1]]).sum() if {*known} >= {
            "quantity", "price"
        } else 0.0  # fmt: skip
        priced = {*known} >= {"quantity", "price"} and frame[numbers].notna().all(axis=1).any()
        assert (ledger.value is not None) == priced
        if priced:
            assert ledger.value == pytest.approx(worth)
        values = [each.value for each in states.values() if each.value is not None]
        assert sum(values) == pytest.approx(ledger.value or 0.0)


class TestSnapshot:
    def taken(self, shop, plan: Plan) -> pd.DataFrame:
        define_lines(shop, [Source(view="file_0")], plan)
        return take_snapshot(shop, plan, as_of=plan.as_of).set_index("customer_id")

    def test_summarises_each_customer(self, shop):
        frame = self.taken(shop, Plan(roles=SHOP_ROLES, as_of=dt.date(2026, 2, 10)))
        one = frame.loc["K1"]
        assert one["recency_days"] == 10
        assert (one["orders"], one["days_with_orders"], one["products"]) == (3, 3, 2)
        assert (one["gross_money"], one["returned_money"], one["net_money"]) == (40, 10, 30)
        assert (one["mean_order_money"], one["last_order_money"]) == (pytest.approx(13.3333), 20)
        assert (one["tenure_days"], one["median_gap_days"], one["gap_spread_days"]) == (40, 15, 5)
        assert one["overdue"] == pytest.approx(10 / 15, abs=1e-4)
        assert one["return_rate"] == 0.25
        assert one["trend_90_days"] == 1
        two = frame.loc["K2"]
        assert (two["orders"], two["gross_money"]) == (1, 10)
        assert np.isnan(two["median_gap_days"])

    def test_a_return_is_no_order_and_no_visit(self, shop):
        plan = Plan(roles=SHOP_ROLES, as_of=dt.date(2026, 1, 30))
        frame = self.taken(shop, plan)
        assert frame.loc["K1", "last_order"] == pd.Timestamp("2026-01-11")
        assert frame.loc["K1", "orders"] == 2

    def test_separate_returns_leave_the_money_as_it_is(self, shop):
        plan = Plan(roles=SHOP_ROLES, returns="separate", as_of=dt.date(2026, 2, 10))
        frame = self.taken(shop, plan)
        assert "net_money" not in frame
        assert frame.loc["K1", "returned_money"] == 10

    def test_a_window_forgets_what_came_before_it(self, shop):
        plan = Plan(roles=SHOP_ROLES, as_of=dt.date(2026, 1, 31), window_days=26)
        frame = self.taken(shop, plan)
        assert frame.loc["K1", "orders"] == 2
        assert frame.loc["K2", "orders"] == 1
        later = counted(shop, replace(plan, as_of=dt.date(2026, 1, 20)))
        assert later["later"][0] == 2

    def test_a_time_zone_moves_late_orders_to_the_next_day(self):
        frame = pd.DataFrame(
            {
                "who": ["A", "B"],
                "when": pd.to_datetime(["2026-06-30 23:30", "2026-06-30 12:00"]),
                "paid": [1.0, 2.0],
            }
        )
        connection = duckdb.connect()
        connection.register("file_0", frame)
        plan = Plan(
            roles={"customer": "who", "date": "when", "amount": "paid"},
            time_zone="Europe/Berlin",
            as_of=dt.date(2026, 7, 2),
        )
        taken = self.taken(connection, plan)
        assert taken["recency_days"].to_dict() == {"A": 1, "B": 2}

    def test_days_and_months_may_be_swapped_back(self):
        frame = pd.DataFrame(
            {"who": ["A", "B"], "when": pd.to_datetime(["2026-03-04 00:00", "2026-01-02 10:30"])}
        )
        connection = duckdb.connect()
        connection.register("file_0", frame)
        plan = Plan(roles={"customer": "who", "date": "when"}, as_of=dt.date(2026, 12, 31))
        define_lines(connection, [Source(view="file_0", swap_days=True)], plan)
        taken = take_snapshot(connection, plan, as_of=dt.date(2026, 12, 31))
        assert taken["last_order"].dt.strftime("%m-%d").tolist() == ["04-03", "02-01"]
        assert not any("money" in name for name in taken)

    def habits(self, days: list[str], as_of: dt.date) -> pd.DataFrame:
        frame = pd.DataFrame({"who": ["A", "B"] * len(days), "when": np.repeat(days, 2)})
        frame["when"] = pd.to_datetime(frame["when"])
        connection = duckdb.connect()
        connection.register("file_0", frame)
        plan = Plan(roles={"customer": "who", "date": "when"}, as_of=as_of)
        return self.taken(connection, plan)

    def test_weekdays_are_told_of_those_who_order_often(self):
        # Three Mondays, a Wednesday and a Sunday.
        days = ["2026-01-05", "2026-01-12", "2026-01-19", "2026-01-21", "2026-01-25"]
        frame = self.habits(days, dt.date(2026, 2, 1))
        shares = frame.loc["A", ["monday_share", "wednesday_share", "sunday_share"]]
        assert shares.tolist() == [0.6, 0.2, 0.2]
        assert frame.loc["A", "friday_share"] == 0
        assert not any("march" in name for name in frame)
        assert "monday_share" not in self.habits(days[:4], dt.date(2026, 2, 1))

    def test_seasons_are_told_from_two_years_on(self):
        days = ["2024-01-05", "2024-05-05", "2025-05-06", "2025-11-02", "2026-01-08"]
        frame = self.habits(days, dt.date(2026, 1, 31))
        quarters = [name for name in frame if name.count("_to_")]
        assert frame.loc["B", quarters].tolist() == [0.4, 0.4, 0, 0.2]

    def test_a_single_customer_is_refused(self, shop):
        plan = Plan(roles=SHOP_ROLES, as_of=dt.date(2026, 1, 2))
        with pytest.raises(DegenerateDataError, match="single customer"):
            self.taken(shop, plan)


@pytest.mark.parametrize(
    ("text", "day", "order"),
    [
        ("03/04/2026", dt.date(2026, 4, 3), "day_first"),
        ("03/04/2026 10:15", dt.date(2026, 3, 4), "month_first"),
        ("04/04/2026", dt.date(2026, 4, 4), None),
        ("2026-04-03", dt.date(2026, 4, 3), None),
    ],
)
def test_the_order_in_which_a_date_was_read_is_told(text, day, order):
    assert order_read([text], [day]) == order
