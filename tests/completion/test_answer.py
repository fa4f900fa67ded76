"""A model's answer is typed and tidied once, and a repair touches only what was asked for."""

from __future__ import annotations

import pytest

from rewriter.completion.answer import patched, to_rewrite
from rewriter.errors import MalformedAnswerError
from tests import articles

GOOD = articles.rewrite().model_dump()


def _nested(depth: int) -> object:
    value: object = "text"
    for _ in range(depth):
        value = [value]
    return value


def test_a_good_answer_round_trips() -> None:
    assert to_rewrite(GOOD) == articles.rewrite()


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("two\n\nlines", "two lines"),
        ("  spaced  \t out ", "spaced out"),
        ("hid\u200bden\u202e mark", "hidden mark"),
        ("half \ud83d a pair", "half a pair"),
        ("e\u0301", "é"),
    ],
)
def test_text_is_normalised(said: str, kept: str) -> None:
    assert to_rewrite(GOOD | {"overview": said}).overview == kept


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        ([], "the answer"),
        (GOOD | {"overview": _nested(900)}, "nested too deep"),
        ({}, "headline"),
        (GOOD | {"details": {"topic": "x"}}, "details.paragraphs"),
        (GOOD | {"sentiment": "GLAD"}, "sentiment"),
        (GOOD | {"extra": 1}, "extra"),
    ],
)
def test_an_answer_that_does_not_fit_names_the_key(answer: object, complaint: str) -> None:
    with pytest.raises(MalformedAnswerError, match=complaint):
        to_rewrite(answer)


def test_a_repair_changes_only_its_sections() -> None:
    mended = patched(articles.rewrite(), {"overview": "New.", "headline": "Ignored"}, ["overview"])
    assert mended == articles.rewrite(overview="New.")


def test_a_repair_without_its_section_is_malformed() -> None:
    with pytest.raises(MalformedAnswerError, match="lacks"):
        patched(articles.rewrite(), {"impact": {}}, ["overview"])


@pytest.mark.parametrize(
    "damaged",
    [
        *("M\x00fcnchen", "M\ufffdnchen", "M\x1cnchen", "M\x9dnchen", "bell\x07"),
        *(r"M\u0000fcnchen", r"M\u00fcnchen", r"M\xfcnchen", "Gr\x00fcnau"),
    ],
)
def test_an_answer_that_lost_a_character_is_refused_and_never_mended(damaged: str) -> None:
    answer = articles.rewrite().model_dump() | {"headline": f"{damaged} baut"}
    with pytest.raises(MalformedAnswerError, match=r"damaged: (U\+|\\)"):
        to_rewrite(answer)


@pytest.mark.parametrize(
    "bomb",
    [
        {"overview": "word " * 20_000},
        {"tags": ["TAG"] * 5_000},
        {"details": {"topic": "x", "paragraphs": ["a" * 100] * 600}},
        {"extra": {str(number): 1 for number in range(5_000)}},
    ],
)
def test_an_answer_with_too_much_text_is_refused_before_it_is_checked(
    bomb: dict[str, object],
) -> None:
    with pytest.raises(MalformedAnswerError, match="too large: over 50,000 characters"):
        to_rewrite(GOOD | bomb)
