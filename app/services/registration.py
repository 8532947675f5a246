"""Making an account: by oneself, or by an invitation."""

from sqlalchemy.orm import Session

from app.config import Settings
from app.db.account_tables import Invitation, KnownAddress
from app.db.session import Database
from app.db.tables import User, utcnow
from app.errors import Forbidden
from app.schemas.users import UserCreate
from app.security import hash_password
from app.services import audit, invitations, password_rules
from app.services.accounts import SavedUser, flush_unique, refuse_taken
from app.services.attempts import Key, count_within


def register(database: Database, settings: Settings, form: UserCreate, address: str) -> SavedUser:
    """Make an account; hashing comes before the transaction, so that no lock is held meanwhile.

    Raises
    ------
    Forbidden
        Registration needs an invitation, and there is none.
    BadRequest
        The invitation is not usable, or the name or address is taken.
    TooManyRequests
        The address has had its registrations of this hour, right or wrong.
    """
    with database.session() as session:
        limit = settings.registrations_per_hour
        count_within(session, Key("register", address=address), utcnow(), limit=limit)
    if form.invitation is None and settings.registration == "invitation":
        raise Forbidden(
            "Registration needs an invitation; ask an administrator for one",
            code="invitation_required",
        )
    with database.session() as session:
        _invitation(session, form)
    doubts = password_rules.check(settings, form.password, username=form.username, email=form.email)
    hashed = hash_password(form.password, rounds=settings.bcrypt_rounds)
    with database.session() as session:
        invitation = _invitation(session, form)
        user = User(
            email=form.email,
            username=form.username,
            full_name=form.full_name,
            hashed_password=hashed,
            role=invitation.role if invitation is not None else "user",
        )
        refuse_taken(session, email=form.email, username=form.username)
        session.add(user)
        flush_unique(session)
        session.add(KnownAddress(user_id=user.id, address=address))
        audit.record(session, "account.registered", actor_id=user.id, **audit.about_user(user.id))
        if invitation is not None:
            invitations.use(session, invitation, user.id)
    return SavedUser(user, doubts)


def _invitation(session: Session, form: UserCreate) -> Invitation | None:
    if form.invitation is None:
        return None
    return invitations.usable(session, form.invitation, email=form.email)
