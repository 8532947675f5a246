"""Analysing posted records: from the cache, in the request, or as a job."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from anyio import CapacityLimiter
from pydantic_core import to_json

from app.config import Settings
from app.db.tables import Job
from app.errors import AppError, BadRequest, InvalidFields, NotFound, problem_at
from app.schemas.analysis import AnalysisOptions, AnalysisRequest, cell_problems
from app.segmentation.errors import ColumnError, GrainError, SegmentationError, TableError
from app.segmentation.preparation.column_choice import MOST_CELLS
from app.services.accounts import Caller
from app.services.analysis_work import AnalysisOrder, analysis_work, answer_order
from app.services.answer_cache import AnswerCache
from app.services.jobs import JobService
from app.services.memory import enough_memory
from app.services.quotas import computing

KIND = "analyze"
CONCURRENCY = 2
"""Analyses at a time in one worker process; more would only take the cores from others."""


@dataclass(frozen=True)
class Answer:
    """Ready-made JSON, and whether it was known already."""

    content: bytes
    from_cache: bool


class AnalysisService:
    def __init__(self, settings: Settings, jobs: JobService, cache: AnswerCache) -> None:
        self._settings = settings
        self._jobs = jobs
        self._cache = cache
        self.turns = CapacityLimiter(CONCURRENCY)

    def prepare(self, form: AnalysisRequest) -> AnalysisOrder:
        """Refuse what is no table of customers, by its path."""
        records, options = form.customer_data, form.options or AnalysisOptions()
        if form.one_row_is is not None and options.one_row_is is None:
            options = options.model_copy(update={"one_row_is": form.one_row_is})
        check_size(records, self._settings, "customerData")
        if problems := cell_problems(records, "customerData"):
            raise InvalidFields(problems)
        if options.algorithm == "dbscan" and options.n_clusters is not None:
            raise _refusal(
                "DBSCAN finds the number of segments itself; leave this out",
                "options",
                "nClusters",
                code="not_an_option_of_dbscan",
            )
        remarks = form.remarks()
        key = self._cache.key([records, options.known(), remarks])
        return AnalysisOrder.model_construct(
            records=records, options=options, remarks=remarks, key=key
        )

    def analyse(self, caller: Caller, question: AnalysisOrder) -> Answer:
        known = self._cache.get(caller.id, question.key)
        if known is not None:
            return Answer(known, from_cache=True)
        try:
            with (
                computing(self._jobs.database, self._jobs.shares),
                enough_memory("This analysis"),
            ):
                if self._jobs.relieves():
                    answer = self._jobs.wait_for(answer_order, question)
                else:
                    answer = answer_order(question)
        except SegmentationError as error:
            raise _from_engine(error, question.options) from error
        self._cache.put(caller.id, question.key, answer)
        return Answer(answer, from_cache=False)

    def known_body(self, caller: Caller, body: bytes) -> Answer | None:
        """Answer a body that came before as it is: nothing in it is read."""
        found = self._cache.get_by_body(caller.id, body)
        return None if found is None else Answer(found, from_cache=True)

    def name_by_body(self, caller: Caller, question: AnalysisOrder, body: bytes) -> None:
        self._cache.name_by_body(caller.id, question.key, body)

    def known(self, caller: Caller, question: AnalysisOrder) -> Answer | None:
        found = self._cache.get(caller.id, question.key)
        return None if found is None else Answer(found, from_cache=True)

    def is_large(self, question: AnalysisOrder) -> bool:
        return len(question.records) > self._settings.max_rows_in_request

    def analyse_later(self, caller: Caller, question: AnalysisOrder) -> Job:
        arguments = {
            "records": question.records,
            "options": question.options.known(),
            "remarks": question.remarks,
            "key": question.key,
        }
        return self._jobs.submit(caller, KIND, analysis_work, arguments)

    def finished(self, caller: Caller, job_id: int) -> Answer:
        """Return what a job found, one's own alone; from then on it is known for the request."""
        query = sa.select(Job).where(
            Job.id == job_id, Job.kind == KIND, Job.user_id == caller.id, Job.state == "succeeded"
        )
        with self._jobs.database.session(read_only=True) as session:
            job = session.scalars(query).one_or_none()
        if job is None or job.result is None:
            raise NotFound("Analysis not found")
        answer = to_json(job.result["analysis"])
        self._cache.put(caller.id, job.result["key"], answer)
        return Answer(answer, from_cache=False)


def check_size(records: Sequence[Mapping[str, object]], settings: Settings, *path: str) -> None:
    """Refuse more records or fields than a request may bring, before a table is made of them."""
    most = settings.max_analysis_records
    if len(records) > most:
        raise _refusal(
            f"{len(records):,} records; a request may have at most {most:,}. Upload "
            "more as a dataset: POST /api/v1/datasets/upload",
            *path,
            code="too_many_records",
        )
    n_names = len({name for record in records for name in record})
    if n_names > settings.max_columns:
        told = f"{n_names:,} different fields; the maximum is {settings.max_columns:,}"
        raise _refusal(told, *path)
    if len(records) * n_names > MOST_CELLS:
        raise _refusal(
            f"{len(records):,} records of {n_names:,} different fields; so many records "
            f"may have at most {MOST_CELLS // len(records):,}. Leave out the fields "
            "that matter least, or upload the records as a dataset: POST /api/v1/datasets/upload",
            *path,
        )


def _from_engine(error: SegmentationError, options: AnalysisOptions) -> AppError:
    message = str(error)
    if isinstance(error, GrainError):
        return _refusal(message, "options", "oneRowIs", code=error.code)
    if isinstance(error, TableError):
        return _refusal(message, "customerData", code=error.code)
    if isinstance(error, ColumnError):
        named = {"columns": options.columns is not None, "exclude": True}
        if named.get(error.field):
            return _refusal(message, "options", error.field, code=error.code)
    return BadRequest(message, code=error.code)


def _refusal(message: str, *path: str, code: str = "value_error") -> InvalidFields:
    return InvalidFields([problem_at(message, *path, code=code)])
