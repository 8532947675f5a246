"""What lives as long as the program: built from the settings, started, and stopped."""

from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import timedelta

from opentelemetry.trace import Tracer

from app import VERSION
from app.config import Settings
from app.db.migrations import upgrade_schema
from app.db.session import Database, Limits
from app.db.statements import trace_statements
from app.db.tables import utcnow
from app.jobs.executor import ProcessExecutor
from app.security import TokenSigner, unknown_user_hash
from app.services.analysis import AnalysisService
from app.services.anonymous import ensure_anonymous
from app.services.answer_cache import AnswerCache
from app.services.audit import record_settings
from app.services.conversion import convert_stored
from app.services.datasets import DatasetService
from app.services.erasure import Erasure
from app.services.free_pages import vacuum_by_night
from app.services.identity_provider import IdentityProvider
from app.services.job_work import Workshop
from app.services.jobs import PRELOAD, JobService
from app.services.memory import MemoryKeeper
from app.services.models import ModelService
from app.services.orders import OrderService
from app.services.own_files import remove_expired
from app.services.quotas import Shares
from app.services.retention import sweep
from app.services.segmentations.core import ensure_core
from app.services.segmentations.core_versions import CoreVersions
from app.services.segmentations.opening import Opening
from app.services.segmentations.placing import PlacingService
from app.services.segmentations.runs import RunService
from app.services.segmentations.versions import VersionService
from app.services.segmentations.views import RunViews
from app.services.snapshots import SnapshotService
from app.storage.customers import OPENED
from app.storage.datasets import SERVERS
from app.storage.files import signing_key
from app.storage.models import ModelStore
from app.storage.servers import ServerRegister
from app.storage.slots import Slots


@dataclass(frozen=True)
class Resources:
    """What lives as long as the program."""

    settings: Settings
    database: Database
    models: ModelService
    signer: TokenSigner
    jobs: JobService
    datasets: DatasetService
    orders: OrderService
    snapshots: SnapshotService
    analyses: AnalysisService
    answers: AnswerCache
    erasure: Erasure
    runs: RunService
    run_views: RunViews
    opening: Opening
    versions: VersionService
    upload_slots: Slots
    provider: IdentityProvider | None
    placing: PlacingService
    memory: MemoryKeeper

    def start(self) -> None:
        """Bring the schema, the model and the jobs up to date, so that requests can be served."""
        upgrade_schema(self.database)
        convert_stored(self.database, self.settings)
        # Now, not at the first unknown name, which would take longer than a wrong password.
        unknown_user_hash(rounds=self.settings.bcrypt_rounds)
        self.models.warm_up()
        ensure_anonymous(self.database, self.settings)
        ensure_core(self.database)
        record_settings(self.database, self.settings)
        self.jobs.chore = self.tidy
        self.tidy()
        self.jobs.start()
        self.memory.start()

    def tidy(self) -> None:
        """Drop what is of no use any more."""
        remove_expired(self.datasets, utcnow())
        self.datasets.tidy()
        sweep(self.database, self.settings, utcnow())
        vacuum_by_night(self.database, utcnow())

    def stop(self) -> None:
        self.memory.stop()
        self.jobs.stop()
        OPENED.close()
        self.database.dispose()


def build_resources(settings: Settings, tracer: Tracer | None = None) -> Resources:
    database = Database(
        settings.database_url,
        pool_size=settings.worker_threads,
        sqlite_synchronous=settings.sqlite_synchronous,
        limits=Limits(
            lock=settings.lock_timeout_seconds,
            statement=settings.statement_timeout_seconds,
            idle=settings.idle_in_transaction_timeout_seconds,
        ),
    )
    if tracer is not None:
        trace_statements(database.engine, tracer)
    memory = MemoryKeeper(most_bytes=settings.server_memory_mb << 20)
    jobs = _build_jobs(database, settings, memory)
    tools = jobs.workshop.tools(database)
    datasets = DatasetService(database, tools.tables, settings, jobs)
    models = ModelService(database, ModelStore(settings.models_dir))
    runs, views = RunService(tools, settings, jobs), RunViews(tools)
    core = CoreVersions(models)
    opening = Opening(views, core)
    answers = AnswerCache(max_bytes=settings.analysis_cache_bytes, release=VERSION)
    placing = PlacingService(opening, max_columns=settings.max_columns)
    memory.droppable = (tools.artefacts.clear, answers.clear, placing.clear, core.clear)
    return Resources(
        settings=settings,
        database=database,
        models=models,
        signer=TokenSigner(
            key=settings.secret_key or signing_key(settings.secret_key_file),
            algorithm=settings.algorithm,
            lifetime=timedelta(minutes=settings.access_token_expire_minutes),
            previous_key=settings.previous_secret_key,
        ),
        jobs=jobs,
        datasets=datasets,
        orders=OrderService(database, datasets, settings, jobs),
        snapshots=SnapshotService(datasets, settings, jobs),
        answers=answers,
        erasure=Erasure(database, tools.tables, answers),
        analyses=AnalysisService(
            settings,
            jobs,
            answers,
        ),
        runs=runs,
        run_views=views,
        opening=opening,
        versions=VersionService(runs, opening, models, settings, jobs),
        placing=placing,
        memory=memory,
        upload_slots=Slots(settings.datasets_dir / SERVERS, "upload"),
        provider=_provider(settings),
    )


def _provider(settings: Settings) -> IdentityProvider | None:
    issuer, client = settings.oidc_issuer, settings.oidc_client_id
    if issuer is None or client is None:
        return None
    return IdentityProvider(issuer, client, settings.oidc_client_secret)


def _build_executor(settings: Settings) -> Executor:
    if settings.compute_address is not None:
        # Installed where a cluster is used, and nowhere else.
        from app.jobs.cluster import ClusterExecutor

        return ClusterExecutor(settings.compute_address)
    return ProcessExecutor(
        workers=settings.job_workers,
        memory_bytes=settings.job_memory_mb << 20,
        preload=PRELOAD,
        most_per_owner=settings.max_running_jobs_per_user,
    )


def _build_jobs(database: Database, settings: Settings, memory: MemoryKeeper) -> JobService:
    """Build the service with a pool of processes on this machine, or with a cluster's workers."""
    executor = _build_executor(settings)
    workshop = Workshop(
        database_url=settings.database_url,
        sqlite_synchronous=settings.sqlite_synchronous,
        datasets_dir=settings.datasets_dir.absolute(),
        models_dir=settings.models_dir.absolute(),
        max_columns=settings.max_columns,
        linkage_memory_bytes=settings.linkage_memory_mb << 20,
        rfm_rules_file=settings.rfm_rules_file.absolute(),
        collector=settings.collector,
    )
    return JobService(
        database,
        executor,
        workshop,
        ServerRegister(settings.datasets_dir / SERVERS),
        shares=Shares.of(settings),
        memory=memory,
    )
