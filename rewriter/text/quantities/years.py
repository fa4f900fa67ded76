"""Years and what is made of them: 2024-25, 500 BC, the 1990s, 19th century, spring 2020."""

from __future__ import annotations

from rewriter.text.quantities.facts import Moment
from rewriter.text.quantities.scan import MomentAt, Scan

_YEAR_LINKS = frozenset("-–—/")
_DECADE_MARKS = frozenset({"s", "'s", "er", "ern", "е", "х"})
_ROMAN = {"i": 1, "v": 5, "x": 10}
_MAX_CENTURY = 21
_MODERN = 1900
# How the Korean words for ten thousand and more begin: "1504조2000억".
_MYRIADS = frozenset("만억조")
# The last token of an era that is written before its year: "AD 70", "公元前500年".
_ERA_LEADS = frozenset({"AD", "元", "前"})


def bare_year(scan: Scan, index: int) -> Moment | None:
    """A year that stands alone; "2000 people" and "1500 new jobs" are counts.

    What precedes decides ("in 2025", "mid-2025"), otherwise what follows: a year is seldom followed
    by a lower-case word that is counted.
    """
    year = scan.year(index)
    if year is None:
        return None
    cued = scan.means(index - 1, "year_before") or scan.at(index - 1) in scan.words.months
    if _is_counted(scan, index + 1, year) and not (cued and year >= _MODERN):
        return None
    return Moment(*scan.span(index, index + 1), year=year)


def _is_counted(scan: Scan, index: int, year: int) -> bool:
    """Whether what follows a possible year is rather counted: "1500 jobs", "1300 квартир"."""
    following = scan.at(index)
    if scan.kind(index) == "han":
        return following != "年"
    if following[:1] in _MYRIADS:
        return True
    other = scan.lang != "en" or scan.words.foreign
    plural = other and year < _MODERN and not scan.means(index, "joined_to_year")
    return scan.kind(index) == "word" and (plural or following.endswith("s"))


def year_range(scan: Scan, index: int, year: Moment) -> tuple[list[Moment], int]:
    """The year at `index`, with the second one of "2024-25" or "2024/25", and the index behind."""
    at = index + 1 + _link_width(scan, index + 1)
    short = scan.at(at)
    glued_to = scan.glued(index + 1) and scan.glued(at)
    joined = at > index + 1 and (glued_to or _is_no_count(scan, at))
    if joined and len(short) == 2 and short.isdigit():
        first = year.year or 0
        later = first - first % 100 + int(short)
        if later > first:
            return [year, Moment(*scan.span(at, at + 1), year=later)], at + 1
    return [year], index + 1


def _is_no_count(scan: Scan, index: int) -> bool:
    """Whether two digits behind a year and a spaced dash count nothing: "in 2007 -- 08 for Elm"."""
    if scan.kind(index + 1) in ("mark", "") or scan.at(index + 1) == "season":
        return True
    return scan.at(index)[0] == "0" or scan.means(index + 1, "behind_years")


def _link_width(scan: Scan, index: int) -> int:
    """The tokens of the dash at `index`, which some write as two hyphens; 0 without one."""
    if scan.at(index) not in _YEAR_LINKS:
        return 0
    return 1 + (scan.at(index + 1) == "-" and scan.glued(index + 1))


def numbered_years(scan: Scan, index: int) -> MomentAt | None:
    """1990s, '90s, 90er Jahre, 1990-е, 90年代; 19th century, 19. Jahrhundert; 500 BC, AD 70."""
    return _decade(scan, index) or _numbered_century(scan, index) or _era(scan, index)


def named_years(scan: Scan, index: int) -> MomentAt | None:
    """the eighties, nineteenth century, siglo XIX, spring 2020, les années 90."""
    return _season(scan, index) or _named_decade(scan, index) or _named_century(scan, index)


def _decade(scan: Scan, index: int) -> MomentAt | None:
    text, at = scan.written(index), index + 1
    if not text.isdigit() or not text.endswith("0") or len(text) not in (2, 4):
        return None
    at += scan.at(at) == "-" and scan.glued(at)
    if scan.at(at) in _DECADE_MARKS and scan.glued(at):
        at += 1
    elif scan.at(at) + scan.at(at + 1) == "年代":
        at += 2
    elif not scan.words.decade_before.match_before(scan.tokens, index):
        return None
    if scan.means(index - 1, "owners"):
        return None
    at += scan.means(at, "decade_words")
    year = int(text) if len(text) == 4 else 1900 + int(text)
    return Moment(*scan.span(index, at), year=year, decade=True), at


