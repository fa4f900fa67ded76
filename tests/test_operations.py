from __future__ import annotations

import sys

from tests.operations import lines_run


def _one_pass(count: int) -> None:
    for n in range(count):
        abs(n)


def _all_with_all(count: int) -> None:
    for _ in range(count):
        _one_pass(count)


def test_lines_grow_as_the_work_does() -> None:
    assert lines_run(lambda: _one_pass(200)) < 2.1 * lines_run(lambda: _one_pass(100))
    assert lines_run(lambda: _all_with_all(200)) > 3.9 * lines_run(lambda: _all_with_all(100))


def test_who_traces_goes_on_tracing() -> None:
    outer = sys.gettrace()
    lines_run(lambda: _one_pass(1))
    assert sys.gettrace() is outer
