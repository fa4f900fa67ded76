"""Reading moments: dates, months, weekdays, quarters, years and times of day, as far as said."""

from __future__ import annotations

from rewriter.text.quantities.facts import Moment
from rewriter.text.quantities.numeric_dates import han_date, numeric_date
from rewriter.text.quantities.periods import named_period, numbered_period
from rewriter.text.quantities.places import Found, small_integer, text_at, year_at
from rewriter.text.quantities.times import read_time
from rewriter.text.quantities.vocabulary import Vocabulary
from rewriter.text.quantities.years import named_years, numbered_years
from rewriter.text.tokens import Token, glued

_SHORT = 3
# English months that are verbs in lower case, and the words before a month.
_VERBS = frozenset({"may", "march"})
_BEFORE_MONTHS = frozenset(
    {"in", "on", "of", "until", "since", "by", "from", "last", "next", "early", "late", "mid"}
)
_BEFORE_DAYS = frozenset({"on", "until", "since", "by", "from"})
_CLOSING = frozenset(",.;:)?!")
_PRONOUNS = frozenset({"i", "you", "we", "he", "she", "it", "they"})
# Short forms and names of months that are common words; they need a number beside them.
_COMMON_WORDS = frozenset(
    [
        *("may", "march", "mar", "jan", "dec", "sun", "sat", "mon", "wed", "set", "out", "abr"),
        *("jun", "sep", "oct", "nov", "feb", "dez"),
    ]
)
# "Rio de Janeiro" is no month.
_CITY = ("rio", "janeiro")


def read_moment(tokens: list[Token], index: int, words: Vocabulary) -> Found | None:
    """The moment that begins at `index` and the index of the token behind it, or None."""
    token = tokens[index]
    if token.kind == "currency":
        return None
    if token.kind == "number":
        short = len(token.text) <= 2
        found = (
            numeric_date(tokens, index, words)
            or (words.lang == "zh" and han_date(tokens, index, words))
            or read_time(tokens, index, words)
            or (short and _day_first(tokens, index, words))
            or numbered_years(tokens, index, words)
            or (short and numbered_period(tokens, index, words))
        )
    else:
        found = (
            (token.lower in words.months and _month_first(tokens, index, words))
            or (token.lower in words.weekdays and _weekday(tokens, index, words))
            or (token.lower in words.relative and _relative(tokens, index, words))
            or named_period(tokens, index, words)
            or named_years(tokens, index, words)
            or _day_first(tokens, index, words)
            or read_time(tokens, index, words)
            or (han_date(tokens, index, words) if token.kind == "han" else None)
        )
    return with_part(found, tokens, index, words) if found else None


def _day_first(tokens: list[Token], index: int, words: Vocabulary) -> Found | None:
    """4 March 2025, 4th of March, the fifth of March, 3. März, 3 de marzo de 2025, пятого марта."""
    day, at = day_at(tokens, index, words)
    if not day:
        return None
    behind = at
    while text_at(tokens, at) in words.calendar["day_joiners"] and text_at(tokens, at) != ",":
        at += 1
    if tokens[index].kind == "word" and at == behind and words.lang == "en":
        return None  # "the first March in years", "one May evening"
    month = _month(tokens, at, words)
    if month is None:
        return None
    year, end = _year_behind(tokens, month[1], words)
    return Moment(tokens[index].start, tokens[end - 1].end, year, month[0], day), end


def day_at(tokens: list[Token], index: int, words: Vocabulary) -> tuple[int, int]:
    """A day of the month at `index` in figures or words, 0 when there is none; the index behind."""
    day, at = small_integer(tokens, index, 1, 31), index + 1
    if day is not None:
        suffixes = words.grammar["ordinal_suffixes"]
        at += glued(tokens, at) and (text_at(tokens, at) in suffixes or text_at(tokens, at) == "°")
        return day, at
    found = words.ordinals.match(tokens, index)
    if found is None and words.lang != "en" and index < len(tokens):
        found = words.numbers.match(tokens, index)
        if tokens[index].lower in words.grammar["articles"] and found == (1, index + 1):
            return 0, index  # "ein Januar"
    return found if found and found[0] <= 31 else (0, index)


def _month_first(tokens: list[Token], index: int, words: Vocabulary) -> Found | None:
    """March 4, 2025; March 4th; March 2025; March."""
    month = _month(tokens, index, words)
    if month is None:
        return None
    day: int | None
    day, at = _day_behind(tokens, month[1], words)
    if not day or _is_counted(tokens, at, words):
        day, at = None, month[1]
    year, end = _year_behind(tokens, at, words)
    if day is None and year is None and _may_be_a_word(tokens, index, words):
        return None
    if day is None and year is None and _is_surname(tokens, index, words):
        return None
    return Moment(tokens[index].start, tokens[end - 1].end, year, month[0], day), end


