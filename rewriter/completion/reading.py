"""Finds the JSON in a model's answer, among reasoning, prose, code fences and wrappers.

A candidate is a whole JSON object or list that is not part of another. The last candidate that fits
is the answer. What is cut off is never completed, and a part is never taken for the whole.
"""

from __future__ import annotations

import json
import re
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from rewriter.errors import MalformedAnswerError

T = TypeVar("T")

# Where a model's reasoning ends: `</think>`, `</seed:think>`, `[/THINK]`, `<|end_of_thought|>`,
# `<|channel|>final<|message|>`, `◁/think▷`. Many servers drop the mark at its beginning.
_THOUGHTS_END = re.compile(
    r"</\s*(?:\w+:)?(?:think(?:ing)?|thoughts?|reason(?:ing)?|reflection|analysis|scratchpad)\s*>"
    r"|\[/\s*(?:THINK(?:ING)?|REASONING|THOUGHTS?)\s*\]"
    r"|<\|?/?(?:end_of_(?:thoughts?|thinking|reasoning)|/(?:think|reasoning)|end_think)\|?>"
    r"|<\|(?:/think|think_end|end_thinking|END_THINKING)\|>"
    r"|<\|channel\|>\s*final\s*(?:<\|constrain\|>\s*\w+\s*)?<\|message\|>"
    r"|◁/think▷",
    re.IGNORECASE,
)
_OPENING = re.compile(r'[{\[]|(?<!\S)"(?=\s*\{\\?")')
# What begins like JSON: a brace before a key, or a bracket before an object.
_BEGINS_JSON = re.compile(r'\{\s*"|\[\s*\{\s*"')
_PART_OF_MORE = re.compile(r"\s*[,\]}]")
_SHOWN = 40  # characters either side of the place where the JSON breaks
# Text with more openings than this is no answer; each costs microseconds. Only the last values are
# tried.
_MOST_OPENINGS, _MOST_TRIED = 5_000, 100
_MOST_DIGITS = 40
# `[{"name": "answer", "arguments": "{...}"}]` is a list, an object and a string.
_MOST_WRAPPERS = 3
_MOST_WRAPPER_KEYS = 10


def read_answer(text: str, shape: Callable[[object], T]) -> T:
    """What `shape` makes of the last JSON value in `text` that it accepts.

    `shape` raises `MalformedAnswerError` for a value that does not fit. A value in a wrapper is
    tried as well: the only one that fits in a list or an object, or JSON in a string.

    Raises `MalformedAnswerError` of the last candidate, or with the position where the JSON breaks.
    """
    text = text.removeprefix("\ufeff").strip()
    if not text:
        raise MalformedAnswerError("the answer is empty")
    problems: list[MalformedAnswerError] = []
    for part in _parts(text):
        candidates = deque(_candidates(part), maxlen=_MOST_TRIED)
        for candidate in reversed(candidates):
            try:
                return _fitting(candidate.whole(part), shape)
            except MalformedAnswerError as error:
                problems.append(error)
                if candidate.broken:
                    break  # the answer itself is cut: an earlier draft is not the answer
        if candidates and candidates[-1].broken:
            break
    raise problems[0] if problems else _no_json(text)


def read_json(text: str) -> object:
    """The last JSON object or list that `text` holds; raises as `read_answer`."""
    return read_answer(text, _any_value)


@dataclass(frozen=True)
class _Candidate:
    """A JSON value that begins in the text, with the reason why it cannot be used."""

    value: object = None
    error: json.JSONDecodeError | None = None
    problem: str = ""

    @property
    def broken(self) -> bool:
        return self.error is not None

    def whole(self, text: str) -> object:
        """The value; raises `MalformedAnswerError` where it is not whole or not plain JSON."""
        if self.error is not None:
            near = text[max(0, self.error.pos - _SHOWN) : self.error.pos + _SHOWN]
            raise MalformedAnswerError(
                f"the answer is not whole JSON: {self.error.msg} at character {self.error.pos} of "
                f'{len(text)}, near "{near}"'
            )
        if self.problem:
            raise MalformedAnswerError(f"the answer's JSON cannot be read: {self.problem}")
        return self.value


