"""The completer without a model: it arranges the source's own sentences into the format.

It is what runs when nothing is configured, and the floor that any model must beat. Its text is the
publisher's, so its result is always a draft. The same source gives the same answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from rewriter.article import Details, Impact, QuestionAnswer, Rewrite, Source, count_words
from rewriter.checks.structure.repetition import similarity
from rewriter.completion import Completion, Request
from rewriter.completion.extractive.centrality import centrality
from rewriter.completion.extractive.cues import count_cues, is_dependent
from rewriter.completion.extractive.sections import (
    Candidate,
    Selection,
    arrange,
    cut,
    joined,
    shortened,
)
from rewriter.completion.extractive.subject import subject_of
from rewriter.errors import ConfigurationError
from rewriter.rules import Range, Rules, TextRules
from rewriter.text.sentences import split_sentences

# Ranking compares all pairs: 250 sentences take 0.2 s, and news past them is background.
_MOST_SENTENCES = 250
# The schema bounds a text at ten characters a word; a "sentence" above it is an address or a table.
_MOST_CHARACTERS_PER_WORD = 10
# Sentences do not divide evenly: paragraphs at their least length need some to spare.
_SPARE = 1.5

_LIST_MARK = re.compile(r"^(?:[-*•–]|\d{1,2}[.)、])\s+")
_EMPHASIS = re.compile(r"\*\*|__|`")
_NOT_PROSE = re.compile(r"https?://|www\.|<[a-zA-Z/]|\]\(|[{}|]")
_LABEL = re.compile(r"[^\s:：.,]+(?: [^\s:：.,]+){0,5}(?:: |：)")
_PAIRS = (("“", "”"), ("«", "»"), ("(", ")"), ("「", "」"), ("（", "）"))
_END = re.compile(r"[.!…。！][\"'”’»)\]）」]*$")


class ExtractiveCompleter:
    """Answers with the source's own sentences; it costs nothing and needs no network."""

    name = "extractive"

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    async def complete(self, request: Request) -> Completion:
        """The draft of `request.source` as the JSON of the answer schema.

        Raises `ConfigurationError` for a request that carries no source.
        """
        if request.source is None:
            raise ConfigurationError(
                "the extractive engine arranges an article's sentences and answers nothing else; "
                "choose another with --engine"
            )
        rewrite = extract(request.source, self._rules)
        return Completion(text=rewrite.model_dump_json(), model=self.name)

    async def aclose(self) -> None:
        """Nothing is held open."""


def extract(source: Source, rules: Rules) -> Rewrite:
    """A rewrite made of the source's own sentences, none of them twice.

    Counts and lengths obey `rules`, minimums scaled to the source, as far as its sentences go: one
    with fewer sentences than sections leaves the later sections empty.
    """
    lang = source.lang
    subject = subject_of(source, rules)
    chosen = _choose(source, rules)

    def paragraphs(section: Selection, bounds: TextRules) -> tuple[str, ...]:
        count, words = (
            (rules.minimum(least, source.words), most)
            for least, most in (bounds.paragraphs, bounds.words)
        )
        return arrange(section.chosen, count, words, lang)

    return Rewrite(
        headline=cut(source.title, rules.headline.max_characters),
        overview=joined(chosen.overview.texts, lang),
        details=Details(
            topic=subject.topic,
            paragraphs=paragraphs(chosen.details, rules.details),
        ),
        from_author=paragraphs(chosen.author, rules.from_author),
        impact=Impact(field=subject.field, bullets=chosen.bullets.texts),
        qa=tuple(_own_questions(source, rules)),
        tags=subject.tags,
        category=subject.category,
    )


# --- choosing ----------------------------------------------------------------------------------


class _Chosen(NamedTuple):
    """The sentences of the four sections."""

    overview: Selection
    author: Selection
    bullets: Selection
    details: Selection


