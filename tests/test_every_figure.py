"""Every number that is told about segments, measured again on the raw file."""

import json
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from app.config import Settings
from app.schemas.analysis import AnalysisOptions
from app.schemas.recommendations import RecommendationRequest
from app.segmentation.description.phrases import readable
from app.services.analysis_work import ANSWER, analyse_records
from app.services.recommendations import recommend
from tests.generated import generated
from tests.routes.matrices import READ, head_of

ROWS = 300
FIGURE = r"-?[$€£¥]?-?[\d.,]*\d(?:[eE][+-]?\d+)?(?:[kM]\b)?%?"
PAIR = re.compile(rf"({FIGURE})(?: [\w$€£/-]+)? vs ({FIGURE})")
HELD = re.compile(r"\(([\d,]+) customers?, (under 1%|[\d.]+%) of all\)")
# What adding floats up leaves behind: 998.9999999999997.
UNSETTLED = re.compile(r"\d\.\d*(?:9{8}|0{8}[1-9])\d*")


def raw_table(file: Path) -> pd.DataFrame:
    """A real table as pandas reads it, dates as the days since them."""
    options: dict[str, Any] = {"keep_default_na": False, "na_values": [""]}
    content = BytesIO(head_of(file, ROWS))
    frame = pd.read_csv(content, **options | READ[file.name]).convert_dtypes()
    return frame.astype(object).where(frame.notna(), None)


def with_days(frame: pd.DataFrame) -> pd.DataFrame:
    """Add the days since each column of dates, which segments may be told by."""
    days = {}
    for name in frame.select_dtypes(object):
        day_first = re.compile(r"\d{1,2}/\d{1,2}/\d{4}")
        values = frame[name].dropna().astype(str)
        if len(values) and values.str.match(r"\d{4}-\d{2}-\d{2}|\d{8}$").all():
            dates = pd.to_datetime(frame[name].astype("str"), errors="coerce")
            days[f"days since {name}"] = (dates.max() - dates).dt.total_seconds() / 86_400
        elif len(values) and values.str.match(day_first).all():
            dates = pd.to_datetime(frame[name], dayfirst=True)
            days[f"days since {name}"] = (dates.max() - dates).dt.total_seconds() / 86_400
    return frame.assign(**days)


class Recount:
    """The raw columns, and what any of them says of a segment."""

    def __init__(self, frame: pd.DataFrame, labels: np.ndarray) -> None:
        self.labels = labels
        self.columns = with_days(frame)
        self.numbers = {
            name: pd.to_numeric(self.columns[name], errors="coerce").to_numpy(float)
            for name in self.columns
            if pd.to_numeric(self.columns[name].dropna(), errors="coerce").notna().all()
        }

    def pairs(self, text: str, segment: int) -> Iterator[tuple[float, float]]:
        """Give every pair of figures, of the segment and of the rest, that a text may compare."""
        inside = self.labels == segment
        words = re.sub(r"\W+", " ", text.casefold())
        for name in self.columns:
            spelt = re.sub(r"\W+", " ", readable(str(name)).casefold()).strip()
            # Ages and places are told without their column's name.
            spoken = spelt in words or {"age", "birth"} & set(spelt.split())
            if spoken and name in self.numbers:
                yield from self._of_numbers(self.numbers[name], inside, text)
            texts = self.columns[name].map(_text)
            for level in set(texts):
                if not spoken and level not in text:
                    continue
                has = (texts == level).to_numpy()
                yield has[inside].mean(), has[~inside].mean()
                if 0 < has.mean() < 1:
                    yield inside[has].mean(), inside[~has].mean()

    @staticmethod
    def _of_numbers(
        values: np.ndarray, inside: np.ndarray, text: str
    ) -> Iterator[tuple[float, float]]:
        known = ~np.isnan(values)
        own, rest = values[known & inside], values[known & ~inside]
        if not len(own) or not len(rest):
            return
        yield own.mean(), rest.mean()
        if min(len(own), len(rest)) > 1:
            yield own.std(ddof=1), rest.std(ddof=1)
        told = text.partition(" (")[0].replace(",", "")
        ends = [float(each) for each in re.findall(r"-?\d[\d.]*(?:e[+-]?\d+)?", told)]
        stretches = [tuple(ends[-2:])] if len(ends) > 1 else []
        stretches += [(end, end) for end in ends[-1:]]
        middle, low, high = np.quantile(values[known], [0.5, 0.25, 0.75])
        stretches += [(np.nextafter(middle, np.inf), np.inf), (-np.inf, middle)]
        stretches += [(np.nextafter(high, np.inf), np.inf), (-np.inf, low)]
        for first, last in stretches:
            met = (values >= first) & (values <= last)
            yield met[known & inside].mean(), met[known & ~inside].mean()


