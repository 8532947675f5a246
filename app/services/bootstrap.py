"""The accounts and the first model that a new installation starts with."""

from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.config import PUBLISHED_PASSWORDS, Role, Settings
from app.db.session import Database
from app.db.tables import User
from app.errors import BadRequest
from app.security import hash_password
from app.segmentation.synthesis import generate_customers
from app.services.accounts import end_sessions
from app.services.password_rules import check
from app.storage.files import write_atomically

EXAMPLE_ROWS = 5000


@dataclass(frozen=True)
class StartingAccount:
    username: str
    email: str
    full_name: str
    password: str
    role: Role


ADMIN = StartingAccount("admin", "admin@example.com", "Administrator", "admin123", "admin")
TEST_USER = StartingAccount("testuser", "test@example.com", "Test User", "test123", "user")


def write_example_customers(file: Path, *, rows: int = EXAMPLE_ROWS, seed: int = 42) -> Path | None:
    """Write generated customers as CSV, in one step, so that no reader sees half of them.

    Another table that stood there may be somebody's own: it is kept beside, and where is
    returned.
    """
    table = generate_customers(rows, seed=seed).to_csv(index=False, lineterminator="\n").encode()
    kept = None
    if file.exists() and (before := file.read_bytes()) != table:
        kept = file.with_name(f"{file.name}.bak")
        write_atomically(kept, lambda stream: stream.write(before))
    write_atomically(file, lambda stream: stream.write(table))
    return kept


class AddressTaken(BadRequest):
    """Another account than the one to be made has its address."""

    code = "email_taken"


def ensure_account(
    database: Database, settings: Settings, account: StartingAccount, *, reset: bool
) -> bool:
    """Create an account where it is missing; with `reset`, give an existing one its password.

    A reset account is active and has its role again, and its sessions end; it keeps its address.
    Returns whether anything changed.

    Raises
    ------
    AppError
        If the password is refused, or, as `AddressTaken`, somebody else has the address.
    """
    by_name = sa.func.lower(User.username) == account.username
    with database.session(read_only=True) as session:
        exists = session.scalar(sa.select(User.id).where(by_name)) is not None
    if exists and not reset:
        return False
    if settings.in_production and account.password in PUBLISHED_PASSWORDS:
        raise BadRequest(
            f"The documented password of {account.username} is refused in production; "
            "choose one with --ask, or set ADMIN_PASSWORD",
            code="published_password",
        )
    if settings.in_production:
        check(settings, account.password, username=account.username, email=account.email)
    hashed = hash_password(account.password, rounds=settings.bcrypt_rounds)
    with database.session() as session:
        user = session.scalars(sa.select(User).where(by_name).with_for_update()).one_or_none()
        if user is None:
            _refuse_taken_address(session, account)
            user = User(username=account.username, email=account.email, full_name=account.full_name)
            session.add(user)
            user.token_version = 0
        user.hashed_password = hashed
        user.role = account.role
        user.is_active = True
        user.must_change_password = False
        end_sessions(user)
    return True


def _refuse_taken_address(session: Session, account: StartingAccount) -> None:
    owner = session.scalar(sa.select(User.username).where(User.email == account.email))
    if owner is not None:
        raise AddressTaken(
            f"{account.username} cannot be made: {owner!r} registered with {account.email}. "
            "Give the administrator another address: python create_admin.py --email YOUR_OWN"
        )