def _choose(source: Source, rules: Rules) -> _Chosen:
    """Each section gets a sentence, then what it must have, then what it may have."""
    left = _candidates(source, rules)
    sections = _sections(source, rules)

    def one(_: Range) -> int:
        return 1

    def least(bounds: Range) -> int:
        return rules.minimum(bounds[0], source.words)

    def wanted(bounds: Range) -> int:
        # The middle of the range, less of a short source: a draft sums up rather than reorders.
        share = min(1.0, source.words / (2 * rules.source.full_words))
        return max(least(bounds), round(sum(bounds) / 2 * share))

    for goal, must in ((one, True), (least, True), (wanted, False)):
        words = goal(rules.details.paragraphs) * goal(rules.details.words)
        sections.overview.take(left, goal(rules.overview.words), must=must)
        sections.author.take(left, goal(rules.from_author.words), must=must)
        sections.bullets.take(left, goal(rules.impact.bullets), must=must)
        sections.details.take(left, round(words * _SPARE), must=must)
    return sections


def _sections(source: Source, rules: Rules) -> _Chosen:
    shortest = rules.minimum(rules.impact.words[0], source.words)

    def is_bullet(c: Candidate) -> bool:
        fits = shortest <= c.words <= rules.impact.words[1]
        return fits and len(split_sentences(c.text, source.lang)) == 1

    return _Chosen(
        overview=Selection(worth=lambda c: (c.weight,), most=rules.overview.words[1]),
        author=Selection(
            # An opinion rather than a figure; two cues tell one as surely as five.
            worth=lambda c: (min(c.outlook, 2) - any(map(str.isdigit, c.text)), c.weight),
            welcome=lambda c: c.outlook > 0,
            most=rules.from_author.words[1],
        ),
        bullets=Selection(
            worth=lambda c: (min(c.impact, 2), c.weight),
            suits=is_bullet,
            welcome=lambda c: not c.dependent,
            measure=lambda _: 1,
            most=rules.impact.bullets[1],
        ),
        details=Selection(
            worth=lambda c: (c.weight,),
            suits=lambda c: c.words <= rules.details.words[1],
            most=rules.details.words[1] * rules.details.paragraphs[1],
        ),
    )


def _candidates(source: Source, rules: Rules) -> list[Candidate]:
    kept: list[tuple[int, int, str]] = []
    for order, sentence in enumerate(source.sentences):
        text = _EMPHASIS.sub("", _LIST_MARK.sub("", sentence.text)).strip()
        usable = sentence.place in ("text", "item") and _is_prose(text)
        if usable and all(similarity(text, other) < rules.near_duplicate for *_, other in kept):
            kept.append((order, sentence.index, text))
        if len(kept) == _MOST_SENTENCES:
            break
    weights = centrality([text for *_, text in kept], source.title)
    return [
        Candidate(
            order=order,
            paragraph=paragraph,
            text=text,
            words=count_words(text),
            weight=weight,
            outlook=count_cues("outlook", text, source.lang),
            impact=count_cues("impact", text, source.lang),
            dependent=is_dependent(text, source.lang),
            fragment=_is_fragment(text),
        )
        for (order, paragraph, text), weight in zip(kept, weights, strict=True)
    ]


def _is_prose(text: str) -> bool:
    short_enough = len(text) <= _MOST_CHARACTERS_PER_WORD * count_words(text)
    return bool(_END.search(text)) and short_enough and not _NOT_PROSE.search(text)


def _is_fragment(text: str) -> bool:
    """Whether it has a label ("Outlook: ...") or half a quotation or bracket."""
    torn = any(text.count(opened) != text.count(closed) for opened, closed in _PAIRS)
    return torn or text.count('"') % 2 == 1 or bool(_LABEL.match(text))


def _own_questions(source: Source, rules: Rules) -> Iterator[QuestionAnswer]:
    for pair in source.qa[: rules.qa.pairs[1]]:
        sentences = split_sentences(pair.answer, source.lang)
        answer = shortened(pair.answer, rules.qa.words[1], sentences, source.lang)
        if answer:
            yield QuestionAnswer(question=pair.question, answer=answer)
