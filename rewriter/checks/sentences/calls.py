"""K106, K107: calls to the reader, and accusations that the source does not have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from rewriter.article import Passage
from rewriter.checks.evidence.addresses import Link, links_in
from rewriter.checks.evidence.domains import host_of
from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.instructions import LEADS
from rewriter.checks.evidence.reading import Flag, Statement
from rewriter.checks.lexicon import accusations, calls, is_denied, pattern, word_set

_SPEECH = word_set("speech")
_COMMENTS = frozenset({"from_author", "impact"})
# Letters by which the verb of an advice is found in the source.
_VERB = 5
_INQUIRED = pattern("inquired")
# How the hosts of states, universities and schools end.
_PUBLIC = re.compile(
    r"\.(?:(?:gov|edu|mil)(?:\.[a-z]{2})?|int|(?:gouv|gob|govt|nic|ac|go)\.[a-z]{2})$"
)
# What a word is said of that names no culprit: "gangster epic", "thief drama".
_WORK = re.compile(
    r" (?:movie|film|drama|epic|thriller|comedy|series|saga|novel|story|stories|musical)s?\b"
)


def check_calls(
    passage: Passage, statements: tuple[Statement, ...], evidence: Evidence
) -> Iterator[Flag]:
    """Yield K106 for each sentence that tells the reader to do something, quotes left out.

    A command is never allowed, and neither is what readers can or should do beside an address,
    unless somebody says it or the address is that of a public body. Other advice needs a source
    with the same verb and is never commentary.
    """
    text = _without_quotes(passage.text, evidence)
    for statement in statements:
        start = statement.offset
        part = text[start : start + len(statement.text)]
        if found := _call(part, text, statement, passage, evidence):
            told = passage.text[start + found[0] : start + found[1]].strip()
            yield Flag(
                "K106", start + found[0], start + found[1], f"{told!r} tells the reader to act"
            )


def check_accusations(passage: Passage, evidence: Evidence) -> Iterator[Flag]:
    """Yield K107 for crimes, deceit and insults that the source does not bear out.

    One sentence alone bears them out where it says who says so, or when it happened.
    """
    text = _without_quotes(passage.text, evidence)
    for name, found, borne in accusations().that_may_be_in(text):
        matches = (
            m
            for m in found.finditer(text)
            if not is_denied(text, m.start(), evidence.lang) and not _WORK.match(text, m.end())
        )
        match = next(matches, None)
        if match and not evidence.once((_bears, name), partial(_bears, borne, evidence)):
            message = f"{match.group()!r} is an accusation that the source does not have"
            yield Flag("K107", *match.span(), message)


def _call(
    part: str, text: str, statement: Statement, passage: Passage, evidence: Evidence
) -> tuple[int, int] | None:
    known = calls(statement.lang.split("-")[0])
    reported = bool(_SPEECH & statement.words)
    for found in known.command.finditer(part, text):
        if found.start() == 0 or not reported:
            return found.span("call")
    if reported:
        return None
    leads = LEADS.match(part) or (known.led and known.led.search(part, text))
    if leads and not all(map(_is_public, links := links_in(part))):
        return 0, links[-1].end
    duty = known.duty.search(part, text) if known.duty else None
    if duty and not _is_borne(duty["verb"], passage, evidence):
        return duty.span()
    comments = known.addressed if passage.section in _COMMENTS else None
    addressed = comments.search(part, text) if comments else None
    return addressed.span() if addressed and not _says(addressed.group(), evidence) else None


def _is_public(link: Link) -> bool:
    """Whether an address is one that registries give to public bodies alone: "results.nic.in"."""
    return link.code == "G501" and _PUBLIC.search(host_of(link.key)) is not None


def _is_borne(verb: str, passage: Passage, evidence: Evidence) -> bool:
    """Whether a report may say what readers should do: the source does."""
    return passage.section not in _COMMENTS and _says(verb.split()[0][:_VERB], evidence)


def _says(words: str, evidence: Evidence) -> bool:
    """Whether the source has these words."""
    return words.lower() in evidence.text.lower()


def _without_quotes(text: str, evidence: Evidence) -> str:
    """The text with spaces instead of what is quoted."""
    parts, at = [], 0
    for quote in evidence.quotes(text):
        parts += [text[at : quote.start], " " * (quote.end - quote.start)]
        at = quote.end
    return "".join((*parts, text[at:]))


def _bears(borne: re.Pattern[str], evidence: Evidence) -> bool:
    """Whether the source accuses somebody itself: more than once, or it says who does, or when."""
    told = [one for one in (evidence.title, *evidence.statements) if borne.search(one.text)]
    if any(_SPEECH & one.words or one.facts.moments or _INQUIRED.search(one.text) for one in told):
        return True
    return sum(len(borne.findall(one.text)) for one in told) > 1
