"""Scores of matches: told from either side, and counted up from the goals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from itertools import accumulate, pairwise

from rewriter.checks.evidence.figures import MOST_FIGURES
from rewriter.checks.evidence.index import Evidence, of_source, set_of_source
from rewriter.checks.evidence.mentions import STOP_WORDS
from rewriter.checks.evidence.reading import Statement
from rewriter.checks.lexicon import pattern, word_set
from rewriter.text.quantities import Moment, Quantity

# The numbers of both sides of a score.
Sides = tuple[int, int]

# "3-0", "3:0", "3 a 0", and the words by which a source tells the goals one by one.
_SCORE = re.compile(r"(?<![\w.,:-])\d{1,2} ?(?:[-–:]|a|à) ?\d{1,2}(?![\w-]|[.,:]\d)")
_SIDES = re.compile(r"(?<![a-zA-Z\d.,:-])(\d{1,3}) ?[-–:x×] ?(\d{1,3})(?![a-zA-Z\d-]|[.,:]\d)")
# The points of the parts of a game in a table: "Rockledge 14 11 6 15".
_ROW = re.compile(r"(?<= )\d{1,2}(?: \d{1,2}){2,9}\b")
# What stands between the sides of a score or vote that is told in words: " votes to ".
_BETWEEN = re.compile(r"[^\d.,;:!?()]{1,24}")
_SCORE_REACH = 8
_WON_BY = tuple(word_set("won_by"))
# The numbers of a score.
_BOTH = 2
_MINUTES = 60
_GOAL = pattern("goal")
_LEAD = pattern("lead")
_LEAD_REACH = 20
_MATCH = re.compile(r"\b(?:match|game|team|coach|striker|players?)\b", re.IGNORECASE)
_BREAK = pattern("half_time")
# The minute of a match in digits: "65'", "the 65th minute", "minute 65".
_MATCH_MINUTE = re.compile(
    r"\b(?:minute (\d{1,3})\b|(\d{1,3})(?:(?:st|nd|rd|th)?[ -]minutes?\b|['’′](?!\w)))"
)
_HALF_TIME, _FULL_TIMES = 45, (90, 120)
_SECOND_HALF = pattern("second_half")
# Characters near a minute that tell the half.
_MINUTE_REACH = 24
_MINUTE_DIGITS = re.compile(r"(?<![\d.,:])\d{1,3}(?![,:.]?\d)")
# What says that the scores of several matches are added up, or that there are two of them.
_ADDED_UP, _LEGS = word_set("added_up"), pattern("legs")
# What says that a score counts matches, not points.
_SERIES = word_set("series")
# What stands between the scores of two sets: "6-4, 3-6 and 7-5".
_NEXT_SET = re.compile(r"(?:,|;|/| -)? ?(?:[^\W\d]{1,3} )?(?:\()?")
# Matches of a series, and sets of a match.
_MOST_IN_SERIES = 7


def may_be_counted_up(quantity: Quantity, statement: Statement, evidence: Evidence) -> bool:
    """Whether a figure is part of a score, and the source only tells its goals one by one."""
    if not is_tally(quantity, statement):
        return False
    return (
        _counts_up(evidence)
        or _is_between(quantity, statement, evidence)
        or _is_added_up(quantity, statement, evidence)
    )


def _is_added_up(quantity: Quantity, statement: Statement, evidence: Evidence) -> bool:
    """Whether both sides of a score add up the quarters that a table of the source gives."""
    begin = max(0, quantity.start - _SCORE_REACH)
    found = _SIDES.search(statement.text, begin, quantity.end + _SCORE_REACH)
    return found is not None and _sums(evidence).issuperset(map(int, found.groups()))


@set_of_source
def _sums(evidence: Evidence) -> Iterator[int]:
    rows = (map(int, row.split()) for text in evidence.texts for row in _ROW.findall(text))
    return (total for row in rows for total in accumulate(row))


def _is_between(quantity: Quantity, statement: Statement, evidence: Evidence) -> bool:
    """Whether a score is that of a lead on the way to one of the source, which tells the goals."""
    begin = max(0, quantity.start - _SCORE_REACH)
    near = statement.text[max(0, begin - _LEAD_REACH) : quantity.end + _LEAD_REACH]
    found = _SIDES.search(statement.text, begin, quantity.end + _SCORE_REACH)
    if found is None or not _LEAD.search(near) or not any(map(_GOAL.search, evidence.texts)):
        return False
    own = sorted(map(int, found.groups()))
    others = map(sorted, _scores(evidence))
    return any(all(a <= b for a, b in zip(own, other, strict=True)) for other in others)


def is_tally(quantity: Quantity, statement: Statement) -> bool:
    """Whether a figure is part of a score."""
    begin = max(0, quantity.start - _SCORE_REACH)
    near = statement.text[begin : quantity.end + _SCORE_REACH]
    at = quantity.start - begin
    return any(match.start() <= at < match.end() for match in _SCORE.finditer(near))


def is_score(quantity: Quantity, statement: Statement, evidence: Evidence) -> bool:
    """Whether a figure belongs to a score or vote of the source, told from either side.

    One text may write it with a sign and the other in words: "26:17", "26 votes to 17".
    """
    if quantity.kind not in ("ratio", "count") or quantity.unit:
        return False
    signed = _scores(evidence)
    if len(statement.facts.quantities) > MOST_FIGURES:
        return False
    for start, end, own in signed_scores(statement):
        if start < quantity.end and quantity.start < end:
            known = signed | _worded_scores(evidence)
            return may_follow(own, statement, evidence) or not {own, own[::-1]}.isdisjoint(known)
    by = statement.text[: quantity.start].endswith(" by ") and quantity.noun in {"", *STOP_WORDS}
    margin = by or quantity.noun.startswith(_WON_BY)
    if margin and quantity.value in {abs(a - b) for a, b in signed}:
        return True  # "by 14 points"
    known = signed | _times(evidence)  # "mit 21:14 Stimmen"
    return any(
        quantity in sides and not {own, own[::-1]}.isdisjoint(known)
        for *sides, own in _worded(statement)
    )


def may_follow(score: Sides, statement: Statement, evidence: Evidence) -> bool:
    """Whether a score adds up two legs of the source, or counts who won its sets or matches."""
    one = max(score), min(score)
    added = not _ADDED_UP.isdisjoint(statement.words) or _has_legs(evidence)
    if added and not {score, score[::-1]}.isdisjoint(_sums_of_two(evidence)):
        return True
    if one in _sets(evidence):
        return True
    series = not _SERIES.isdisjoint(statement.words)
    return series and 1 < sum(one) <= min(len(known_scores(evidence)), _MOST_IN_SERIES)


@set_of_source
def _sums_of_two(evidence: Evidence) -> Iterator[Sides]:
    """What two scores of the source add up to, either of them told from either side."""
    known = known_scores(evidence)
    if len(known) <= MOST_FIGURES:
        yield from ((a + c, b + d) for a, b in known for c, d in _either_way(known))


@of_source
def _has_legs(evidence: Evidence) -> bool:
    return any(map(_LEGS.search, evidence.texts))


@set_of_source
def _sets(evidence: Evidence) -> Iterator[Sides]:
    """How many scores of a sentence either side won, the higher number first."""
    for place in evidence.statements:
        row = [(start, end, score) for start, end, score in scores_of(place)]
        listed = all(_NEXT_SET.fullmatch(place.text, a[1], b[0]) for a, b in pairwise(row))
        won = sum(a > b for *_, (a, b) in row), sum(a < b for *_, (a, b) in row)
        if listed and 1 < len(row) <= _MOST_IN_SERIES and won[0] != won[1]:
            yield max(won), min(won)


def _either_way(scores: frozenset[Sides]) -> Iterator[Sides]:
    for score in scores:
        yield from (score, score[::-1])


def signed_scores(statement: Statement) -> Iterator[tuple[int, int, Sides]]:
    """The place and the two numbers of each score with a sign between them, and of each ratio."""
    for found in _SIDES.finditer(statement.text):
        yield found.start(), found.end(), (int(found[1]), int(found[2]))
    for quantity in statement.facts.quantities:
        if quantity.kind != "ratio":
            continue
        digits = re.findall(r"\d+", statement.written(quantity))
        if len(digits) == _BOTH:  # "4 a 1"
            yield quantity.start, quantity.end, (int(digits[0]), int(digits[1]))
        elif not digits and quantity.value == int(quantity.value):  # "tres a uno"
            yield quantity.start, quantity.end, (int(quantity.value), 1)


def _worded(statement: Statement) -> Iterator[tuple[Quantity, Quantity, Sides]]:
    """Two counts with few words between them: "26 votes to 17"."""
    for one, other in pairwise(statement.facts.quantities):
        if one.kind == other.kind == "count" and _BETWEEN.fullmatch(
            statement.text, one.end, other.start
        ):
            yield one, other, (int(one.value), int(other.value))


def is_other_score(
    quantity: Quantity, statement: Statement, figure: Quantity, said: Statement
) -> bool:
    """Whether a ratio and that of a source statement are two scores: 4:2 is not 2:1."""
    own, other = _sides_of(quantity, statement), _sides_of(figure, said)
    return bool(own and other) and own != other


def _sides_of(quantity: Quantity, statement: Statement) -> Sides | None:
    """The two numbers of a ratio in digits."""
    found = _SIDES.search(statement.written(quantity))
    return (int(found[1]), int(found[2])) if quantity.kind == "ratio" and found else None


@of_source
def known_scores(evidence: Evidence) -> frozenset[Sides]:
    """The scores of the source, with a sign, in words, or in the form of a time of day."""
    return _scores(evidence) | _worded_scores(evidence) | _times(evidence)


def is_on_the_way(statement: Statement, start: int, end: int) -> bool:
    """Whether a sentence has a lead or a half-time score, or adds up several scores."""
    text = statement.text
    near = text[max(0, start - _LEAD_REACH) : end + _LEAD_REACH]
    added = not _ADDED_UP.isdisjoint(statement.words)
    return bool(_LEAD.search(near) or _BREAK.search(text) or added)


def scores_of(statement: Statement) -> list[tuple[int, int, Sides]]:
    """The place and the two numbers of each score of a sentence, once: no time of day or date."""
    moments = statement.facts.moments
    found = {
        start: (start, end, score)
        for start, end, score in signed_scores(statement)
        if not any(m.start < end and start < m.end for m in moments)
    }
    return list(found.values())


@set_of_source
def _scores(evidence: Evidence) -> Iterator[Sides]:
    """The scores of the source that have a sign between their numbers."""
    return (score for place in evidence.statements for *_, score in scores_of(place))


def is_turned_score(moment: Moment, statement: Statement, evidence: Evidence) -> bool:
    """Whether a time of day is a score of the source, told from the other side: 23:35 for 35:23."""
    found = _SIDES.fullmatch(statement.text, moment.start, moment.end)
    if found is None:
        return False
    return (int(found[2]), int(found[1])) in _scores(evidence)


@set_of_source
def _worded_scores(evidence: Evidence) -> Iterator[Sides]:
    for statement in evidence.statements:
        if len(statement.facts.quantities) <= MOST_FIGURES:
            yield from (score for *_, score in _worded(statement))


@set_of_source
def _times(evidence: Evidence) -> Iterator[Sides]:
    """The times of day of the source, which may be scores."""
    minutes = (said.moment.minute for said in evidence.moments.all)
    return (divmod(minute, _MINUTES) for minute in minutes if minute is not None)


def is_part_of_match(moment: Moment, _: Statement, evidence: Evidence) -> bool:
    """Whether "second half" or "fourth quarter" is one of a match, of which the source names none.

    A half is that of one of the minutes that the source gives, if it gives any.
    """
    if moment.year is not None or (moment.half or moment.quarter) is None:
        return False
    part = "half" if moment.half else "quarter"
    if any(getattr(said.moment, part) and not said.moment.month for said in evidence.moments.all):
        return False
    halves = _halves(evidence)
    return bool(halves) and (part == "quarter" or moment.half in halves)


def is_time_to_go(quantity: Quantity, statement: Statement, evidence: Evidence) -> bool:
    """Whether a minute of a match is as far from its end as the source says, or the reverse.

    "With 12 minutes to go" is the 78th minute, or the 33rd of the second half.
    """
    if quantity.kind not in ("count", "ordinal") or quantity.number >= _FULL_TIMES[1]:
        return False
    if _is_left(quantity, statement):
        if any(full - quantity.number in _minutes(evidence) for full in _FULL_TIMES):
            return True
        return _HALF_TIME - quantity.number in _minutes_of_second_half(evidence)
    around = statement.text[max(0, quantity.start - _MINUTE_REACH) : quantity.end + _MINUTE_REACH]
    if not _minute_words().search(around):
        return False
    fulls = (*_FULL_TIMES, *([_HALF_TIME] if _SECOND_HALF.search(around) else []))
    return any(full - quantity.number in _minutes_to_go(evidence) for full in fulls)


@set_of_source
def _minutes(evidence: Evidence) -> Iterator[Decimal]:
    """The numbers in digits that may be minutes of a match."""
    return (Decimal(n) for text in evidence.texts for n in _MINUTE_DIGITS.findall(text))


@set_of_source
def _minutes_of_second_half(evidence: Evidence) -> Iterator[Decimal]:
    texts = filter(_SECOND_HALF.search, evidence.texts)
    return (Decimal(n) for text in texts for n in _MINUTE_DIGITS.findall(text))


@set_of_source
def _minutes_to_go(evidence: Evidence) -> Iterator[Decimal]:
    """The minutes that the source says are left of a match."""
    for statement in evidence.statements:
        for quantity in statement.facts.quantities:
            if quantity.number < _HALF_TIME and _is_left(quantity, statement):
                yield quantity.number


def _is_left(quantity: Quantity, statement: Statement) -> bool:
    """Whether a figure counts minutes that are left: "11 minutes from time", "a once del final"."""
    before, behind = _left_words()
    begin = max(0, quantity.start - _MINUTE_REACH)
    return bool(
        behind.match(statement.text, quantity.end)
        or (
            before.search(statement.text[begin : quantity.start])
            and _minute_words().match(statement.text[quantity.start : quantity.end + _MINUTE_REACH])
        )
    )


@cache
def _minute_words() -> re.Pattern[str]:
    return re.compile(rf"[^.;]*?(?:{'|'.join(sorted(word_set('match_minutes')))})", re.IGNORECASE)


@cache
def _left_words() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What stands before and behind the minutes that are left."""
    kinds = ("match_minutes", "to_go_before", "to_go_behind")
    minutes, before, behind = ("|".join(sorted(word_set(kind))) for kind in kinds)
    return (
        re.compile(rf"(?:{before})前?\W?$", re.IGNORECASE),
        re.compile(rf"[ -]?(?:{minutes})?\W{{0,2}}(?:{behind})", re.IGNORECASE),
    )


@of_source
def _halves(evidence: Evidence) -> frozenset[int]:
    """The halves that the source's minutes of a match lie in; none where it tells of no match."""
    texts = evidence.texts
    found = (minute for text in texts for minute in _MATCH_MINUTE.finditer(text))
    halves = frozenset(1 + (int(minute[1] or minute[2]) > _HALF_TIME) for minute in found)
    match = any(_GOAL.search(text) or _MATCH.search(text) for text in texts)
    told = match and (halves or _scores(evidence))
    return (halves or frozenset({1, 2})) if told or any(map(_BREAK.search, texts)) else frozenset()


@of_source
def _counts_up(evidence: Evidence) -> bool:
    """Whether the source tells goals one by one and gives no score."""
    texts = evidence.texts
    return any(map(_GOAL.search, texts)) and not any(map(_SCORE.search, texts))
