"""Shares, hours and lengths of time in Japanese and Korean, whose words are not read otherwise.

"3人に1人" and "3분의 1" are shares, "17時半" may be "午後5時30分", and "1時間半" is "90分".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from rewriter.checks.evidence.index import Evidence, of_source, set_of_source
from rewriter.checks.evidence.reading import Flag, Statement
from rewriter.checks.lexicon import pattern
from rewriter.text.quantities import Quantity

LANGUAGES = frozenset({"ja", "ko"})
_HALF_DAY, _HOUR = 12 * 60, 60
# The whole of a share is no larger, and a share differs from the one that it rounds by less.
_MOST_SHARED, _NEARLY = 20, Decimal("0.12")
# Characters before and behind a figure in which the rest of its share or time stands.
_REACH = 16
_SHARE = pattern("eastern_share")
_TENTHS = re.compile(r"(?<!\d)(\d) ?[割할]")
# What says on which side of a tenth a share lies, and by how much it may differ.
_AROUND_TENTHS = re.compile(r" ?(?:(?P<under>近く|弱|未満|가까)|(?P<over>超|強|余り|以上|넘|이상))")
_NEAR_TENTHS = {
    None: (Decimal("-0.05"), Decimal("0.05")),
    "under": (Decimal("-0.1"), Decimal("0.01")),
    "over": (Decimal("-0.001"), Decimal("0.1")),
}
# Shares in words, which are not read.
_UNREAD_SHARE = re.compile(r"半数|過半|半分|大半|半ば|절반|[一二三四五六七八九十数]割|分の|분의")
# Numbers from one on in words before what they count: "一人", "한 명".
_HAN, _KOREAN = (
    "一二三四五六七八九十",
    ("한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉", "열"),
)
_HOURS = (("零", *_HAN, "十一", "十二"), ("영", *_KOREAN, "열한", "열두"))
_HOUR_WORDS = {word: hour for words in _HOURS for hour, word in enumerate(words)}
_SPELLED_HOUR = "|".join(sorted(_HOUR_WORDS, key=len, reverse=True))
# Noon and midnight; "자정" is "self-cleaning", too.
_NAMED_HOURS = {"正午": 12, "정오": 12, "真夜中": 0, "자정": 0}
# An hour in words stands behind its half of the day: "一時" alone is "for a time".
_CLOCK = re.compile(
    rf"(?:(?P<named>{'|'.join(_NAMED_HOURS)})(?! ?(?:능력|노력|작용|운동|결의))"
    rf"|(?:(?P<early>午前|오전)|(?P<late>午後|오후))? ?(?<!\d)"
    rf"(?P<hour>\d{{1,2}}|零(?=時)|(?(early)(?:{_SPELLED_HOUR})|(?(late)(?:{_SPELLED_HOUR})|(?!))))"
    r"(?: ?[時시](?! ?[間간])(?: ?(?P<minute>\d{1,2}) ?[分분]| ?(?P<half>[半반]))?"
    r"|:(?P<digits>\d\d)))"
    r"(?: ?(?:(?P<before>前|전)|(?P<after>すぎ|過ぎ|넘어)|(?P<about>ごろ|頃|쯤|께|경)))?"
)
# From how many minutes before to how many behind a rough hour a time may lie.
_ROUGH = {"before": (-30, 0), "after": (0, 30), "about": (-20, 20)}
_LENGTH = pattern("eastern_length")
# What says behind a length that it was more, and how much more it may be: "10分余り" for 11.
_MORE, _FURTHER = re.compile(r" ?(?:余り|あまり|余|以上|超|여|넘게|남짓)"), Decimal("1.2")
_DAY = pattern("eastern_day")
_NAMED_DAY = re.compile(r"(?<!\d)(?:(\d{1,2})[～~〜至到・·、－–-])?(\d{1,2}) ?[日号號일]")
_COUNTED_DAY = pattern("eastern_counted_day")
_WEEK = 8
# Years of the Japanese eras, each counted from the year before its first.
_ERA = re.compile(r"(令和?|平成?|昭和?|大正|明治) ?(\d{1,2}|元)年")
_ERAS = {"令": 2018, "平": 1988, "昭": 1925, "大": 1911, "明": 1867}
_SPELLED = {
    "ja": (re.compile(rf"(?<![{_HAN}百千])([{_HAN}])([^\W\d])"), tuple(_HAN)),
    "ko": (re.compile(rf"(?<!\w)({'|'.join(_KOREAN)}) ?([^\W\d])"), _KOREAN),
}


def is_share(quantity: Quantity, statement: Statement, evidence: Evidence) -> bool:
    """Whether a count is one of the two of a small share that the source may have otherwise.

    A share is compared with the percentages of the source where it gives all shares in digits.
    """
    if quantity.kind != "count" or quantity.unit:
        return False
    found = _at(_SHARE, quantity, statement)
    return found is not None and _may_be_share(found, evidence)


def _may_be_share(found: re.Match[str], evidence: Evidence) -> bool:
    """Whether the source, which does not have the whole of a share, may have the share."""
    whole, part = Decimal(found["whole"]), Decimal(found["part"])
    if not 0 < part < whole <= _MOST_SHARED or whole in evidence.figures.by_value:
        return False
    if any(map(_UNREAD_SHARE.search, evidence.texts)):
        return True
    known = _shares(evidence)
    return not known or any(abs(part / whole - share) <= _NEARLY * share for share in known)


@of_source
def _shares(evidence: Evidence) -> frozenset[Decimal]:
    """The shares of the source in percent or tenths, and what they leave of the whole."""
    said = {
        figure.number / 100
        for statement in evidence.statements
        for figure in statement.facts.quantities
        if figure.kind == "percent"
    }
    said |= {Decimal(tenths) / 10 for text in evidence.texts for tenths in _TENTHS.findall(text)}
    return frozenset(said | {1 - share for share in said if share < 1})


def is_known(quantity: Quantity, statement: Statement, evidence: Evidence) -> bool:
    """Whether the source has a count in words, a time of day or a length of time otherwise.

    An hour may leave out its minutes; "6時前" also rounds a time half an hour before.
    """
    if evidence.lang not in LANGUAGES:
        return False
    if _is_spelled(quantity, statement, evidence) or is_year_of_era(quantity, statement, evidence):
        return True
    if found := _at(_TENTHS, quantity, statement):
        around = _AROUND_TENTHS.match(statement.text, found.end())
        low, high = _NEAR_TENTHS[around.lastgroup if around else None]
        share = Decimal(found[1]) / 10
        return any(share + low <= said <= share + high for said in _shares(evidence))
    if found := _at(_CLOCK, quantity, statement):
        known = _times(evidence)
        return any(_is_near(found, minute, known) for minute in _minutes_of_day(found))
    if found := _at(_LENGTH, quantity, statement):
        known, least = _lengths(evidence), _seconds(found)
        if _MORE.match(statement.text, found.end()):
            return any(least <= length < least * _FURTHER for length in known)
        return least in known
    return False


def check_hours(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield G404 for an hour with its half of the day, beside which the source has no time."""
    if evidence.lang not in LANGUAGES:
        return
    known, near = _times(evidence), range(-_HOUR, _HOUR + 1)
    for found in _CLOCK.finditer(statement.text) if known else ():
        if not (found["early"] or found["late"]):
            continue
        minutes = _minutes_of_day(found)
        if not any((m + off) % (2 * _HALF_DAY) in known for m in minutes for off in near):
            message = f"{found.group().strip()!r} is not in the source"
            yield Flag("G404", found.start(), found.end(), message)


