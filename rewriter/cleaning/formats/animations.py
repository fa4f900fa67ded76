"""The animations that a style sheet declares, and those that run on an element."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import NamedTuple

_KEYFRAMES = re.compile(
    r"@(?:-\w{1,9}-)?keyframes\s+[\"']?([\w-]{1,80})[\"']?\s*\{((?>(?:[^{}]{1,200}\{[^{}]*+\}){1,50}))\s*\}",
    re.IGNORECASE,
)
_FIRST_FRAME = re.compile(r"(?:\bfrom|\b0%)\s*(?:,[^{}]*)?\{([^{}]*)\}", re.IGNORECASE)
_LAST_FRAME = re.compile(r"(?:\bto|100%)\s*(?:,[^{}]*)?\{([^{}]*)\}", re.IGNORECASE)
_FRAME = re.compile(r"\{([^{}]*)\}")
_BRACKETS = re.compile(r"\([^()]*\)")
_PROPERTY = re.compile(r"\s*(?:-\w{1,9}-)?animation(?:-([a-z-]{4,15}))?\s*$")
_TIME = re.compile(r"(-?\d{0,9}\.?\d{1,9})(m?)s$")
_TIMES = re.compile(r"\d{1,6}(?:\.\d{1,6})?$|infinite$")
_KEYWORDS = (
    ("fill-mode", ("none", "forwards", "backwards", "both")),
    ("direction", ("normal", "reverse", "alternate", "alternate-reverse")),
    ("play-state", ("paused", "running")),
)
_MOST = 50
# An animation whose frames last less is not seen; a reader does not wait for one that begins later.
_SEEN_SECONDS, _LATE_SECONDS = 0.1, 60.0


class Frames(NamedTuple):
    """The declarations of an animation: of its first and last frame, and of each."""

    first: str
    last: str
    each: tuple[str, ...]


def read_animations(css: str) -> dict[str, Frames]:
    """The frames of each animation, by its name."""
    if "keyframes" not in css:
        return {}
    return {
        name.lower(): Frames(
            ";".join(_FIRST_FRAME.findall(body)),
            ";".join(_LAST_FRAME.findall(body)),
            tuple(_FRAME.findall(body)[:_MOST]),
        )
        for name, body in _KEYFRAMES.findall(css)
    }


def added_frames(style: str, known: Mapping[str, Frames]) -> Iterator[tuple[str, ...]]:
    """For each animation that `style` runs the declarations of which it adds one to the others.

    The frame that is kept, or any of those that are seen again and again: what is between the
    others, where it has no first or no last frame of its own, is the element without it.
    """
    for run in _runs(style.lower(), known):
        frames, fill = known[run["name"]], run.get("fill-mode", "")
        times, direction = run.get("iteration-count", "1"), run.get("direction", "")
        back = direction.startswith("alternate") and times[-1] in "02468"
        turned = direction.endswith("reverse")
        first, last = (frames.last, frames.first) if turned else (frames.first, frames.last)
        delay = _seconds(run.get("delay"))
        if run.get("play-state") == "paused" or delay >= _LATE_SECONDS:
            if delay <= 0 or fill in ("backwards", "both"):
                yield (first,)
        elif times == "infinite" and _seconds(run.get("duration")) >= _SEEN_SECONDS:
            yield frames.each if frames.first and frames.last else ("", *frames.each)
        elif fill in ("forwards", "both"):
            yield (first if back else last,)


def _runs(style: str, known: Mapping[str, Frames]) -> Iterator[Mapping[str, str]]:
    """The properties of each animation that is known; a list that is too short begins again."""
    lists: dict[str, list[str]] = {}
    for part in style.split(";"):
        name, _, value = part.partition(":")
        if not (found := _PROPERTY.match(name)):
            continue
        values = _BRACKETS.sub("", value).replace("!important", "").split(",", _MOST)
        if found[1]:
            lists[found[1]] = [one.strip(" \n\t\"'") for one in values]
        else:
            runs = [_shorthand(one.split(), known) for one in values]
            lists = {key: [run.get(key, "") for run in runs] for run in runs for key in run}
    for n, name in enumerate(lists.get("name", ())):
        if name in known:
            yield {key: values[n % len(values)] for key, values in lists.items() if values}


def _shorthand(words: list[str], known: Mapping[str, Frames]) -> dict[str, str]:
    """The properties in one value of `animation`, by what each word can be."""
    found: dict[str, str] = {}
    for word in words:
        if _TIME.match(word):
            found["delay" if "duration" in found else "duration"] = word
        elif _TIMES.match(word):
            found["iteration-count"] = word
        else:
            kinds = (kind for kind, values in (*_KEYWORDS, ("name", known)) if word in values)
            found |= dict.fromkeys(islice(kinds, 1), word)
    return found


def _seconds(value: str | None) -> float:
    found = _TIME.match(value or "")
    return float(found[1]) / (1000 if found[2] else 1) if found else 0.0
