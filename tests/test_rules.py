"""Rules make the schema, and minimums that a short source can meet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests import articles


@given(st.integers(0, 50), st.integers(0, 5000))
def test_a_minimum_scales_with_the_source(bound: int, words: int) -> None:
    rules = articles.rules()
    scaled = rules.minimum(bound, words)
    assert min(1, bound) <= scaled <= bound
    if words >= rules.source.full_words:
        assert scaled == bound


def test_every_object_is_strict_and_every_string_and_list_is_bounded() -> None:
    for node in _nodes(articles.rules().answer_schema()):
        if node.get("type") == "object":
            assert node["required"] == list(node["properties"])
            assert node["additionalProperties"] is False
        if node.get("type") == "string":
            assert "maxLength" in node or "enum" in node
        if node.get("type") == "array":
            assert node["maxItems"] >= node["minItems"]


def test_an_unknown_language_takes_the_english_headings() -> None:
    rules = articles.rules()
    assert rules.headings_for("xx").overview == "Overview"
    assert rules.headings_for("de-AT").overview == "Überblick"


def _nodes(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield schema
    for child in schema.get("properties", {}).values():
        yield from _nodes(child)
    if "items" in schema:
        yield from _nodes(schema["items"])
