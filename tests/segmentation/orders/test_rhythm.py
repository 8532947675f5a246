"""Time to the next order, and who is overdue by the measure of their own rhythm."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.segmentation.errors import DegenerateDataError
from app.segmentation.orders.rhythm import check_overdue, overdue, times_to_next_order
from app.segmentation.orders.visits import visits_of

A, B, C = 0, 1, 2
ORDERS = [(A, 0.0), (A, 10.0), (A, 10.0), (A, 30.0), (B, 5.0), (C, 10.0), (C, 30.0)]
WHO = np.array([who for who, _ in ORDERS])
DAY = np.array([day for _, day in ORDERS])

orders_of_some = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 40).map(float)), min_size=1, max_size=40
)


class TestVisits:
    @given(orders=orders_of_some, seed=st.integers(0, 99))
    def test_are_the_days_with_orders_in_any_order_of_the_rows(self, orders, seed) -> None:
        shuffled = np.random.default_rng(seed).permutation(len(orders))
        who = np.array([each[0] for each in orders])[shuffled]
        day = np.array([each[1] for each in orders])[shuffled]
        visits = visits_of(who, day)
        pairs = list(zip(visits.customer.tolist(), visits.day.tolist(), strict=True))
        assert pairs == sorted(set(orders))
        assert [pairs[i] for i in visits.of_order] == list(zip(who, day, strict=True))
        for i, (customer, _) in enumerate(pairs):
            following = [d for c, d in pairs[i + 1 :] if c == customer]
            assert visits.next_day[i] == (following[0] if following else np.inf)
            assert visits.number[i] == sum(c == customer for c, _ in pairs[: i + 1])

    def test_need_an_order(self) -> None:
        with pytest.raises(DegenerateDataError, match="No line"):
            visits_of(np.array([], dtype=np.intp), np.array([]))


class TestNextOrder:
    def test_counts_those_who_may_still_order_as_waiting(self) -> None:
        first, second, later = times_to_next_order(WHO, DAY, as_of=40.0)
        # At 10 days three wait and one orders; at 20 two wait and one orders; B waits for 35.
        assert first.share_within(9) == 0
        assert first.share_within(10) == pytest.approx(1 / 3)
        assert first.share_within(25) == pytest.approx(2 / 3)
        assert first.share_within(36) is None
        assert (first.waits, first.ordered_again, first.median_days) == (3, 2, 20)
        assert (second.waits, second.ordered_again, second.median_days) == (2, 1, 20)
        assert (later.after, later.ordered_again, later.median_days) == (3, 0, None)

    def test_of_a_known_rate_comes_out(self) -> None:
        rng = np.random.default_rng(4)
        n, rate = 4_000, 1 / 50
        start, gap = rng.uniform(0, 300, n), rng.exponential(1 / rate, n)
        again = start + gap <= 300
        who = np.concatenate([np.arange(n), np.flatnonzero(again)])
        day = np.concatenate([start, (start + gap)[again]])
        first = times_to_next_order(who, day, as_of=300.0)[0]
        for days in (10, 50, 150):
            assert first.share_within(days) == pytest.approx(1 - np.exp(-rate * days), abs=0.03)
        assert first.median_days == pytest.approx(np.log(2) / rate, rel=0.06)


class TestOverdue:
    def test_is_the_wait_in_own_median_gaps(self) -> None:
        late, gap = overdue(WHO, DAY, n_customers=3, as_of=60.0)
        assert (late[A], gap[A]) == (2, 15)
        # One order, and one gap, are no rhythm.
        assert np.isnan(late[[B, C]]).all()

    def test_is_checked_against_what_came(self) -> None:
        who = np.repeat([0, 1, 2, 3], 4)
        day = np.tile([0.0, 10.0, 20.0, 30.0], 4)
        # 0 and 1 stopped by day 30; 2 and 3 go on, 3 after a pause that made it overdue.
        who = np.append(who, [2, 2, 3])
        day = np.append(day, [45.0, 55.0, 70.0])
        record = check_overdue(who, day, made_at=55.0, until=90.0, threshold=2.0)
        assert (record.flagged, record.flagged_left) == (3, 2)
        assert (record.others, record.others_left) == (1, 1)
        assert not record.tells
        assert [(b.customers, b.left) for b in record.bands] == [
            (1, 1),
            (0, 0),
            (0, 0),
            (3, 2),
            (0, 0),
            (0, 0),
        ]

    def test_tells_who_leaves_where_customers_keep_a_rhythm(self) -> None:
        rng = np.random.default_rng(1)
        who, day = [], []
        for customer in range(600):
            gap, stop = rng.uniform(5, 20), rng.uniform(100, 500)
            days = np.cumsum(rng.gamma(20, gap / 20, 200))
            days = days[days < (stop if customer % 2 else 500)]
            who += [customer] * len(days)
            day += days.tolist()
        record = check_overdue(
            np.array(who), np.array(day), made_at=400.0, until=500.0, threshold=2.0
        )
        assert record.tells
        assert record.flagged_left / record.flagged > 0.9
        assert record.others_left / record.others < 0.4
