"""Things the tests need many of."""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

from app.config import Role
from app.db.tables import User
from app.security import hash_password
from app.services.accounts import Caller
from app.services.resources import Resources

PASSWORD = "correct horse"
CUSTOMER = {
    "sex": "Female",
    "age": 34,
    "annual_income": 65.5,
    "spending_score": 72,
    "purchase_frequency": 18,
}
_number = count(1)


@dataclass(frozen=True)
class Account:
    """An account that exists, and the header that signs its requests."""

    id: int
    username: str
    email: str
    headers: dict[str, str]


def caller_of(account: Account, role: Role = "analyst") -> Caller:
    """An account as services know it."""
    return Caller(
        id=account.id,
        username=account.username,
        role=role,
        must_change_password=False,
        token_id="",
        token_version=1,
        token_issued_at=datetime.now(UTC),
    )


class Accounts:
    """Makes accounts straight in the database."""

    def __init__(self, resources: Resources) -> None:
        self._resources = resources

    def make(self, role: Role = "user", *, username: str = "", is_active: bool = True) -> Account:
        username = username or f"{role}{next(_number)}"
        with self._resources.database.session() as session:
            user = User(
                email=f"{username.lower()}@example.com",
                username=username,
                full_name=username.title(),
                hashed_password=hash_password(PASSWORD, rounds=4),
                role=role,
                is_active=is_active,
            )
            session.add(user)
        return Account(user.id, user.username, user.email, self.headers(user))

    def headers(self, user: User) -> dict[str, str]:
        token = self._resources.signer.issue(
            username=user.username, user_id=user.id, version=user.token_version
        )
        return {"Authorization": f"Bearer {token}"}
