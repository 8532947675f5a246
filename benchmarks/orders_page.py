"""Write docs/orders.md: what the program makes of CDNOW and of Online Retail II.

    python -m benchmarks.orders_page [--data ../shared/data] [--bench FILE]

FILE holds the output of `python -m benchmarks.orders`; without it the page keeps the one it has.
"""

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from app.db.order_tables import Orders
from app.segmentation.orders.concentration import concentration
from app.segmentation.orders.ledger import Ledger
from app.segmentation.orders.lifetime.beta_geometric import BetaGeometric
from app.segmentation.orders.lifetime.forecasting import Forecast, Terms, forecast
from app.segmentation.orders.lifetime.histories import histories_of_orders
from app.segmentation.orders.lifetime.models import PurchaseModel, fit_model
from app.segmentation.orders.lifetime.pareto_nbd import ParetoNBD
from app.segmentation.orders.lifetime.scores import ForecastTrial
from app.segmentation.orders.lines import define_lines
from app.segmentation.orders.rfm import RFM
from app.segmentation.orders.rhythm import check_overdue
from app.segmentation.orders.snapshot import orders_placed
from app.segmentation.threads import single_threaded
from app.services.order_books import count_lines
from app.services.order_lines import DEFAULT_SETTINGS, effective_roles, opened, sources_of
from app.services.order_reading import LineReader
from app.services.snapshot_making import Asked, money_of, score, summarise
from app.storage.datasets import DatasetStore, StoredUpload

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "orders.md"
TEMPLATE = Path(__file__).with_name("orders.template.md")
CDNOW, RETAIL = "cdnow_master.txt", "online_retail_ii_2009_2010.parquet"
BENCH_FOLLOWS = "with a part of the same figures:\n"
HORIZONS = {CDNOW: 273, RETAIL: 120}
PUBLISHED: tuple[tuple[PurchaseModel, str], ...] = (
    (BetaGeometric(modified=False), ".243, 4.414, .793, 2.426 (-9582.4)"),
    (BetaGeometric(modified=True), ".525, 6.183, .891, 1.614"),
    (ParetoNBD(), ".553, 10.578, .606, 11.669 (-9595.0)"),
)


@dataclass(frozen=True, eq=False)
class Book:
    """A table of orders at its last day: what every part of the page is made of."""

    day: date
    ledger: Ledger
    frame: pd.DataFrame
    rfm: RFM
    customer: np.ndarray
    when: np.ndarray
    money: np.ndarray


def book_of(path: Path, folder: Path) -> Book:
    store = DatasetStore(folder)
    incoming = store.incoming()
    incoming.close()
    incoming.path.unlink()
    os.link(path, incoming.path) if path.stat().st_dev == folder.stat().st_dev else (
        incoming.path.write_bytes(path.read_bytes())
    )
    stored = StoredUpload(store.keep(incoming).directory, path.stat().st_size, "")
    read = LineReader(store, 2_000).first(stored, path.name, {})
    orders = Orders(
        roles=read.roles,
        corrections={},
        settings=dict(DEFAULT_SETTINGS),
        files=[read.lines.row()],
    )
    roles = effective_roles(read.roles, {})
    count_lines(store, orders.files, roles, orders.settings).write_to(orders)
    plan, ledger, frame = summarise(store, orders, Asked())
    assert plan.as_of is not None
    with opened(store, orders.files) as lines:
        define_lines(lines, sources_of(orders.files, orders.settings), plan)
        placed = orders_placed(lines)
    row = pd.Index(frame["customer_id"]).get_indexer(placed["customer"])
    since = (placed["day"] - pd.Timestamp(plan.as_of)).dt.days.to_numpy(dtype=np.float64)
    money = placed["money"].to_numpy(dtype=np.float64)
    return Book(plan.as_of, ledger, frame, score(frame), row, since, money)


def ledger_table(ledger: Ledger) -> str:
    rows = [(e.meaning, f"{e.lines:,}", f"{e.value or 0:,.0f}") for e in ledger.entries]
    rows.append(("**All lines**", f"**{ledger.lines:,}**", f"**{ledger.value or 0:,.0f}**"))
    return table(("lines that are", "lines", "money"), rows)


def rfm_table(book: Book) -> str:
    money = money_of(book.frame)
    assert money is not None
    spent, orders = money.to_numpy(), book.frame["orders"].to_numpy()
    rows = []
    for i, name in enumerate(book.rfm.rules.names):
        here = book.rfm.segment == i
        rows.append(
            (
                name,
                f"{here.sum():,}",
                f"{orders[here].sum():,}",
                f"{spent[here].sum():,.0f}",
                f"{spent[here].sum() / spent.sum():.0%}",
            )
        )
    cuts = "; ".join(
        f"{name} {', '.join(f'{edge:,.10g}' for edge in cut.edges)}"
        for name, cut in book.rfm.cut_points.items()
    )
    heads = ("segment", "customers", "orders", "money", "share of money")
    return f"{table(heads, rows)}\n\nCut points: {cuts}."


