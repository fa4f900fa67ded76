"""A model's answer becomes typed here, once: parsed JSON to `Rewrite` or `Reading`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import islice
from typing import TypeVar

from pydantic import ValidationError

from rewriter.article import Rewrite, Value
from rewriter.checks.reader import Fault, Reading
from rewriter.completion.reading import read_answer
from rewriter.errors import MalformedAnswerError
from rewriter.escaping import MARK, redacted
from rewriter.validation import refusals

V = TypeVar("V", bound=Value)

# A control character or U+FFFD is where a letter was lost ("\\u0000fc" for "ü"), or its escape
# was written out. The model is asked again, because removing it would publish "Mnchen".
_DAMAGED = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffd]|\\u00[0-9a-fA-F]{2}|\\x[0-9a-fA-F]{2}"
)
# Zero-width and bidirectional marks are invisible in an article, so they can only hide something.
# Half a surrogate pair (`"\\ud83d"` in the JSON) is no character and cannot be written to a file.
_INVISIBLE = re.compile(
    "[\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060-\\u2069\\ufeff\\ud800-\\udfff]"
)
# Five times the text of a long rewrite of 1,500 words. The checks take seconds for more.
_MOST_CHARACTERS, _MOST_VALUES = 50_000, 1_000
_MOST_PROBLEMS = 5
# Characters either side of a damaged one that a message shows.
_SHOWN = 20


def read_rewrite(text: str) -> Rewrite:
    """The typed rewrite in the text of an answer.

    Raises `MalformedAnswerError` as `read_answer` and `to_rewrite` do.
    """
    return read_answer(text, to_rewrite)


def to_rewrite(answer: object) -> Rewrite:
    """The typed rewrite in a parsed answer, its text normalised.

    Only the shape is judged here. Lengths and counts are findings of the structure checks, which a
    repair can mend. Raises `MalformedAnswerError` that names the keys that do not fit, or the text
    that lost a character.
    """
    return _typed(answer, Rewrite)


def read_reading(text: str) -> tuple[Reading, tuple[str, ...]]:
    """The typed report of a second reader in the text of an answer, and what was left out of it.

    A report that does not fit is left out where another fits, with the reason. Raises
    `MalformedAnswerError` as `read_rewrite` does, and where no report fits.
    """
    return read_answer(text, _to_reading)


def _to_reading(answer: object) -> tuple[Reading, tuple[str, ...]]:
    _bound(answer)
    kept: list[Fault] = []
    left_out: list[str] = []
    faults = answer.get("faults") if isinstance(answer, dict) else None
    for number, fault in enumerate(faults if isinstance(faults, list) else (), start=1):
        try:
            kept.append(_typed(fault, Fault))
        except MalformedAnswerError as error:
            left_out.append(f"report {number}: {error}")
    if not isinstance(answer, dict) or not kept:
        return _typed(answer, Reading), ()
    rest = _typed({**answer, "faults": []}, Reading)  # refuses other keys
    return rest.model_copy(update={"faults": tuple(kept)}), tuple(left_out)


def _typed(answer: object, form: type[V]) -> V:
    try:
        _bound(answer)
        return form.model_validate(_normalised(answer))
    except ValidationError as error:
        wrong = islice(refusals(error, form), _MOST_PROBLEMS)
        problems = "; ".join(f"{place or 'the answer'}: {why}" for place, why in wrong)
        raise MalformedAnswerError(f"the answer does not fit the schema: {problems}") from error
    except RecursionError as error:
        raise MalformedAnswerError("the answer is nested too deep") from error


def read_repair(text: str, rewrite: Rewrite, sections: Sequence[str]) -> Rewrite:
    """`patched` with the answer in the text of a repair."""
    return read_answer(text, lambda answer: patched(rewrite, answer, sections))


def patched(rewrite: Rewrite, answer: object, sections: Sequence[str]) -> Rewrite:
    """`rewrite` with `sections` taken from a repair's answer. All other sections stay as they are.

    Raises `MalformedAnswerError` when a section is missing or does not fit.
    """
    if not isinstance(answer, dict) or not set(sections) <= set(answer):
        raise MalformedAnswerError(f"the repair lacks a section of: {', '.join(sections)}")
    return to_rewrite(rewrite.model_dump() | {name: answer[name] for name in sections})


def _bound(answer: object) -> None:
    """Raise `MalformedAnswerError` for more text or values than can be checked in seconds."""
    left = [answer]
    characters = values = 0
    while left:
        value = left.pop()
        if isinstance(value, str):
            characters += len(value)
        elif isinstance(value, dict):
            left += value.values()
        elif isinstance(value, list | tuple):
            left += value
        values += 1
        if characters > _MOST_CHARACTERS or values > _MOST_VALUES:
            raise MalformedAnswerError(
                f"the answer is too large: over {_MOST_CHARACTERS:,} characters "
                f"or {_MOST_VALUES:,} values"
            )


def _normalised(value: object) -> object:
    """A value with its text normalised. Raises `MalformedAnswerError` for damaged text."""
    if isinstance(value, str):
        if MARK in redacted(value):
            raise MalformedAnswerError("the answer's text holds a key, which is not published")
        if damaged := _DAMAGED.search(value):
            found = damaged.group()
            named = f"U+{ord(found):04X}" if len(found) == 1 else found
            raise MalformedAnswerError(
                f"the answer's text is damaged: {named} in "
                f"{value[max(0, damaged.start() - _SHOWN) : damaged.end() + _SHOWN]!r}"
            )
        visible = _INVISIBLE.sub("", unicodedata.normalize("NFC", value))
        return " ".join(visible.split())
    if isinstance(value, dict):
        return {key: _normalised(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_normalised(item) for item in value]
    return value
