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

# Near duplicates are looked for among all pairs, and news past these sentences is background.
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
# What opens a sentence that leans on the one before it, by language.
_DEPENDENT = {
    "en": "in-summary, in-conclusion, overall, in-short, finally, this, these, that, those, it, "
    "its, he, she, they, his, her, their, him, them, but, and, or, however, moreover, "
    "also, instead, meanwhile, still, yet, so, then, therefore, thus, nevertheless, "
    "furthermore, similarly, such, both, another, others, here, there, as-a-result, "
    "in-addition, for-example",
    "es": "en-resumen, en-conclusión, por-último, esto, este, esta, estos, estas, eso, ese, "
    "esa, ello, él, ella, ellos, ellas, su, sus, pero, y, o, sin-embargo, además, "
    "también, así, entonces, por-lo-tanto, no-obstante, mientras-tanto, ambos, otro, otra",
    "de": "zusammenfassend, insgesamt, schließlich, dies, diese, dieser, dieses, das, er, sie, "
    "es, ihr, ihre, sein, seine, aber, und, oder, doch, jedoch, außerdem, zudem, auch, "
    "deshalb, daher, dennoch, trotzdem, hingegen, dagegen, beide, dabei, damit, dazu, so",
    "fr": "en-résumé, en-conclusion, en-somme, ce, cet, cette, ces, cela, ceci, il, elle, ils, "
    "elles, son, sa, ses, leur, leurs, mais, et, ou, cependant, toutefois, aussi, ainsi, "
    "donc, néanmoins, pourtant, en-revanche, ensuite, enfin, tous-deux",
    "pt": "em-resumo, em-conclusão, por-fim, isto, este, esta, estes, estas, isso, esse, essa, "
    "ele, ela, eles, elas, seu, sua, seus, suas, mas, e, ou, porém, contudo, no-entanto, "
    "além-disso, também, assim, então, portanto, ambos, outro, outra",
    "ru": "в-итоге, в-целом, подводя-итог, наконец, это, этот, эта, эти, он, она, они, оно, "
    "его, её, их, но, и, или, однако, также, кроме-того, поэтому, тем-не-менее, при-этом, "
    "затем, так, оба, такой, такая, такие",
    "zh": "总之, 综上, 最后, 这, 那, 它, 他, 她, 他们, 她们, 它们, 其, 但, 但是, 然而, 不过, 而且, "
    "并且, 此外, 另外, 因此, 所以, 同时, 于是, 也",
}


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
            # Views rather than figures.
            worth=lambda c: (not c.has_figure, c.weight),
            welcome=lambda c: not c.has_figure,
            most=rules.from_author.words[1],
        ),
        bullets=Selection(
            worth=lambda c: (c.has_figure, c.weight),
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
    return [
        Candidate(
            order=order,
            paragraph=paragraph,
            text=text,
            words=count_words(text),
            weight=1 / (1 + number) + similarity(text, source.title),
            dependent=_is_dependent(text, source.lang),
            fragment=_is_fragment(text),
        )
        for number, (order, paragraph, text) in enumerate(kept)
    ]


def _is_prose(text: str) -> bool:
    short_enough = len(text) <= _MOST_CHARACTERS_PER_WORD * count_words(text)
    return bool(_END.search(text)) and short_enough and not _NOT_PROSE.search(text)


def _is_dependent(text: str, lang: str) -> bool:
    """Whether the sentence opens with a word that points back to the one before it."""
    code = lang.split("-")[0]
    words = _DEPENDENT.get(code, "").replace("-", " ").split(", ")
    opening = text.lower().lstrip("\"'“”„«‘’ ")
    end = "" if code == "zh" else r"\b"  # no spaces
    return any(word and re.match(re.escape(word) + end, opening) for word in words)


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