def _named_decade(scan: Scan, index: int) -> MomentAt | None:
    """the eighties, neunziger Jahre, los noventa, les années quatre-vingt-dix."""
    before = scan.words.decade_before.match(scan.tokens, index)
    if before:
        found = scan.words.numbers.match(scan.tokens, before[1])
        end = found[1] if found else 0
    else:
        found = scan.words.decades.match(scan.tokens, index)
        if found is None or scan.means(index - 1, "owners"):
            return None
        end = found[1] + scan.means(found[1], "decade_words")
    if found is None or not 20 <= found[0] <= 90 or found[0] % 10:
        return None
    return Moment(*scan.span(index, end), year=1900 + found[0], decade=True), end


def _numbered_century(scan: Scan, index: int) -> MomentAt | None:
    number = scan.integer(index, 1, _MAX_CENTURY)
    if number is None:
        return None
    at = index + 1
    at += scan.at(at) in ("-", ".")
    at += scan.means(at, "ordinal_suffixes")
    return _century(scan, index, at, number)


def _named_century(scan: Scan, index: int) -> MomentAt | None:
    if scan.means(index, "century_before"):  # siglo XIX
        number, end = _roman(scan.at(index + 1)), index + 2
        return (Moment(*scan.span(index, end), century=number), end) if number else None
    found = scan.words.ordinals.match(scan.tokens, index) or scan.han_integer(index)
    if found is None and scan.written(index)[0] in "XVI":
        number = _roman(scan.at(index).rstrip("eè").removesuffix("èm"))
        found = (number, index + 1) if number else None
    return _century(scan, index, found[1], found[0]) if found else None


def _century(scan: Scan, index: int, at: int, number: int) -> MomentAt | None:
    at += scan.at(at) == "-"
    if scan.lang == "zh" and scan.at(at) + scan.at(at + 1) in ("世纪", "世紀"):
        at += 1
    elif not scan.means(at, "century_words"):
        joined = _goes_on_to_century(scan, at)
        return (Moment(*scan.span(index, at), century=number), at) if joined else None
    era = scan.words.era.match(scan.tokens, at + 1)
    end = era[1] if era else at + 1
    sign = era[0] if era else 1
    return Moment(*scan.span(index, end), century=sign * number), end


def _goes_on_to_century(scan: Scan, at: int) -> bool:
    """Whether another number has the word for both: "late 19th and early 20th centuries"."""
    if scan.at(at) != "and" and not scan.means(at, "joined_to_year"):
        return False
    for other in (at + 1, at + 2):
        if scan.integer(other, 1, _MAX_CENTURY) is not None:
            end = other + 1 + (scan.at(other + 1) == ".")
            return scan.means(end + scan.means(end, "ordinal_suffixes"), "century_words") > 0
    return False


def _roman(text: str) -> int:
    """A Roman numeral up to 21, 0 for any other text."""
    if not text or any(letter not in _ROMAN for letter in text):
        return 0
    values = [_ROMAN[letter] for letter in text]
    pairs = zip(values, [*values[1:], 0], strict=True)
    number = sum(-value if value < following else value for value, following in pairs)
    return number if number <= _MAX_CENTURY else 0


def _era(scan: Scan, index: int) -> MomentAt | None:
    """500 BC, 70 AD, AD 70, 500 v. Chr."""
    text = scan.written(index)
    if not text.isdigit() or len(text) > 4:
        return None
    behind = scan.words.era.match(scan.tokens, index + 1)
    if behind and (scan.lang != "en" or scan.written(index + 1).isupper()):
        return Moment(*scan.span(index, behind[1]), year=behind[0] * int(text)), behind[1]
    led = scan.written(index - 1) in _ERA_LEADS
    before = scan.words.era.match_before(scan.tokens, index) if led else None
    if before is None:
        return None
    end = index + 1 + (scan.at(index + 1) == "年")
    return Moment(*scan.span(before[1], end), year=before[0] * int(text)), end


def _season(scan: Scan, index: int) -> MomentAt | None:
    """spring 2020, the autumn of 2020; without a year only as the source's word for a time."""
    found = scan.words.seasons.match(scan.tokens, index)
    if found is None:
        return None
    at = found[1] + scan.means(found[1], "season_joiners")
    year = scan.year(at)
    if year is None:
        return None
    return Moment(*scan.span(index, at + 1), year=year, season=found[0]), at + 1
