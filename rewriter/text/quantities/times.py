"""Times of day: 17:00, 5.30 p.m., 1430 GMT, half past four, halb fünf, 下午3点半."""

from __future__ import annotations

from typing import NamedTuple

from rewriter.text.quantities.facts import Moment
from rewriter.text.quantities.scan import MomentAt, Scan

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


def read_time(scan: Scan, index: int) -> MomentAt | None:
    """The time of day that begins at `index`; its minute counts from midnight."""
    token, following = scan.tokens[index], scan.at(index + 1)
    hour = following[:1] == "h" and not following[1:].isalpha()  # "15h30", not "15 homes"
    timed = hour or following[:1] == ":" or following in scan.words.clock
    pointed = token.kind == "number" and "." in token.text and _is_pointed(scan, index)
    if token.kind == "number" and not (timed or pointed):
        timed = following == "." and _is_half_behind_point(scan, index + 1)
        if not timed:
            return None
    half = scan.words.half_day.match(scan.tokens, index) if token.kind == "han" else None
    clock = _clock(scan, half[1] if half else index)
    if clock is None:
        return _named(scan, index)
    following = scan.at(clock.end)
    if not (clock.sure or pointed or following in scan.words.clock or following == "."):
        return None
    minute, begin, end, sure = _with_hour_word(scan, clock)
    if half is None and (behind := _half_behind(scan, end, begin, sure=sure)):
        half, end, sure = behind, behind[1], True
    if not (sure or pointed) and not _has_zone(scan, end):
        return None
    if half:
        minute = minute % (_DAY // 2) + half[0] * _HOUR
    either = not half and _HOUR <= minute < 13 * _HOUR and minute != _NOON * _HOUR
    twelve = either and not scan.written(begin).startswith("0")
    return Moment(*scan.span(index, end), minute=minute % _DAY, twelve=twelve), end


def _is_pointed(scan: Scan, index: int) -> bool:
    """Whether a number with a point is a time: "alle 9.50", "saat 15.50"; "at 9.50" is a price."""
    hour, point, minute = scan.written(index).partition(".")
    if (scan.lang == "en" and not scan.words.foreign) or not point or len(minute) != 2:
        return False
    behind = scan.words.comma_decimal and scan.means(index + 1, "hour_units")
    before = index - 1 - (scan.at(index - 1) == ".")  # "kl. 22.50"
    if not behind and not scan.means(before, "hour_before"):
        return False
    words = scan.words
    units = (words.currency, words.percent, words.unit, words.magnitude, words.multiple)
    measured = not behind and any(unit.match(scan.tokens, index + 1) for unit in units)
    small = hour.isdigit() and int(hour) <= _DAY // _HOUR and int(minute) < _HOUR
    return small and not measured and scan.kind(index + 1) != "currency"


def _clock(scan: Scan, index: int) -> _Clock | None:
    if scan.kind(index) != "number":
        return _spoken(scan, index)
    hour = scan.integer(index, 0, 24)
    if hour is None:
        return _in_one_token(scan.at(index), index)
    return _with_minutes(scan, index, hour) or _hour(scan, index, index + 1, hour)


def _in_one_token(text: str, index: int) -> _Clock | None:
    """6.30 or 1430, which need a word beside them to be a time."""
    hour, dot, minute = text.partition(".")
    if not dot and len(text) == 4:
        hour, minute = text[:2], text[2:]
    right = hour.isdigit() and minute.isdigit() and len(hour) <= 2 == len(minute)
    if not right or int(hour) > 24 or int(minute) >= _HOUR:
        return None
    return _Clock(int(hour) * _HOUR + int(minute), index, index + 1, sure=False)


def _with_minutes(scan: Scan, index: int, hour: int) -> _Clock | None:
    """15:30, 15:30:05, 15h30, 15 h 30."""
    at = index + 2
    mark = scan.written(index + 1)  # "1H25" is half a year
    if mark[:1] == "h" and len(mark) == 3 and mark[1:].isdigit() and scan.glued(index + 1):
        return _Clock(hour * _HOUR + int(mark[1:]) % _HOUR, index, at, sure=True)
    colon = mark == ":" and scan.glued(index + 1) and scan.glued(at)
    minute = scan.integer(at, 0, 59) if colon or mark == "h" else None
    if minute is None or len(scan.written(at)) != 2:
        return None
    seconds = colon and scan.at(at + 1) == ":" and scan.integer(at + 2, 0, 59)
    end = at + 3 if seconds is not None and seconds is not False else at + 1
    return _Clock(hour * _HOUR + minute, index, end, sure=True)


def _hour(scan: Scan, begin: int, end: int, hour: int) -> _Clock | None:
    """An hour with the minutes that follow it in words: "(las) tres y media", "3点一刻"."""
    after = scan.words.after_hour.match(scan.tokens, end)
    cued = _is_cued(scan, begin) and scan.at(begin - 1) not in _LASTING
    if after and (cued or scan.lang == "zh"):
        return _Clock(hour * _HOUR + after[0], begin, after[1], sure=True)
    return _Clock(hour * _HOUR, begin, end, sure=False)


def _spoken(scan: Scan, index: int) -> _Clock | None:
    """half past four, ten o'clock, halb fünf, без четверти девять, 三点."""
    before = scan.words.before_hour.match(scan.tokens, index)
    at = before[1] if before else index
    hour = _spoken_hour(scan, at, ordinal=before is not None)
    if hour is None or (before and scan.words.unit.match(scan.tokens, hour[1])):
        return None  # "five to 12 years"
    if before is None:
        return _hour(scan, index, hour[1], hour[0])
    minute = (hour[0] * _HOUR + before[0]) % _DAY
    return _Clock(minute, index, hour[1], sure=_is_cued(scan, index))


def _spoken_hour(scan: Scan, at: int, *, ordinal: bool) -> tuple[int, int] | None:
    """The hour from 1 to 24 in words or digits, and the index behind it."""
    digits = scan.integer(at, 1, 24)
    if digits:
        return digits, at + 1
    found = scan.han_integer(at) or scan.words.numbers.match(scan.tokens, at)
    if found is None and ordinal:
        found = scan.words.ordinals.match(scan.tokens, at)
    return found if found and 1 <= found[0] <= 24 else None


def _with_hour_word(scan: Scan, clock: _Clock) -> _Clock:
    """The clock with "o'clock", "Uhr" or "heures" behind it, and the minutes behind those."""
    if scan.words.half_day.match(scan.tokens, clock.end):
        return clock
    if not scan.means(clock.end, "hour_words"):
        if not scan.means(clock.end, "hour_units"):
            return clock
        digits = scan.at(clock.begin) if scan.kind(clock.begin) == "number" else ""
        military = scan.lang != "en" or len(digits) == 4  # 0900
        cued = scan.means(clock.begin - 1, "hour_before") and military
        if not cued and not scan.words.half_day.match(scan.tokens, clock.end + 1):
            return clock
    at = clock.end + 1
    minute = scan.integer(at, 0, 59)
    exact = minute is not None and len(scan.written(at)) == 2
    if not exact or clock.minute % _HOUR or scan.words.unit.match(scan.tokens, at + 1):
        return clock._replace(end=at, sure=True)
    at += 1 + (scan.at(at + 1) == "分")
    return clock._replace(minute=clock.minute + (minute or 0), end=at, sure=True)


def _half_behind(scan: Scan, end: int, begin: int, *, sure: bool) -> tuple[int, int] | None:
    """0 for a.m. and 12 for p.m. behind a clock, and the index behind it."""
    if _is_half_behind_point(scan, end):
        end += 1
    half = scan.words.half_day.match(scan.tokens, end)
    safe = sure or scan.at(end) in _MERIDIEM or _is_cued(scan, begin)
    return half if half and safe else None


def _is_half_behind_point(scan: Scan, end: int) -> bool:
    """Whether a point stands between an hour and its half-day: "1.p.m."."""
    if scan.at(end) != "." or scan.at(end + 1)[:1] not in ("a", "p"):
        return False
    touches = scan.glued(end) and scan.glued(end + 1)
    return touches and scan.words.half_day.match(scan.tokens, end + 1) is not None


def _named(scan: Scan, index: int) -> MomentAt | None:
    """noon, midnight, midi, полночь."""
    found = scan.words.named_times.match(scan.tokens, index)
    cued = _is_cued(scan, index) or scan.means(index - 1, "named_before")
    if found is None or not (cued or scan.lang == "zh"):
        return None
    return Moment(*scan.span(index, found[1]), minute=found[0]), found[1]


def _is_cued(scan: Scan, index: int) -> bool:
    """Whether the word before says that a time follows: "at", "las", "um"."""
    return scan.means(index - 1, "time_before")


def _has_zone(scan: Scan, end: int) -> bool:
    return scan.written(end).isupper() and scan.at(end) in scan.words.zones
