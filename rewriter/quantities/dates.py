"""Reading moments: dates, months, weekdays, quarters, years and times of day, as far as said."""

from __future__ import annotations

from rewriter.quantities.facts import Moment
from rewriter.quantities.periods import named_period, numbered_period, short_period
from rewriter.quantities.places import (
    FIRST_YEAR,
    LAST_YEAR,
    Found,
    small_integer,
    text_at,
    year_at,
)
from rewriter.quantities.vocabulary import Vocabulary
from rewriter.tokens import Token, glued

_MINUTES = 60
_SHORT = 3
_PRONOUNS = frozenset({"i", "you", "we", "he", "she", "it", "they"})
_YEAR_LINKS = frozenset("-–—/")
# Short forms and names of months that are common words; they need a number beside them.
_COMMON_WORDS = frozenset(
    [
        "may",
        "march",
        "mar",
        "jan",
        "dec",
        "sun",
        "sat",
        "mon",
        "wed",
        "set",
        "out",
        "abr",
        "jun",
        "sep",
        "oct",
        "nov",
        "feb",
    ]
)


def read_moment(tokens: list[Token], index: int, words: Vocabulary) -> Found | None:
    """The moment that begins at `index` and the index of the token behind it, or None."""
    token = tokens[index]
    if token.kind == "number":
        found = (
            _numeric_date(tokens, index)
            or _han_date(tokens, index)
            or _time(tokens, index, words)
            or _day_first(tokens, index, words)
            or _decade(tokens, index)
            or numbered_period(tokens, index, words)
        )
    elif token.kind == "currency":
        return None
    else:
        found = (
            _month_first(tokens, index, words)
            or short_period(tokens, index, words)
            or _weekday(tokens, index, words)
            or _relative(tokens, index, words)
            or named_period(tokens, index, words)
        )
    return _with_part(found, tokens, index, words) if found else None


def bare_year(tokens: list[Token], index: int, words: Vocabulary) -> Moment | None:
    """A year that stands alone; "2000 people" and "1500 new jobs" are counts.

    What precedes decides ("in 2025", "mid-2025"), else what follows: a year is seldom followed by a
    lower-case word that is counted.
    """
    year = year_at(tokens, index)
    if year is None:
        return None
    before = tokens[index - 1] if index else None
    cued = before is not None and (
        before.lower in words.grammar["year_before"] or before.lower in words.months
    )
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    counted = following is not None and following.kind == "word" and following.lower.endswith("s")
    if counted and not (cued and year >= 1900):
        return None
    found = Moment(tokens[index].start, tokens[index].end, year=year)
    with_part = _with_part((found, index + 1), tokens, index, words)
    return with_part[0]


def year_range(tokens: list[Token], index: int, year: Moment) -> tuple[list[Moment], int]:
    """The year at `index`, with the second one of "2024-25" or "2024/25", and the index behind."""
    at = index + 2
    joined = text_at(tokens, index + 1) in _YEAR_LINKS and glued(tokens, index + 1)
    short = text_at(tokens, at)
    if joined and glued(tokens, at) and len(short) == 2 and short.isdigit():
        first = year.year or 0
        later = first - first % 100 + int(short)
        if later > first:
            return [year, Moment(tokens[at].start, tokens[at].end, year=later)], at + 1
    return [year], index + 1


def _numeric_date(tokens: list[Token], index: int) -> Found | None:
    """2025-03-04, 2025/03/04, 04.03.2025, 4/3/2025 (read day first unless that is impossible)."""
    parts, end = _date_parts(tokens, index)
    if len(parts) != 3 or not all(part.isdigit() and len(part) <= 4 for part in parts):
        return None
    first, second, third = (int(part) for part in parts)
    start, stop = tokens[index].start, tokens[end - 1].end
    if len(parts[0]) == 4 and 1 <= second <= 12 and 1 <= third <= 31:
        return Moment(start, stop, year=first, month=second, day=third), end
    if len(parts[2]) != 4 or not FIRST_YEAR <= third <= LAST_YEAR:
        return None
    if first <= 12 < second <= 31:
        first, second = second, first
    if not (1 <= second <= 12 and 1 <= first <= 31):
        return None
    unsure = first <= 12 and first != second and tokens[index + 1 : index + 2][0].text == "/"
    if unsure:  # 4/3/2025: day and month can't be told apart, so only the year is a fact
        return Moment(start, stop, year=third), end
    return Moment(start, stop, year=third, month=second, day=first), end


