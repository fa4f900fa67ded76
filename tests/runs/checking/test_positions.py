"""A finding is placed where it stands in the file, however the file is written."""

from __future__ import annotations

import time

import pytest

from rewriter import document
from rewriter.article import Finding, Passage
from rewriter.runs.checking.positions import located, span_of

WRONG = Finding(code="G102", severity="error", section="overview", place="paragraph 1", message="x")


def test_a_finding_is_placed_by_line_and_column() -> None:
    text = "---\ntitle: x\n---\n## Overview\n\nCalder lost $2.65 billion.\n"
    passage = Passage("overview", "paragraph 1", "Calder lost $2.65 billion.")
    elsewhere = WRONG.model_copy(update={"section": "qa"})
    found = located(
        "a.md", text, [passage], [WRONG.model_copy(update={"span": (12, 25)}), elsewhere]
    )
    assert [(f.line, f.column) for f in found] == [(6, 13), (1, 1)]


@pytest.mark.parametrize(
    ("said", "written", "line", "column"),
    [
        ("*ne two", "\\*ne two", 1, 6),
        ("one *two*", "one \\*two\\*", 1, 5),
        ("1. two", "1\\. two", 1, 6),
        ("one two three", "one\ntwo\nthree", 2, 1),
        ("one two", "something else", 1, 1),
    ],
)
def test_a_finding_is_placed_in_escaped_and_wrapped_text(
    said: str, written: str, line: int, column: int
) -> None:
    passage = Passage("overview", "paragraph 1", said)
    wrong = WRONG.model_copy(update={"span": (4, 5)})
    (found,) = located("a.md", f"{written}\n", [passage], [wrong])
    assert (found.line, found.column) == (line, column)


def test_the_second_of_two_equal_passages_is_the_second_in_the_file() -> None:
    passages = [Passage("overview", "paragraph 1", "same"), Passage("impact", "bullet 1", "same")]
    later = WRONG.model_copy(update={"section": "impact", "place": "bullet 1", "span": None})
    (found,) = located("a.md", "same\nsame\n", passages, [later])
    assert found.line == 2


@pytest.mark.slow
def test_many_findings_take_linear_time() -> None:
    count = 100_000
    passage = Passage("text", "", "$1." * count)
    spot = WRONG.model_copy(update={"section": "text", "place": ""})
    findings = [spot.model_copy(update={"span": (3 * n, 3 * n + 2)}) for n in range(count)]
    begin = time.process_time()
    found = located("a.txt", f"A heading\n{passage.text}\n", [passage], findings)
    assert (found[-1].line, found[-1].column) == (2, 3 * count - 2)
    assert time.process_time() - begin < 5  # 0.3 s; counting lines from the start each time took 8


@pytest.mark.parametrize(
    "said",
    ["- minus", "import duties", "see https://a.example", "AT&T &amp; {{ x }}", "~ a | b", "plain"],
)
def test_an_edited_passage_takes_its_escapes_with_it(said: str) -> None:
    text = f"Before.\n\n{document.escape(said)}\n\nAfter.\n"
    passage = Passage("overview", "paragraph 1", said)
    start, end = span_of(text, [passage], passage) or (0, 0)
    assert text[:start] + "New." + text[end:] == "Before.\n\nNew.\n\nAfter.\n"
