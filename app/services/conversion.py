"""What earlier releases stored, converted once, when the program starts."""

from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
import structlog
from filelock import FileLock

from app.config import Settings
from app.db.segmentation_tables import ClusteringRun, ClusteringTree
from app.db.session import Database
from app.db.tables import ModelVersion
from app.jobs.executor import ProcessExecutor
from app.services.jobs import PRELOAD
from app.storage.bundles import DamagedArtefact, read_bundle, remove_bundle
from app.storage.formats import format_0

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Converted:
    """How many files are of the new format now, and which cannot be."""

    n_files: int
    refused: tuple[str, ...]


@dataclass(frozen=True)
class _Old:
    """A file of an earlier release, and how it becomes one of this.

    Its new form is written beside it, then named in the database, and only then is the old one
    removed: a crash between any two of these leaves what is converted again.
    """

    path: Path
    convert: Callable[[], str]
    name_in_database: Callable[[str], None]
    remove: Callable[[], None]


def convert_stored(database: Database, settings: Settings) -> Converted:
    """Convert what there is; several servers that start together take turns.

    What cannot be converted is named in the log and stays as it is; it is answered like any
    damaged file.
    """
    if not _old_files(settings):
        return Converted(0, ())
    apart = ProcessExecutor(workers=1, memory_bytes=settings.job_memory_mb << 20, preload=PRELOAD)
    n_files, refused = 0, []
    try:
        with _turn(settings):
            for old in _old(database, settings, apart):
                try:
                    old.name_in_database(old.convert())
                except (DamagedArtefact, BrokenExecutor, MemoryError) as error:
                    log.error("file not converted", file=str(old.path), reason=str(error))
                    refused.append(str(old.path))
                    continue
                old.remove()
                n_files += 1
    finally:
        apart.shutdown()
    if n_files:
        log.info("files converted", number=n_files)
    return Converted(n_files, tuple(refused))


@contextmanager
def _turn(settings: Settings) -> Iterator[None]:
    settings.models_dir.mkdir(parents=True, exist_ok=True)
    with FileLock(settings.models_dir / ".conversion.lock"):
        yield


def _old_files(settings: Settings) -> list[Path]:
    artefacts = settings.datasets_dir.glob(f"*/*{format_0.SUFFIX}")
    models = settings.models_dir.glob(f"versions/[!.]*/{format_0.VERSION_FILES[0]}")
    return sorted((*artefacts, *models))


def _old(database: Database, settings: Settings, apart: ProcessExecutor) -> Iterator[_Old]:
    """Find what the database names; whatever else there is may belong to another database."""
    with database.connect(read_only=True) as connection:
        named = {
            row.artefact: (table, row.checksum)
            for table in (ClusteringRun, ClusteringTree)
            for row in connection.execute(sa.select(table.artefact, table.checksum))
        }
        versions = dict(
            connection.execute(sa.select(ModelVersion.directory, ModelVersion.checksum)).all()
        )
    for path in _old_files(settings):
        if path.suffix == format_0.SUFFIX and path.name in named:
            table, checksum = named[path.name]
            yield _artefact(database, apart, path, table, checksum)
        elif path.suffix == format_0.SUFFIX and path.stem in named:
            # A crash came between the database and the removal.
            path.unlink()
        elif path.suffix != format_0.SUFFIX and path.parent.name in versions:
            yield _version(database, apart, path.parent, versions[path.parent.name])


def _artefact(
    database: Database,
    apart: ProcessExecutor,
    path: Path,
    table: type[ClusteringRun] | type[ClusteringTree],
    checksum: str,
) -> _Old:
    target = path.with_suffix("")

    def convert() -> str:
        # What a crash left before the database named it.
        remove_bundle(target)
        return apart.submit(format_0.convert_artefact, path, checksum, target).result()

    def name_in_database(new: str) -> None:
        renamed = sa.update(table).where(table.artefact == path.name)
        with database.connect() as connection:
            connection.execute(renamed.values(artefact=target.name, checksum=new))

    return _Old(path, convert, name_in_database, path.unlink)


def _version(database: Database, apart: ProcessExecutor, directory: Path, checksum: str) -> _Old:
    def convert() -> str:
        with suppress(DamagedArtefact):
            # A crash came between the database and the removal.
            read_bundle(directory, checksum)
            return checksum
        return apart.submit(format_0.convert_version, directory, checksum).result()

    def name_in_database(new: str) -> None:
        changed = sa.update(ModelVersion).where(ModelVersion.directory == directory.name)
        with database.connect() as connection:
            connection.execute(changed.values(checksum=new))

    def remove() -> None:
        for name in reversed(format_0.VERSION_FILES):
            (directory / name).unlink(missing_ok=True)

    return _Old(directory, convert, name_in_database, remove)
