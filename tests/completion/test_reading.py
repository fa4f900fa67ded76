from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rewriter.completion.reading import read_json
from rewriter.errors import MalformedAnswerError

ANSWER = {"headline": "A {brace} and a ```fence```", "tags": ["x", "y"], "n": {"a": 1}}
TEXT = json.dumps(ANSWER)


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        f"\ufeff  {TEXT}\n\n",
        f"```json\n{TEXT}\n```",
        f"```\n{TEXT}\n```\nThat is all.",
        f"Here is the rewrite:\n\n{TEXT}\n\nShall I go on?",
        f"Sure! ```JSON\n{TEXT}\n```",
        f"<think>The user wants {{json}}.</think>\n{TEXT}",
        f"{TEXT} (the {{topic}} is yours)",
    ],
)
def test_the_object_is_found_alone_fenced_and_among_prose(text: str) -> None:
    assert read_json(text) == ANSWER


def test_a_bare_line_end_inside_a_string_is_read() -> None:
    assert read_json('{"a": "one\ntwo"}') == {"a": "one\ntwo"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        (" \n\t", "empty"),
        ("<!DOCTYPE html><html></html>", "a web page"),
        ("I cannot do that.", 'not JSON: "I cannot do that."'),
        ('{"a": [1, 2', "at character 11 of 11"),
        ('{"a": "cut off he', "not whole JSON"),
        ('{"a": {"b": 1}, "c": "tru', "not whole JSON"),
        ('Answer: {"a": {"b": 1}, "c": ', "not whole JSON"),
        ('{"a": 1} {"a": 2}', "more than one JSON object"),
        ('{"a": NaN}', "NaN is not JSON"),
        ("[" * 100_000, "cannot be read"),
        ('{"a":' * 100_000, "cannot be read"),
        ('{"a": ' + "9" * 5_000 + "}", "cannot be read"),
    ],
)
def test_anything_else_is_malformed_and_the_message_says_where(text: str, words: str) -> None:
    with pytest.raises(MalformedAnswerError) as caught:
        read_json(text)

    assert words in str(caught.value)
    assert len(str(caught.value)) < 300


@given(st.integers(min_value=1, max_value=len(TEXT) - 1))
@settings(deadline=None, max_examples=80)
def test_no_cut_answer_is_ever_taken_for_a_whole_one(length: int) -> None:
    with pytest.raises(MalformedAnswerError):
        read_json(TEXT[:length])


@given(st.text(max_size=200))
@settings(deadline=None, max_examples=200)
def test_any_text_is_read_or_malformed(text: str) -> None:
    try:
        read_json(text)
    except MalformedAnswerError as error:
        assert str(error)
