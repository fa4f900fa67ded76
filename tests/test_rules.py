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


def test_headings_are_those_of_the_language_or_none() -> None:
    rules = articles.rules()
    assert rules.headings_for("xx") is None
    assert rules.headings_for("de-AT") == rules.headings["de"]


def test_with_a_list_the_model_chooses_a_category_from_it() -> None:
    listed = articles.rules().model_copy(update={"categories": ("Sport", "World news")})
    schema = listed.answer_schema()["properties"]["category"]
    assert schema == {"type": "string", "enum": ["Sport", "World news"]}
    assert listed.category("WORLD NEWS") == "World news"
    assert listed.category("Weather") == ""
    assert articles.rules().category("Weather") == "WEATHER"


def _nodes(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield schema
    for child in schema.get("properties", {}).values():
        yield from _nodes(child)
    if "items" in schema:
        yield from _nodes(schema["items"])
