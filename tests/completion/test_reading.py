"""The JSON of an answer is found wherever models and servers put it, and only when it is whole."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rewriter.completion.reading import read_answer, read_json
from rewriter.errors import MalformedAnswerError

ANSWER = {"headline": "A {brace} and a ```fence```", "tags": ["x", "y"], "n": {"a": 1}}
TEXT = json.dumps(ANSWER)
DRAFT = json.dumps(ANSWER | {"headline": "A draft"})


def shape(value: object) -> dict[str, object]:
    """Accepts what has the keys of `ANSWER`."""
    if not isinstance(value, dict) or set(value) != set(ANSWER):
        raise MalformedAnswerError("it does not fit")
    return value


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        f"\ufeff  {TEXT}\n\n",
        f"```json\n{TEXT}\n```",
        f"```\n{TEXT}\n```\nThat is all.",
        f"Here is the rewrite:\n\n{TEXT}\n\nShall I go on?",
        f"Sure! ```JSON\n{TEXT}\n```",
        f"{TEXT} (the {{topic}} is yours)",
        f"See [1] and [the notes](https://example.org).\n{TEXT}",
        f"{DRAFT}\nOn second thoughts:\n{TEXT}",
        f"<answer>{TEXT}</answer>",
        f'I begin with {{"headline": ...}} and end with: {TEXT}',
        f'<plan>{{"headline": "A dra</plan>{TEXT}',
        f'I try {{"headline": "A dra\n\nNo. Again: {TEXT}',
        f"{'[1] ' * 3_000}{TEXT}",
    ],
)
def test_the_object_is_found_alone_fenced_and_among_prose(text: str) -> None:
    assert read_answer(text, shape) == ANSWER


@pytest.mark.parametrize(
    "reasoning",
    [
        "<think>The user wants {{json}}.</think>",
        "The user wants {draft}.</think>",
        "<think>Perhaps {draft} or {broken}</think>",
        "<think>\n{broken}\n</think>",
        "<thinking>{draft}</thinking>",
        "<reasoning>{broken}</reasoning>",
        "<thought>{broken}</thought>",
        "<reflection>{draft}</reflection>",
        "<seed:think>{broken}</seed:think>",
        "[THINK]{broken}[/THINK]",
        "<|begin_of_thought|>{broken}<|end_of_thought|>",
        "<|channel|>analysis<|message|>{broken}<|end|><|start|>assistant"
        "<|channel|>final<|message|>",
        "<|START_THINKING|>{broken}<|END_THINKING|>",
        "◁think▷{broken}◁/think▷",
    ],
)
@pytest.mark.parametrize("after", ["{}", "```json\n{}\n```", "\n\nThe answer:\n{}\n"])
def test_reasoning_in_any_markup_with_drafts_inside_is_passed_over(
    reasoning: str, after: str
) -> None:
    thoughts = reasoning.replace("{draft}", DRAFT).replace("{broken}", '{"headline": "A dra')
    assert read_answer(thoughts + after.replace("{}", TEXT), shape) == ANSWER


def test_a_mark_of_reasoning_inside_the_answer_is_text() -> None:
    about = ANSWER | {"headline": "What </think> means"}
    assert read_answer(json.dumps(about), shape) == about


def test_an_answer_that_a_server_took_for_reasoning_is_read() -> None:
    assert read_answer(f"<think>{TEXT}</think>", shape) == ANSWER
    assert read_answer(f"<think>{TEXT}", shape) == ANSWER


@pytest.mark.parametrize(
    "wrapped",
    [
        {"rewrite": ANSWER},
        {"answer": ANSWER, "notes": "done"},
        [ANSWER],
        TEXT,
        {"name": "answer", "arguments": ANSWER},
        {"name": "answer", "arguments": TEXT},
        {"name": "answer", "parameters": ANSWER},
        [{"name": "answer", "arguments": TEXT}],
        {"type": "json_object", "value": [ANSWER]},
    ],
)
def test_a_wrapper_around_an_answer_that_fits_is_taken_off(wrapped: object) -> None:
    assert read_answer(json.dumps(wrapped), shape) == ANSWER


@pytest.mark.parametrize(
    "ambiguous",
    [{"one": ANSWER, "other": ANSWER}, [ANSWER, ANSWER], {"rewrite": {"headline": "x"}}],
)
def test_a_wrapper_around_several_answers_or_around_a_part_is_refused(ambiguous: object) -> None:
    with pytest.raises(MalformedAnswerError, match="does not fit"):
        read_answer(json.dumps(ambiguous), shape)


def test_a_bare_line_end_inside_a_string_is_read() -> None:
    assert read_json('{"a": "one\ntwo"}') == {"a": "one\ntwo"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        (" \n\t", "empty"),
        ("<!DOCTYPE html><html></html>", "a web page"),
        ("I cannot do that.", 'not JSON: "I cannot do that."'),
        ("<think>I am not sure.</think>", "not JSON"),
        ('{"a": [1, 2', "at character 11 of 11"),
        ('{"a": "cut off he', "not whole JSON"),
        ('{"a": {"b": 1}, "c": "tru', "not whole JSON"),
        ('Answer: {"a": {"b": 1}, "c": ', "not whole JSON"),
        ('<think>{"a": 1}</think>{"a": {"b": 1}, "c": ', "not whole JSON"),
        ('{"a": 1} and now {"a": 2, "b', "not whole JSON"),
        ('{"a": [{"a": 1}', "not whole JSON"),
        ('{"a": {"a": 1}', "not whole JSON"),
        ('{"a": NaN}', "NaN is not JSON"),
        ('{"a": 1, "a": 2}', 'the key "a" occurs twice'),
        ('{"a": [{"b": 1, "b": 1}]}', 'the key "b" occurs twice'),
        ("[" * 100_000, "cannot be read"),
        ('{"a":' * 100_000, "cannot be read"),
        ('{"a": ' + "9" * 5_000 + "}", "a number of 5000 digits"),
        ("{}" * 30_000, "over 5,000 JSON values"),
    ],
)
def test_anything_else_is_malformed_and_the_message_says_where(text: str, words: str) -> None:
    with pytest.raises(MalformedAnswerError) as caught:
        read_json(text)

    assert words in str(caught.value)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    "unit", ["{", '{"', '{"a":', '{"a": x ', "[", '["', "{}", '{"a":1}', "</think>", '"{\\"', "[{"]
)
def test_four_megabytes_of_openings_are_read_in_time(unit: str) -> None:
    began = time.process_time()
    with pytest.raises(MalformedAnswerError):
        read_answer(unit * (4_000_000 // len(unit)), shape)
    assert time.process_time() - began < 2


@given(st.integers(min_value=1, max_value=len(TEXT) - 1))
@settings(max_examples=80)
def test_no_cut_answer_is_ever_taken_for_a_whole_one(length: int) -> None:
    with pytest.raises(MalformedAnswerError):
        read_json(TEXT[:length])


@given(st.text(max_size=200), st.booleans())
@settings(max_examples=100)
def test_any_text_is_read_or_malformed(text: str, among: bool) -> None:
    try:
        read_json(f"<think>{text}</think>{text}" if among else text)
    except MalformedAnswerError as error:
        assert str(error)


@given(st.text(alphabet='ab {}[]":,<>/think\n', max_size=80))
@settings(max_examples=100)
def test_the_answer_behind_any_reasoning_is_found(reasoning: str) -> None:
    assert read_answer(f"<think>{reasoning}</think>{TEXT}", shape) == ANSWER
