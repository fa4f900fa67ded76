"""Sentences of a source that tell their reader to go somewhere: no evidence for an address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from rewriter.checks.evidence.addresses import Link, known_keys, links_in
from rewriter.checks.evidence.reading import Statement
from rewriter.checks.lexicon import calls, pattern

LEADS = pattern("leads")
"""English verbs that lead to an address, at the beginning of a sentence."""

# The address behind the words of a link in Markdown: a reader of the page does not see it.
_TARGET = re.compile(r"\]\([^()\s]{1,2000}(?: [^()]{0,200})?\)")

# Words, or characters in a script without spaces, that a sentence has beside its addresses.
_REPORT_WORDS, _REPORT = 4, 25


def shown_addresses(statements: Iterable[Statement]) -> Iterator[str]:
    """The canonical forms of the addresses that a source shows to its readers and states.

    Those of links whose words say something else are not shown, and one in an instruction ("find
    the map at ...") or alone ("More at ...") is advertised rather than reported.
    """
    for statement in statements:
        shown = _TARGET.sub("]", statement.text) if "](" in statement.text else statement.text
        links = links_in(shown)
        if links and _reports(shown, links) and not _instructs(shown, statement.lang):
            yield from known_keys(links)


def _reports(text: str, links: Sequence[Link]) -> bool:
    """Whether a sentence says something beside its addresses: "More at ..." does not."""
    own = len(text) - sum(link.end - link.start for link in links)
    return own >= _REPORT or len(text.split()) - len(links) >= _REPORT_WORDS


def _instructs(text: str, lang: str) -> bool:
    known = calls(lang.split("-")[0])
    return LEADS.match(text) is not None or known.command.search(text) is not None
