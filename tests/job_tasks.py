"""Work for worker processes; they import this module, so that it imports next to nothing."""

import os
import time


def sleep_long(tools, arguments, report):
    """Work that takes for ever."""
    report("sleeping", 50)
    time.sleep(600)


def die(tools, arguments, report):
    """Work whose process ends as the kernel ends one for want of memory."""
    os.kill(os.getpid(), 9)


def hog(tools, arguments, report):
    """Work that wants more memory than a job may use."""
    return len(bytearray(4 << 30))


def raise_unexpectedly(tools, arguments, report):
    """Work with a mistake in it."""
    raise KeyError("a detail nobody outside should see")


def add(one: int, other: int) -> int:
    return one + other


def sleep_so_long(seconds: float) -> None:
    time.sleep(seconds)
