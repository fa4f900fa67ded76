"""S2xx: nothing is said twice, but for the source's own answers."""

from __future__ import annotations

import pytest

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
