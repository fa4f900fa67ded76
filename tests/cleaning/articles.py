"""A short article in pieces, for tests that put one trap into it."""

from __future__ import annotations

from rewriter.article import Source
from rewriter.cleaning import clean

TITLE = "Ferry operator orders six electric ships for the northern route"
BODY = (
    "The ferry operator Calder Lines ordered six electric ships on Monday for 412 million dollars.",
    "They will sail between Port Ellery and Marrow Point, a crossing that takes 22 minutes today.",
    "Director Maren Oduya said that the first hull would be cut in September in the Tasker yard.",
    "Islanders fear that the charging stops will make the morning timetable slower than it is now.",
    "The operator carried 6.3 million passengers last year and expects more on the quieter boats.",
)


def text(*blocks: str) -> str:
    """The blocks as flattened text, one a line with a blank line between them."""
    return "\n\n".join(blocks) + "\n"


def cleaned(*blocks: str, name: str = "article.txt") -> Source:
    """The source of an article made of these blocks."""
    return clean(text(*blocks).encode(), name=name)


def cuts(source: Source) -> dict[str, str]:
    """What was cut, by reason."""
    found: dict[str, str] = {}
    for removed in source.removed:
        found[removed.reason] = "\n\n".join(filter(None, [found.get(removed.reason), removed.text]))
    return found
