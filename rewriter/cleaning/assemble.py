"""The last stage: a page whose blocks are all judged becomes a `Source`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from rewriter.article import Defect, QuestionAnswer, Removed, Sentence, Source
from rewriter.cleaning.language import LANGUAGES, declared_language
from rewriter.cleaning.page import Block, Page, PageFacts
from rewriter.cleaning.reasons import Reason
from rewriter.cleaning.title import derive_title
from rewriter.errors import SourceError
from rewriter.frontmatter import moment
from rewriter.text.sentences import split_sentences

# This much text tells its language better than a declaration.
_TELLING_CHARACTERS = 400
# Characters shown on each side of one that could not be decoded.
_AROUND = 20


def assemble(page: Page) -> Source:
    """The source that `page` holds; `SourceError` where nothing of an article is left."""
    body = [block for _, block in page.kept() if block.kind in ("text", "heading", "item")]
    qa = tuple(_question_answers(page))
    if not qa and not page.defects and all(block.kind == "heading" for block in body):
        raise SourceError(_nothing_left(page))
    length = sum(len(block.text) for block in body) + sum(len(pair.answer) for pair in qa)
    lang, notes = _language(page, length)
    title, derived = page.facts.title, page.facts.title is None
    if title is None:
        first = next(
            (block.text for block in body if block.kind != "heading"), qa[0].question if qa else ""
        )
        title = derive_title((split_sentences(first, lang) or ("",))[0])
        notes.append("The input has no title; one was made from its first sentence.")
    return Source(
        kind=page.kind,
        title=title,
        title_derived=derived,
        paragraphs=tuple(block.render() for block in body),
        sentences=tuple(_sentences(body, qa, lang)),
        qa=qa,
        removed=tuple(_removed(page.blocks)),
        notes=(*page.notes, *notes),
        defects=(*page.defects, *_undecoded(title, body, qa)),
        published_at=page.facts.published_at,
        updated_at=page.facts.updated_at,
        publisher=page.facts.publisher,
        author=page.facts.author,
        keeps_title=page.own_title,
        lang=lang,
        url=page.facts.url,
        image=page.facts.image,
        lead_image=page.media.lead_image,
        more=page.media.more,
        left_out=page.media.left_out,
        metadata={} if page.own_front_matter else _metadata(page.facts, lang),
    )


def _undecoded(title: str, body: Sequence[Block], qa: Sequence[QuestionAnswer]) -> Iterator[Defect]:
    """S120 where characters of the article itself are lost: a figure may have stood there."""
    lines = (title, *(block.text for block in body), *(f"{p.question} {p.answer}" for p in qa))
    damaged = next((line for line in lines if "\ufffd" in line), None)
    if damaged is not None:
        at = damaged.index("\ufffd")
        around = damaged[max(0, at - _AROUND) : at + _AROUND]
        yield Defect(
            code="S120",
            message=f"characters could not be decoded, as in “{around}”: save the source as UTF-8",
        )


def _nothing_left(page: Page) -> str:
    cut = ", ".join(sorted({block.reason for block in page.blocks if block.reason is not None}))
    found = f"everything in it was cut ({cut})" if cut else "it holds headings at most"
    return f"the input has no article text: {found}; give the whole article"


def _language(page: Page, length: int) -> tuple[str, list[str]]:
    """The language of a page that holds a text of this length, and notes about it."""
    declared, lang = declared_language(page.facts.lang), page.lang
    if declared is not None:
        # A template's language is often left as it was; a rare language is known by its code alone.
        wrong = declared in LANGUAGES and lang != declared and length >= _TELLING_CHARACTERS
        if lang is None or not wrong:
            return declared, []
        return lang, [f"The input declares the language “{declared}”, its text is “{lang}”."]
    if lang is None:
        return "en", ["The text is too short to tell its language; English was assumed."]
    return lang, []


def _question_answers(page: Page) -> Iterator[QuestionAnswer]:
    """The pairs; the blocks of one answer are lines of it."""
    pairs: list[list[str]] = []
    for _, block in page.kept():
        if block.kind == "question":
            pairs.append([block.text])
        elif block.kind == "answer" and pairs:
            pairs[-1].append(block.render())
    for question, *answers in pairs:
        yield QuestionAnswer(question=question, answer="\n".join(answers))


def _sentences(
    body: Sequence[Block], qa: Sequence[QuestionAnswer], lang: str
) -> Iterator[Sentence]:
    number = 0
    for place, index, text in _places(body, qa):
        whole = place in ("heading", "question")
        for sentence in (text,) if whole else split_sentences(text, lang):
            number += 1
            yield Sentence(id=f"s{number}", text=sentence, place=place, index=index)


def _places(body: Sequence[Block], qa: Sequence[QuestionAnswer]) -> Iterator[tuple[Any, int, str]]:
    for index, block in enumerate(body):
        yield block.kind, index, block.text
    for index, pair in enumerate(qa):
        yield "question", index, pair.question
        for line in pair.answer.splitlines():
            yield "answer", index, line.removeprefix("- ")


def _removed(blocks: Sequence[Block]) -> Iterator[Removed]:
    """The cut blocks; neighbours with one reason are one, and so are the marks of the page."""
    marks = " ".join(block.render() for block in blocks if block.reason is Reason.MARK)
    if marks:
        yield Removed(reason=Reason.MARK, text=marks)
    for reason, group in groupby(blocks, key=lambda block: block.reason):
        if reason is not None and reason is not Reason.MARK:
            yield Removed(reason=reason, text="\n\n".join(block.render() for block in group))


# --- front matter for inputs that have none ----------------------------------------------------


def _metadata(facts: PageFacts, lang: str) -> dict[str, Any]:
    """Front matter in the keys of the published format; only what the input says."""
    known = {
        "publishedAt": facts.published_at and moment(facts.published_at),
        "lang": lang,
        "source": {"name": facts.publisher} if facts.publisher else None,
        "category": facts.category,
    }
    return {key: value for key, value in known.items() if value is not None} | facts.metadata
