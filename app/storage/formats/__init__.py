"""Readers of what earlier releases stored, one a format; each has a stored example in the tests."""

from collections.abc import Callable, Mapping

from app.storage.bundles import Bundle
from app.storage.formats import format_1

UPGRADES: Mapping[int, Callable[[Bundle], Bundle]] = {1: format_1.upgrade}
"""From each earlier format with a number to the one after it: plain documents, none of the classes.

Format 0 had no number and is converted once; see `format_0`.
"""
