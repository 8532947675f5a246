"""Clustering runs: asking for one, listing, sharing and removing them."""

from collections.abc import Sequence
from concurrent.futures import BrokenExecutor
from dataclasses import replace

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from app.config import Settings
from app.db.segmentation_tables import ClusteringRun, LastingSegmentation
from app.db.tables import Dataset, Job, Visibility
from app.errors import AppError, BadRequest, Forbidden, InvalidField, NotFound
from app.schemas.base import RowIs
from app.schemas.clustering import RunOut
from app.segmentation.clustering.density import check_dbscan_rows
from app.segmentation.clustering.density_tree import check_hdbscan_rows
from app.segmentation.clustering.hierarchical import check_linkage, matrix_bytes, needs_matrix
from app.segmentation.errors import ColumnError, GrainError, SegmentationError
from app.segmentation.recipe import Recipe
from app.segmentation.tables.grain import check_customers
from app.segmentation.threads import single_threaded
from app.services import datasets
from app.services.accounts import Caller
from app.services.job_work import Tools, run_and_store, silent, stored
from app.services.jobs import JobService
from app.services.ownership import is_owner
from app.services.paging import Page, page_of
from app.services.quotas import computing
from app.services.reading import grain_of
from app.services.segmentations.activation import settle
from app.services.segmentations.asking import AskedRun, RunOrder, Target
from app.services.segmentations.finding import find_owned
from app.services.segmentations.record import record_change
from app.services.segmentations.reports import described
from app.services.segmentations.work import find_tree, train_work
from app.storage.datasets import DamagedDataset

log = structlog.get_logger(__name__)

DENSITY_ROWS_HERE = 2_000
"""Rows past which DBSCAN's neighbourhoods, which grow with their square, are held in a worker."""

MATRIX_BYTES_HERE = 16_000_000
"""A larger matrix of distances is held in a worker, that of some 2,000 rows: SciPy builds its tree
without letting other threads run."""

USUAL_COLUMNS = 50
"""Columns that the set size is meant for; a wider table is done in the request on fewer rows."""


class RunService:
    def __init__(self, tools: Tools, settings: Settings, jobs: JobService) -> None:
        self.tools = tools
        self._settings = settings
        self._jobs = jobs

    def train(self, caller: Caller, asked: AskedRun, *, prefer_async: bool) -> ClusteringRun | Job:
        """Run in the request where the table is small, and as a job where it is not."""
        recipe = asked.recipe
        with self.tools.database.session(read_only=True) as session:
            dataset = datasets.get(session, caller, asked.dataset_id)
            _check_target(session, caller, dataset, asked.target)
            _check_grain(dataset, asked.one_row_is)
            order = RunOrder.of(dataset, recipe, caller, asked.target)
            try:
                n_columns = len(order.choice().used)
            except ColumnError as error:
                raise refusal(error) from error
            has_tree = find_tree(session, dataset.id, order.tree_key) is not None
        try:
            self._check_rows(recipe, dataset.n_rows, has_tree=has_tree)
        except SegmentationError as error:
            raise refusal(error) from error
        limit = self._settings.max_rows_in_request
        too_long = dataset.n_rows > limit or dataset.n_rows * n_columns > limit * USUAL_COLUMNS
        if recipe.algorithm == "hierarchical" and has_tree and recipe.validation == "none":
            # A cut of a kept tree reads no rows.
            too_long = False
        if prefer_async or too_long:
            return self._jobs.submit(caller, "train", train_work, order.model_dump(mode="json"))
        return self._train_now(order, apart=_is_hungry(recipe, dataset.n_rows, has_tree=has_tree))

    def _check_rows(self, recipe: Recipe, n_rows: int, *, has_tree: bool) -> None:
        """Refuse what cannot be done with so many rows now, rather than later in a job."""
        match recipe.algorithm:
            case "hierarchical" if not has_tree:
                limit = self.tools.linkage_memory_bytes
                check_linkage(n_rows, linkage=recipe.linkage, memory_limit_bytes=limit)
            case "dbscan":
                check_dbscan_rows(n_rows)
            case "hdbscan":
                check_hdbscan_rows(n_rows)

    def _train_now(self, order: RunOrder, *, apart: bool) -> ClusteringRun:
        """Run while the request waits; `apart` in a worker, whose memory is bounded and returns."""
        arguments = order.model_dump(mode="json")
        jobs = self._jobs
        try:
            with computing(jobs.database, jobs.shares):
                if apart or jobs.relieves():
                    ids = jobs.wait_for(run_and_store, jobs.workshop, train_work, arguments)
                else:
                    with single_threaded():
                        outcome = train_work(self.tools, arguments, silent)
                    ids = stored(self.tools.database, outcome)
        except SegmentationError as error:
            raise refusal(error) from error
        except DamagedDataset as error:
            raise BadRequest(
                f"The dataset cannot be used: {error}; upload it again",
                code="damaged_dataset",
                field="dataset_id",
            ) from error
        except (MemoryError, BrokenExecutor) as error:
            raise BadRequest(
                "This run needs more memory than a job may use (JOB_MEMORY_MB); "
                "choose fewer rows or columns, a smaller eps, or K-means",
                code="too_much_memory",
            ) from error
        with self.tools.database.session(read_only=True) as session:
            return session.get_one(ClusteringRun, ids["run_id"])

    def share(self, caller: Caller, run_id: int, visibility: Visibility) -> ClusteringRun:
        """Share a run, or stop; one that is private again takes its segmentation along.

        Those who may read a segmentation may read each of its versions.
        """
        with self.tools.database.session() as session:
            found = owned(session, caller, run_id).segmentation_id
            # In the same order as sharing a segmentation locks them.
            segmentation = session.get_one(LastingSegmentation, found, with_for_update=True)
            run = owned(session, caller, run_id, lock=True)
            run.visibility = visibility
            if visibility == "private" and segmentation.visibility == "team":
                segmentation.visibility = visibility
                record_change(session, segmentation, "shared", caller, visibility=visibility)
            session.flush()
            # An update leaves who made it to be read again.
            session.refresh(run)
        return run

    def delete(self, caller: Caller, run_id: int) -> None:
        with self.tools.database.session() as session:
            run = owned(session, caller, run_id, lock=True)
            directory = _dataset_of(session, run).directory
            segmentation = run.segmentation
            session.delete(run)
            session.flush()
            settle(session, segmentation)
        self.tools.artefacts.remove(directory, run.artefact)


