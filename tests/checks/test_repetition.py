"""S2xx: nothing is said twice, but for the source's own answers."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewriter.article import QuestionAnswer
from rewriter.checks.structure.repetition import check_repetition, similarity
from tests import articles

OVERVIEW = articles.rewrite().overview


def _codes(**changes: object) -> list[tuple[str, str, str]]:
    source = articles.source(qa=(QuestionAnswer(question="What is it?", answer=OVERVIEW),))
    found = check_repetition(articles.rewrite(**changes), source, articles.rules())
    return [(finding.code, finding.section, finding.place) for finding in found]


def test_a_good_rewrite_repeats_nothing() -> None:
    assert _codes() == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (OVERVIEW, "S201"),
        (OVERVIEW.upper(), "S201"),
        (f"First. {OVERVIEW}", "S201"),
        (OVERVIEW.replace("cleaner", "newer"), "S202"),
    ],
)
def test_a_sentence_said_twice_is_found_at_its_second_place(text: str, code: str) -> None:
    assert _codes(from_author=(text,)) == [(code, "from_author", "paragraph 1")]


def test_a_repetition_in_chinese_is_found() -> None:
    said = "港口货运公司宣布订购六艘电动渡轮。"
    source = articles.source(lang="zh")
    rewrite = articles.rewrite(overview=said, from_author=(said,))
    (finding,) = check_repetition(rewrite, source, articles.rules())
    assert finding.code == "S201"


def test_the_sources_own_answer_may_repeat_the_body() -> None:
    assert _codes(qa=({"question": "What is it?", "answer": OVERVIEW},)) == []


def test_an_invented_answer_may_not() -> None:
    answer = articles.rewrite().details.paragraphs[0]
    codes = _codes(qa=({"question": "What is it?", "answer": answer},))
    assert codes == [("S201", "qa", "answer 1")]


def test_short_sentences_may_recur() -> None:
    assert _codes(from_author=("Analysts disagree. Others, too. Analysts disagree.",)) == []


def test_similarity_is_one_for_the_same_words_and_zero_for_others() -> None:
    assert similarity("One two three four.", "one, two three four") == 1
    assert similarity("One two three four.", "five six seven eight") == 0


_WORDS = st.lists(
    st.sampled_from(["ferry", "port", "town", "crew", "deck"]), min_size=4, max_size=9
)


@given(st.lists(_WORDS.map(" ".join), min_size=2, max_size=12))
def test_what_is_found_is_what_comparing_all_with_all_finds(said: list[str]) -> None:
    threshold = articles.rules().near_duplicate
    expected = [
        index
        for index, text in enumerate(said)
        if any(one == text or similarity(one, text) >= threshold for one in said[:index])
    ]
    rewrite = articles.rewrite(
        overview="None.", from_author=(), impact={"field": "x", "bullets": ["y"]}, qa=(),
        details={"topic": "t", "paragraphs": tuple(f"{text.capitalize()}." for text in said)},
    )  # fmt: skip
    found = check_repetition(rewrite, articles.source(), articles.rules())
    assert [int(finding.place.removeprefix("paragraph ")) - 1 for finding in found] == expected


@pytest.mark.slow
@pytest.mark.parametrize("number", ["the same", "{0}"])
def test_twice_as_many_alike_sentences_take_about_twice_as_long(number: str) -> None:
    seconds = []
    for count in (2_000, 4_000):
        text = " ".join(
            f"The council of the old town paid for the new ferry {number.format(n)}."
            for n in range(count)
        )
        rewrite = articles.rewrite(overview=text)
        began = time.process_time()
        assert sum(1 for _ in check_repetition(rewrite, articles.source(), articles.rules()))
        seconds.append(time.process_time() - began)
    assert seconds[1] < 3 * seconds[0] + 0.5
    assert seconds[1] < 5
