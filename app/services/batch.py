"""Many customers to segments: validated one by one, scored block by block."""

import io
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
import pandas as pd
from defusedcsv import csv
from pydantic import BaseModel, JsonValue, ValidationError
from pydantic_core import ErrorDetails

from app.errors import BadRequest
from app.schemas.batch import BatchPrediction, BatchProblem, BatchResult, CustomerFeatures
from app.schemas.predictions import Customer
from app.segmentation.customers import find_columns, known_sex
from app.segmentation.errors import TableError
from app.segmentation.recipe import FEATURES
from app.segmentation.scoring import Scores
from app.segmentation.tables.marks import Mark
from app.segmentation.tables.numbers import read_numbers
from app.segmentation.tables.streaming import RowStream, stream_rows
from app.segmentation.tables.values import to_strings
from app.services.models import ModelService, ServedModel, trained_version

BLOCK_ROWS = 8_192
ADDED_COLUMNS = ("cluster", "segment", "confidence", "outlier", "error")


@dataclass(frozen=True, slots=True)
class Checked:
    """A row's features, or why it has none."""

    features: tuple[float, ...] | None
    reason: str = ""


def predict_records(models: ModelService, records: Sequence[JsonValue]) -> BatchResult:
    """Place customers that came as JSON; those that are not valid are reported, not placed."""
    model = active_model(models)
    checked = [_check(Customer, record) for record in records]
    places, scores = _score(model, checked)
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
            for place, row in enumerate(places)
        ],
        problems=[
            BatchProblem(row=row, reason=each.reason)
            for row, each in enumerate(checked, start=1)
            if each.features is None
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
    numbers = {
        feature: _numbers(
            [row[at[feature]] if at[feature] < len(row) else "" for row in rows], decimals[feature]
        )
        for feature in FEATURES
    }
    checked = [
        _check_cells(row, at, width, {name: read[i] for name, read in numbers.items()})
        for i, row in enumerate(rows)
    ]
    places, scores = _score(model, checked)
    answers = [["", "", "", "", each.reason] for each in checked]
    for place, row in enumerate(places):
        cluster = int(scores.clusters[place])
        answers[row] = [
            str(cluster),
            model.names[cluster],
            str(int(scores.confidences[place])),
            str(bool(scores.outliers[place])).lower(),
            "",
        ]
    return _csv(
        [
            [*row[:width], *[""] * (width - len(row)), *answer]
            for row, answer in zip(rows, answers, strict=True)
        ]
    )


def _numbers(texts: list[str], decimal: Mark | None) -> list[float | str]:
    """Read a block's cells, or say why one is no number."""
    strings = to_strings(pd.Series(texts, dtype="str"))
    read = read_numbers(strings, given=decimal, unless_few=False)
    if read is None:
        return [f"{text!r} is not a number" for text in texts]
    return [
        f"{text!r} could be read in two ways"
        if doubtful
        else f"{text!r} is not a number"
        if math.isnan(value)
        else value
        for text, value, doubtful in zip(
            texts, read.values.tolist(), read.doubtful.tolist(), strict=True
        )
    ]


def _score(model: ServedModel, checked: Sequence[Checked]) -> tuple[list[int], Scores]:
    """Score the valid rows; return where each stands among all, and the scores."""
    places = [row for row, each in enumerate(checked) if each.features is not None]
    features = np.array(
        [each.features for each in checked if each.features is not None], dtype=np.float64
    )
    return places, model.scorer.score_many(features.reshape(-1, len(FEATURES)))


def _check_cells(
    row: list[str], at: Mapping[str, int], width: int, numbers: Mapping[str, float | str]
) -> Checked:
    if len(row) > width:
        return Checked(None, f"has {len(row)} fields, the header has {width}")
    cells = {name: row[i].strip() if i < len(row) else "" for name, i in at.items()}
    sex = cells.get("sex", "")
    if sex and known_sex(sex) is None:
        return Checked(None, f"sex: {sex!r} is neither Male nor Female")
    values: dict[str, JsonValue] = {}
    for feature in FEATURES:
        if not cells[feature]:
            return Checked(None, f"{feature}: is missing")
        value = numbers[feature]
        if isinstance(value, str):
            return Checked(None, f"{feature}: {value}")
        values[feature] = value
    return _check(CustomerFeatures, values)


def _check(schema: type[Customer | CustomerFeatures], values: JsonValue) -> Checked:
    try:
        customer: BaseModel = schema.model_validate(values)
    except ValidationError as error:
        return Checked(None, "; ".join(_told(each) for each in error.errors()))
    return Checked(tuple(float(getattr(customer, feature)) for feature in FEATURES))


def _told(problem: ErrorDetails) -> str:
    where = ".".join(str(part) for part in problem["loc"])
    return f"{where}: {problem['msg']}" if where else str(problem["msg"])


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue().encode()
