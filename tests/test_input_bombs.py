"""No article of these kinds takes seconds of CPU before a model is asked."""

from __future__ import annotations

import pytest

from benchmarks.input_bombs import BOMBS, explode

_MOST_SECONDS = 5.0
# A page, a feed, front matter and Markdown of each kind.
_BOUNDED = (
    "YAML aliases, 9^12",
    "YAML brackets, 5,000 deep",
    "YAML of 1 MB",
    "YAML line of 1 MB",
    "YAML tags, 10,000",
    "TOML keys, 5,000 deep",
    "JSON, 100,000 deep",
    "JSON of 100,000 keys",
    "HTML, 100,000 deep",
    "HTML, 100,000 spans",
    "HTML tags in one paragraph, 12,000",
    "HTML links in 200 boxes, 6,000",
    "HTML tags never closed",
    "HTML attributes, 50,000",
    "entities in entities",
    "XML entities, billion laughs",
    "XML, 50,000 items",
    "Markdown quotes, 50,000 deep",
    "Markdown lists, 2,000 deep",
    "Markdown brackets",
)


@pytest.mark.slow
@pytest.mark.parametrize("name", _BOUNDED)
def test_an_article_is_read_or_refused_in_time(name: str) -> None:
    assert name in BOMBS
    seconds, became = explode(name)
    assert became in ("read", "refused")
    assert seconds < _MOST_SECONDS
