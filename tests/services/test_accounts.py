"""Rules that show only when two requests meet: the account is gone, or a name was just taken."""

from datetime import UTC, datetime

import pytest

from app.errors import BadRequest, Unauthorized
from app.schemas.users import UserCreate, UserUpdate
from app.services import accounts as service
from app.services import registration
from app.services.accounts import Caller
from tests.factories import PASSWORD

pytestmark = pytest.mark.both_databases("uniqueness")

GONE = Caller(
    id=999,
    username="gone",
    role="user",
    must_change_password=False,
    token_id="0" * 32,
    token_version=1,
    token_issued_at=datetime.now(UTC),
)


@pytest.fixture
def resources(client):
    return client.app.state.resources


def test_an_account_that_is_gone_can_no_longer_change(resources):
    database, settings = resources.database, resources.settings
    form = UserUpdate(current_password=PASSWORD)
    with pytest.raises(Unauthorized):
        service.confirm_change(database, settings, GONE, form)
    with pytest.raises(Unauthorized):
        service.confirm_change(database, settings, GONE, UserUpdate(email="a@example.com"))
    with pytest.raises(Unauthorized):
        service.confirm_identity(database, settings, GONE, PASSWORD, to="delete the account")
    with pytest.raises(Unauthorized):
        service.update_own(database, settings, GONE, UserUpdate(full_name="x"))
    with database.session() as session, pytest.raises(Unauthorized):
        service.get(session, GONE.id)


def test_a_name_taken_between_the_check_and_the_write_is_refused(resources, accounts, monkeypatch):
    accounts.make(username="maria")
    monkeypatch.setattr(registration, "refuse_taken", lambda *_args, **_kwargs: None)
    form = UserCreate(email="new@example.com", username="Maria", password=PASSWORD)
    with pytest.raises(BadRequest, match="taken"):
        registration.register(resources.database, resources.settings, form, "10.0.0.1")
