"""What a number may be that is no figure of its own, or stands in the source in another notation.

It may be a day, an hour, a year, an age, a label or a score. The source may write it with another
mark, in a word or behind a letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import chain, combinations, islice

from rewriter.checks.evidence import eastern
from rewriter.checks.evidence.ages import is_age_worked_out
from rewriter.checks.evidence.clocks import is_about_time
from rewriter.checks.evidence.elapsed import is_elapsed
from rewriter.checks.evidence.index import Evidence, is_day_of_month, of_source, set_of_source
from rewriter.checks.evidence.mentions import CAPITALISED, STOP_WORDS
from rewriter.checks.evidence.month_spans import is_known_span
from rewriter.checks.evidence.reading import Statement
from rewriter.checks.evidence.variants import unaccented
from rewriter.checks.facts.scores import is_score, is_time_to_go, may_be_counted_up
from rewriter.checks.lexicon import collectives, directions, stop_words, word_set
from rewriter.text.quantities import LANGUAGES, Moment, Quantity
from rewriter.text.quantities.vocabulary import vocabulary_of

# Numbers below here stand in words as often as in digits.
_SPELLED = 21
# Days in weeks, hours in days and months in years, whose words are not read in all languages.
_IN_LARGER_UNITS = frozenset({7, 12, 14, 24, 30, 48, 60})
# Letters by which a noun is known in its cases: "osoby", "osób".
_NOUN_STEM = 4
# Characters before a number in which the word before it stands.
_WORD = 20
# Words behind a figure that it does not count: "from 112 to 74 days", "von 112 auf 74 Tage".
_NO_NOUN = STOP_WORDS.union(*map(stop_words, LANGUAGES), word_set("no_nouns"))
_DAY = frozenset({"dia", "día", "giorno", "el", "le", "il"})
_AT = word_set("at_hour")
_HOURLY = frozenset({"", "time"})
_HOURS, _MINUTES, _HALF_DAY = 24, 60, 720
_SECONDS = 3600
_MODERN = range(1900, 2100)
# A time of day with a point: "9.21", "19.29 ora locale".
_CLOCK = re.compile(r"(\d{1,2})[.:]([0-5]\d)(?: [^\W\d]+)?")
# A degree Celsius in degrees Fahrenheit, and where water freezes on that scale.
_WIDER, _FREEZING = Decimal("1.8"), 32
# A height in metres, told to the centimetre.
_TALLEST, _CENT = 3, Decimal("0.01")
# A time of a race, with parts of a second or with hours: "1:42.3", "2:05:14".
_RACE_TIME = re.compile(
    r"(?<![\d:])(\d{1,2}:)?(\d{1,2}:)(\d{2}[.,]\d{1,3}|(?<=:\d\d:)\d{2})(?![\d:])"
)
_SHORT_TIME = re.compile(r"(?<![\d:.,])(\d{1,2}):(\d{2})(?![\d:]|[.,]\d| ?[ap]\.?m)")
_MOST_TIMES = 60
# Digits of a year without its century, the signs for a year, and those for ten years of age.
_SHORT_YEAR = 2
_YEAR_SIGNS = frozenset("年년")
_AGE_GROUPS = frozenset("代대")
# Letters of a word in lower case that may be written as one letter: "départementale 44".
_NAMING = 6
# Who is "of 55" years.
_PEOPLE, _PERSON = word_set("aged"), 24
# Digits in groups of three, and what else may stand between them: "5.000" and "5,000".
_GROUPS = re.compile(r"(?<![\d.,])\d{1,3}(?:[.,]\d{3})+(?![\d.,]*\d)")
_OTHER_MARKS = str.maketrans(".,", ",.")
# Digits behind a letter, which are no figure of their own: "of40 countries".
_GLUED = re.compile(r"[^\W\d_A-Z](\d+)(?![\d.,])")
# What stands before a share by which something moves, and before a third party: "d'un tiers".
_OF_A = ("d'", "d’", "di ", "de ")
# Words that say that a figure is below zero.
BELOW_ZERO = word_set("below_zero")


def is_no_figure(quantity: Quantity, statement: Statement, evidence: Evidence) -> bool:
    """Whether a number is a day, an hour, a year, an age or a zero point of the source."""
    return any(is_one(quantity, statement, evidence) for is_one in _NO_FIGURES)


def is_written_otherwise(quantity: Quantity, statement: Statement, evidence: Evidence) -> bool:
    """Whether the source has a figure in another notation."""
    return any(is_so(quantity, statement, evidence) for is_so in _OTHER_NOTATIONS)


def code_of_counted(quantity: Quantity, statement: Statement, evidence: Evidence) -> str | None:
    """G107 or G108 where a writer may have counted a figure, or the source says it in words."""
    if may_be_counted_up(quantity, statement, evidence):
        return "G107"
    if evidence.lang in eastern.LANGUAGES:
        return "G107" if eastern.is_share(quantity, statement, evidence) else None
    return "G108" if _may_be_in_words(quantity, evidence) else None


def _may_be_in_words(quantity: Quantity, evidence: Evidence) -> bool:
    """Whether the source may say a length of time in words that are not read: "two weeks" for 14.

    What the source counts in digits, it does not count in words, too.
    """
    spells = evidence.lang in CAPITALISED and evidence.lang not in LANGUAGES
    if not spells or quantity.kind != "count" or quantity.unit or quantity.spelled:
        return False
    reads = vocabulary_of(evidence.lang).numbers
    if quantity.number not in (_IN_LARGER_UNITS if reads else range(_SPELLED)):
        return False
    noun, known = unaccented(quantity.noun)[:_NOUN_STEM], _counted_nouns(evidence)
    return not noun or not any(n.startswith(noun) or noun.startswith(n) for n in known)


@set_of_source
def _counted_nouns(evidence: Evidence) -> Iterator[str]:
    """The beginnings of what the source counts in digits."""
    figures = (figure for statement in evidence.statements for figure in statement.facts.quantities)
    return (unaccented(f.noun)[:_NOUN_STEM] for f in figures if f.kind == "count" and f.noun)


@set_of_source
def _glued(evidence: Evidence) -> Iterator[str]:
    """The digits of the source that run into the word before them: "of40 countries"."""
    return chain.from_iterable(map(_GLUED.findall, evidence.texts))


def _is_coded(quantity: Quantity, statement: Statement, evidence: Evidence) -> bool:
    """Whether the source writes a numbered thing by its first letter: "T3" for "Terminal 3"."""
    word = statement.before(quantity, _WORD).split()[-1:]
    if quantity.kind != "count" or not word:
        return False
    word = [word[0].rpartition("'")[2].rpartition("’")[2]]  # "l'autoroute 7"
    if not word[0][:1].isupper() and len(word[0]) < _NAMING:
        return False
    number = statement.written(quantity)
    initials = {word[0][0], "".join(filter(str.isupper, word[0])) or word[0][0]}
    if any(f"{letters}{number}".lower() in evidence.names.words for letters in initials):
        return True
    marked = re.compile(rf"\b{re.escape(word[0])}[ -]?{re.escape(number)}\b")  # "BR-116", "BR 116"
    return word[0].isupper() and any(map(marked.search, evidence.texts))


def _is_grouped_otherwise(quantity: Quantity, statement: Statement, evidence: Evidence) -> bool:
    """Whether the source groups the same digits with the other mark, as some countries do."""
    found = _GROUPS.search(statement.written(quantity))
    return found is not None and found.group().translate(_OTHER_MARKS) in _grouped(evidence)


@set_of_source
def _grouped(evidence: Evidence) -> Iterator[str]:
    """The figures of the source whose digits stand in groups."""
    return chain.from_iterable(map(_GROUPS.findall, evidence.texts))


def _is_known_hour(quantity: Quantity, statement: Statement, evidence: Evidence) -> bool:
    """Whether a number is an hour of the source: "a las 17", "5 heures", "9.21"."""
    found = _minute_of_day(quantity, statement)
    if found is None or not evidence.moments.has_times:
        return False
    minute, is_time = found
    time = Moment(quantity.start, quantity.end, minute=minute, twelve=True)
    may_be_time = is_time or is_bare(quantity)  # "about 5 dogs" is none
    if may_be_time and is_about_time(time, statement, evidence):
        return True
    either = minute, (minute + _HALF_DAY) % (2 * _HALF_DAY)
    return is_time and any(evidence.moments.having("minute", each) for each in either)


def _minute_of_day(quantity: Quantity, statement: Statement) -> tuple[int, bool] | None:
    """The minute of the day that a number may be, and whether it is written as a time of day."""
    if quantity.kind != "count" or not quantity.number <= _HOURS or quantity.unit not in _HOURLY:
        return None
    if written := _CLOCK.fullmatch(statement.text, quantity.start, quantity.end):
        return int(written[1]) * _MINUTES + int(written[2]), True
    in_hours = quantity.value == quantity.number * _SECONDS and quantity.unit == "time"
    at_hour = not quantity.unit and bool(_AT & _words_before(quantity, statement))
    return int(quantity.number * _MINUTES), in_hours or at_hour


def ends_event(quantity: Quantity, statement: Statement, evidence: Evidence) -> bool:
    """Whether a number is the hour at which what the source times and measures begins or ends."""
    minute, is_time = _minute_of_day(quantity, statement) or (0, False)
    return is_time and minute in evidence.ends


def _is_height(quantity: Quantity, _: Statement, evidence: Evidence) -> bool:
    """Whether a height stands in the source with its unit, or without: "1,66 lång" for 166 cm."""
    if quantity.kind != "count" or not 1 < quantity.value < _TALLEST:
        return False
    if not quantity.unit:
        return quantity.step == _CENT and bool(
            evidence.figures.equal("count length", quantity.value)
        )
    same = evidence.figures.by_value.get(quantity.value.normalize(), ())
    return quantity.unit == "length" and any(not f.quantity.unit for f in same)


def _is_of_times(quantity: Quantity, _: Statement, evidence: Evidence) -> bool:
    """Whether so many seconds are in a time of a race behind its hours, or lie between two of them.

    "Two hours, six minutes and 14 seconds" is 2:06:14, "by 3.2 seconds" 1:42.3 and 1:45.5.
    """
    if quantity.unit != "time" or quantity.value >= _SECONDS:
        return False
    known = _race_times(evidence)
    if any(time % _SECONDS == quantity.value for time in known):
        return True
    gaps = (abs(a - b) for a, b in combinations(known, 2))
    if quantity.value == quantity.number * 60:  # "more than three minutes"
        return quantity.bound == "over" and any(0 < gap - quantity.value < 60 for gap in gaps)
    short = combinations(_short_times(evidence), 2)
    return quantity.value in chain(gaps, (abs(a - b) for a, b in short))


@of_source
def _short_times(evidence: Evidence) -> list[Decimal]:
    """The seconds of "2:05", and of each length of time in minutes or seconds beside such times."""
    found = [m for text in evidence.texts for m in _SHORT_TIME.findall(text)][:_MOST_TIMES]
    times = {Decimal(minutes) * 60 + Decimal(seconds) for minutes, seconds in found}
    spans = (value for value, _ in evidence.figures.rows("count time") if value < _SECONDS)
    return [*times, *islice(spans, _MOST_TIMES)] if times else []


def _is_other_degree(quantity: Quantity, _: Statement, evidence: Evidence) -> bool:
    """Whether a temperature is one of the source on the other scale: 41 °F for 5 °C."""
    if quantity.unit not in ("celsius", "fahrenheit"):
        return False
    value = _signed(quantity)
    if quantity.unit == "celsius":
        rows = evidence.figures.rows("count fahrenheit")
        wanted, near = value * _WIDER + _FREEZING, Decimal(1)
    else:
        rows = evidence.figures.rows("count celsius")
        wanted, near = (value - _FREEZING) / _WIDER, Decimal("0.6")
    return any(abs(_signed(figure.quantity) - wanted) <= near for _, figure in rows)


def _signed(quantity: Quantity) -> Decimal:
    return -quantity.value if quantity.negative else quantity.value


@set_of_source
def _race_times(evidence: Evidence) -> Iterator[Decimal]:
    """The times of races of the source, in seconds."""
    found = (match for text in evidence.texts for match in _RACE_TIME.findall(text))
    return map(_seconds, islice(found, _MOST_TIMES))


def _seconds(time: tuple[str, ...]) -> Decimal:
    hours, minutes, seconds = (Decimal(part.strip(":").replace(",", ".") or 0) for part in time)
    return (hours * 60 + minutes) * 60 + seconds


def _is_collective(quantity: Quantity, _: Statement, evidence: Evidence) -> bool:
    """Whether the source says a round number by a noun: "une cinquantaine de kilomètres"."""
    noun = collectives().get(quantity.number)
    if noun is None or quantity.kind in ("money", "percent"):
        return False
    return any(map(noun.search, evidence.texts))


def _is_short_year(quantity: Quantity, statement: Statement, evidence: Evidence) -> bool:
    """Whether two digits are the last ones of a year of the source: "2003年と08年", "in '08"."""
    if quantity.end - quantity.start != _SHORT_YEAR or quantity.kind != "count":
        return False
    before = statement.before(quantity, 1)
    behind = statement.text[quantity.end : quantity.end + 1]
    if behind not in _YEAR_SIGNS and before not in ("'", "’", "‘"):
        return False
    return any(year % 100 == quantity.value for year in evidence.years)


def _is_other_party(quantity: Quantity, statement: Statement, _: Evidence) -> bool:
    """Whether a share may be a third party: "les droits d'un tiers", where nothing moves."""
    before = statement.before(quantity, _WORD).lower()
    if not quantity.share or not before.endswith(_OF_A):
        return False
    return not any(map(directions(statement.lang), statement.words))


def _is_age_group(quantity: Quantity, statement: Statement, evidence: Evidence) -> bool:
    """Whether a number names the ten years in which an age of the source lies: "30代"."""
    if statement.text[quantity.end : quantity.end + 1] not in _AGE_GROUPS or quantity.value % 10:
        return False
    ages = (quantity.value + years for years in range(10))
    return any(age in evidence.figures.by_value for age in ages)


def _is_year(quantity: Quantity, _: Statement, evidence: Evidence) -> bool:
    """Whether a number is a year of the source, or one counted there."""
    if quantity.kind != "count" or quantity.number not in _MODERN:
        return False
    year = int(quantity.number)
    known = year in evidence.counted_years or bool(evidence.moments.having("year", year))
    return known and not quantity.unit


def _is_age(quantity: Quantity, statement: Statement, evidence: Evidence) -> bool:
    """Whether somebody "of 55" is a person whose years the source gives."""
    before = statement.before(quantity, _PERSON).lower().split()[-2:]
    if len(before) < 2 or before[1] != "of" or before[0] not in _PEOPLE:
        return False
    same = evidence.figures.by_value.get(quantity.number.normalize(), [])
    return any(figure.quantity.unit == "calendar" for figure in same)


def _is_known_day(quantity: Quantity, statement: Statement, evidence: Evidence) -> bool:
    """Whether a number is a day of the month in the source: "Tuesday (23)", "el día 23"."""
    numbered = quantity.kind == "ordinal" and not quantity.spelled  # "on the 5th"
    day = numbered or is_day_of_month(quantity, statement)
    may_be = day or bool(_words_before(quantity, statement) & _DAY)
    return may_be and evidence.has_day(quantity.value)


def _words_before(quantity: Quantity, statement: Statement) -> set[str]:
    """The word before a figure, none at the beginning of a sentence."""
    before = statement.before(quantity, _WORD).lower()
    return set(before.split()[-1:])


def _is_zero_point(quantity: Quantity, statement: Statement, _: Evidence) -> bool:
    """Whether zero only stands in "below zero"."""
    return not quantity.value and not BELOW_ZERO.isdisjoint(_words_before(quantity, statement))


def _is_in_name(quantity: Quantity, statement: Statement, _: Evidence) -> bool:
    """Whether a number is that of a team: "76ers"."""
    return statement.text.startswith("ers", quantity.end)


def _is_glued(quantity: Quantity, statement: Statement, evidence: Evidence) -> bool:
    return statement.written(quantity) in _glued(evidence)


def _is_in_span(quantity: Quantity, statement: Statement, evidence: Evidence) -> bool:
    """Whether a number of months is a span of the source: "the first six months" of a half."""
    return quantity.unit == "calendar" and is_known_span(quantity, statement, evidence)


def is_bare(quantity: Quantity) -> bool:
    """Whether a figure counts without saying what."""
    return quantity.kind == "count" and not quantity.unit and not noun_of(quantity)


def noun_of(quantity: Quantity) -> str:
    """What a figure counts, "" where the word behind it is no noun."""
    return "" if quantity.noun in _NO_NOUN else quantity.noun


_NO_FIGURES = (
    *(_is_known_day, _is_known_hour, eastern.is_known, _is_short_year, _is_other_party),
    *(_is_in_name, _is_age_group, _is_age, _is_year, is_elapsed, is_age_worked_out),
    _is_zero_point,
)
_OTHER_NOTATIONS = (
    *(_is_glued, _is_other_degree, _is_height, _is_of_times, is_time_to_go, _is_collective),
    *(is_score, _is_in_span, _is_grouped_otherwise, _is_coded),
)
