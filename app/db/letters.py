"""Searching text without regard to capitals, in every alphabet and on both databases."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

SQLITE_NAME = "small_letters"


class SmallLetters(FunctionElement[str]):
    """Text in lower case; SQLite's own `lower` knows the letters of English alone."""

    name = SQLITE_NAME
    type = sa.Text()
    inherit_cache = True


@compiles(SmallLetters)
def _as_lower(element: SmallLetters, compiler: Any, **options: Any) -> str:
    return f"lower({compiler.process(element.clauses, **options)})"


@compiles(SmallLetters, "sqlite")
def _as_own_function(element: SmallLetters, compiler: Any, **options: Any) -> str:
    return f"{SQLITE_NAME}({compiler.process(element.clauses, **options)})"


def small_letters(text: str | None) -> str | None:
    """Do for SQLite what PostgreSQL's `lower` does; every connection is given it."""
    return None if text is None else text.lower()


def contains_text(column: sa.SQLColumnExpression[Any], wanted: str) -> sa.ColumnElement[bool]:
    """Whether a column holds this text somewhere; `%` and `_` mean themselves."""
    return SmallLetters(column).contains(wanted.lower(), autoescape=True)