def _day_behind(tokens: list[Token], index: int, words: Vocabulary) -> tuple[int, int]:
    """The day behind its month; in English also "March the fifth", not "May third-quarter"."""
    if tokens[index : index + 1] and tokens[index].kind == "number":
        return day_at(tokens, index, words) if small_integer(tokens, index, 1, 31) else (0, index)
    if words.lang != "en":
        return 0, index
    day, at = day_at(tokens, index + (text_at(tokens, index) == "the"), words)
    closed = at >= len(tokens) or tokens[at].kind == "number" or tokens[at].text in _CLOSING
    return (day, at) if day and closed else (0, index)


def _may_be_a_word(tokens: list[Token], index: int, words: Vocabulary) -> bool:
    """Whether a month without a number is rather a common word: "May the ...", "Mar", "sept"."""
    word = tokens[index].lower
    if words.numbers.match(tokens, index):
        return True
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
    if index > 1 and (tokens[index - 2].lower, tokens[index].lower) == _CITY:
        return None
    if words.calendar["capitalised"] and _is_uncapitalised(tokens, index, words):
        return None
    if text_at(tokens, end) == "." and glued(tokens, end) and len(tokens[index].text) <= 5:
        following = tokens[end + 1] if end + 1 < len(tokens) else None
        end += following is not None and following.kind == "number"
    return month, end


def _is_surname(tokens: list[Token], index: int, words: Vocabulary) -> bool:
    """Whether a day or month is part of a name where it is written small: "Santo Domingo"."""
    if words.calendar["capitalised"] or words.lang == "tr" or not index:
        return False
    return _is_title(tokens[index].text) and _is_title(tokens[index - 1].text)


def _is_title(word: str) -> bool:
    return word.istitle() and len(word) > 1


def _is_uncapitalised(tokens: list[Token], index: int, words: Vocabulary) -> bool:
    """Whether a word in lower case is no month or weekday, as "may" is none in a plain sentence.

    A text without capitals has them, too: "on may 30", "last march", "6 may 2026", "on 6 may".
    """
    word = tokens[index].text
    if word[0].isupper():
        return False
    if word in _VERBS:
        led = text_at(tokens, index - 1) in _BEFORE_MONTHS or _is_behind_day(tokens, index, words)
        return words.lang != "en" or not led
    return words.lang != "en" or len(word) <= _SHORT


def _is_behind_day(tokens: list[Token], index: int, words: Vocabulary) -> bool:
    """Whether a day stands before "may", and not a count: "6 may leave"."""
    at = index - 1 - (text_at(tokens, index - 1) in words.grammar["ordinal_suffixes"])
    if at < 0 or small_integer(tokens, at, 1, 31) is None:
        return False
    led = text_at(tokens, at - 1) in _BEFORE_DAYS or words.weekdays.match_before(tokens, at)
    return bool(led) or year_at(tokens, index + 1) is not None


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


def _weekday(tokens: list[Token], index: int, words: Vocabulary) -> Found | None:
    found = words.weekdays.match(tokens, index)
    if found is None:
        return None
    text = tokens[index].text
    if words.calendar["capitalised"] and _is_uncapitalised(tokens, index, words):
        return None
    if _is_surname(tokens, index, words):
        return None
    if len(text) == 3 and words.lang == "en" and text_at(tokens, found[1]) not in (".", ","):
        return None
    return Moment(tokens[index].start, tokens[found[1] - 1].end, weekday=found[0]), found[1]


def _relative(tokens: list[Token], index: int, words: Vocabulary) -> Found | None:
    found = words.relative.match(tokens, index)
    if found is None:
        return None
    return Moment(tokens[index].start, tokens[found[1] - 1].end, relative=found[0]), found[1]


def with_part(found: Found, tokens: list[Token], index: int, words: Vocabulary) -> Found:
    """Add "early", "mid" or "late" from the words before ("mid-2025", "at the end of March")."""
    moment, end = found
    before = index - 1 if index and tokens[index - 1].text == "-" else index
    part = words.part.match_before(tokens, before, reach=3)
    if part is None or moment.day is not None or moment.weekday is not None:
        return found
    return moment._replace(part=part[0], start=tokens[part[1]].start), end
