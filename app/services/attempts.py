"""Tries that are counted in the database: exact over threads, workers, servers and restarts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.db.account_tables import CountedAttempts
from app.errors import TooManyRequests

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = HOUR
IPV6_PREFIX = 64
"""Bits of an address that a subscriber is given; the rest are theirs to choose."""

Executor = Connection | Session


@dataclass(frozen=True, slots=True)
class Key:
    """Whose tries are counted; an empty subject or address stands for all of them."""

    kind: str
    subject: str = ""
    address: str = ""

    def matches(self) -> sa.ColumnElement[bool]:
        return sa.and_(
            CountedAttempts.kind == self.kind,
            CountedAttempts.subject == self.subject,
            CountedAttempts.address == self.address,
        )


@dataclass(frozen=True, slots=True)
class Tries:
    """How many there were in a window that began at `since`, this one included."""

    number: int
    since: datetime
    blocked_until: datetime | None


def network_of(host: str) -> str:
    """Return what one subscriber has: an IPv4 address, or the /64 of an IPv6 one."""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host[:64]
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is None:
            return str(IPv6Network((address, IPV6_PREFIX), strict=False))
        address = address.ipv4_mapped
    return str(address)


def count(executor: Executor, key: Key, now: datetime, *, window: timedelta, by: int = 1) -> Tries:
    """Count one more try, or `by` more; a window that is over begins again with it.

    One statement, so that tries at the same moment get different numbers. Where the caller's
    transaction rolls back, the try was none.
    """
    row = {"kind": key.kind, "subject": key.subject, "address": key.address}
    upsert = _insert(executor).values(**row, number=by, since=now, blocked_until=None)
    is_over = CountedAttempts.since <= now - window
    upsert = upsert.on_conflict_do_update(
        index_elements=list(row),
        set_={
            "number": sa.case((is_over, by), else_=CountedAttempts.number + by),
            "since": sa.case((is_over, upsert.excluded.since), else_=CountedAttempts.since),
            "blocked_until": sa.case((is_over, sa.null()), else_=CountedAttempts.blocked_until),
        },
    )
    counted = executor.execute(
        upsert.returning(
            CountedAttempts.number, CountedAttempts.since, CountedAttempts.blocked_until
        )
    ).one()
    return Tries(counted.number, counted.since, counted.blocked_until)


def count_guess(executor: Executor, key: Key, now: datetime, *, free: int) -> Tries:
    """Count a guess at a secret; after the free ones each next has to wait twice as long.

    Raises
    ------
    TooManyRequests
        The wait is not over.
    """
    tries = count(executor, key, now, window=DAY)
    if tries.blocked_until is not None and tries.blocked_until > now:
        raise too_many(tries.blocked_until - now)
    if tries.number >= free:
        # The exponent is bounded: a wait would overflow before a day's tries are used up.
        wait = min(FIRST_WAIT * 2 ** min(tries.number - free, 10), LONGEST_WAIT)
        executor.execute(
            sa.update(CountedAttempts).where(key.matches()).values(blocked_until=now + wait)
        )
    return tries


def count_within(
    executor: Executor, key: Key, now: datetime, *, limit: int, window: timedelta = HOUR
) -> None:
    """Count a try of which a window may have so many; 0 is no limit.

    Raises
    ------
    TooManyRequests
        The window has had them.
    """
    tries = count(executor, key, now, window=window)
    if limit and tries.number > limit:
        raise too_many(tries.since + window - now)


def forget(executor: Executor, key: Key) -> int:
    """Forget a key's tries, as the secret was right in the end; return how many they were."""
    forgotten = executor.scalar(
        sa.delete(CountedAttempts).where(key.matches()).returning(CountedAttempts.number)
    )
    return forgotten or 0


def take_back(executor: Executor, key: Key, number: int) -> None:
    """Count so many tries fewer."""
    left = sa.case((CountedAttempts.number > number, CountedAttempts.number - number), else_=0)
    executor.execute(sa.update(CountedAttempts).where(key.matches()).values(number=left))


def drop_old(executor: Executor, now: datetime) -> None:
    """Drop what no window reaches any more."""
    executor.execute(sa.delete(CountedAttempts).where(CountedAttempts.since <= now - DAY))


def too_many(wait: timedelta) -> TooManyRequests:
    return TooManyRequests(
        "Too many attempts; try again later", retry_after=int(wait.total_seconds()) + 1
    )


def _insert(executor: Executor) -> postgresql.Insert | sqlite.Insert:
    bind = executor.get_bind() if isinstance(executor, Session) else executor
    insert = postgresql.insert if bind.dialect.name == "postgresql" else sqlite.insert
    return insert(CountedAttempts)
