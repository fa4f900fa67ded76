"""Reading moments: dates, months, weekdays, quarters, years and times of day, as far as said."""

from __future__ import annotations

from rewriter.text.quantities.facts import Moment
from rewriter.text.quantities.numeric_dates import han_date, numeric_date
from rewriter.text.quantities.periods import named_period, numbered_period
from rewriter.text.quantities.scan import MomentAt, Scan
from rewriter.text.quantities.times import read_time
from rewriter.text.quantities.years import named_years, numbered_years

_SHORT = 3
# English months that are verbs in lower case, and the words before a month.
_VERBS = frozenset({"may", "march"})
_CLOSING = frozenset(",.;:)?!")
# "Rio de Janeiro" is no month.
_CITY = ("rio", "janeiro")


def read_moment(scan: Scan, index: int) -> MomentAt | None:
    """The moment that begins at `index` and the index of the token behind it, or None."""
    token = scan.tokens[index]
    if token.kind == "currency":
        return None
    if token.kind == "number":
        short = len(token.text) <= 2
        found = (
            numeric_date(scan, index)
            or (scan.lang == "zh" and han_date(scan, index))
            or read_time(scan, index)
            or (short and _day_first(scan, index))
            or numbered_years(scan, index)
            or (short and numbered_period(scan, index))
        )
    else:
        found = (
            (token.lower in scan.words.months and _month_first(scan, index))
            or (token.lower in scan.words.weekdays and _weekday(scan, index))
            or (token.lower in scan.words.relative and _relative(scan, index))
            or named_period(scan, index)
            or named_years(scan, index)
            or _day_first(scan, index)
            or read_time(scan, index)
            or (han_date(scan, index) if token.kind == "han" else None)
        )
    return with_part(scan, index, found) if found else None


def _day_first(scan: Scan, index: int) -> MomentAt | None:
    """4 March 2025, 4th of March, the fifth of March, 3. März, 3 de marzo de 2025, пятого марта."""
    day, at = day_at(scan, index)
    if not day:
        return None
    behind = at
    while scan.means(at, "day_joiners") and scan.at(at) != ",":
        at += 1
    if scan.kind(index) == "word" and at == behind and scan.lang == "en":
        return None  # "the first March in years", "one May evening"
    month = _month(scan, at)
    if month is None:
        return None
    year, end = _year_behind(scan, month[1])
    return Moment(*scan.span(index, end), year, month[0], day), end


def day_at(scan: Scan, index: int) -> tuple[int, int]:
    """A day of the month at `index` in figures or words, 0 when there is none; the index behind."""
    day, at = scan.integer(index, 1, 31), index + 1
    if day is not None:
        suffixed = scan.means(at, "ordinal_suffixes") or scan.at(at) == "°"
        return day, at + (suffixed and scan.glued(at))
    found = scan.words.ordinals.match(scan.tokens, index)
    if found is None and scan.lang != "en":
        found = scan.words.numbers.match(scan.tokens, index)
        if scan.means(index, "articles") and found == (1, index + 1):
            return 0, index  # "ein Januar"
    return found if found and found[0] <= 31 else (0, index)


def _month_first(scan: Scan, index: int) -> MomentAt | None:
    """March 4, 2025; March 4th; March 2025; March."""
    month = _month(scan, index)
    if month is None:
        return None
    day: int | None
    day, at = _day_behind(scan, month[1])
    if not day or _is_counted(scan, at):
        day, at = None, month[1]
    year, end = _year_behind(scan, at)
    bare = day is None and year is None
    if bare and (_may_be_a_word(scan, index) or _is_surname(scan, index)):
        return None
    return Moment(*scan.span(index, end), year, month[0], day), end


def _day_behind(scan: Scan, index: int) -> tuple[int, int]:
    """The day behind its month; in English also "March the fifth", not "May third-quarter"."""
    if scan.kind(index) == "number":
        return day_at(scan, index) if scan.integer(index, 1, 31) else (0, index)
    if scan.lang != "en":
        return 0, index
    day, at = day_at(scan, index + (scan.at(index) == "the"))
    closed = scan.kind(at) in ("number", "") or scan.written(at) in _CLOSING
    return (day, at) if day and closed else (0, index)


