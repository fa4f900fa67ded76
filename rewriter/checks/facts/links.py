"""G5xx: is every URL, e-mail address, account, hashtag and handle in the source?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rewriter.checks.evidence.addresses import Link
from rewriter.checks.evidence.reading import Flag

_WHAT = {
    "G501": "the link",
    "G502": "the e-mail address",
    "G503": "the phone number",
    "G504": "the account",
    "G505": "the tag",
}


def check_links(text: str, links: Iterable[Link], known: frozenset[str]) -> Iterator[Flag]:
    """Yield G501 to G505 for those of a text's links that are not `known`, or never allowed."""
    for link in links:
        written = text[link.start : link.end]
        if link.never:
            message = f"{_WHAT[link.code]} {written!r} does not belong in an article"
        elif link.key in known:
            continue
        else:
            message = f"{_WHAT[link.code]} {written!r} is not in the source"
        yield Flag(link.code, link.start, link.end, message)
