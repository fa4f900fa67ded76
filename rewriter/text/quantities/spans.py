"""Two days or times that share what only one of them says: June 5-7, 5 to 7 June, 9-11 a.m."""

from __future__ import annotations

from rewriter.text.quantities.dates import day_at, read_moment
from rewriter.text.quantities.facts import Moment
from rewriter.text.quantities.periods import is_short_period, short_period
from rewriter.text.quantities.places import small_integer, text_at, year_at
from rewriter.text.quantities.ranges import DASHES
from rewriter.text.quantities.vocabulary import Vocabulary
from rewriter.text.tokens import Token

_HOUR = 60
_LONGEST = len("04.03.2025")
_HALF_DAY = 12 * _HOUR
# Articles before the second day of a span.
_ARTICLES = frozenset({"le", "el", "il", "dem", "zum", "o", "dia", "the"})
_ENDS = frozenset(",.;:)?!")
# English words that no number before them counts: "on July 26 and 27 has prompted".
_COUNT_NOTHING = frozenset(
    [
        *("is", "are", "was", "were", "has", "have", "had", "will", "would", "may", "could"),
        *("where", "when", "while", "till", "until", "for", "at", "in", "on", "with", "from"),
        *("as", "by", "after", "before", "during", "of", "but", "because", "to", "that", "which"),
    ]
)


def read_moments(
    tokens: list[Token], index: int, words: Vocabulary
) -> tuple[list[Moment], int] | None:
    """The moment at `index`, or the two of a span that begins there, and the index behind."""
    token = tokens[index]
    if token.kind == "number":
        if len(token.text) > _LONGEST or "," in token.text:
            return None
        span = _first_borrows(tokens, index, words) if len(token.text) <= 2 else None
        if span:
            return span
    elif token.kind == "word" and token.lower not in words.moment_starters:
        period = short_period(tokens, index, words) if is_short_period(token.lower) else None
        return ([period[0]], period[1]) if period else None
    found = read_moment(tokens, index, words)
    if found is None:
        return None
    moment, end = found
    if moment.month and moment.day and (later := _later_day(tokens, moment, end, words)):
        return later
    return [moment], end


def _first_borrows(
    tokens: list[Token], index: int, words: Vocabulary
) -> tuple[list[Moment], int] | None:
    """5-7 June, 5. bis 7. Juni, du 5 au 7 juin; 9-11 a.m."""
    if small_integer(tokens, index, 1, 31) is None:
        return None
    day, at = day_at(tokens, index, words)
    at += text_at(tokens, at) == "." and words.lang == "de"
    if not _is_link(tokens, at, words) or at + 1 >= len(tokens):
        return None
    behind = at + 1 + (text_at(tokens, at + 1) in _ARTICLES)  # "entre le 3 et le 5 janvier"
    if behind >= len(tokens) or tokens[behind].kind != "number":
        return None
    found = read_moment(tokens, behind, words)
    if found is None:
        return None
    last, end = found
    start, stop = tokens[index].start, tokens[at - 1].end
    if last.month and last.day and day < last.day and last.start == tokens[behind].start:
        return [Moment(start, stop, last.year, last.month, day), last], end
    months = last.month is not None and last.day is None and words.lang == "zh"  # 1-6月
    if months and last.year is None and day < (last.month or 0):
        return [Moment(start, stop, last.year, day), last], end
    if last.minute is None or last.twelve or day > 12:
        return None
    minute = day * _HOUR % _HALF_DAY
    if minute < last.minute % _HALF_DAY:  # otherwise the span crosses noon: "9-5 p.m."
        minute += last.minute // _HALF_DAY * _HALF_DAY
    return [Moment(start, stop, minute=minute), last], end


def _later_day(
    tokens: list[Token], moment: Moment, end: int, words: Vocabulary
) -> tuple[list[Moment], int] | None:
    """June 5-7, June 5 to 7, 2024; 6月5日至7日."""
    if not _is_link(tokens, end, words):
        return None
    day, at = day_at(tokens, end + 1, words)
    if not (moment.day and day > moment.day) or tokens[end + 1].kind != "number":
        return None
    if words.months.match(tokens, at):  # "2 January-4 February"
        return None
    at += text_at(tokens, at) in ("日", "号")
    following = tokens[at] if at < len(tokens) else None
    closed = not following or following.text in _ENDS or following.kind in ("han", "number")
    if words.lang == "en" and following and following.lower in _COUNT_NOTHING:
        closed = True
    if not closed and tokens[end].text not in DASHES:
        return None
    later = moment._replace(start=tokens[end + 1].start, end=tokens[at - 1].end, day=day)
    behind = at + (text_at(tokens, at) == ",")
    year = year_at(tokens, behind) if moment.year is None else None
    if year:
        later = later._replace(year=year, end=tokens[behind].end)
        return [moment._replace(year=year), later], behind + 1
    return [moment, later], at


def _is_link(tokens: list[Token], index: int, words: Vocabulary) -> bool:
    link = text_at(tokens, index)
    return link in DASHES or link in words.grammar["range"] or link in words.calendar["span_links"]
