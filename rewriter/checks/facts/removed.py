"""K105: facts that the source has only in the blocks that the cleaner cut."""

from __future__ import annotations

from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.reading import Flag, Statement

# The codes of a fact that is missing from the source as a whole, not merely put wrong.
_MISSING = frozenset({"G101", "G102", "G103", "G104", "G105", "G106", "G201", "G401", "G402"})


def from_removed(flag: Flag, statement: Statement, evidence: Evidence) -> Flag:
    """The flag, or K105 instead where a block that was cut has the fact."""
    if flag.code not in _MISSING or not evidence.source.removed:
        return flag
    written = statement.text[flag.start : flag.end].casefold()
    for reason, text in evidence.removed:
        if written in text.casefold():
            shown = statement.text[flag.start : flag.end]
            message = f"{shown!r} is only in a block that was cut ({reason})"
            return flag._replace(code="K105", message=message, evidence=_around(text, written))
    return flag


def _around(text: str, written: str) -> str:
    """The line of the cut block that has the fact."""
    lines = (line for line in text.splitlines() if written in line.casefold())
    return next(lines, text)[:300]
