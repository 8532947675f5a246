"""Answers that are lists of points, compressed for clients that take them so."""

import gzip
from typing import Annotated

from fastapi import Depends, Request, Response
from pydantic import BaseModel

_SMALLEST = 2_000
"""Bytes from which on compressing saves more than it costs."""


class Packing:
    def __init__(self, accept_encoding: str) -> None:
        self.takes_gzip = "gzip" in accept_encoding

    def packed(self, answer: BaseModel) -> Response:
        """Write an answer as JSON, compressed where the caller takes that."""
        body = answer.model_dump_json().encode()
        headers = {"Vary": "Accept-Encoding"}
        if self.takes_gzip and len(body) >= _SMALLEST:
            body = gzip.compress(body, compresslevel=5, mtime=0)
            headers["Content-Encoding"] = "gzip"
        return Response(body, media_type="application/json", headers=headers)


async def get_packing(request: Request) -> Packing:
    return Packing(request.headers.get("accept-encoding", ""))


PackingDep = Annotated[Packing, Depends(get_packing)]
