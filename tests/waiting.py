"""Waiting for something to become true, instead of sleeping for a guess."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def wait_for(condition: Callable[[], T], timeout_s: float = 10.0, every_s: float = 0.05) -> T:
    """The first true value of `condition()`; an AssertionError with its last value after `timeout_s`."""
    until = time.monotonic() + timeout_s
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > until:
            raise AssertionError(f"still {value!r} after {timeout_s} s: {condition}")
        time.sleep(every_s)
