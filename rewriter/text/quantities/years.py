"""Years and what is made of them: 2024-25, 500 BC, the 1990s, 19th century, spring 2020."""

from __future__ import annotations

from rewriter.text.quantities.facts import Moment
from rewriter.text.quantities.places import Found, han_integer, small_integer, text_at, year_at
from rewriter.text.quantities.vocabulary import Vocabulary
from rewriter.text.tokens import Token, glued

_YEAR_LINKS = frozenset("-–—/")
_BEHIND_YEARS = frozenset({"for", "with", "at", "when", "as", "and", "but", "before", "after"})
_DECADE_MARKS = frozenset({"s", "'s", "er", "ern", "е", "х"})
# "In his eighties" is an age.
_OWNERS = frozenset({"his", "her", "their", "my", "your", "our"})
_ROMAN = {"i": 1, "v": 5, "x": 10}
_MAX_CENTURY = 21
_MODERN = 1900
_YEAR_WORDS = frozenset(
    {"года", "году", "год", "г", "und", "et", "y", "e", "и", "bis", "a", "à"}
) | {"roku", "r", "jaar", "en", "tot", "i", "do", "och"}
# How the Korean words for ten thousand and more begin: "1504조2000억".
_MYRIADS = frozenset("만억조")
# The last token of an era that is written before its year: "AD 70", "公元前500年".
_ERA_LEADS = frozenset({"AD", "元", "前"})


def bare_year(tokens: list[Token], index: int, words: Vocabulary) -> Moment | None:
    """A year that stands alone; "2000 people" and "1500 new jobs" are counts.

    What precedes decides ("in 2025", "mid-2025"), otherwise what follows: a year is seldom followed
    by a lower-case word that is counted.
    """
    year = year_at(tokens, index)
    if year is None:
        return None
    before = tokens[index - 1] if index else None
    cued = before is not None and (
        before.lower in words.grammar["year_before"] or before.lower in words.months
    )
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    counted = following is not None and _is_counted(following, year, words)
    if counted and not (cued and year >= _MODERN):
        return None
    return Moment(tokens[index].start, tokens[index].end, year=year)


def _is_counted(following: Token, year: int, words: Vocabulary) -> bool:
    """Whether what follows a possible year is rather counted: "1500 jobs", "1300 квартир"."""
    if following.kind == "han":
        return following.text != "年"
    if following.text[0] in _MYRIADS:
        return True
    other = words.lang != "en" or words.foreign
    plural = other and year < _MODERN and following.lower not in _YEAR_WORDS
    return following.kind == "word" and (plural or following.lower.endswith("s"))


def year_range(tokens: list[Token], index: int, year: Moment) -> tuple[list[Moment], int]:
    """The year at `index`, with the second one of "2024-25" or "2024/25", and the index behind."""
    at = index + 1 + _link_width(tokens, index + 1)
    short = text_at(tokens, at)
    glued_to = glued(tokens, index + 1) and glued(tokens, at)
    joined = at > index + 1 and (glued_to or _is_no_count(tokens, at))
    if joined and len(short) == 2 and short.isdigit():
        first = year.year or 0
        later = first - first % 100 + int(short)
        if later > first:
            return [year, Moment(tokens[at].start, tokens[at].end, year=later)], at + 1
    return [year], index + 1


def _is_no_count(tokens: list[Token], index: int) -> bool:
    """Whether two digits behind a year and a spaced dash count nothing: "in 2007 -- 08 for Elm"."""
    behind = tokens[index + 1] if index + 1 < len(tokens) else None
    if behind is None or behind.kind == "mark" or behind.lower == "season":
        return True
    return tokens[index].text[0] == "0" or behind.lower in _BEHIND_YEARS


def _link_width(tokens: list[Token], index: int) -> int:
    """The tokens of the dash at `index`, which some write as two hyphens; 0 without one."""
    if text_at(tokens, index) not in _YEAR_LINKS:
        return 0
    return 1 + (text_at(tokens, index + 1) == "-" and glued(tokens, index + 1))


def numbered_years(tokens: list[Token], index: int, words: Vocabulary) -> Found | None:
    """1990s, '90s, 90er Jahre, 1990-е, 90年代; 19th century, 19. Jahrhundert; 500 BC, AD 70."""
    return (
        _decade(tokens, index, words)
        or _numbered_century(tokens, index, words)
        or _era(tokens, index, words)
    )


def named_years(tokens: list[Token], index: int, words: Vocabulary) -> Found | None:
    """the eighties, nineteenth century, siglo XIX, spring 2020, les années 90."""
    return (
        _season(tokens, index, words)
        or _named_decade(tokens, index, words)
        or _named_century(tokens, index, words)
    )


