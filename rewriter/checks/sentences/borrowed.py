"""K108: do From author, headline and headings stand on the news as a whole?

They are the publisher's own words: a comment weighs the news, a headline and a heading tell what it
is about. An article can only suggest them ("this is what any commentator would add") where one of
its sentences says just that, so none may stand on one alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rewriter.article import Passage
from rewriter.checks.evidence.index import Evidence, of_source, set_of_source
from rewriter.checks.evidence.mentions import CAPITALISED
from rewriter.checks.evidence.reading import Flag, Statement
from rewriter.checks.evidence.support import Support, support_of
from rewriter.checks.lexicon.common import is_common
from rewriter.text.quotations import MARKS

# Words, or words of content, at least, and the share of them that one sentence of the article has.
# A comment that adds a word of its own weighs what it repeats.
_LEAST, _RESTATED, _BORNE_OUT = 3, 0.95, 0.6
# A headline often tells what stands further down, but not of something else than title and first
# paragraphs.
_LEAD_SHARE, _LEAD = 0.1, 2
# What stands before and behind words that an article has as a wording.
_OPENED, _CLOSED = rf"[:：‘{MARKS}]\s{{0,3}}", rf"\s{{0,3}}(?:[’{MARKS}]|[^\w’{MARKS}]{{0,4}}$)"
_QUOTED = re.compile(f"[{MARKS}]")


def check_borrowed(passage: Passage, statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield K108 for a comment that restates a sentence, a headline that only one bears out.

    Also for a heading with a name that only one sentence has.
    """
    if passage.place == "heading":
        yield from _check_heading(statement, evidence)
    if passage.section not in ("from_author", "headline") or len(statement.wording) < _LEAST:
        return
    support, short = support_of(statement, evidence), len(statement.content) < _LEAST
    if passage.section == "headline" and _is_dictated(statement, support, evidence):
        message = "the article has this headline word for word, behind a colon or quoted"
    elif short:
        return
    elif passage.section == "from_author" and support.share >= _RESTATED:
        message = "a comment weighs the news; this is a sentence of the article in other words"
    elif (
        passage.section == "headline"
        and support.share >= _BORNE_OUT
        and _lead_share(statement, evidence) < _LEAD_SHARE
    ):
        message = "the headline tells what only one sentence says, not what the article is about"
    else:
        return
    said = evidence.statements[support.statements[0]]
    yield Flag("K108", 0, len(statement.text), message, said.text)


def _is_dictated(statement: Statement, support: Support, evidence: Evidence) -> bool:
    """Whether only one sentence has a headline's words, set off as a wording: "Title: ...".

    A headline that is marked as a quotation is one.
    """
    lead = " ".join(_lead_wording(evidence))
    if _QUOTED.search(statement.text) or " ".join(statement.wording) in lead:
        return False
    words = r"\W{0,4}".join(map(re.escape, statement.wording))
    wording = re.compile(f"{_OPENED}{words}{_CLOSED}", re.IGNORECASE)
    texts = (evidence.statements[n].text for n in support.statements)
    return any(wording.search(text) for text in texts)


def _check_heading(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    lead, names = _lead_content(evidence), evidence.names
    # "Columbus arrests", of arrests that the first paragraphs tell; a capital that every noun has.
    if statement.content & lead or evidence.lang not in CAPITALISED:
        return
    for token, stem in zip(statement.tokens, statement.stems, strict=True):
        named = token.lower in names.capitals and token.lower not in names.uncapitalised
        places = evidence.postings.get(stem, [])
        if named and len(places) == 1 and not is_common(token.lower):
            message = f"{token.text!r} is in one sentence only; a heading names the subject"
            said = evidence.statements[places[0]].text
            yield Flag("K108", token.start, token.end, message, said)
            return


def _lead_share(statement: Statement, evidence: Evidence) -> float:
    """The part of a sentence's content that the title and the first paragraphs have."""
    lead = _lead_content(evidence)
    weights = {word: evidence.weights.get(word, evidence.rarest) for word in statement.content}
    return sum(weight for word, weight in weights.items() if word in lead) / sum(weights.values())


@set_of_source
def _lead_content(evidence: Evidence) -> Iterator[str]:
    return (word for statement in _lead(evidence) for word in statement.content)


@of_source
def _lead_wording(evidence: Evidence) -> list[str]:
    return [word for statement in _lead(evidence) for word in statement.wording]


def _lead(evidence: Evidence) -> Iterator[Statement]:
    yield evidence.title
    for text in evidence.source.paragraphs[:_LEAD]:
        yield from evidence.read(text)