def _text(value: object) -> str:
    if value is None or value is pd.NA or value != value:
        return "(missing)"
    return str(value)


def shown(figure: str, true: float) -> bool:
    """Whether a figure is the true one, rounded to the digits that it is written with."""
    scale = 100 if figure.endswith("%") else 1
    plain = re.sub(r"[^\d.eE+-]", "", figure.replace(",", ""))
    decimals = len(plain.partition(".")[2])
    return abs(float(plain) - true * scale) <= 0.5000001 * 10**-decimals + 1e-9 * abs(true * scale)


def check_text(recount: Recount, text: str, segment: int) -> int:
    """Check each "x vs y" of a text; how many there were."""
    pairs = PAIR.findall(text)
    if pairs:
        measured = list(recount.pairs(text, segment))
        for value, rest in pairs:
            assert any(shown(value, one) and shown(rest, other) for one, other in measured), text
    held = HELD.search(text)
    if held:
        size = int((recount.labels == segment).sum())
        assert int(held[1].replace(",", "")) == size
        share = size / len(recount.labels)
        assert share < 0.005 if held[2] == "under 1%" else shown(held[2], share)
    return len(pairs)


def check_answer(frame: pd.DataFrame) -> int:
    """Check each figure of a table's answer; return how many segments it has."""
    records = [
        {**record, "row of the file": f"row {i} of it"}
        for i, record in enumerate(frame.to_dict("records"))
    ]
    options = AnalysisOptions(exclude=["row of the file"], one_row_is="customer")
    answer = analyse_records(records, options)
    posted = ANSWER.model_validate(answer.model_dump()).model_dump(mode="json", by_alias=True)
    labels = np.full(len(frame), -1)
    for cluster in posted["clusters"]:
        for customer in cluster["customers"]:
            labels[int(customer["row of the file"].split()[1])] = cluster["clusterId"]
    recount = Recount(frame, labels)
    told = {key: value for key, value in posted.items() if key not in ("clusters", "unassigned")}
    assert not UNSETTLED.search(json.dumps(told["warnings"]))
    names = [cluster["clusterName"] for cluster in posted["clusters"]]
    assert len(set(names)) == len(names)
    for cluster in posted["clusters"]:
        segment = cluster["clusterId"]
        inside = labels == segment
        assert cluster["size"] == inside.sum()
        assert cluster["share"] == pytest.approx(inside.mean())
        for column, mean in cluster["centroid"].items():
            expected = np.nanmean(recount.numbers[column][inside])
            assert mean == pytest.approx(expected)
            assert len(repr(mean).replace("-", "").replace(".", "").strip("0")) <= 16
            assert not UNSETTLED.search(repr(mean)), (column, mean)
        for column, shares in cluster["categories"].items():
            texts = recount.columns[column].map(_text)[inside]
            for each in shares:
                assert each["share"] == pytest.approx((texts == each["level"]).mean())
        n_told = sum(check_text(recount, text, segment) for text in cluster["characteristics"])
        assert n_told >= 3 or len(posted["clusters"]) == 1, cluster["clusterName"]
    if len(posted["clusters"]) > 1:
        check_advice(posted, recount)
    return len(posted["clusters"])


def check_advice(posted: dict[str, Any], recount: Recount) -> None:
    request = RecommendationRequest.model_validate({"analysis": posted})
    settings = Settings(_env_file=None, secret_key="k" * 40)
    for each in recommend(request, settings).details:
        if each.cluster_id is not None:
            check_text(recount, each.reason, each.cluster_id)


@pytest.mark.parametrize("name", list(READ))
def test_of_a_real_table(shared_data: Path, name: str) -> None:
    assert check_answer(raw_table(shared_data / name)) > 1


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seed" in metafunc.fixturenames:
        n_tables = metafunc.config.getoption("--generated-tables") // 2
        metafunc.parametrize("seed", range(1000, 1000 + n_tables))


def test_of_a_generated_table(seed: int) -> None:
    frame = generated(seed)
    check_answer(frame.astype(object).where(frame.notna(), None))
