"""Times of day: 17:00, 5.30 p.m., 1430 GMT, half past four, halb fünf, 下午3点半."""

from __future__ import annotations

from typing import NamedTuple

from rewriter.text.quantities.facts import Moment
from rewriter.text.quantities.places import Found, han_integer, small_integer, text_at
from rewriter.text.quantities.vocabulary import Vocabulary
from rewriter.text.tokens import Token, glued

_HOUR = 60
_DAY = 24 * _HOUR
_NOON = 12
# Words before a time that rather say how long something lasts: "une grève de deux heures et demie".
_LASTING = frozenset({"de"})
# Half-days that follow a bare number without doubt; "two in the morning" may be two people.
_MERIDIEM = frozenset({"am", "pm", "a", "p", "noon", "midnight"})


class _Clock(NamedTuple):
    """Minutes since midnight as read from `begin` to before `end`; `sure` if surely a time."""

    minute: int
    begin: int
    end: int
    sure: bool


def read_time(tokens: list[Token], index: int, words: Vocabulary) -> Found | None:
    """The time of day that begins at `index`; its minute counts from midnight."""
    token, following = tokens[index], text_at(tokens, index + 1)
    hour = following[:1] == "h" and not following[1:].isalpha()  # "15h30", not "15 homes"
    timed = hour or following[:1] == ":" or following in words.clock
    pointed = token.kind == "number" and "." in token.text and _is_pointed(tokens, index, words)
    if token.kind == "number" and not (timed or pointed):
        timed = following == "." and _is_half_behind_point(tokens, index + 1, words)
        if not timed:
            return None
    half = words.half_day.match(tokens, index) if token.kind == "han" else None
    clock = _clock(tokens, half[1] if half else index, words)
    if clock is None:
        return _named(tokens, index, words)
    following = text_at(tokens, clock.end)
    if not (clock.sure or pointed or following in words.clock or following == "."):
        return None
    minute, begin, end, sure = _with_hour_word(tokens, clock, words)
    if half is None and (behind := _half_behind(tokens, end, begin, words, sure=sure)):
        half, end, sure = behind, behind[1], True
    if not (sure or pointed) and not _has_zone(tokens, end, words):
        return None
    if half:
        minute = minute % (_DAY // 2) + half[0] * _HOUR
    either = not half and _HOUR <= minute < 13 * _HOUR and minute != _NOON * _HOUR
    twelve = either and not tokens[begin].text.startswith("0")
    span = tokens[index].start, tokens[end - 1].end
    return Moment(*span, minute=minute % _DAY, twelve=twelve), end


def _is_pointed(tokens: list[Token], index: int, words: Vocabulary) -> bool:
    """Whether a number with a point is a time: "alle 9.50", "saat 15.50"; "at 9.50" is a price."""
    hour, point, minute = tokens[index].text.partition(".")
    if (words.lang == "en" and not words.foreign) or not point or len(minute) != 2:
        return False
    behind = words.comma_decimal and text_at(tokens, index + 1) in words.calendar["hour_units"]
    before = index - 1 - (text_at(tokens, index - 1) == ".")  # "kl. 22.50"
    if not behind and text_at(tokens, before) not in words.calendar["hour_before"]:
        return False
    units = (words.currency, words.percent, words.unit, words.magnitude, words.multiple)
    measured = not behind and any(unit.match(tokens, index + 1) for unit in units)
    following = tokens[index + 1].kind if index + 1 < len(tokens) else ""
    small = hour.isdigit() and int(hour) <= _DAY // _HOUR and int(minute) < _HOUR
    return small and not measured and following != "currency"


def _clock(tokens: list[Token], index: int, words: Vocabulary) -> _Clock | None:
    if index >= len(tokens):
        return None
    token = tokens[index]
    if token.kind != "number":
        return _spoken(tokens, index, words)
    hour = small_integer(tokens, index, 0, 24)
    if hour is None:
        return _in_one_token(token.text, index)
    return _with_minutes(tokens, index, hour) or _hour(tokens, index, index + 1, hour, words)


def _in_one_token(text: str, index: int) -> _Clock | None:
    """6.30 or 1430, which need a word beside them to be a time."""
    hour, dot, minute = text.partition(".")
    if not dot and len(text) == 4:
        hour, minute = text[:2], text[2:]
    right = hour.isdigit() and minute.isdigit() and len(hour) <= 2 == len(minute)
    if not right or int(hour) > 24 or int(minute) >= _HOUR:
        return None
    return _Clock(int(hour) * _HOUR + int(minute), index, index + 1, sure=False)


def _with_minutes(tokens: list[Token], index: int, hour: int) -> _Clock | None:
    """15:30, 15:30:05, 15h30, 15 h 30."""
    at = index + 2
    mark = tokens[index + 1].text if index + 1 < len(tokens) else ""  # "1H25" is half a year
    if mark[:1] == "h" and len(mark) == 3 and mark[1:].isdigit() and glued(tokens, index + 1):
        return _Clock(hour * _HOUR + int(mark[1:]) % _HOUR, index, at, sure=True)
    colon = mark == ":" and glued(tokens, index + 1) and glued(tokens, at)
    minute = small_integer(tokens, at, 0, 59) if colon or mark == "h" else None
    if minute is None or len(tokens[at].text) != 2:
        return None
    seconds = colon and text_at(tokens, at + 1) == ":" and small_integer(tokens, at + 2, 0, 59)
    end = at + 3 if seconds is not None and seconds is not False else at + 1
    return _Clock(hour * _HOUR + minute, index, end, sure=True)


def _hour(tokens: list[Token], begin: int, end: int, hour: int, words: Vocabulary) -> _Clock | None:
    """An hour with the minutes that follow it in words: "(las) tres y media", "3点一刻"."""
    after = words.after_hour.match(tokens, end)
    cued = _is_cued(tokens, begin, words) and text_at(tokens, begin - 1) not in _LASTING
    if after and (cued or words.lang == "zh"):
        return _Clock(hour * _HOUR + after[0], begin, after[1], sure=True)
    return _Clock(hour * _HOUR, begin, end, sure=False)


def _spoken(tokens: list[Token], index: int, words: Vocabulary) -> _Clock | None:
    """half past four, ten o'clock, halb fünf, без четверти девять, 三点."""
    before = words.before_hour.match(tokens, index)
    at = before[1] if before else index
    hour = _spoken_hour(tokens, at, words, ordinal=before is not None)
    if hour is None or (before and words.unit.match(tokens, hour[1])):  # "five to 12 years"
        return None
    if before is None:
        return _hour(tokens, index, hour[1], hour[0], words)
    minute = (hour[0] * _HOUR + before[0]) % _DAY
    return _Clock(minute, index, hour[1], sure=_is_cued(tokens, index, words))


def _spoken_hour(
    tokens: list[Token], at: int, words: Vocabulary, *, ordinal: bool
) -> tuple[int, int] | None:
    """The hour from 1 to 24 in words or digits, and the index behind it."""
    digits = small_integer(tokens, at, 1, 24)
    if digits:
        return digits, at + 1
    found = han_integer(tokens, at, words) or words.numbers.match(tokens, at)
    if found is None and ordinal:
        found = words.ordinals.match(tokens, at)
    return found if found and 1 <= found[0] <= 24 else None


def _with_hour_word(tokens: list[Token], clock: _Clock, words: Vocabulary) -> _Clock:
    """The clock with "o'clock", "Uhr" or "heures" behind it, and the minutes behind those."""
    word = text_at(tokens, clock.end)
    if words.half_day.match(tokens, clock.end):
        return clock
    if word not in words.calendar["hour_words"]:
        before = text_at(tokens, clock.begin - 1)
        hour = tokens[clock.begin]
        military = words.lang != "en" or (hour.kind == "number" and len(hour.text) == 4)  # 0900
        cued = before in words.calendar["hour_before"] and military
        if word not in words.calendar["hour_units"]:
            return clock
        if not cued and not words.half_day.match(tokens, clock.end + 1):
            return clock
    at = clock.end + 1
    minute = small_integer(tokens, at, 0, 59)
    exact = minute is not None and len(tokens[at].text) == 2
    if not exact or clock.minute % _HOUR or words.unit.match(tokens, at + 1):
        return clock._replace(end=at, sure=True)
    at += 1 + (text_at(tokens, at + 1) == "分")
    return clock._replace(minute=clock.minute + (minute or 0), end=at, sure=True)


def _half_behind(
    tokens: list[Token], end: int, begin: int, words: Vocabulary, *, sure: bool
) -> tuple[int, int] | None:
    """0 for a.m. and 12 for p.m. behind a clock, and the index behind it."""
    if _is_half_behind_point(tokens, end, words):
        end += 1
    half = words.half_day.match(tokens, end)
    safe = sure or text_at(tokens, end) in _MERIDIEM or _is_cued(tokens, begin, words)
    return half if half and safe else None


def _is_half_behind_point(tokens: list[Token], end: int, words: Vocabulary) -> bool:
    """Whether a point stands between an hour and its half-day: "1.p.m."."""
    if text_at(tokens, end) != "." or text_at(tokens, end + 1)[:1] not in ("a", "p"):
        return False
    touches = glued(tokens, end) and glued(tokens, end + 1)
    return touches and words.half_day.match(tokens, end + 1) is not None


def _named(tokens: list[Token], index: int, words: Vocabulary) -> Found | None:
    """noon, midnight, midi, полночь."""
    found = words.named_times.match(tokens, index)
    before = text_at(tokens, index - 1)
    cued = before in words.calendar["time_before"] or before in words.calendar["named_before"]
    if found is None or not (cued or words.lang == "zh"):
        return None
    return Moment(tokens[index].start, tokens[found[1] - 1].end, minute=found[0]), found[1]


def _is_cued(tokens: list[Token], index: int, words: Vocabulary) -> bool:
    """Whether the word before says that a time follows: "at", "las", "um"."""
    return text_at(tokens, index - 1) in words.calendar["time_before"]


def _has_zone(tokens: list[Token], end: int, words: Vocabulary) -> bool:
    return end < len(tokens) and tokens[end].text.isupper() and tokens[end].lower in words.zones
