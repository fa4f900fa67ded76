"""Reads a TOML file into a form; each mistake is reported with its line, in our words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from rewriter.article import Value
from rewriter.errors import ConfigurationError
from rewriter.escaping import several
from rewriter.validation import NotTomlError, refusals, toml

V = TypeVar("V", bound=Value)


def read(path: Path, form: type[V]) -> V:
    """The file at `path` as a `form`.

    Raises `ConfigurationError` with every mistake on a line of its own, with file and line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot read it: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path}: the file is UTF-8, this one is not") from error
    try:
        return form.model_validate(toml(text))
    except NotTomlError as error:
        raise ConfigurationError(f"{path}:{error.line}: not valid TOML: {error.reason}") from error
    except ValidationError as error:
        places = (wrong["loc"] for wrong in error.errors())
        pairs = zip(places, refusals(error, form), strict=True)
        found = sorted((line_of(text, at), key, why) for at, (key, why) in pairs)
        problems = [f"{path}:{line}: {key}: {why}" for line, key, why in found]
        raise ConfigurationError(several(problems)) from error


def line_of(text: str, place: Sequence[int | str]) -> int:
    """The line of what is at `place`, or of the deepest value on the way to it, or 1.

    The first lines of the file are parsed, one line more each time, until they have it.
    """
    lines = text.splitlines()
    deepest, line, begin = 0, 1, 1
    for end in range(1, len(lines) + 1):
        head = "\n".join(lines[:end])
        # Between the lines of a list the list is ended, so that its items have lines of their own.
        ways = (_parsed(head + mark) for mark in ("", "\n]", "\n]]"))
        value = next((way for way in ways if way is not None), None)
        depth = _depth(value, place)
        if depth > deepest:
            deepest, line = depth, begin
        if value is not None:
            begin = end + 1
    return line


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        return toml(text)
    except NotTomlError:
        return None


def _depth(value: object, place: Sequence[int | str]) -> int:
    """How many steps of `place` lead to a value."""
    for depth, step in enumerate(place):
        is_there = isinstance(value, dict) and step in value
        is_there |= isinstance(value, list) and isinstance(step, int) and step < len(value)
        if not is_there:
            return depth
        value = value[step]  # type: ignore[index]
    return len(place)