def record_table(made: Forecast) -> str:
    rows = []
    for what, scores in (("orders", made.record.scores), ("money", made.record.money)):
        rows += [(what, each.name, *_figures(each)) for each in scores]
    heads = ("", "way", "expected", "actual", "total error", "decile error", "top tenth")
    return table(heads, rows)


def _figures(each: ForecastTrial) -> tuple[str, ...]:
    return (
        f"{each.expected:,.0f}",
        f"{each.actual:,.0f}",
        f"{each.total_error:+.1%}",
        f"{each.decile_error:.2f}",
        f"{each.top_found:.1%}",
    )


def forecast_of(book: Book, horizon: int) -> Forecast:
    with single_threaded():
        return forecast(
            book.customer,
            book.when,
            book.money,
            group=book.rfm.segment.astype(np.intp),
            as_of=0.0,
            terms=Terms(horizon=float(horizon)),
        )


def fits_table(data: Path) -> str:
    lines = pd.read_csv(data / "cdnow_sample.csv", sep=r"\s+", header=None, names=list("abcde"))
    days = pd.to_datetime(lines["c"].astype(str), format="%Y%m%d") - pd.Timestamp("1997-01-01")
    week = days.dt.days.to_numpy() / 7
    last = (date(1997, 9, 30) - date(1997, 1, 1)).days / 7
    codes, names = pd.factorize(lines["b"][week <= last])
    observed = histories_of_orders(codes, week[week <= last], n_customers=len(names), as_of=last)
    rows = []
    for model, printed in PUBLISHED:
        fit = fit_model(model, observed).fit
        values = ", ".join(f"{value:.3f}".removeprefix("0") for value in fit.values)
        rows.append((model.name, f"{values} ({fit.log_likelihood:.1f})", printed))
    return table(("model", "fitted", "printed"), rows)


def leaving_row(name: str, book: Book) -> tuple[str, ...]:
    found = check_overdue(book.customer, book.when, made_at=-180.0, until=0.0, threshold=2.0)
    return (
        name,
        f"{found.flagged_left:,} of {found.flagged:,} ({found.flagged_left / found.flagged:.0%})",
        f"{found.others_left:,} of {found.others:,} ({found.others_left / found.others:.0%})",
    )


def concentration_row(name: str, book: Book) -> tuple[str, ...]:
    money = money_of(book.frame)
    assert money is not None
    found = concentration(money.to_numpy(dtype=np.float64))
    shares = [f"{found.share_of_top(part):.0%}" for part in (0.01, 0.1, 0.2)]
    return (name, *shares, f"{found.gini:.2f}")


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def counts_of(ledger: Ledger) -> str:
    of = {each.state: each for each in ledger.entries}
    nobody = of["no_customer"]
    return (
        f"{ledger.customers:,} customers with {ledger.orders:,} orders are left. Lines without a "
        f"customer are {nobody.lines / ledger.lines:.1%} of all, and {ledger.duplicates:,} lines "
        "repeat another one exactly: these are counted, and it is said."
    )


def kept_bench(bench: Path | None) -> str:
    if bench is not None:
        return f"```\n{bench.read_text(encoding='utf-8').strip()}\n```"
    _, _, kept = PAGE.read_text(encoding="utf-8").partition(BENCH_FOLLOWS)
    return kept.strip()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--bench", type=Path)
    asked = parser.parse_args()
    parts: dict[str, str] = {"fits": fits_table(asked.data), "bench": kept_bench(asked.bench)}
    shares, left = [], []
    for key, title, name in (("cdnow", "CDNOW", CDNOW), ("retail", "Online Retail II", RETAIL)):
        with TemporaryDirectory() as folder:
            book = book_of(asked.data / "orders" / name, Path(folder))
        made = forecast_of(book, HORIZONS[name])
        notes = "\n".join(f"- {message}" for _, message in made.notes)
        parts |= {
            f"{key}_day": str(book.day),
            f"{key}_ledger": ledger_table(book.ledger),
            f"{key}_counts": counts_of(book.ledger) if key == "retail" else "",
            f"{key}_rfm": rfm_table(book),
            f"{key}_record": record_table(made),
            f"{key}_made": str(book.day + timedelta(days=made.record.made_at)),
            f"{key}_horizon": f"{-made.record.made_at:g}",
            f"{key}_notes": notes,
        }
        shares.append(concentration_row(title, book))
        left.append(leaving_row(title, book))
    parts["concentration"] = table(("top", "1%", "10%", "20%", "Gini"), shares)
    parts["leaving"] = table(("", "overdue, did not order", "others, did not order"), left)
    PAGE.write_text(TEMPLATE.read_text(encoding="utf-8").format(**parts), encoding="utf-8")


if __name__ == "__main__":
    main()
