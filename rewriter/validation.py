"""Says in plain words why a value does not fit a form: what is wrong where, and the nearest key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from difflib import get_close_matches
from itertools import islice
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

_SHORT = 40
# Unknown keys that are compared with a missing one: somebody else's table may have thousands.
_MOST_COMPARED = 50


def refusals(
    error: ValidationError, form: type[BaseModel], noun: str = "key"
) -> Iterator[tuple[str, str]]:
    """Each problem of `error` as the place (`a.b.0`) and the reason.

    `form` is what was wanted, `noun` what it calls its keys.
    """
    for wrong in error.errors():
        yield ".".join(map(str, wrong["loc"])), reason(wrong, form, noun)


def reason(wrong: ErrorDetails, form: type[BaseModel], noun: str = "key") -> str:
    """Why one value does not fit, without its place; `noun` is what the form calls its keys."""
    match wrong["type"]:
        case "extra_forbidden":
            *inside, key = wrong["loc"]
            return f"no such {noun}; {nearest(str(key), _keys(form, inside), noun)}"
        case "missing":
            given = wrong["input"] if isinstance(wrong["input"], dict) else {}
            *inside, key = wrong["loc"]
            strange = (str(name) for name in given if name not in _keys(form, inside))
            alike = get_close_matches(str(key), islice(strange, _MOST_COMPARED), n=1)
            return f"is missing; did you mean it by {alike[0]}?" if alike else "is missing"
        case "string_pattern_mismatch" if examples := _examples(form, wrong["loc"]):
            return f"text such as {examples[0]} is wanted{_given(wrong)}"
        case kind:
            message = _message_of(kind, wrong.get("ctx", {}))
            if not message:
                return wrong["msg"].removeprefix("Value error, ")
            return f"{message}{_given(wrong)}"


# What is wanted instead, by the beginning of the validator's name for the problem.
_WANTED = {
    "int_": "a whole number is wanted",
    "float_": "a number is wanted",
    "finite_number": "a finite number is wanted",
    "bool_": "true or false is wanted",
    "string_type": "text is wanted",
    "string_too_short": "text is wanted, not nothing",
    "string_too_long": "at most {max_length} characters are wanted",
    "string_pattern_mismatch": "text of the form {pattern} is wanted",
    "path_type": "a path is wanted",
    "literal_error": "{expected} is wanted",
    "greater_than_equal": "at least {ge} is wanted",
    "greater_than": "more than {gt} is wanted",
    "less_than_equal": "at most {le} is wanted",
    "less_than": "less than {lt} is wanted",
    "dict_type": "a table of keys and values is wanted",
    "model_": "a table of keys and values is wanted",
    "list_type": "a list is wanted",
    "tuple_type": "a list is wanted",
    "too_long": "at most {max_length} items are wanted",
    "too_short": "at least {min_length} items are wanted",
    "date_": "a date such as 2026-11-01 is wanted",
}


def _examples(form: Any, place: tuple[int | str, ...]) -> list[Any]:
    """What the field at a place has as its examples."""
    field = form.model_fields.get(place[-1]) if _is_form(form) and len(place) == 1 else None
    return (field.examples or []) if field else []


def _message_of(kind: str, context: dict[str, Any]) -> str:
    wanted = next((text for name, text in _WANTED.items() if kind.startswith(name)), "")
    return wanted.format_map(context)


def _given(wrong: ErrorDetails) -> str:
    """The value that was given, where it is short and no secret."""
    given = wrong["input"]
    is_short = isinstance(given, bool | int | float) or (
        isinstance(given, str) and 0 < len(given) <= _SHORT
    )
    is_secret = any(word in str(wrong["loc"]).lower() for word in ("key", "url", "password"))
    shown = str(given).lower() if isinstance(given, bool) else repr(given)
    return f", not {shown}" if is_short and not is_secret else ""


class NotTomlError(ValueError):
    """A text that is no TOML: the reason, and its line and column from 1."""

    def __init__(self, reason: str, line: int = 1, column: int = 1) -> None:
        super().__init__(reason, line, column)
        self.reason, self.line, self.column = reason, line, column


_KEY = r"(?:[A-Za-z0-9_-]+|\"(?:[^\"\\\r\n]|\\.)*\"|'[^'\r\n]*')"
_DEEP_KEY = re.compile(rf"(?:^|[\[{{,])[ \t]*(?:{_KEY}[ \t]*\.[ \t]*){{100}}", re.MULTILINE)


def toml(text: str) -> dict[str, Any]:
    """The values of a text in TOML.

    Raises `NotTomlError`. Where tomllib names no place, it is the end of the text.
    """
    if deep := _DEEP_KEY.search(text):  # tomllib takes quadratic time and memory for such a key
        raise NotTomlError("a key of over 100 parts", text.count("\n", 0, deep.start()) + 1)
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise NotTomlError("nested too deep") from None
    except tomllib.TOMLDecodeError as error:
        reason, _, place = str(error).partition(" (at ")
        numbers = [int(number) for number in re.findall(r"\d+", place)]
        rows = text.rstrip("\n").split("\n")
        at = numbers if len(numbers) == 2 else (len(rows), len(rows[-1]))
        raise NotTomlError(reason, *at) from None
    except ValueError:
        raise NotTomlError("a whole number of over 4,300 digits") from None


def nearest(word: str, known: list[str], noun: str) -> str:
    """The nearest of `known` as a question, otherwise all of them, which are called `noun`."""
    alike = {name.lower(): name for name in known}
    if close := get_close_matches(word.lower(), alike, n=1):
        return f"did you mean {alike[close[0]]}?"
    return f"the {noun}s are {', '.join(sorted(known))}" if known else "none is wanted here"


def _keys(form: Any, inside: list[int | str]) -> list[str]:
    """The keys that `form` takes at the place `inside`."""
    for part in inside:
        field = form.model_fields.get(part) if _is_form(form) else None
        form = _inner(field.annotation if field else form)
    form = _inner(form)
    return list(form.model_fields) if _is_form(form) else []


def _inner(annotation: Any) -> Any:
    """The form in an annotation such as `dict[str, Form] | None`, otherwise the annotation."""
    if _is_form(annotation):
        return annotation
    found = [_inner(argument) for argument in get_args(annotation)]
    return next((inner for inner in found if _is_form(inner)), annotation)


def _is_form(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)
