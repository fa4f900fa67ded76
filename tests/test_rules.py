"""Rules make the schema, and minimums that a short source can meet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rewriter.prompting import reader_prompt
from rewriter.rules import ReaderRules, Rules
from tests import articles


@given(st.integers(0, 50), st.integers(0, 5000))
def test_a_minimum_scales_with_the_source(bound: int, words: int) -> None:
    rules = articles.rules()
    scaled = rules.minimum(bound, words)
    assert min(1, bound) <= scaled <= bound
    if words >= rules.source.full_words:
        assert scaled == bound


@pytest.mark.parametrize(
    ("bound", "share", "minimum"),
    [(60, 1, 60), (60, 0.5, 30), (61, 0.5, 31), (60, 0, 1), (0, 1, 0)],
)
def test_a_shorter_source_asks_for_less(bound: int, share: float, minimum: int) -> None:
    rules = articles.rules()
    assert rules.minimum(bound, int(rules.source.full_words * share)) == minimum


@pytest.mark.parametrize(
    ("section", "heading"),
    [("details", "Details"), ("details", "{topic} in {field}"), ("impact", "Impact on {topic}")],
)
def test_a_heading_has_its_own_variable_and_no_other(section: str, heading: str) -> None:
    given = articles.rules().model_dump(by_alias=True)
    given["headings"]["en"][section] = heading
    with pytest.raises(ValidationError, match="this heading has one variable"):
        Rules.model_validate(given)


def test_the_smaller_bound_comes_first() -> None:
    given = articles.rules().model_dump(by_alias=True)
    assert Rules.model_validate(given | {"tags": [3, 3]}).tags == (3, 3)
    with pytest.raises(ValidationError, match=r"the smaller number comes first, not \[4, 3\]"):
        Rules.model_validate(given | {"tags": [4, 3]})


@pytest.mark.parametrize("rules", [articles.rules(), reader_prompt.load().rules])
def test_every_object_is_strict_and_every_string_and_list_is_bounded(
    rules: Rules | ReaderRules,
) -> None:
    for node in _nodes(rules.answer_schema()):
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
