"""Turns at bcrypt, which takes a core for a fifth of a second, and at a provider of sign-ins.

Those who wait hold no thread. Each group has turns of its own, so that strangers cannot keep those
with an account waiting.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from anyio import CapacityLimiter
from fastapi import Depends, Request

from app.errors import Unavailable

QUEUE = 200
"""Who comes when so many wait is turned away, as their answer would come too late to be of use."""
RETRY_AFTER_SECONDS = 10


class Turns:
    """So many at once, and the rest in a line."""

    def __init__(self, number: int) -> None:
        self._limiter = CapacityLimiter(number)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        if self._limiter.statistics().tasks_waiting >= QUEUE:
            raise Unavailable(
                "Too many people are signing in; try again shortly",
                retry_after=RETRY_AFTER_SECONDS,
                code="too_many_sign_ins",
            )
        async with self._limiter:
            yield


class PasswordTurns:
    """The turns of one process."""

    def __init__(self) -> None:
        self.accounts = Turns(3)
        self.strangers = Turns(1)
        self.registrations = Turns(1)
        self.signed_in = Turns(2)
        self.provider = Turns(4)


async def get_turns(request: Request) -> PasswordTurns:
    turns: PasswordTurns = request.app.state.password_turns
    return turns


TurnsDep = Annotated[PasswordTurns, Depends(get_turns)]


async def _signed_in_turn(turns: TurnsDep) -> AsyncIterator[None]:
    async with turns.signed_in.turn():
        yield


async def _registration_turn(turns: TurnsDep) -> AsyncIterator[None]:
    async with turns.registrations.turn():
        yield


async def _provider_turn(turns: TurnsDep) -> AsyncIterator[None]:
    async with turns.provider.turn():
        yield


PasswordTurn = Depends(_signed_in_turn, scope="function")
RegistrationTurn = Depends(_registration_turn, scope="function")
ProviderTurn = Depends(_provider_turn, scope="function")
