"""G4xx: is every date, year, weekday and time of day in the source?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from rewriter.checks.evidence import eastern
from rewriter.checks.evidence.calendars import years_beside, years_of, years_of_today
from rewriter.checks.evidence.clocks import is_about_time
from rewriter.checks.evidence.figures import MOST_FIGURES
from rewriter.checks.evidence.index import Evidence, minutes_in, of_source, set_of_source
from rewriter.checks.evidence.mentions import STOP_WORDS
from rewriter.checks.evidence.moments import parts_of
from rewriter.checks.evidence.month_spans import is_known_span
from rewriter.checks.evidence.news_days import follows_from_news, is_of_weekend
from rewriter.checks.evidence.reading import Flag, Statement
from rewriter.checks.evidence.timespans import is_season_of_news, timespan_supported
from rewriter.checks.facts.rough_years import is_rough_year
from rewriter.checks.facts.scores import is_part_of_match, is_turned_score
from rewriter.checks.facts.weekdays import is_morning, is_night, is_weekday_of, is_weekday_of_date
from rewriter.checks.lexicon import feasts, pattern, word_set
from rewriter.text.quantities import LANGUAGES, Moment

# Months that are verbs in a title with capitals: "Rates May Fall", "Teachers March".
_VERBS = frozenset({"May", "March"})
# Two digits of a year: in Chinese and Japanese no number of years, elsewhere "classe '64".
_SHORT_YEAR = re.compile(r"(?<![\d.,])(\d\d)年(?![間间前後后ぶ来以])|(?<!\w)['’‘](\d\d)(?!\w)")
_HALF_DAY, _YEAR = 12 * 60, 12
_MONTH_BEFORE = pattern("month_before")
# Words in common by which two sentences speak of the same.
_SAME = 3
_BARE_DAY = pattern("bare_day")
SINCE = word_set("since")
"""Words before a date from which something is counted."""

# What "yesterday" or "next year" may be called by whoever knows the day of publication.
_MEANT_BY = {
    "day": {"weekday"},
    "week": {"weekday"},
    "month": {"month", "year"},
    "quarter": {"quarter", "year"},
    "year": {"year", "half", "quarter"},
}
_END = pattern("end")
_TENS = re.compile(r"(?<!\d)(\d0)s$")

_Excuse = Callable[[Moment, Statement, Evidence], bool]


def check_dates(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield G401 to G404, G107 and G108, for the moments of one sentence."""
    for moment in statement.facts.moments:
        code = _problem(moment, statement, evidence)
        excuses = (*_OF_CODES.get(code or "", ()), _is_counted_from)
        if not code or _any(excuses, moment, statement, evidence):
            continue
        unsure = (
            evidence.lang != "en"
            and not (moment.day and moment.month)
            and not _has_rival(moment, statement, evidence)
        )
        if unsure and code == "G403" and evidence.lang in eastern.LANGUAGES:
            continue
        parts = "time and a length" if moment.minute is not None else "year and a number of years"
        what = {
            "G107": "is a round year near one of the source",
            "G108": f"is not in the source, but can be derived from a {parts} there",
        }
        written = statement.written(moment)
        message = f"{written!r} {what.get(code, 'is not in the source')}"
        source = _nearest(moment, evidence)
        yield Flag(code, moment.start, moment.end, message, source, unsure)


def _any(
    excuses: Iterable[_Excuse], moment: Moment, statement: Statement, evidence: Evidence
) -> bool:
    return any(excuse(moment, statement, evidence) for excuse in excuses)


def _is_verb(moment: Moment, statement: Statement, _: Evidence) -> bool:
    """Whether "May" or "March" in a title is a verb, between two words with no date beside it."""
    written = statement.written(moment)
    if written not in _VERBS or not statement.is_title_case:
        return False
    at = statement.place_at(moment.start)
    beside = statement.tokens[at - 1 : at] + statement.tokens[at + 1 : at + 2]
    words = [token for token in beside if token.kind == "word" and token.lower not in STOP_WORDS]
    return len(words) == len(beside)


def _has_rival(moment: Moment, statement: Statement, evidence: Evidence) -> bool:
    """Whether the source dates the same otherwise: a sentence about it has a moment of the kind."""
    parts = set(parts_of(moment))
    return any(
        not parts.isdisjoint(parts_of(said))
        for place in evidence.sharing(statement)
        for said in place.facts.moments
    )


