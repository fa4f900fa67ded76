"""Times of day said roughly: "shortly before midnight" for 23:40, "gegen 16 Uhr" for 15.50."""

from __future__ import annotations

import re

from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.reading import Statement
from rewriter.checks.lexicon import word_set
from rewriter.text.quantities import Moment

_DAY, _HALF_DAY = 24 * 60, 12 * 60
# A writer rounds to a quarter of an hour; minutes that "before" and "about" reach at most.
_ROUND, _NEAR = 15, {"before": (-30, 0), "after": (0, 30), "about": (-20, 20)}
# Characters around a time in which the word for its distance stands.
_REACH = 40


def _phrases(name: str) -> str:
    return "|".join(sorted(map(re.escape, word_set(name)), key=len, reverse=True))


# What may stand between that word and the time: an article, the word for an hour.
_LINK = rf"(?:[ ](?:{_phrases('clock_links')}))*\s*$"
_IN_FRONT = re.compile(
    rf"(?<!\w)(?:(?P<before>{_phrases('clock_before')})|(?P<after>{_phrases('clock_after')})"
    rf"|(?P<about>{_phrases('clock_about')})){_LINK}",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    rf"\W{{0,2}}\w{{0,4}} ?(?:(?P<before>{_phrases('behind_clock_before')})"
    rf"|(?P<after>{_phrases('behind_clock_after')})|(?P<about>{_phrases('behind_clock_about')}))",
    re.IGNORECASE,
)


def is_about_time(moment: Moment, statement: Statement, evidence: Evidence) -> bool:
    """Whether the source has a time near a rounded one that the sentence calls near."""
    minute, text = moment.minute or 0, statement.text
    if minute % _ROUND:
        return False
    before = text[max(0, moment.start - _REACH) : moment.start]
    behind = text[moment.end : moment.end + _REACH]
    found = _IN_FRONT.search(before) or _BEHIND.match(behind)
    if found is None:
        return False
    first, last = _NEAR[found.lastgroup or ""]
    halves = (minute, minute + _HALF_DAY) if moment.twelve else (minute,)
    return any(
        evidence.moments.having("minute", (half + off) % _DAY)
        for half in halves
        for off in range(first, last + 1)
    )
