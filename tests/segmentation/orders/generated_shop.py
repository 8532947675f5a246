"""A shop whose customers are known: who still buys, how often, for how much, and when."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

START = pd.Timestamp("2024-01-01")
DAYS = 730


@dataclass(frozen=True, eq=False)
class Shop:
    """Lines as a shop writes them, and the truth behind them.

    Attributes
    ----------
    lines : DataFrame
        order, customer, date, quantity, price, product; with returns, postage and anonymous lines.
    customers : DataFrame, by customer
        alive on the last day, group, orders, gross and returned money.
    later : Series, by customer
        Orders in the half year after.
    """

    lines: pd.DataFrame
    customers: pd.DataFrame
    later: pd.Series


GROUPS = {
    # Orders per year, money per order, share who stop per year.
    "small and often": (18.0, 15.0, 0.2),
    "large and seldom": (5.0, 160.0, 0.25),
    "fading": (12.0, 45.0, 0.9),
}


def generate_shop(n_customers: int, *, seed: int, after: int = 182) -> Shop:
    """Draw orders from each customer's own rate, season and lifetime."""
    rng = np.random.default_rng(seed)
    names = list(GROUPS)
    group = rng.integers(0, len(names), n_customers)
    rate, spend, stops = (np.array([GROUPS[name][i] for name in names])[group] for i in range(3))
    rate = rate * rng.gamma(3.0, 1 / 3.0, n_customers)
    first = rng.uniform(0, DAYS * 0.6, n_customers)
    end = first + rng.exponential(365 / stops)
    rows, later = [], np.zeros(n_customers, dtype=int)
    for who in range(n_customers):
        day = first[who]
        while day < min(end[who], DAYS + after):
            # Winter is twice summer: a proposal is kept with the season's weight.
            if day == first[who] or rng.random() < 0.75 + 0.25 * np.cos(2 * np.pi * day / 365):
                if day >= DAYS:
                    later[who] += 1
                else:
                    rows.append((who, day, spend[who] * rng.gamma(4.0, 0.25)))
            day += rng.exponential(365 / rate[who] * 0.75)
    orders = pd.DataFrame(rows, columns=["who", "day", "money"])
    orders["order"] = np.arange(10_000, 10_000 + len(orders))
    returned = rng.random(len(orders)) < 0.06
    lines = [_lines(orders, rng), _returns(orders[returned], rng), *_noise(orders, rng)]
    whole = pd.concat(lines, ignore_index=True).sample(frac=1, random_state=seed)
    truth = orders.groupby("who")["money"].agg(orders="size", gross="sum")
    truth["returned"] = orders[returned].groupby("who")["money"].sum()
    truth = truth.fillna({"returned": 0.0}).assign(
        group=np.array(names)[group[truth.index]], alive=end[truth.index] > DAYS
    )
    truth.index = truth.index.map(_name)
    return Shop(whole, truth, pd.Series(later, index=map(_name, range(n_customers))))


def _name(who: int) -> str:
    return f"K{who:05}"


def _date(days: pd.Series) -> pd.Series:
    return (START + pd.to_timedelta((days * 1440).round(), "min")).dt.strftime("%Y-%m-%d %H:%M")


def _lines(orders: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "order": orders["order"].astype(str),
            "customer": orders["who"].map(_name),
            "date": _date(orders["day"]),
            "quantity": 1,
            "price": orders["money"].round(2),
            "product": [f"P{i}" for i in rng.integers(0, 60, len(orders))],
        }
    )


def _returns(orders: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    back = _lines(orders.assign(day=(orders["day"] + 2).clip(upper=DAYS - 0.01)), rng)
    return back.assign(order="C" + back["order"], quantity=-1)


def _noise(orders: pd.DataFrame, rng: np.random.Generator) -> list[pd.DataFrame]:
    some = _lines(orders.sample(frac=0.1, random_state=1), rng)
    anonymous = some.assign(customer="", order=[str(90_000_000 + i) for i in range(len(some))])
    postage = some.assign(product="POSTAGE", price=4.9)
    return [anonymous, postage]
