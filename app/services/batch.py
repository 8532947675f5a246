"""Many customers to segments: validated one by one, scored block by block."""

import csv as plain
import io
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
import pandas as pd
from defusedcsv import csv
from numpy.typing import NDArray
from pydantic import JsonValue, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from app.errors import BadRequest
from app.schemas.batch import BatchPrediction, BatchProblem, BatchResult
from app.schemas.predictions import Age, Customer, Frequency, Income, SpendingScore
from app.segmentation.customers import find_columns, known_sex
from app.segmentation.errors import TableError
from app.segmentation.recipe import FEATURES
from app.segmentation.tables.marks import Mark
from app.segmentation.tables.numbers import read_numbers
from app.segmentation.tables.streaming import RowStream, stream_rows
from app.segmentation.tables.values import to_strings
from app.services.models import ModelService, ServedModel, trained_version

BLOCK_ROWS = 8_192
_COLUMNS: Mapping[str, TypeAdapter[list[int]] | TypeAdapter[list[float]]] = {
    "age": TypeAdapter(list[Age]),
    "annual_income": TypeAdapter(list[Income]),
    "spending_score": TypeAdapter(list[SpendingScore]),
    "purchase_frequency": TypeAdapter(list[Frequency]),
}
_FORMULA = re.compile(r'(?:^|[,"\n])[@+\-=|%]')
"""Where a cell may begin a formula; most blocks have none, and looking at each cell is slow."""
ADDED_COLUMNS = ("cluster", "segment", "confidence", "outlier", "error")


@dataclass(frozen=True, eq=False)
class Checked:
    """Customers that can be placed, and why the others cannot.

    Attributes
    ----------
    features : ndarray of float64, shape (n_valid, n_features)
    reasons : sequence of str
        One for each customer; empty for those that can be placed.
    """

    features: NDArray[np.float64]
    reasons: Sequence[str]

    @property
    def places(self) -> list[int]:
        """Where those that can be placed stand among all."""
        return [place for place, reason in enumerate(self.reasons) if not reason]


def predict_records(models: ModelService, records: Sequence[JsonValue]) -> BatchResult:
    """Place customers that came as JSON; those that are not valid are reported, not placed."""
    model = active_model(models)
    checked = _check_records(records)
    scores = model.scorer.score_many(checked.features)
    probabilities = model.probabilities_of(scores)
    return BatchResult(
        model_version=model.version,
        n_customers=len(records),
        predictions=[
            BatchPrediction(
                row=row + 1,
                cluster=int(scores.clusters[place]),
                cluster_name=model.names[scores.clusters[place]],
                confidence=int(scores.confidences[place]),
                probability=None if probabilities is None else float(probabilities[place]),
                outlier=bool(scores.outliers[place]),
            )
            for place, row in enumerate(checked.places)
        ],
        problems=[
            BatchProblem(row=row, reason=reason)
            for row, reason in enumerate(checked.reasons, start=1)
            if reason
        ],
    )


def predict_file(models: ModelService, source: BinaryIO) -> Iterator[bytes]:
    """Place the customers of a delimited file, and return it as CSV with columns added.

    What is wrong with the file as a whole is raised at once; what is wrong with a row stands in
    its column `error`. Memory does not grow with the file, and no cell that comes back is taken
    for a formula by a spreadsheet. `source` is closed at the end.
    """
    model = active_model(models)
    with ExitStack() as stack:
        stack.enter_context(source)
        try:
            stream = stack.enter_context(stream_rows(source))
            columns = find_columns(list(stream.names))
        except TableError as error:
            raise BadRequest(f"The file cannot be read: {error}", code=error.code) from error
        opened = stack.pop_all()
    return _written(model, stream, columns, opened)


def active_model(models: ModelService) -> ServedModel:
    with models.database.session(read_only=True) as session:
        version = trained_version(session).version
    return models.load(version)


def _written(
    model: ServedModel, stream: RowStream, columns: dict[str, str], opened: ExitStack
) -> Iterator[bytes]:
    with opened:
        taken = any(name in stream.names for name in ADDED_COLUMNS)
        added = [f"predicted_{name}" if taken else name for name in ADDED_COLUMNS]
        yield _csv([[*stream.names, *added]])
        at = {wanted: stream.names.index(name) for wanted, name in columns.items()}
        width = len(stream.names)
        decimals = {wanted: stream.decimals.get(name) for wanted, name in columns.items()}
        for rows, fault in _blocks(stream):
            yield _block(model, rows, at, width, decimals)
            if fault is not None:
                # The answer has begun: the fault can only be told where it stands.
                yield _csv([[*[""] * width, "", "", "", "", f"{fault}; the rest was not read"]])


