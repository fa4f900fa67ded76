"""Whatever comes in, nothing is lost, nothing but a `SourceError` is raised, and it is quick."""

from __future__ import annotations

import time
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rewriter import frontmatter
from rewriter.article import Source
from rewriter.cleaning import clean
from rewriter.errors import SourceError
from tests.cleaning.articles import BODY, TITLE
from tests.cleaning.articles import text as article_text
from tests.operations import lines_run

NAMES = st.sampled_from(["", "a.txt", "a.md", "a.html", "a.json"])
# Lines of every kind that a stage knows, so that generated articles spring the traps together.
LINES = st.sampled_from(
    [
        *(TITLE, *BODY),
        *(
            "Advertisement",
            "Share",
            "Subscribe",
            "12 comments",
            "Comments",
            "ferryfan77: Great!",
            "Reply",
            "30/02/2026",
            "Read more",
            "Disclaimer: so they say.",
            "About the author",
            "wire_api1h ago",
            ".png)",
            "活动图片",
        ),
        *("Harbor.example", "Web3", "By Ruth Adeyemi", "29 Jan 2026", "Published on 2026-01-29"),
        *("Abstract", "Disclaimer", "This article is not financial advice.", "Related Reads"),
        *("Home", "News", "Markets", "A short line", "The lighthouse went dark for a night"),
        *(
            "FAQ",
            "Who pays for it?",
            "QWho sails?",
            "AThe crew does.",
            "Q1: Why now?",
            "A: Because.",
        ),
        *("-", "1.", "- one item", "• another", "1、 First part", "## Heading", "---", "* * *", ""),
    ]
)
ARTICLES = st.lists(LINES, min_size=1, max_size=30).map("\n".join)
# Marks that are spelled anew or added: bullets, numbers, headings, emphasis.
_MARKS = set("-•#*、.)( \n")


def _letters(*texts: str) -> Counter[str]:
    return Counter(c for text in texts for c in text if c not in _MARKS)


def _everything(source: Source) -> Counter[str]:
    title = "" if source.title_derived else source.title
    pairs = (text for pair in source.qa for text in (pair.question, pair.answer))
    return _letters(title, *source.paragraphs, *pairs, *(cut.text for cut in source.removed))


@given(st.binary(max_size=400), NAMES)
@settings(max_examples=80)
def test_any_bytes_give_a_source_or_a_source_error(data: bytes, name: str) -> None:
    try:
        source = clean(data, name=name)
    except SourceError as error:
        assert str(error)
    else:
        assert source.paragraphs or source.qa
        assert Source.model_validate_json(source.model_dump_json()) == source


@given(st.text(max_size=300), NAMES)
@settings(max_examples=80)
def test_any_text_gives_a_source_or_a_source_error(text: str, name: str) -> None:
    try:
        clean(text.encode("utf-8", "ignore"), name=name)
    except SourceError as error:
        assert str(error)


@given(ARTICLES)
@settings(max_examples=120)
def test_nothing_is_lost(text: str) -> None:
    """Every character is in the title, a paragraph, a pair or a cut, and in one of them only.

    A front matter is no text: it stays in the file as it is.
    """
    try:
        source = clean(text.encode(), name="a.txt")
    except SourceError:
        return
    body = frontmatter.read(text.encode()).body if source.kind == "markdown" else text
    assert _everything(source) == _letters(body)


def test_lines_between_fences_that_are_front_matter_are_no_text() -> None:
    source = clean(b"---\nferryfan77: Great!\n---\nThe ferries sail again.", name="a.txt")
    assert source.paragraphs == ("The ferries sail again.",)


@given(ARTICLES)
@settings(max_examples=120)
def test_sentences_are_the_text_and_point_into_it(text: str) -> None:
    try:
        source = clean(text.encode(), name="a.txt")
    except SourceError:
        return
    for sentence in source.sentences:
        if sentence.place in ("question", "answer"):
            pair = source.qa[sentence.index]
            assert sentence.text in (pair.question if sentence.place == "question" else pair.answer)
        else:
            assert sentence.text in source.paragraphs[sentence.index]
    assert len({sentence.id for sentence in source.sentences}) == len(source.sentences)


@pytest.mark.parametrize("traps", [[], ["Advertisement"], ["By Ruth Adeyemi", "29 Jan 2026"]])
@given(st.permutations(BODY))
@settings(max_examples=20)
def test_cleaning_the_cleaned_text_cuts_nothing_more(traps: list[str], body: list[str]) -> None:
    source = clean(article_text(TITLE, *traps, *body, "Related Reads", TITLE[:30]).encode())
    again = clean(article_text(source.title, *source.paragraphs).encode())
    assert again.paragraphs == source.paragraphs
    assert not again.removed


def test_many_headings_over_prose_are_read_in_one_pass() -> None:
    """Each may open other articles, and none of them does."""

    def work(headings: int) -> int:
        lines = [f"Trending\n\nLine {n} of the harbor report is long." for n in range(headings)]
        data = article_text(TITLE, *lines).encode()
        assert not clean(data).removed
        return lines_run(lambda: clean(data))

    assert work(400) < 2.5 * work(200)


TEN_MEGABYTES = 10_000_000


def _filled(piece: str, size: int) -> bytes:
    return (piece * (size // len(piece.encode()) + 1)).encode()[:size]


@pytest.mark.slow
@pytest.mark.parametrize("size", [TEN_MEGABYTES, 4_900_000, 490_000])
@pytest.mark.parametrize(
    ("piece", "name"),
    [
        ("word ", "a.txt"),
        ("1", "a.txt"),
        ("\n", "a.txt"),
        ("é\n", "a.txt"),
        ("-\n", "a.txt"),
        ("- ", "a.txt"),
        ("2026-01-29 ", "a.txt"),
        ("Q: a?\n", "a.txt"),
        ("1. a\n", "a.txt"),
        ("'\"", ""),
        ("a: b\n", "a.md"),
        ("<b>", "a.txt"),
        ("Comments\n", "a.txt"),
        ("Disclaimer\n", "a.txt"),
        ("<div>", "a.html"),
        ("<p>six ships", "a.html"),
        ("<", "a.html"),
        ("&amp;", "a.html"),
        ("[", "a.json"),
        ('{"Data":', "a.json"),
    ],
)
def test_large_inputs_are_cleaned_or_refused_within_seconds(
    piece: str, name: str, size: int
) -> None:
    started = time.monotonic()
    try:
        clean(_filled(piece, size), name=name)
    except SourceError as error:
        assert str(error)
    assert time.monotonic() - started < 15  # about 3 s alone; the rest is for a busy machine
