"""YAML as text: what a plain scalar means, and how values are written in the published look."""

from __future__ import annotations

import json
import re

from rewriter.frontmatter.values import Changes, PlainMoment

# Decimal numbers, booleans and nulls on which YAML 1.1 and 1.2 agree; all else is text, so that
# `0123`, `NO`, `12:30`, `1e10`, `0x1F` and dates stay what their writer typed.
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_BOOLEANS = {
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
# The bound keeps within what Python turns into an int (4,300 digits).
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,999})")
_FLOAT = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,999})?\.[0-9]+(?:[eE][-+][0-9]{1,3})?")

# Text that every YAML reader takes for text, in a block or in braces, is written without quotes.
# Words that YAML 1.1 takes for booleans are quoted.
_PLAIN = re.compile(
    r"[^\W\d_][^\x00-\x1f\x7f-\xa0\u2028\u2029\ufdd0-\ufdef\ufeff,\[\]{}:#&*!|>'\"%@`\\]*"
)
_WORDS = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null"))
_UNPRINTABLE = re.compile(
    "[^\x20-\x7e\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]|[\u2028\u2029]"
)
# What YAML 1.1 takes for a date or a time, and one without seconds.
_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:(?:[Tt]| +)\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?"
    r"(?: *(?:Z|[-+]\d{1,2}(?::\d{2})?))?)?"
)


def is_moment(value: object) -> bool:
    """Whether a plain scalar of this text is a date or a time for some reader."""
    return isinstance(value, str) and _MOMENT.fullmatch(value) is not None


def plain_value(text: str) -> object:
    """The value of a plain (unquoted) scalar."""
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text


def scalar(value: object) -> str:
    """One value on one line: plain where every reader takes it for text, otherwise quoted.

    Time stamps and text that looks like a number are single-quoted. Text with control characters is
    double-quoted.
    """
    if value is None or isinstance(value, (bool, int, float)):
        return _literal(value)
    if isinstance(value, PlainMoment):
        return str(value)
    assert isinstance(value, str)  # noqa: S101  (`values.checked` lets nothing else pass)
    if _PLAIN.fullmatch(value) and value.lower() not in _WORDS and value[-1] != " ":
        return value
    if _UNPRINTABLE.search(value):
        return _double_quoted(value)
    return "'" + value.replace("'", "''") + "'"


def block(values: Changes | list[object], column: int, newline: str) -> str:
    """The lines of a block mapping or list that begin in `column`, each with its line end."""
    return "".join(" " * column + line + newline for line in _lines(values))


def _lines(values: Changes | list[object]) -> list[str]:
    if not isinstance(values, dict):
        return [f"- {flow(item)}" for item in values]
    lines: list[str] = []
    for key, value in values.items():
        name = scalar(key)
        if value and (isinstance(value, dict | list)):
            lines += (f"{name}:", *("  " + line for line in _lines(value)))
        else:
            lines.append(f"{name}: {flow(value)}")
    return lines


def flow(value: object, *, quoted: bool = False) -> str:
    """A value in braces and brackets; as JSON with `quoted`, for mappings written as JSON."""
    if quoted:
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{scalar(k)}: {flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    return scalar(value)


def _literal(value: bool | float | None) -> str:
    text = json.dumps(value)
    # YAML 1.1 reads `1e+16` as text: a number needs the point.
    return re.sub(r"^(-?\d+)e", r"\1.0e", text)


def _double_quoted(text: str) -> str:
    escaped = json.dumps(text, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda match: _escape(match[0]), escaped)


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