def _date_parts(tokens: list[Token], index: int) -> tuple[list[str], int]:
    text = tokens[index].text
    if text.count(".") == 2:
        return text.split("."), index + 1
    separator = text_at(tokens, index + 1)
    if separator not in ("-", "/", "."):
        return [], index
    pieces, end = tokens[index : index + 5], index + 5
    whole = len(pieces) == 5 and pieces[3].text == separator
    if not whole or not all(glued(tokens, i) for i in range(index + 1, end)):
        return [], index
    return [piece.text for piece in pieces[::2]], end


def _han_date(tokens: list[Token], index: int) -> Found | None:
    """2025年3月4日, 2025年, 3月4日, 3月."""
    year = month = day = None
    end = index
    if text_at(tokens, end + 1) == "年" and (year := year_at(tokens, end)):
        end += 2
    if text_at(tokens, end + 1) == "月" and (month := small_integer(tokens, end, 1, 12)):
        end += 2
        if text_at(tokens, end + 1) in ("日", "号") and (day := small_integer(tokens, end, 1, 31)):
            end += 2
    if end == index:
        return None
    return Moment(tokens[index].start, tokens[end - 1].end, year, month, day), end


def _time(tokens: list[Token], index: int, words: Vocabulary) -> Found | None:
    """17:00, 5:30 p.m., 5pm, 17h30, 17 Uhr; the minute counts from midnight."""
    hour = small_integer(tokens, index, 0, 24)
    if hour is None:
        return None
    minute, end = 0, index + 1
    separator = text_at(tokens, end)
    clock = separator in (":", "h", ".") and glued(tokens, end) and glued(tokens, end + 1)
    if clock and len(text_at(tokens, end + 1)) == 2:
        read = small_integer(tokens, end + 1, 0, 59)
        if read is not None:
            minute, end = read, end + 2
        if text_at(tokens, end) == ":" and small_integer(tokens, end + 1, 0, 59) is not None:
            end += 2
    elif (
        glued(tokens, end)
        and separator[:1] == "h"
        and separator[1:].isdigit()
        and len(separator) == 3
    ):
        minute, end = int(separator[1:]) % _MINUTES, end + 1
    noon = _half_of_day(tokens, end, words)
    if noon:
        hour, end = hour % 12 + noon[0], noon[1]
    elif text_at(tokens, end) == "uhr":
        end += 1
    elif end == index + 1 or separator == ".":
        return None
    return Moment(tokens[index].start, tokens[end - 1].end, minute=hour * _MINUTES + minute), end


def _half_of_day(tokens: list[Token], index: int, words: Vocabulary) -> tuple[int, int] | None:
    """12 for p.m. and 0 for a.m., with the index behind it."""
    for name, shift in (("am", 0), ("pm", 12)):
        for form in words.calendar[name]:
            letters = form.replace(".", "")
            if text_at(tokens, index) == letters and tokens[index].kind == "word":
                return shift, index + 1
            dotted = [text_at(tokens, index + i) for i in range(3)]
            if len(letters) == 2 and dotted == [letters[0], ".", letters[1]]:
                return shift, index + 3 + (text_at(tokens, index + 3) == ".")
    return None


def _day_first(tokens: list[Token], index: int, words: Vocabulary) -> Found | None:
    """4 March 2025, 4th of March, 3. März, 3 de marzo de 2025, 4 марта 2025 года."""
    day = small_integer(tokens, index, 1, 31)
    if day is None:
        return None
    at = index + 1
    if glued(tokens, at) and text_at(tokens, at) in words.grammar["ordinal_suffixes"]:
        at += 1
    while text_at(tokens, at) in words.calendar["day_joiners"] and text_at(tokens, at) != ",":
        at += 1
    month = _month(tokens, at, words)
    if month is None:
        return None
    year, end = _year_behind(tokens, month[1], words)
    return Moment(tokens[index].start, tokens[end - 1].end, year, month[0], day), end