def _decade(tokens: list[Token], index: int, words: Vocabulary) -> Found | None:
    text, at = tokens[index].text, index + 1
    if not text.isdigit() or not text.endswith("0") or len(text) not in (2, 4):
        return None
    at += text_at(tokens, at) == "-" and glued(tokens, at)
    if text_at(tokens, at) in _DECADE_MARKS and glued(tokens, at):
        at += 1
    elif text_at(tokens, at) + text_at(tokens, at + 1) == "年代":
        at += 2
    elif not words.decade_before.match_before(tokens, index):
        return None
    if text_at(tokens, index - 1) in _OWNERS:
        return None
    at += text_at(tokens, at) in words.calendar["decade_words"]
    year = int(text) if len(text) == 4 else 1900 + int(text)
    return Moment(tokens[index].start, tokens[at - 1].end, year=year, decade=True), at


def _named_decade(tokens: list[Token], index: int, words: Vocabulary) -> Found | None:
    """the eighties, neunziger Jahre, los noventa, les années quatre-vingt-dix."""
    before = words.decade_before.match(tokens, index)
    if before:
        found = words.numbers.match(tokens, before[1])
        end = found[1] if found else 0
    else:
        found = words.decades.match(tokens, index)
        if found is None or text_at(tokens, index - 1) in _OWNERS:
            return None
        end = found[1] + (text_at(tokens, found[1]) in words.calendar["decade_words"])
    if found is None or not 20 <= found[0] <= 90 or found[0] % 10:
        return None
    return Moment(tokens[index].start, tokens[end - 1].end, year=1900 + found[0], decade=True), end


def _numbered_century(tokens: list[Token], index: int, words: Vocabulary) -> Found | None:
    number = small_integer(tokens, index, 1, _MAX_CENTURY)
    if number is None:
        return None
    at = index + 1
    at += text_at(tokens, at) in ("-", ".")
    at += text_at(tokens, at) in words.grammar["ordinal_suffixes"]
    return _century(tokens, index, at, number, words)


def _named_century(tokens: list[Token], index: int, words: Vocabulary) -> Found | None:
    if tokens[index].lower in words.calendar["century_before"]:  # siglo XIX
        number = _roman(text_at(tokens, index + 1))
        span = tokens[index].start, tokens[min(index + 1, len(tokens) - 1)].end
        return (Moment(*span, century=number), index + 2) if number else None
    found = words.ordinals.match(tokens, index) or han_integer(tokens, index, words)
    if found is None and tokens[index].text[0] in "XVI":
        number = _roman(tokens[index].lower.rstrip("eè").removesuffix("èm"))
        found = (number, index + 1) if number else None
    return _century(tokens, index, found[1], found[0], words) if found else None


def _century(
    tokens: list[Token], index: int, at: int, number: int, words: Vocabulary
) -> Found | None:
    at += text_at(tokens, at) == "-"
    if words.lang == "zh" and text_at(tokens, at) + text_at(tokens, at + 1) in ("世纪", "世紀"):
        at += 1
    elif text_at(tokens, at) not in words.calendar["century_words"]:
        return None
    era = words.era.match(tokens, at + 1)
    end = era[1] if era else at + 1
    sign = era[0] if era else 1
    return Moment(tokens[index].start, tokens[end - 1].end, century=sign * number), end


def _roman(text: str) -> int:
    """A Roman numeral up to 21, 0 for any other text."""
    if not text or any(letter not in _ROMAN for letter in text):
        return 0
    values = [_ROMAN[letter] for letter in text]
    pairs = zip(values, [*values[1:], 0], strict=True)
    number = sum(-value if value < following else value for value, following in pairs)
    return number if number <= _MAX_CENTURY else 0


def _era(tokens: list[Token], index: int, words: Vocabulary) -> Found | None:
    """500 BC, 70 AD, AD 70, 500 v. Chr."""
    text = tokens[index].text
    if not text.isdigit() or len(text) > 4:
        return None
    behind = words.era.match(tokens, index + 1)
    if behind and (words.lang != "en" or tokens[index + 1].text.isupper()):
        span = tokens[index].start, tokens[behind[1] - 1].end
        return Moment(*span, year=behind[0] * int(text)), behind[1]
    lead = tokens[index - 1] if index else tokens[index]
    before = words.era.match_before(tokens, index) if lead.text in _ERA_LEADS else None
    if before is None:
        return None
    end = index + 1 + (text_at(tokens, index + 1) == "年")
    return Moment(tokens[before[1]].start, tokens[end - 1].end, year=before[0] * int(text)), end


def _season(tokens: list[Token], index: int, words: Vocabulary) -> Found | None:
    """spring 2020, the autumn of 2020; without a year only as the source's word for a time."""
    found = words.seasons.match(tokens, index)
    if found is None:
        return None
    at = found[1]
    at += text_at(tokens, at) in words.calendar["season_joiners"]
    year = year_at(tokens, at)
    if year is None:
        return None
    return Moment(tokens[index].start, tokens[at].end, year=year, season=found[0]), at + 1
