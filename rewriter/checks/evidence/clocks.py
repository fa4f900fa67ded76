"""Times of day said roughly: "shortly before midnight" for 23:40, "gegen 16 Uhr" for 15.50."""

from __future__ import annotations

import re

from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.moments import Moments
from rewriter.checks.evidence.reading import Statement
from rewriter.checks.lexicon import word_set
from rewriter.text.quantities import Moment

_DAY, _HALF_DAY = 24 * 60, 12 * 60
# A writer rounds to a quarter of an hour; minutes that "before" and "about" reach at most.
_ROUND, _BESIDE, _ABOUT = 15, 30, 20
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
    span = moment.start, moment.end
    minute, twelve = moment.minute or 0, moment.twelve
    return is_rough_time(statement.text, span, minute, evidence.moments, twelve=twelve)


def is_rough_time(
    text: str, span: tuple[int, int], minute: int, moments: Moments, *, twelve: bool
) -> bool:
    """Whether the source has a time near a rounded one that the text calls near: `minute`.

    `span` is where the time stands in `text`; with `twelve` it may be of either half of the day.
    """
    if minute % _ROUND:
        return False
    begin = max(0, span[0] - _REACH)
    found = _IN_FRONT.search(text[begin : span[0]]) or _BEHIND.match(
        text[span[1] : span[1] + _REACH]
    )
    if found is None:
        return False
    first, last = {"before": (-_BESIDE, 0), "after": (0, _BESIDE), "about": (-_ABOUT, _ABOUT)}[
        found.lastgroup or ""
    ]
    halves = (minute, minute + _HALF_DAY) if twelve else (minute,)
    return any(
        moments.having("minute", (half + off) % _DAY)
        for half in halves
        for off in range(first, last + 1)
    )
