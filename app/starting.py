"""A start that fails says why in a sentence, and the server ends with code 3."""

from sqlalchemy.exc import DBAPIError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.db.migrations import NewerSchema
from app.errors import AppError, is_disk_full


def sentence_of(error: BaseException) -> str | None:
    """Return what an operator has to know; None for a fault of the program."""
    if is_disk_full(error):
        return "The disk is full: free some space, then start again"
    match error:
        case AppError():
            return error.detail
        case NewerSchema() | ValueError():
            return str(error)
        case DBAPIError():
            return f"The database cannot be used: {error.orig}. Check DATABASE_URL"
        case OSError():
            return f"{error.filename or 'A file'} cannot be used: {error.strerror or error}"
    return None


class StartFailures:
    """Says the sentence in place of the traceback that the framework would send."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return

        async def send_sentence(message: Message) -> None:
            sentence = getattr(scope["app"].state, "start_failure", None)
            if message["type"] == "lifespan.startup.failed" and sentence is not None:
                message = {**message, "message": f"The server cannot start. {sentence}"}
            await send(message)

        await self._app(scope, receive, send_sentence)
