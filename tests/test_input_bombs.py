"""No article takes seconds of CPU before a model is asked, whatever stands in it."""

from __future__ import annotations

import pytest

from benchmarks.input_bombs import BOMBS, explode

_MOST_SECONDS = 5.0


@pytest.mark.slow
@pytest.mark.parametrize("name", BOMBS)
def test_an_article_is_read_or_refused_in_time(name: str) -> None:
    seconds, became = explode(name)
    assert became in ("read", "refused")
    assert seconds < _MOST_SECONDS