def _blocks(stream: RowStream) -> Iterator[tuple[list[list[str]], TableError | None]]:
    """Yield the rows in blocks; the last comes with the fault that ended the reading, if any."""
    block: list[list[str]] = []
    try:
        for _, row in stream.rows:
            block.append(row)
            if len(block) == BLOCK_ROWS:
                yield block, None
                block = []
    except TableError as fault:
        yield block, fault
    else:
        yield block, None


def _block(
    model: ServedModel,
    rows: list[list[str]],
    at: Mapping[str, int],
    width: int,
    decimals: Mapping[str, Mark | None],
) -> bytes:
    checked = _check_rows(rows, at, width, decimals)
    scores = model.scorer.score_many(checked.features)
    answers = [["", "", "", "", reason] for reason in checked.reasons]
    outliers = [str(outlier).lower() for outlier in scores.outliers.tolist()]
    placed = zip(scores.clusters.tolist(), scores.confidences.tolist(), outliers, strict=True)
    for row, (cluster, confidence, outlier) in zip(checked.places, placed, strict=True):
        answers[row] = [str(cluster), model.names[cluster], str(int(confidence)), outlier, ""]
    return _csv(
        [
            [*row[:width], *[""] * (width - len(row)), *answer]
            for row, answer in zip(rows, answers, strict=True)
        ]
    )


def _check_rows(
    rows: Sequence[Sequence[str]],
    at: Mapping[str, int],
    width: int,
    decimals: Mapping[str, Mark | None],
) -> Checked:
    """Check a block: its cells column by column, then all that are numbers at once."""
    cells = {
        name: [row[i].strip() if i < len(row) else "" for row in rows] for name, i in at.items()
    }
    numbers = {
        feature: _numbers([row[at[feature]] if at[feature] < len(row) else "" for row in rows],
                          decimals[feature])
        for feature in FEATURES
    }  # fmt: skip
    reasons = [
        f"has {len(row)} fields, the header has {width}" if len(row) > width else "" for row in rows
    ]
    for i, sex in enumerate(cells.get("sex", ())):
        if sex and not reasons[i] and known_sex(sex) is None:
            reasons[i] = f"sex: {sex!r} is neither Male nor Female"
    for feature in FEATURES:
        for i, (cell, number) in enumerate(zip(cells[feature], numbers[feature], strict=True)):
            if isinstance(number, str) and not reasons[i]:
                reasons[i] = f"{feature}: {number if cell else 'is missing'}"
    read = [i for i, reason in enumerate(reasons) if not reason]
    columns = [[numbers[feature][i] for i in read] for feature in FEATURES]
    refused = _out_of_range(columns)
    for place, told in refused.items():
        reasons[read[place]] = told
    features = np.array(columns, dtype=np.float64).T
    return Checked(np.delete(features, list(refused), axis=0), reasons)


def _out_of_range(columns: Sequence[Sequence[float | str]]) -> dict[int, str]:
    """Say what is wrong with numbers that a feature cannot have, by their place."""
    told: dict[int, list[str]] = defaultdict(list)
    for feature, column in zip(FEATURES, columns, strict=True):
        try:
            _COLUMNS[feature].validate_python(column)
        except ValidationError as error:
            for each in error.errors():
                told[int(each["loc"][0])].append(f"{feature}: {each['msg']}")
    return {place: "; ".join(faults) for place, faults in told.items()}


def _numbers(texts: list[str], decimal: Mark | None) -> Sequence[float | str]:
    """Read a block's cells, or say why one is no number."""
    strings = to_strings(pd.Series(texts, dtype="str"))
    read = read_numbers(strings, given=decimal, unless_few=False)
    if read is None:
        return [f"{text!r} is not a number" for text in texts]
    numbers: list[float | str] = read.values.tolist()
    for i in np.flatnonzero(np.isnan(read.values) | read.doubtful):
        fault = "could be read in two ways" if read.doubtful[i] else "is not a number"
        numbers[i] = f"{texts[i]!r} {fault}"
    return numbers


def _check_records(records: Sequence[JsonValue]) -> Checked:
    features, reasons = [], []
    for record in records:
        try:
            features.append(Customer.model_validate(record).features())
            reasons.append("")
        except ValidationError as error:
            reasons.append("; ".join(_told(each) for each in error.errors()))
    return Checked(np.array(features, dtype=np.float64).reshape(-1, len(FEATURES)), reasons)


def _told(problem: ErrorDetails) -> str:
    where = ".".join(str(part) for part in problem["loc"])
    return f"{where}: {problem['msg']}" if where else str(problem["msg"])


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    buffer = io.StringIO()
    plain.writer(buffer).writerows(rows)
    if _FORMULA.search(buffer.getvalue()):
        buffer = io.StringIO()
        csv.writer(buffer).writerows(rows)
    return buffer.getvalue().encode()