def _parts(text: str) -> Iterator[str]:
    """The text after the reasoning, then the whole text: a string may hold the mark, too."""
    ends = [match.end() for match in _THOUGHTS_END.finditer(text)]
    if ends:
        yield text[ends[-1] :]
    yield text


def _candidates(text: str) -> Iterator[_Candidate]:
    """The JSON values of `text` in order, none of them part of another.

    Where one breaks, another may begin inside it: a draft that was cut swallows the beginning of
    the answer behind it. What ends before the break is a part of the broken one.
    """
    position, broken_until, decoder = 0, 0, _Decoder()
    for _ in range(_MOST_OPENINGS):
        opening = _OPENING.search(text, position)
        if opening is None:
            return
        start, decoder.problem = opening.start(), ""
        try:
            value, position = decoder.raw_decode(text, start)
        except json.JSONDecodeError as error:
            position = start + 1
            if start >= broken_until and _BEGINS_JSON.match(text, start):
                yield _Candidate(error=error)
            broken_until = max(broken_until, error.pos)
        except RecursionError as error:
            raise MalformedAnswerError("the answer's JSON cannot be read: too deep") from error
        else:
            if position > broken_until and not _PART_OF_MORE.match(text, position):
                yield _Candidate(value, problem=decoder.problem)
    raise MalformedAnswerError(f"the answer has over {_MOST_OPENINGS:,} JSON values")


class _Decoder(json.JSONDecoder):
    """Reads what is no plain JSON, and notes it in `problem` instead of raising."""

    def __init__(self) -> None:
        self.problem = ""
        # Models put bare line ends into strings: harmless, so `strict` is off.
        super().__init__(
            strict=False,
            object_pairs_hook=self._object,
            parse_constant=self._constant,
            parse_int=self._number(int),
            parse_float=self._number(float),
        )

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            counts = Counter(key for key, _ in pairs)
            twice = next(key for key, count in counts.items() if count > 1)
            self.problem = f'the key "{twice[:_SHOWN]}" occurs twice'
        return found

    def _constant(self, constant: str) -> None:
        self.problem = f"{constant} is not JSON"

    def _number(self, read: Callable[[str], float]) -> Callable[[str], float | None]:
        def number(digits: str) -> float | None:
            if len(digits) <= _MOST_DIGITS:
                return read(digits)
            self.problem = f"a number of {len(digits)} digits"
            return None

        return number


def _fitting(value: object, shape: Callable[[object], T], depth: int = _MOST_WRAPPERS) -> T:
    """What `shape` makes of `value`, or of the only value inside that fits."""
    try:
        return shape(value)
    except MalformedAnswerError:
        fits = []
        for inside in _wrapped(value) if depth else ():
            try:
                fits.append(_fitting(inside, shape, depth - 1))
            except MalformedAnswerError:
                continue
        if len(fits) == 1:
            return fits[0]
        raise


def _wrapped(value: object) -> Iterator[object]:
    """What `value` may be a wrapper of."""
    if isinstance(value, dict) and len(value) <= _MOST_WRAPPER_KEYS:
        yield from (inside for inside in value.values() if not isinstance(inside, int | float))
    elif isinstance(value, list) and len(value) == 1:
        yield value[0]
    elif isinstance(value, str) and value.lstrip().startswith(("{", "[")):
        candidates = list(_candidates(value))
        if len(candidates) == 1 and not candidates[0].broken and not candidates[0].problem:
            yield candidates[0].value


def _any_value(value: object) -> object:
    if isinstance(value, str):
        raise MalformedAnswerError("the answer is a string")
    return value


def _no_json(text: str) -> MalformedAnswerError:
    if text.startswith("<") and "<html" in text[:500].lower():
        return MalformedAnswerError("the answer is a web page instead of JSON")
    shown = text if len(text) <= 2 * _SHOWN else f"{text[: 2 * _SHOWN]}…"
    return MalformedAnswerError(f'the answer is not JSON: "{shown}"')
