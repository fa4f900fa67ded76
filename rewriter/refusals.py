"""Says in plain words why a value does not fit a form: what is wrong where, and the nearest key."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails


def refusals(error: ValidationError, form: type[BaseModel]) -> Iterator[tuple[str, str]]:
    """Each problem of `error` as the place (`a.b.0`) and the reason. `form` is what was wanted."""
    for wrong in error.errors():
        yield ".".join(map(str, wrong["loc"])), reason(wrong, form)


def reason(wrong: ErrorDetails, form: type[BaseModel], noun: str = "key") -> str:
    """Why one value does not fit, without its place; `noun` is what the form calls its keys."""
    match wrong["type"]:
        case "extra_forbidden":
            *inside, key = wrong["loc"]
            return f"no such {noun}; {nearest(str(key), _keys(form, inside), noun)}"
        case "missing":
            return "is missing"
        case "literal_error" | "enum":
            return f"{wrong['input']!r} is none of {wrong['ctx']['expected']}"
        case kind if kind in _BOUNDS:
            return _BOUNDS[kind].format(input=wrong["input"], **wrong["ctx"])
        case kind if wanted := _WANTED.get(kind.partition("_")[0]):
            return f"is {_told(wrong['input'])}, not {wanted}"
        case _:
            return wrong["msg"].removeprefix("Value error, ").replace("Input should", "should")


# What a value should be, by the first word of the validator's type of error.
_WANTED = {
    "string": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "list": "a list",
    "tuple": "a list",
    "set": "a list",
    "frozen": "a list",
    "dict": "a table of keys",
    "model": "a table of keys",
    "mapping": "a table of keys",
    "date": "a date such as 2026-03-11",
    "datetime": "a moment such as 2026-03-11T08:00:00Z",
    "path": "a path",
}
_BOUNDS = {
    "greater_than_equal": "is {input}; the least is {ge}",
    "less_than_equal": "is {input}; the most is {le}",
    "greater_than": "is {input}; it must be more than {gt}",
    "less_than": "is {input}; it must be less than {lt}",
    "too_short": "has {actual_length} entries; the least is {min_length}",
    "too_long": "has {actual_length} entries; the most is {max_length}",
    "string_too_short": "is shorter than {min_length} characters",
    "string_too_long": "is longer than {max_length} characters",
    "string_pattern_mismatch": "is {input!r}, which does not fit the pattern {pattern}",
}


def _told(value: object) -> str:
    match value:
        case None:
            return "empty"
        case bool():
            return str(value).lower()
        case int() | float():
            return str(value)[:20]
        case str():
            return "a text"
        case dict():
            return "a table of keys"
        case list() | tuple():
            return "a list"
        case _:
            return f"a {type(value).__name__}"


def nearest(word: str, known: list[str], noun: str) -> str:
    """The nearest of `known` as a question, else all of them, which are called `noun`."""
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
    """The form in an annotation such as `dict[str, Form] | None`, else the annotation."""
    if _is_form(annotation):
        return annotation
    found = [_inner(argument) for argument in get_args(annotation)]
    return next((inner for inner in found if _is_form(inner)), annotation)


def _is_form(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)
