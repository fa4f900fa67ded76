"""Stretches of time that a date lies in: early 2025, the 1990s, spring 2020, 19th century."""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.checks.evidence.index import Evidence, set_of_source
from rewriter.checks.evidence.moments import Moments, Said
from rewriter.text.quantities import Moment
from rewriter.text.quantities.vocabulary import vocabulary_of

_NORTHERN = {1: range(3, 7), 2: range(6, 10), 3: range(9, 13), 4: (12, 1, 2, 3)}
# How far into its span a part may lie; parts overlap, as people's use of them does. Of a year
# January to May are early, April to September mid, August to December late; of the nineties 1990
# to 1993, 1993 to 1996 and 1996 to 1999.
_PARTS = {"early": (0.0, 0.42), "mid": (0.25, 0.75), "late": (0.58, 1.0)}
_DAYS, _MONTHS, _YEARS = 31, 12, 10


def timespan_supported(moment: Moment, moments: Moments) -> bool | None:
    """Whether the source has a stretch of time or a date in it; None for any other moment."""
    if moment.century is not None:
        first = (moment.century - 1) * 100
        same = moments.having("century", moment.century)
        return bool(same or moments.within("year", first, first + 100))
    if moment.decade and moment.year is not None:
        said = moments.within("year", moment.year, moment.year + _YEARS - 1)
        return bool(said) and _fits_part(moment, said)
    if moment.season is not None and moment.year is not None:
        return any(_in_season(moment, said.moment) for said in moments.having("year", moment.year))
    if moment.part and (moment.year is not None or moment.month is not None):
        said = moments.supporting(moment)
        return bool(said) and _fits_part(moment, said)
    return None


def is_season_of_news(moment: Moment, evidence: Evidence) -> bool:
    """Whether the source names a season without its year, and it lies within a year of today."""
    if moment.season is None or moment.year is None or evidence.published is None:
        return False
    if moment.season not in _bare_seasons(evidence):
        return False
    today = evidence.published.year * _MONTHS + evidence.published.month
    months = _NORTHERN[moment.season]
    return any(abs(moment.year * _MONTHS + month - today) < _MONTHS for month in months)


@set_of_source
def _bare_seasons(evidence: Evidence) -> Iterator[int]:
    seasons = vocabulary_of(evidence.lang).seasons
    for statement in evidence.statements:
        dated = {moment.start for moment in statement.facts.moments if moment.season is not None}
        for index, token in enumerate(statement.tokens):
            found = seasons.match(statement.tokens, index)
            if found and token.start not in dated:
                yield found[0]


def _in_season(moment: Moment, said: Moment) -> bool:
    if said.season is not None:
        return said.season == moment.season
    return said.month is not None and said.month in _NORTHERN[moment.season or 1]


def _fits_part(moment: Moment, said: list[Said]) -> bool:
    """Whether no mention says another part of the span, or some mention says this one."""
    if not moment.part:
        return True
    fits = [_fits(moment, mention.moment) for mention in said]
    return True in fits or False not in fits


def _fits(moment: Moment, said: Moment) -> bool | None:
    """Whether a mention lies in the part of the span; None when it does not say."""
    if said.part and said.decade == moment.decade and said.month == moment.month:
        return said.part == moment.part
    first, last = _PARTS[moment.part]
    if said.month is None and moment.month is None and not moment.decade:
        number, parts = (said.quarter, 4) if said.quarter else (said.half, 2)
        return None if not number else (number - 1) / parts < last and number / parts > first
    place = _place(moment, said)
    return None if place is None else first <= place <= last


def _place(moment: Moment, said: Moment) -> float | None:
    """How far into the span a mention lies, from 0 to 1."""
    if moment.month is not None:
        return None if said.day is None else (said.day - 1) / (_DAYS - 1)
    if moment.decade:
        return None if said.decade else ((said.year or 0) - (moment.year or 0)) / (_YEARS - 1)
    return None if said.month is None else (said.month - 1) / (_MONTHS - 1)
