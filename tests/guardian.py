"""Ends the servers of a test process that was killed and could not end them itself."""

import atexit
import subprocess
import sys
from functools import cache
from signal import SIGKILL, Signals

_CODE = """
import os, sys
watched = dict(map(int, line.split()) for line in sys.stdin)
for process, signal in watched.items():
    try:
        os.kill(process, signal)
    except ProcessLookupError:
        pass
"""
_NO_SIGNAL = 0


@cache
def _guardian() -> "subprocess.Popen[str]":
    """Start the process that reads whom to watch until nobody is left who could tell it."""
    process = subprocess.Popen(
        (sys.executable, "-I", "-S", "-c", _CODE),
        stdin=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )
    atexit.register(process.communicate)
    return process


def watch(process: int, signal: Signals | int = SIGKILL) -> None:
    """Send it the signal when this process has ended; to a group, where the number is negative."""
    told = _guardian().stdin
    assert told is not None
    told.write(f"{process} {signal:d}\n")
    told.flush()


def forget(process: int) -> None:
    """Leave the process alone: it has ended, and its number may be another's."""
    watch(process, _NO_SIGNAL)