def _check_target(session: Session, caller: Caller, dataset: Dataset, target: Target) -> None:
    """Refuse to continue what the caller does not own, or with somebody else's table."""
    if target.segmentation_id is None:
        return
    segmentation = find_owned(session, caller, target.segmentation_id, lock=False)
    if segmentation.kind == "core":
        raise InvalidField(
            "segmentation_id", "The core is trained by /train", code="not_for_the_core"
        )
    if segmentation.visibility == "team" and caller.role == "user":
        raise Forbidden(
            "A version of a shared segmentation requires the role analyst; yours is user",
            code="role_required",
        )
    if segmentation.user_id != dataset.user_id:
        raise InvalidField(
            "dataset_id",
            "The dataset belongs to another account than the segmentation",
            code="other_owner",
        )


def _check_grain(dataset: Dataset, one_row_is: RowIs | None) -> None:
    """Refuse rows that are no customers, unless the caller says that they are."""
    found = grain_of(dataset)
    try:
        check_customers(replace(found, one_row_is=one_row_is or found.one_row_is))
    except GrainError as error:
        raise InvalidField("one_row_is", str(error), code=error.code) from error


def _is_hungry(recipe: Recipe, n_rows: int, *, has_tree: bool) -> bool:
    """Whether a run may hold so much memory, or the interpreter so long, that others would wait."""
    if recipe.algorithm in ("auto", "dbscan", "hdbscan"):
        return n_rows > DENSITY_ROWS_HERE
    if recipe.algorithm != "hierarchical" or has_tree:
        return False
    return needs_matrix(n_rows, recipe.linkage) and matrix_bytes(n_rows) > MATRIX_BYTES_HERE


def refusal(error: SegmentationError) -> AppError:
    """Name the field that asks for more than the table or the machine can give."""
    if error.field is None:
        return BadRequest(str(error), code=error.code)
    return InvalidField(error.field, str(error), code=error.code)


def list_of_dataset(
    session: Session, caller: Caller, dataset_id: int, page: Page
) -> tuple[list[RunOut], int]:
    """List a dataset's runs: all of them for its owner, the team's for everyone else."""
    dataset = session.get(Dataset, dataset_id)
    query = (
        sa.select(ClusteringRun)
        .where(ClusteringRun.dataset_id == dataset_id)
        .order_by(ClusteringRun.id.desc())
    )
    if dataset is None or not owns(caller, dataset):
        query = query.where(ClusteringRun.visibility == "team")
    rows, total = page_of(session, query, page)
    if dataset is None or (not owns(caller, dataset) and not total):
        raise NotFound("Dataset not found")
    return [described(row, dataset) for row in rows], total


def list_visible(session: Session, caller: Caller, page: Page) -> tuple[list[RunOut], int]:
    """List the caller's own runs and the team's; administrators see all."""
    query = sa.select(ClusteringRun).order_by(ClusteringRun.id.desc())
    if caller.role != "admin":
        own = sa.select(Dataset.id).where(Dataset.user_id == caller.id)
        query = query.where(
            sa.or_(ClusteringRun.visibility == "team", ClusteringRun.dataset_id.in_(own))
        )
    rows, total = page_of(session, query, page)
    return describe_all(session, rows), total


def readable(session: Session, caller: Caller, run_id: int) -> tuple[ClusteringRun, Dataset]:
    """Return a run the caller may read, with its dataset: one's own, or the team's."""
    run = session.get(ClusteringRun, run_id)
    if run is not None:
        dataset = _dataset_of(session, run)
        if run.visibility == "team" or owns(caller, dataset):
            return run, dataset
    raise NotFound("Run not found")


def owned(session: Session, caller: Caller, run_id: int, *, lock: bool = False) -> ClusteringRun:
    run = session.get(ClusteringRun, run_id, with_for_update=lock or None)
    if run is None or not owns(caller, _dataset_of(session, run)):
        raise NotFound("Run not found")
    return run


def describe_all(session: Session, rows: Sequence[ClusteringRun]) -> list[RunOut]:
    ids = {row.dataset_id for row in rows}
    found = session.scalars(sa.select(Dataset).where(Dataset.id.in_(ids)))
    named = {dataset.id: dataset for dataset in found}
    return [described(row, named[row.dataset_id]) for row in rows]


def describe(session: Session, run: ClusteringRun) -> RunOut:
    return described(run, _dataset_of(session, run))


def owns(caller: Caller, dataset: Dataset) -> bool:
    return is_owner(caller, dataset.user_id)


def _dataset_of(session: Session, run: ClusteringRun) -> Dataset:
    return session.get_one(Dataset, run.dataset_id)