def _may_be_a_word(scan: Scan, index: int) -> bool:
    """Whether a month without a number is rather a common word: "May the ...", "Mar", "sept"."""
    word = scan.at(index)
    if scan.words.numbers.match(scan.tokens, index):
        return True
    if not scan.means(index, "common_words"):
        return False
    opens = index == 0 or scan.written(index - 1) in ".!?:"
    asks = word == "may" and scan.means(index + 1, "pronouns")
    return opens or asks or (len(word) <= _SHORT and word != "may")


def _is_counted(scan: Scan, index: int) -> bool:
    """Whether the number before `index` is an amount, not a day: "in March 30 percent of ..."."""
    units = scan.words.percent, scan.words.magnitude
    return any(unit.match(scan.tokens, index) for unit in units)


def _month(scan: Scan, index: int) -> tuple[int, int] | None:
    found = scan.words.months.match(scan.tokens, index)
    if found is None:
        return None
    month, end = found
    if (scan.at(index - 2), scan.at(index)) == _CITY or _is_uncapitalised(scan, index):
        return None
    if scan.at(end) == "." and scan.glued(end) and len(scan.written(index)) <= 5:
        end += scan.kind(end + 1) == "number"
    return month, end


def _is_surname(scan: Scan, index: int) -> bool:
    """Whether a day or month is part of a name where it is written small: "Santo Domingo"."""
    if scan.words.grammar["capitalised"] or scan.lang == "tr":
        return False
    return all(len(word) > 1 and word.istitle() for word in map(scan.written, (index - 1, index)))


def _is_uncapitalised(scan: Scan, index: int) -> bool:
    """Whether a word in lower case is no month or weekday, as "may" is none in a plain sentence.

    A text without capitals has them, too: "on may 30", "last march", "6 may 2026", "on 6 may".
    """
    word = scan.written(index)
    if word[0].isupper() or not scan.words.grammar["capitalised"]:
        return False
    if word in _VERBS:
        led = scan.means(index - 1, "before_months") or _is_behind_day(scan, index)
        return scan.lang != "en" or not led
    return scan.lang != "en" or len(word) <= _SHORT


def _is_behind_day(scan: Scan, index: int) -> bool:
    """Whether a day stands before "may", and not a count: "6 may leave"."""
    at = index - 1 - scan.means(index - 1, "ordinal_suffixes")
    if at < 0 or scan.integer(at, 1, 31) is None:
        return False
    led = scan.means(at - 1, "before_days") or scan.words.weekdays.match_before(scan.tokens, at)
    return bool(led) or scan.year(index + 1) is not None


def _year_behind(scan: Scan, index: int) -> tuple[int | None, int]:
    """The year that ends a date, and the index behind it."""
    at = index
    while scan.means(at, "day_joiners"):
        at += 1
    year = scan.year(at)
    if year is None:
        return None, index
    ended = at + 1 + (scan.at(at + 1) in ("года", "году", "г"))
    return year, ended


def _weekday(scan: Scan, index: int) -> MomentAt | None:
    found = scan.words.weekdays.match(scan.tokens, index)
    if found is None or _is_uncapitalised(scan, index) or _is_surname(scan, index):
        return None
    if len(scan.at(index)) == _SHORT and scan.lang == "en" and scan.at(found[1]) not in (".", ","):
        return None
    return Moment(*scan.span(index, found[1]), weekday=found[0]), found[1]


def _relative(scan: Scan, index: int) -> MomentAt | None:
    found = scan.words.relative.match(scan.tokens, index)
    if found is None:
        return None
    return Moment(*scan.span(index, found[1]), relative=found[0]), found[1]


def with_part(scan: Scan, index: int, found: MomentAt) -> MomentAt:
    """Add "early", "mid" or "late" from the words before ("mid-2025", "at the end of March")."""
    moment, end = found
    before = index - 1 if index and scan.written(index - 1) == "-" else index
    part = scan.words.part.match_before(scan.tokens, before, reach=3)
    if part is None or moment.day is not None or moment.weekday is not None:
        return found
    return moment._replace(part=part[0], start=scan.tokens[part[1]].start), end
