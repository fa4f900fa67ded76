"""The source's own questions and answers are found in each shape, and nothing else becomes one."""

from __future__ import annotations

import pytest

from rewriter.article import Source
from tests.cleaning.articles import BODY, TITLE, cleaned, cuts

ASKED = (
    ("Who pays for the ships?", "The region does, with a loan that runs for twenty years."),
    (
        "When does the first one sail?",
        "Binding dates were not given; the yard speaks of June 2027.",
    ),
)


def _pairs(source: Source) -> list[tuple[str, str]]:
    return [(pair.question, pair.answer) for pair in source.qa]


def _lines(*templates: str) -> list[str]:
    """The pairs as lines; `{n}` in a template is the number, `{q}` and `{a}` are the texts."""
    return [
        template.format(n=n, q=question, a=answer)
        for n, (question, answer) in enumerate(ASKED, 1)
        for template in templates
    ]


@pytest.mark.parametrize(
    ("heading", "templates", "labels"),
    [
        (["Related Questions"], ["Q{q}", "A{a}"], "Related Questions Q A Q A"),
        ([], ["Q{q}", "A{a}"], "Q A Q A"),
        (["FAQs"], ["Q{n}: {q}", "{a}"], "FAQs Q1: Q2:"),
        ([], ["Q{n}: {q}", "{a}"], "Q1: Q2:"),
        ([], ["Q: {q}", "A: {a}"], "Q: A: Q: A:"),
        ([], ["**Q: {q}**", "A: {a}"], "Q: A: Q: A:"),
        ([], ["Q: {q} A: {a}"], "Q: A: Q: A:"),
        ([], ["Frage {n}. {q}", "Antwort {n}. {a}"], "Frage 1. Antwort 1. Frage 2. Antwort 2."),
        (["Frequently asked questions"], ["{n}. {q}", "{a}"], "Frequently asked questions 1. 2."),
        (["## FAQ"], ["### {q}", "{a}"], "## FAQ"),
        (["Häufige Fragen"], ["{q}", "{a}"], "Häufige Fragen"),
        (["FAQ"], ["问：{q}", "答：{a}"], "FAQ 问： 答： 问： 答："),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["article.txt", "article.md"])
def test_finds_pairs(heading: list[str], templates: list[str], labels: str, name: str) -> None:
    source = cleaned(TITLE, *BODY, *heading, *_lines(*templates), name=name)
    assert _pairs(source) == list(ASKED)
    assert source.paragraphs == BODY
    assert cuts(source) == {"mark": labels}


def test_an_answer_has_all_blocks_up_to_the_next_question() -> None:
    (first, one), (second, two) = ASKED
    source = cleaned(TITLE, *BODY, "FAQ", first, one, "- a bank", "- a fund", second, two, BODY[0])
    assert _pairs(source)[0] == (first, f"{one}\n- a bank\n- a fund")
    assert [s.text for s in source.sentences if s.place == "answer" and s.index == 0] == [
        one,
        "a bank",
        "a fund",
    ]


def test_the_last_answer_ends_where_the_others_do_list_items_aside() -> None:
    (first, one), (second, two) = ASKED
    source = cleaned(
        TITLE, *BODY[:3], "FAQ", f"1. {first}", f"{one}:", "- a bank", "- a fund",
        f"2. {second}", two, "- in spring", BODY[3],
    )  # fmt: skip
    assert [pair.answer for pair in source.qa] == [
        f"{one}:\n- a bank\n- a fund", f"{two}\n- in spring"
    ]  # fmt: skip
    assert source.paragraphs == BODY[:4]
    assert not source.notes


def test_a_last_answer_longer_than_another_is_noted() -> None:
    third = ("Who sails the ships?", "The crew of the old ships does, and nobody else.")
    (first, one), (second, two) = ASKED
    source = cleaned(TITLE, *BODY[:3], "FAQ", first, one, second, two, BODY[3], *third, BODY[4])
    assert source.qa[-1].answer == f"{third[1]}\n{BODY[4]}"
    assert any("may be text of the article" in note for note in source.notes)


def test_the_article_goes_on_below_the_last_answer() -> None:
    outlook = "Outlook"
    closing = (
        "The council meets again in June, and it will then decide about the harbor in Brackwater."
    )
    source = cleaned(TITLE, *BODY, "FAQ", *_lines("{q}", "{a}"), outlook, closing)
    assert _pairs(source) == list(ASKED)
    assert source.paragraphs[-2:] == (f"## {outlook}", closing)


@pytest.mark.parametrize(
    "line",
    [
        "What triggered the order?",
        "Q4: a turning point for the yard?",
        "Quo vadis, ferry operator?",
    ],
)
def test_a_question_as_a_subheading_is_none_of_them(line: str) -> None:
    source = cleaned(TITLE, *BODY[:3], line, *BODY[3:])
    assert source.qa == ()
    assert source.paragraphs == (*BODY[:3], f"## {line}", *BODY[3:])
    assert not source.removed


def test_a_question_without_an_answer_stays_text() -> None:
    source = cleaned(
        TITLE, *BODY, "Q: Who pays?", "Q: Who sails?", "A: The crew of the old ships does."
    )
    assert _pairs(source) == [("Who sails?", "The crew of the old ships does.")]
    assert source.body.endswith("Q: Who pays?")


def test_an_interview_is_all_questions_and_answers() -> None:
    source = cleaned(TITLE, *_lines("Q: {q}", "A: {a}"))
    assert source.paragraphs == ()
    assert _pairs(source) == list(ASKED)
    assert source.words > 10