def check_days(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield G401 for a day without its month that the source has as another figure only.

    The day before or after one of the source is worked out, and so is any of the week behind
    publication where the source has weekdays or counts days.
    """
    if evidence.lang.split("-")[0] not in ("zh", *LANGUAGES):
        return
    known = _days(evidence)
    for found in _DAY.finditer(statement.text) if known else ():
        if int(found[1]) not in known and Decimal(found[1]) in evidence.figures.by_value:
            yield Flag("G401", *found.span(1), f"{found.group()!r} is not in the source")


@set_of_source
def years_of_eras(evidence: Evidence) -> Iterator[int]:
    """The years that a Japanese source counts in eras: 2018 for "平成30年"."""
    found = (pair for text in evidence.texts for pair in _ERA.findall(text))
    return (_ERAS[era[0]] + (1 if n == "元" else int(n)) for era, n in found)


def is_year_of_era(quantity: Quantity, statement: Statement, evidence: Evidence) -> bool:
    """Whether a number is a year of an era that the source gives otherwise: "平成30年" for 2018."""
    found = _at(_ERA, quantity, statement)
    if found is None:
        return False
    year = _ERAS[found[1][0]] + (1 if found[2] == "元" else int(found[2]))
    return year in evidence.years


@of_source
def _days(evidence: Evidence) -> frozenset[int]:
    """The days of a month that the source names, and those beside them; empty without any."""
    named = (pair for text in evidence.texts for pair in _NAMED_DAY.findall(text))
    days = {int(day) for pair in named for day in pair if day}
    days |= {said.moment.day for said in evidence.moments.all if said.moment.day}
    if not days:
        return frozenset()
    if today := evidence.published:
        reach = _WEEK if any(map(_COUNTED_DAY.search, evidence.texts)) else 1
        days |= {(today + timedelta(n)).day for n in range(-1, reach + 1)}
    return frozenset(day + step for day in days for step in (-1, 0, 1))


def _is_spelled(quantity: Quantity, statement: Statement, evidence: Evidence) -> bool:
    """Whether the source has a small count in words with the same counter: "一人" for "1人"."""
    counter = statement.text[quantity.end : quantity.end + 2].strip()[:1]
    if quantity.kind != "count" or not counter.isalpha():
        return False
    return (quantity.number, counter) in _spelled_counts(evidence)


@set_of_source
def _spelled_counts(evidence: Evidence) -> Iterator[tuple[Decimal, str]]:
    """The numbers up to ten that the source has in words, each with the sign behind it."""
    pattern, words = _SPELLED[evidence.lang]
    found = (match for text in evidence.texts for match in pattern.finditer(text))
    return ((Decimal(words.index(match[1]) + 1), match[2]) for match in found)


def _is_near(found: re.Match[str], minute: int, known: frozenset[int]) -> bool:
    """Whether a time of day, or one that it rounds or shortens, is known."""
    first, last = next((reach for name, reach in _ROUGH.items() if found[name]), (0, 0))
    if (first, last) == (0, 0) and not (found["minute"] or found["half"] or found["digits"]):
        last = _HOUR - 1
    return any((minute + off) % (2 * _HALF_DAY) in known for off in range(first, last + 1))


@set_of_source
def _times(evidence: Evidence) -> Iterator[int]:
    """The times of day of the source, in minutes, in both halves where it does not say which."""
    found = (match for text in evidence.texts for match in _CLOCK.finditer(text))
    return (minute for match in found for minute in _minutes_of_day(match))


def _minutes_of_day(found: re.Match[str]) -> set[int]:
    """The minutes of the day that a time may be.

    "午後12時" is noon to most and midnight to some, and so is "午前12時".
    """
    if found["named"]:
        return {_NAMED_HOURS[found["named"]] * _HOUR}
    rest = _HOUR // 2 if found["half"] else int(found["minute"] or found["digits"] or 0)
    spelled = _HOUR_WORDS.get(found["hour"])
    minute = (int(found["hour"]) if spelled is None else spelled) * _HOUR + rest
    if minute >= _HALF_DAY + _HOUR and not found["late"]:
        return {minute % (2 * _HALF_DAY)}
    early = minute % _HALF_DAY
    if (found["early"] or found["late"]) and not _HALF_DAY <= minute < _HALF_DAY + _HOUR:
        return {early + _HALF_DAY * bool(found["late"])}
    return {early, early + _HALF_DAY}


@set_of_source
def _lengths(evidence: Evidence) -> Iterator[int]:
    """The lengths of time of the source, in seconds."""
    return (_seconds(match) for text in evidence.texts for match in _LENGTH.finditer(text))


def _seconds(found: re.Match[str]) -> int:
    half = _HOUR // 2 * bool(found["half"])
    hours, minutes, seconds = (
        sum(int(found[name] or 0) for name in names)
        for names in (("hours",), ("minutes", "rest"), ("seconds", "left"))
    )
    return (hours * _HOUR + minutes + half) * _HOUR + seconds


def _at(pattern: re.Pattern[str], quantity: Quantity, statement: Statement) -> re.Match[str] | None:
    """The match of a pattern that a figure is a part of, sought only near the figure."""
    begin, end = max(0, quantity.start - _REACH), quantity.end + _REACH
    matches = pattern.finditer(statement.text, begin, end)
    return next((m for m in matches if m.start() <= quantity.start < m.end()), None)