@set_of_source
def _feasts(evidence: Evidence) -> Iterator[tuple[int, int]]:
    """Month and day of the feasts that the source names."""
    text = "\n".join(evidence.titled).lower().replace("-", " ")
    for name, day in feasts().items():
        if name in text and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text):
            yield day


def _problem(moment: Moment, statement: Statement, evidence: Evidence) -> str | None:
    """The code of a moment that the source does not bear out, None for any other."""
    if moment.relative or _any(_OF_ANY, moment, statement, evidence):
        return None
    moments = evidence.moments
    supported = timespan_supported(moment, moments)
    if supported is not None:
        bare = moment._replace(part="")
        apart = moment.part and moment.month is not None and not moments.supporting(bare)
        if supported or is_season_of_news(moment, evidence):
            return None
        split = apart and _is_split(moment, statement, evidence)
        return None if split else _timespan_code(moment, evidence)
    said = tuple(parts_of(moment))
    if moments.supporting(moment) or _any(_OF_PARTS.get(said, ()), moment, statement, evidence):
        return None
    if said == ("year",):
        if is_rough_year(moment, statement, evidence):
            return "G107"
        if _is_counted_there(moment, statement, evidence):
            return None
        return "G108" if moment.year in evidence.counted_years else "G402"
    if said == ("minute",):
        return "G108" if moment.minute in evidence.ends else "G404"
    if said == ("weekday",):
        return "G403"
    return None if _any(_OF_DATES, moment, statement, evidence) else "G401"


def _is_year_otherwise(moment: Moment, _: Statement, evidence: Evidence) -> bool:
    """Whether the source has a year as a figure, or joined to a word: "Кубок-2016"."""
    year = moment.year or 0
    figures = evidence.figures.by_value.get(Decimal(year))
    return bool(figures) or str(year) in evidence.names.words


def _is_end_of_event(moment: Moment, statement: Statement, evidence: Evidence) -> bool:
    """Whether a sentence tells how long the source's event takes that ends then.

    Such as "90 minutes later, at 7 p.m.".
    """
    return moment.minute in evidence.ends and bool(minutes_in(statement))


def _is_of_tens(moment: Moment, statement: Statement, evidence: Evidence) -> bool:
    """Whether "the 30s" are no years but a rough figure: 34 degrees."""
    found = _TENS.search(statement.written(moment))
    values = evidence.figures.by_value
    return (
        moment.decade
        and found is not None
        and any(Decimal(int(found[1]) + n) in values for n in range(10))
    )


def _is_counted_day(moment: Moment, _: Statement, evidence: Evidence) -> bool:
    """Whether the source counts a date from another, or names the feast on it."""
    day = moment.month, moment.day
    return day in evidence.counted_days or day in _feasts(evidence)


def _is_counted_month(moment: Moment, _: Statement, evidence: Evidence) -> bool:
    return moment.month in _months_beside(evidence)


def _is_counted_weekday(moment: Moment, _: Statement, evidence: Evidence) -> bool:
    return moment.weekday in evidence.counted_weekdays


@set_of_source
def _months_beside(evidence: Evidence) -> Iterator[int]:
    """The months that a source counts from one it names: "the previous month", "in two months"."""
    for statement in evidence.statements:
        named = {m.month for m in statement.facts.moments if m.month is not None}
        yield from ((month - 1 + step) % _YEAR + 1 for month in named for step in _steps(statement))


def _steps(statement: Statement) -> Iterator[int]:
    """How many months a sentence counts from those that it names."""
    if _MONTH_BEFORE.search(statement.text):
        yield -1
    for quantity in statement.facts.quantities[:MOST_FIGURES]:
        if quantity.unit == "calendar" and quantity.value < _YEAR and quantity.value % 1 == 0:
            yield from (int(quantity.value), -int(quantity.value))


def _is_bare_day(moment: Moment, _: Statement, evidence: Evidence) -> bool:
    """Whether the source says the day of a date without its month: "no próximo dia 25".

    The month is that of publication, one beside it or, where that day is not known, one of the
    source's dates.
    """
    if set(parts_of(moment)) != {"month", "day"}:
        return False
    if moment.day not in _bare_days(evidence):
        return False
    if evidence.published is not None:
        return ((moment.month or 1) - evidence.published.month) % 12 in (0, 1, 11)
    return bool(evidence.moments.having("month", moment.month or 1))


