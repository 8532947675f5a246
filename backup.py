"""Save a running installation into one file, say whether a backup is whole, and restore it."""

import argparse
import sys
from pathlib import Path

from alembic.util import CommandError
from sqlalchemy.exc import SQLAlchemyError

from app.config import load_settings
from app.errors import AppError
from app.services import backup
from app.services.backup import BackupReport
from app.storage.archives import DamagedArchive


def described(report: BackupReport) -> str:
    rows = sum(report.rows.values())
    return (
        f"made {report.made_at}, schema {report.revision}, {rows:,} rows, "
        f"{report.n_files:,} files, {report.n_bytes:,} bytes"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("action", choices=("create", "check", "restore"))
    parser.add_argument(
        "file", nargs="?", type=Path, help="create makes a name where none is given"
    )
    arguments = parser.parse_args()
    file: Path | None = arguments.file
    settings = load_settings()
    try:
        match arguments.action:
            case "create":
                file = file or backup.default_name(Path("backups"))
                report = backup.create(settings, file)
            case _ if file is None:
                parser.error("name the file: python backup.py check FILE")
            case "check":
                report = backup.check(settings, file)
            case _:
                report = backup.restore(settings, file)
    except (AppError, DamagedArchive, SQLAlchemyError, CommandError, OSError, ValueError) as error:
        print(f"{arguments.action}: failed: {error}", file=sys.stderr)  # noqa: T201
        return 1
    print(f"{arguments.action}: {file}: {described(report)}")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
