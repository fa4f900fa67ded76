"""S1xx: is the rewrite complete, in its bounds, and plain prose?

Counts and lengths come from the prompt's rules; minimums are scaled to the source. A minimum that
is missed by a repairable section is an error, since the published format promises it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rewriter.article import Finding, Passage, Rewrite, Section, Severity, Source, count_words
from rewriter.checks.lexicon.wording import Wording
from rewriter.rules import Range, Rules
from rewriter.text.quantities import LANGUAGES
from rewriter.text.quotations import ANY_MARK
from rewriter.text.sentences import split_sentences

# Each pattern is one alternation without nested repeats, so that it runs in linear time.
_MARKUP = re.compile(
    r"^(?P<heading>#{1,6} )"
    r"|^(?P<list>[-*+•] |\d{1,2}[.)] )"
    # Liquid, Jinja, Twig, Vue, Handlebars, Hugo, kramdown, Smarty; ERB, EJS, PHP; strings of
    # scripts; shortcodes; Velocity; modules of MDX.
    r"|(?P<template>\{[{%#:]|[%#]\}|\}\}|\{/?[$@]\w|<[%?]|[%?]>|[$#@!]\{|\[\[|\]\]"
    r"|\[/?(?:embed|gallery|iframe|playlist|shortcode)\b|\[/[a-z][\w-]{1,30}\]"
    r"|\[\w[\w-]{0,30} \w{1,30}=|#(?:set|if|foreach|include|parse|macro)\s?\("
    r"|^import (?:[{*]|[A-Z]\w{0,40} from )|^import\s*['\"]|^export (?:default|const|function)\b)"
    r"|(?P<autolink><(?:[a-zA-Z][a-zA-Z\d+.-]{1,30}:|[^\s@<>]{1,64}@)[^\s<>]{0,500}>)"
    r"|(?P<html></?[a-zA-Z][a-zA-Z0-9:-]{0,30}(?=[\s/>]|$)|<!|&[a-z]{2,8};|&#x?[0-9a-fA-F]{1,6};)"
    r"|(?P<link>\]\([^)\s]{1,500}[)\s]|!\[|^\[[^\]\n]{1,60}\]:\s?\S|\]\[[^\]\n]{0,60}\])"
    r"|(?P<emphasis>\*\*[^*\n]{1,200}\*\*|__[^_\n]{1,200}__|`[^`\n]{1,200}`|^(?:```|~~~))"
)
# Each kind of markup has one of these signs, or stands at the beginning of a text.
_MARKUP_SIGNS, _OPENING = re.compile(r"[#*{}\[\]<>&_`]"), re.compile(r"[-+•\d~]|import|export")
# What models and templates leave where a fact was to go.
_PLACEHOLDER = re.compile(
    r"\[(?:insert|your|name|date|amount|company|source|link|todo|tbd|placeholder|\.\.\.|…)[^\]]{0,60}\]"
    r"|\{\{?[a-z_ ]{1,40}\}?\}|<(?:topic|field|insert|name)[^<>]{0,40}>"
    r"|\blorem ipsum\b"
    # The words by which writers mark a gap: in capitals only, since "todo" is a Spanish word; two
    # or three X alone are a Roman number.
    r"|(?-i:\b(?:TBD|TODO)\b|\bX{4,}\b|[$€£]X{2,}\b|\bX{2,}(?= ?%| (?:million|billion|percent)))",
    re.IGNORECASE,
)
_REFUSAL = Wording(
    r"\bas an? (?:ai|artificial intelligence|(?:large )?language model)\b"
    r"|\bi(?:'m| am) (?:sorry|unable|not able)\b"
    r"|\bi (?:cannot|can't|can’t) (?:help|assist|comply|fulfil|write|provide|rewrite)\b"
    r"|\bcomo (?:modelo de lenguaje|una? ia)\b|\bals (?:ki|sprachmodell)\b"
    r"|\ben tant (?:qu'ia|que modèle de langage)\b|\bcomo (?:um )?modelo de linguagem\b"
    r"|\bкак (?:языковая модель|искусственный интеллект)\b|作为(?:一个)?(?:AI|人工智能|语言模型)"
)
# Each placeholder has one of these ("TODO" is what a model leaves in an answer), and few texts do.
_PLACEHOLDER_SIGNS = re.compile(r"[\[{<]|XX|TBD|TODO|(?i:lorem)")
# A word or two beyond a bound are not worth a paid repair; a fifth is another kind of text.
_TOLERANCE = 0.2
_QUESTION_END = ("?", "？", "؟")


def check_structure(rewrite: Rewrite, source: Source, rules: Rules) -> Iterator[Finding]:
    """Yield the S1xx findings of `rewrite` in reading order."""
    source_words, said = source.words, source.everything
    yield from _counts(rewrite, source_words, rules)
    for passage in rewrite.passages():
        yield from _prose(passage, said)
        yield from _length(passage, source_words, rules)
    yield from _bullets(rewrite, source)
    yield from _questions(rewrite)


def check_source(source: Source, rules: Rules, lang: str) -> Iterator[Finding]:
    """Yield what is told before anything is paid; `lang` is the language to write in.

    These are the source's defects and four codes. S100: there is too little to write about. S111:
    the rules have no headings in the language. S112: the checks know the language only in part.
    S114: a rewrite does not keep some media.
    """
    if rules.headings_for(lang) is None:
        told = f"the prompt has no headings in {lang!r}: add them under rules.headings.{lang}"
        yield Finding(code="S111", severity="error", section="source", message=told)
    elif lang.split("-")[0].lower() not in LANGUAGES:
        told = (
            f"in {lang!r} figures and dates are checked in English notation only, negations and "
            "advice not at all"
        )
        yield Finding(code="S112", severity="warning", section="source", message=told)
    for defect in source.defects:
        yield Finding(code=defect.code, severity="error", section="source", message=defect.message)
    if source.left_out:
        told = f"the rewrite leaves out {', '.join(source.left_out)} of the original"
        yield Finding(code="S114", severity="info", section="source", message=told)
    if source.words < rules.source.min_words and not source.defects:  # which are why
        yield Finding(
            code="S100",
            severity="error",
            section="source",
            message=(
                f"the source is too short: words: {source.words}, and the prompt's rules ask for "
                f"{rules.source.min_words}: add text, or lower rules.source.min_words"
            ),
        )


def check_headline(headline: str, rules: Rules, source: Source) -> Iterator[Finding]:
    """Yield the findings against a headline, the source's own or the model's."""
    passage = Passage("headline", "", headline)
    _, _, body = source.everything.partition("\n")  # a title does not bear itself out
    yield from _prose(passage, body)
    if len(headline) > rules.headline.max_characters:
        yield _finding(
            "S105",
            passage,
            f"{len(headline)} characters, at most {rules.headline.max_characters} fit",
            severity="warning",
        )


def _counts(rewrite: Rewrite, source_words: int, rules: Rules) -> Iterator[Finding]:
    counted: tuple[tuple[Section, str, int, Range], ...] = (
        ("details", "paragraph", len(rewrite.details.paragraphs), rules.details.paragraphs),
        ("from_author", "paragraph", len(rewrite.from_author), rules.from_author.paragraphs),
        ("impact", "bullet", len(rewrite.impact.bullets), rules.impact.bullets),
        ("qa", "pair", len(rewrite.qa), rules.qa.pairs),
    )
    for section, noun, count, (lowest, highest) in counted:
        least = rules.minimum(lowest, source_words)
        told = f"{count} {noun}" + "s" * (count != 1)
        if count < least:
            code, message = "S102", f"{told}, at least {least} are asked for"
        elif count > highest:
            code, message = "S103", f"{told}, at most {highest} fit"
        else:
            continue
        yield Finding(code=code, severity="error", section=section, message=message)


def _prose(passage: Passage, said: str) -> Iterator[Finding]:
    if not passage.text:
        yield _finding("S101", passage, "empty")
        return
    signs = _MARKUP_SIGNS.search(passage.text) or _OPENING.match(passage.text)
    if signs and (found := _MARKUP.search(passage.text)):
        kind = found.lastgroup or "markup"
        yield _finding("S108", passage, f"{kind} in plain text: {found[0].strip()!r}", found.span())
    signs = _PLACEHOLDER_SIGNS.search(passage.text)
    if signs and (found := _PLACEHOLDER.search(passage.text)):
        yield _finding("S109", passage, f"placeholder {found[0]!r}", found.span())
    found = _REFUSAL.search(passage.text)
    # What the source has a chatbot say is news.
    if found and found[0].casefold().replace("’", "'") not in said:
        yield _finding("S110", passage, f"the model speaks of itself: {found[0]!r}", found.span())


def _length(passage: Passage, source_words: int, rules: Rules) -> Iterator[Finding]:
    bounds = _bounds(passage, rules)
    if bounds is None or not passage.text:
        return
    words = count_words(passage.text)
    least = rules.minimum(bounds[0], source_words)
    if words < least:
        severity: Severity = "warning" if words >= least * (1 - _TOLERANCE) else "error"
        told = f"{words} words, at least {least} are asked for"
        yield _finding("S104", passage, told, severity=severity)
    elif words > bounds[1]:
        severity = "warning" if words <= bounds[1] * (1 + _TOLERANCE) else "error"
        yield _finding(
            "S105", passage, f"{words} words, at most {bounds[1]} fit", severity=severity
        )


def _bounds(passage: Passage, rules: Rules) -> Range | None:
    if passage.place == "heading":
        return rules.topic_words
    if passage.section == "qa":
        return rules.qa.words if passage.place.startswith("answer") else None
    return {
        "overview": rules.overview.words,
        "details": rules.details.words,
        "from_author": rules.from_author.words,
        "impact": rules.impact.words,
    }.get(passage.section)


def _bullets(rewrite: Rewrite, source: Source) -> Iterator[Finding]:
    for number, bullet in enumerate(rewrite.impact.bullets, 1):
        count = len(split_sentences(bullet, source.lang))
        if count > 1:
            passage = Passage("impact", f"bullet {number}", bullet)
            yield _finding("S106", passage, f"{count} sentences, a bullet has one")


def _questions(rewrite: Rewrite) -> Iterator[Finding]:
    for number, pair in enumerate(rewrite.qa, 1):
        if pair.question and not pair.question.rstrip(ANY_MARK + ")").endswith(_QUESTION_END):
            passage = Passage("qa", f"question {number}", pair.question)
            yield _finding("S107", passage, "a question ends with a question mark")


def _finding(
    code: str,
    passage: Passage,
    message: str,
    span: Sequence[int] | None = None,
    severity: Severity = "error",
) -> Finding:
    return Finding(
        code=code,
        severity=severity,
        section=passage.section,
        place=passage.place,
        message=message,
        span=(span[0], span[1]) if span else None,
    )