@of_source
def _bare_days(evidence: Evidence) -> frozenset[int]:
    found = (match for text in evidence.texts for match in _BARE_DAY.finditer(text))
    said = {int(day) for match in found for day in match.groups() if day}
    return frozenset(said | {int(day) for day in evidence.bracketed_days})


def _is_counted_there(moment: Moment, statement: Statement, evidence: Evidence) -> bool:
    """Whether a sentence about the same counts the year from today, or from a year that it names.

    "Bound for three years" gives the year three years from publication, and "43 in 2026, 36 last
    year" gives 2025.
    """
    year = moment.year or 0
    if year in years_beside(statement, evidence):
        return True
    today = years_of_today(evidence)
    for said in evidence.statements:
        if len(statement.content & said.content) < 2:
            continue
        named = {m.year for m in said.facts.moments if m.year is not None}
        steps = {m.relative for m in said.facts.moments}
        if (year + 1 in named and "year -1" in steps) or (year - 1 in named and "year 1" in steps):
            return True
        spans = {int(q.value) // 12 for q in said.facts.quantities if q.unit == "calendar"} - {0}
        if any(abs(year - now) in spans for now in today):
            return True
    return False


def _is_end_of_quarter(moment: Moment, statement: Statement, evidence: Evidence) -> bool:
    """Whether the end of a month ends a quarter or half of the source: "by the end of June"."""
    month = moment.month or 1
    if month % 3 or set(parts_of(moment)) - {"year"} != {"month"}:
        return False
    ended = evidence.moments.having("quarter", month // 3)
    ended = ended + (evidence.moments.having("half", month // 6) if month % 6 == 0 else [])
    said = (mention.moment.year for mention in ended)
    known = any(
        moment.year in (None, year) or (year is None and moment.year in years_of(evidence))
        for year in said
    )
    return known and _END.search(statement.text) is not None


def _is_verbatim(moment: Moment, statement: Statement, evidence: Evidence) -> bool:
    """Whether a date in digits stands in the source so, perhaps as something else: "OS X 10.10"."""
    digits = statement.written(moment).rstrip(".")
    return digits[:1].isdigit() and "." in digits and digits in evidence.text


def _is_counted_from(moment: Moment, statement: Statement, evidence: Evidence) -> bool:
    """Whether the source says a moment in relation to its day: "this month", "so far this year".

    Without the day of publication any month may be meant by "this month", and any weekday by
    "yesterday". "Since January" is said of a figure for the year so far.
    """
    parts = set(parts_of(moment))
    known, relative = evidence.moments.all, _units_counted(evidence)
    meant = parts and any(parts <= _MEANT_BY[unit] for unit in relative)
    if meant and evidence.published is None:
        named = any(said.moment.weekday is not None for said in known)
        return parts != {"weekday"} or not named or _is_said_today(statement, evidence)
    if evidence.published is None and moment.year and "year" in relative:
        undated = evidence.moments.supporting(moment._replace(year=None))
        return any(said.moment.year is None for said in undated)
    if parts != {"month"}:
        return False
    before = statement.text[: moment.start].lower().split()[-1:]
    begun = any(said.moment.part == "early" and said.moment.month is None for said in known)
    return moment.month == 1 and (begun or "year" in relative) and not SINCE.isdisjoint(before)


@set_of_source
def _units_counted(evidence: Evidence) -> Iterator[str]:
    """The units of time that the source counts from its day: "day" for "yesterday"."""
    units = (said.moment.relative.partition(" ")[0] for said in evidence.moments.all)
    return filter(None, units)


def _is_day_of_news(moment: Moment, statement: Statement, evidence: Evidence) -> bool:
    """Whether a weekday is that of publication or the one before, and the source tells no other."""
    if evidence.published is None or moment.weekday is None:
        return False
    if (evidence.published.weekday() - moment.weekday) % 7 > 1:
        return False
    return not _has_rival(moment, statement, evidence)


def _is_date_of_news(moment: Moment, statement: Statement, evidence: Evidence) -> bool:
    """Whether a date is the day of publication, and the source tells no other day of the same."""
    today, parts = evidence.published, parts_of(moment)
    if today is None or {"month", "day"} - parts.keys() or parts.keys() - {"year", "month", "day"}:
        return False
    if (moment.month, moment.day) != (today.month, today.day) or moment.year not in (
        None,
        today.year,
    ):
        return False
    said = (m for place in evidence.sharing(statement) for m in place.facts.moments)
    return not any(m.day or m.weekday is not None or m.relative.startswith("day") for m in said)


def _is_said_today(statement: Statement, evidence: Evidence) -> bool:
    """Whether the source says "today" or "yesterday" of the same, and not the weekday."""
    return any(
        len(statement.content & said.content) >= _SAME
        for said in evidence.statements
        if any(m.relative.startswith("day") for m in said.facts.moments)
        and all(m.weekday is None for m in said.facts.moments)
    )


def _may_be_said_otherwise(moment: Moment, _: Statement, evidence: Evidence) -> bool:
    """Whether a year may be what a source calls "last year" in a language whose words are not read.

    Such a year lies beside that of publication or, where that is not known, beside one that the
    source has. So is 2018 what a Japanese source calls "平成30年".
    """
    if evidence.lang in LANGUAGES or moment.year is None:
        return False
    if moment.year in eastern.years_of_eras(evidence):
        return True
    return any(moment.year + step in years_of(evidence) for step in (-1, 0, 1))


def _is_written_short(moment: Moment, _: Statement, evidence: Evidence) -> bool:
    """Whether the source has the last two digits of a year: "1938年生まれ。59年に", "'64"."""
    return moment.year is not None and f"{moment.year % 100:02}" in _short_years(evidence)


@set_of_source
def _short_years(evidence: Evidence) -> Iterator[str]:
    return (y for text in evidence.texts for match in _SHORT_YEAR.findall(text) for y in match)


def _timespan_code(moment: Moment, evidence: Evidence) -> str:
    """G402 where the source has nothing of the year or decade, G401 where it says another part."""
    if moment.year is None or moment.month is not None:
        return "G401"
    last = moment.year + 9 * moment.decade
    return "G401" if evidence.moments.within("year", moment.year, last) else "G402"


def _is_split(moment: Moment, _: Statement, evidence: Evidence) -> bool:
    """Whether the source says the year of a date in one place and its day in another."""
    moments = evidence.moments
    if moment.year is None:
        return False
    rest = moment._replace(year=None)
    said = moments.supporting(rest) if parts_of(rest) else []
    if moment.part and timespan_supported(rest, moments) is False:
        return False
    bare = all(mention.moment.year is None for mention in said)
    return bool(said and bare and moments.having("year", moment.year))


def _hour_is_known(moment: Moment, _: Statement, evidence: Evidence) -> bool:
    """A time is known by its hour on the 12-hour clock where either side leaves out the half.

    "7 heures" of the source may be a length or the hour.
    """
    minute = moment.minute or 0
    if evidence.lang != "en" and evidence.figures.equal("count time", Decimal(minute * 60)):
        return True
    other = (minute + _HALF_DAY) % (2 * _HALF_DAY)
    said = evidence.moments.having("minute", other)
    return any(moment.twelve or mention.moment.twelve for mention in said)


def _nearest(moment: Moment, evidence: Evidence) -> str | None:
    said = evidence.moments.nearest(moment)
    return evidence.statements[said.statement].text if said else None


# What bears out a moment that the source does not have: one of any kind, one of which these parts
# alone are said, a date, and one with a code.
_OF_ANY: tuple[_Excuse, ...] = (_is_verb, _is_verbatim, _is_end_of_quarter, _is_of_tens)
_OF_PARTS: dict[tuple[str, ...], tuple[_Excuse, ...]] = {
    ("year",): (_is_year_otherwise,),
    ("month",): (_is_counted_month,),
    ("weekday",): (
        *(_is_counted_weekday, is_of_weekend, is_weekday_of),
        *(_is_day_of_news, is_night, is_weekday_of_date),
    ),
    ("minute",): (_hour_is_known, is_about_time, is_morning, is_turned_score, _is_end_of_event),
}
_OF_DATES: tuple[_Excuse, ...] = (
    *(_is_split, _is_bare_day, _is_date_of_news, is_known_span, is_part_of_match),
)
_OF_CODES: dict[str, tuple[_Excuse, ...]] = {
    "G108": (follows_from_news,),
    "G401": (_is_counted_day, follows_from_news),
    "G402": (_may_be_said_otherwise, _is_written_short, follows_from_news),
}