def _month_first(tokens: list[Token], index: int, words: Vocabulary) -> Found | None:
    """March 4, 2025; March 4th; March 2025; March."""
    month = _month(tokens, index, words)
    if month is None:
        return None
    day, at = small_integer(tokens, month[1], 1, 31), month[1]
    if day is not None and not _is_counted(tokens, at + 1, words):
        at += 1
        if glued(tokens, at) and text_at(tokens, at) in words.grammar["ordinal_suffixes"]:
            at += 1
    else:
        day = None
    year, end = _year_behind(tokens, at, words)
    if day is None and year is None and _may_be_a_word(tokens, index):
        return None
    return Moment(tokens[index].start, tokens[end - 1].end, year, month[0], day), end


def _may_be_a_word(tokens: list[Token], index: int) -> bool:
    """Whether a month without a number is rather a common word: "May the ...", "Mar", "Set"."""
    word = tokens[index].lower
    if word not in _COMMON_WORDS:
        return False
    opens = index == 0 or tokens[index - 1].text in ".!?:"
    asks = word == "may" and text_at(tokens, index + 1) in _PRONOUNS
    return opens or asks or (len(word) <= _SHORT and word != "may")


def _is_counted(tokens: list[Token], index: int, words: Vocabulary) -> bool:
    """Whether the number before `index` is an amount, not a day: "in March 30 percent of ..."."""
    return bool(words.percent.match(tokens, index) or words.magnitude.match(tokens, index))


def _month(tokens: list[Token], index: int, words: Vocabulary) -> tuple[int, int] | None:
    found = words.months.match(tokens, index)
    if found is None:
        return None
    month, end = found
    if words.calendar["capitalised"] and not tokens[index].text[0].isupper():
        return None
    if text_at(tokens, end) == "." and glued(tokens, end) and len(tokens[index].text) <= 5:
        following = tokens[end + 1] if end + 1 < len(tokens) else None
        end += following is not None and following.kind == "number"
    return month, end


def _year_behind(tokens: list[Token], index: int, words: Vocabulary) -> tuple[int | None, int]:
    """The year that ends a date, and the index behind it."""
    at = index
    while text_at(tokens, at) in words.calendar["day_joiners"]:
        at += 1
    year = year_at(tokens, at)
    if year is None:
        return None, index
    ended = at + 1 + (text_at(tokens, at + 1) in ("года", "году", "г"))
    return year, ended


def _decade(tokens: list[Token], index: int) -> Found | None:
    """1990s, '90s."""
    text = tokens[index].text
    plural = text_at(tokens, index + 1) in ("s", "’s", "'s") and glued(tokens, index + 1)
    if not plural or not text.isdigit() or not text.endswith("0") or len(text) not in (2, 4):
        return None
    year = int(text) if len(text) == 4 else 1900 + int(text)
    return Moment(tokens[index].start, tokens[index + 1].end, year=year, decade=True), index + 2


def _weekday(tokens: list[Token], index: int, words: Vocabulary) -> Found | None:
    found = words.weekdays.match(tokens, index)
    if found is None:
        return None
    text = tokens[index].text
    if words.calendar["capitalised"] and not text[0].isupper():
        return None
    if len(text) == 3 and words.lang == "en" and text_at(tokens, found[1]) not in (".", ","):
        return None
    return Moment(tokens[index].start, tokens[found[1] - 1].end, weekday=found[0]), found[1]


def _relative(tokens: list[Token], index: int, words: Vocabulary) -> Found | None:
    found = words.relative.match(tokens, index)
    if found is None:
        return None
    return Moment(tokens[index].start, tokens[found[1] - 1].end, relative=found[0]), found[1]


def _with_part(found: Found, tokens: list[Token], index: int, words: Vocabulary) -> Found:
    """Add "early", "mid" or "late" from the words before ("mid-2025", "at the end of March")."""
    moment, end = found
    before = index - 1 if index and tokens[index - 1].text == "-" else index
    part = words.part.match_before(tokens, before, reach=3)
    if part is None or moment.day is not None or moment.weekday is not None:
        return found
    return moment._replace(part=part[0], start=tokens[part[1]].start), end
