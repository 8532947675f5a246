"""Which methods a path has, whichever routes they are spread over."""

from collections import defaultdict
from collections.abc import Iterable

from fastapi import APIRouter, FastAPI
from starlette._utils import get_route_path
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route

from app.errors import MethodNotAllowed


class PathMethods:
    """The routes of all routers, by their paths."""

    def __init__(self, routers: Iterable[APIRouter]) -> None:
        self._fixed: dict[str, set[str]] = defaultdict(set)
        self._patterns: list[Route] = []
        for router in routers:
            for route in router.routes:
                self._add(route)

    def _add(self, route: BaseRoute) -> None:
        if not isinstance(route, Route):
            return
        if route.param_convertors:
            self._patterns.append(route)
        else:
            self._fixed[route.path] |= route.methods or set()

    def of(self, path: str) -> set[str]:
        """Return the methods of a path: of a fixed one its own, not those of a pattern like it."""
        return self._fixed[path] if path in self._fixed else self._of_patterns(path)

    def _of_patterns(self, path: str) -> set[str]:
        scope = {"type": "http", "path": path, "method": "", "headers": []}
        found = (each for each in self._patterns if each.matches(scope)[0] is not Match.NONE)
        return {method for route in found for method in route.methods or ()}

    def shadowed(self) -> dict[str, set[str]]:
        """Return the fixed paths that a pattern would take for an id, and with which methods."""
        return {
            path: others
            for path, methods in self._fixed.items()
            if (others := self._of_patterns(path) - methods)
        }


def answer_by_method_first(app: FastAPI, routers: Iterable[APIRouter]) -> None:
    """Refuse a method that a path lacks before its pattern's route looks at anything else."""
    app.state.path_methods = methods = PathMethods(routers)

    def refuse(request: Request) -> Response:
        raise MethodNotAllowed(methods.of(get_route_path(request.scope)))

    for path, others in methods.shadowed().items():
        app.router.routes.insert(0, Route(path, refuse, methods=sorted(others)))
