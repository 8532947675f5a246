"""An installation as releases before the first format number left it."""

import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

from app.config import Settings

FOLDER = Path(__file__).parent / "fixtures" / "format_0"


def answers() -> dict[str, Any]:
    """Return what that release answered."""
    found: dict[str, Any] = json.loads((FOLDER / "answers.json").read_text())
    return found


def install(folder: Path) -> Settings:
    """Put the installation into a folder, and return the settings to start it with."""
    for name in ("datasets", "models"):
        shutil.copytree(FOLDER / name, folder / name)
    connection = sqlite3.connect(folder / "old.db")
    connection.executescript((FOLDER / "database.sql").read_text())
    connection.close()
    return Settings(
        _env_file=None,
        database_url=f"sqlite:///{folder / 'old.db'}",
        secret_key="a key for the tests alone, long enough",
        bcrypt_rounds=4,
        customers_file=folder / "customers.csv",
        models_dir=folder / "models",
        datasets_dir=folder / "datasets",
    )
