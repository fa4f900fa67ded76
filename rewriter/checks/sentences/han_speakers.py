"""G303 in Chinese, Japanese and Korean: is a quote given to another person than in the source?

A person is told by a surname or honorific and the office beside the name. Only where one person
stands in the sentence of a quote, and the source's sentence with the quote has others and not this
one, it is somebody else's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.reading import Flag, Statement
from rewriter.checks.lexicon import pattern, pattern_of
from rewriter.checks.sentences.speakers import places_of
from rewriter.text.quotations import Quote

# Signs of the shortest quote that is looked at.
_LEAST = 7
_OFFICES = pattern("any_office")


def check_han_speaker(
    quote: Quote, statements: tuple[Statement, ...], evidence: Evidence
) -> Iterator[Flag]:
    """Yield G303 for a verbatim quote that the source gives to somebody else."""
    person = pattern_of("speaker", evidence.lang)
    if person is None or quote.end - quote.start < _LEAST:
        return
    inside = [s.text for s in statements if s.offset <= quote.start < s.offset + len(s.text)]
    if len(_OFFICES.findall(" ".join(inside))) > 1:
        return  # the other one may have no full name: "김 시장"
    speakers = {name for text in inside for name in _people(person, text)}
    places = [evidence.statements[place].text for place in places_of(quote, evidence)]
    owners = [_people(person, text) for text in places]
    if len(speakers) != 1 or not owners or not all(owners):
        return
    name = speakers.pop()
    parts = [name[at : at + 2] for at in range(len(name) - 1)]
    if parts[0] in "\n".join(evidence.texts) and not any(p in t for p in parts for t in places):
        message = f"the quote is given to {name}, in the source {min(owners[0])} says it"
        yield Flag("G303", quote.start, quote.end, message, places[0])


def _people(person: re.Pattern[str], text: str) -> set[str]:
    return {found[found.lastgroup or 0] for found in person.finditer(text)}
