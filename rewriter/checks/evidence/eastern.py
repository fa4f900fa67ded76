"""Shares, hours and lengths of time in Japanese and Korean, whose words are not read otherwise.

"3人に1人" and "3분의 1" are shares, "17時半" may be "午後5時30分", and "1時間半" is "90分".
"""

from __future__ import annotations

import re

from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.reading import Statement
from rewriter.text.quantities import Quantity

LANGUAGES = frozenset({"ja", "ko"})
_HALF_DAY, _HOUR = 12, 60
_SHARE = re.compile(
    r"\d{1,3} ?(?:[人社校件つ個명곳개] ?)?(?:に|中|중|のうち|分の|분의) ?\d{1,3}(?!\d)"
)
_CLOCK = re.compile(
    r"(?<!\d)(?P<hour>\d{1,2}) ?[時시](?! ?[間간])(?: ?\d{1,2} ?[分분])?"
    r"(?P<rough> ?(?:前|ごろ|頃|すぎ|過ぎ|쯤|께|경|전|넘어))?"
)
_LENGTH = re.compile(
    r"(?<!\d)(?P<hours>\d{1,2}) ?(?:時間|시간)(?: ?(?P<half>[半반])| ?(?P<rest>\d{1,2}) ?[分분])?"
    r"|(?<!\d)(?P<minutes>\d{1,3}) ?[分분](?![の의])"
)


def is_share(quantity: Quantity, statement: Statement) -> bool:
    """Whether a figure is one of the two of a share, "3人に1人", "4分の1", or the one of "1本"."""
    return quantity.number == 1 or _at(_SHARE, quantity, statement) is not None


def is_known_time(quantity: Quantity, statement: Statement, evidence: Evidence) -> bool:
    """Whether the source has an hour, on either clock, or a length of time, in either unit.

    "6時前" also rounds an hour from five on.
    """
    if found := _at(_CLOCK, quantity, statement):
        hour = int(found["hour"])
        hours = {hour, hour - 1} if found["rough"] else {hour}
        known = evidence.once("eastern hours", lambda: _hours(evidence))
        return any(each % _HALF_DAY in known for each in hours)
    if found := _at(_LENGTH, quantity, statement):
        return _minutes(found) in evidence.once("eastern lengths", lambda: _lengths(evidence))
    return False


def _hours(evidence: Evidence) -> frozenset[int]:
    """The hours of the source on the 12-hour clock."""
    found = (match for text in evidence.texts for match in _CLOCK.finditer(text))
    return frozenset(int(match["hour"]) % _HALF_DAY for match in found)


def _lengths(evidence: Evidence) -> frozenset[int]:
    """The lengths of time of the source, in minutes."""
    return frozenset(_minutes(match) for text in evidence.texts for match in _LENGTH.finditer(text))


def _minutes(found: re.Match[str]) -> int:
    if found["minutes"]:
        return int(found["minutes"])
    rest = _HOUR // 2 if found["half"] else int(found["rest"] or 0)
    return int(found["hours"]) * _HOUR + rest


def _at(pattern: re.Pattern[str], quantity: Quantity, statement: Statement) -> re.Match[str] | None:
    """The match of a pattern that a figure is a part of."""
    matches = pattern.finditer(statement.text)
    return next((m for m in matches if m.start() <= quantity.start < m.end()), None)
