"""Work counted instead of timed: a busy machine does not change it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def lines_run(work: Callable[[], object]) -> int:
    """How many lines of Python `work` runs, in every function that it calls.

    One pass over twice as much input runs twice as many lines; comparing all with all runs four
    times as many. A call into C counts as one line, however long it takes.
    """
    count = 0

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    outer = sys.gettrace()  # coverage's, where it is measured
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(outer)
    return count
