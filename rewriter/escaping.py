"""The one place that makes strangers' text safe to print, to log and to annotate.

The name of a file or a model, a provider's words and an article's text may hold escape sequences
that a terminal obeys, marks that turn the order of letters around, and line ends with a command for
continuous integration behind them. All of these are shown as escapes (`\\x1b`, `\\u202e`, `\\n`).
Keys are redacted on the way.
"""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Iterable
from typing import Any

from rewriter.redaction import redacted

# Control characters (C0 without tab and line feed, DEL, C1), bidirectional and invisible marks,
# line and paragraph separators, halves of surrogate pairs, tag characters.
_CONTROLS = (
    "\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u061c\\u180e\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f"
    "\\ufeff\\ufff9-\\ufffb\\ud800-\\udfff\\U000e0000-\\U000e007f"
)
_IN_LINES = re.compile(f"[{_CONTROLS}]")
_IN_A_LINE = re.compile(f"[\\t\\n{_CONTROLS}]")
# What begins a command: of GitHub at the start of a line, of Azure and TeamCity anywhere.
_ANYWHERE = r"#(?=#(?:\[|vso\[|teamcity\[))"
_COMMAND = re.compile(rf"(?m)^(\s*):(?=:)|{_ANYWHERE}")
_COMMAND_IN_JSON = re.compile(_ANYWHERE)
_SHORT = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}


class Printable(str):
    """Text that may be printed as it is: made by the functions of this module only."""

    __slots__ = ()


def line(text: object) -> Printable:
    """`text` on one line. Escaping twice changes nothing more."""
    return _escaped(_IN_A_LINE, str(text))


def lines(text: object) -> Printable:
    """`text` with its line ends and tabs."""
    return _escaped(_IN_LINES, str(text))


def several(texts: Iterable[object]) -> Printable:
    """One line for each of `texts`."""
    return Printable("\n".join(map(line, texts)))


def json_text(serialized: str) -> Printable:
    """JSON with the same value, whose strings escape what a terminal or CI would obey."""
    inert = _COMMAND_IN_JSON.sub(r"\\u0023", redacted(serialized))
    return Printable(_IN_LINES.sub(_as_json, inert))


def shortened(text: str, most: int = 1_200) -> str:
    """A text of a stranger, cut after `most` characters: longer than any path and any reason."""
    return text if len(text) <= most else f"{text[:most]}... ({len(text):,} characters)"


def counted(number: int, noun: str) -> str:
    """`1 file`, `2,000 files`, `0 processes`, `3 entries`; irregular plurals are not known."""
    if number == 1:
        return f"1 {noun}"
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{number:,} {noun[:-1]}ies"
    return f"{number:,} {noun}{'es' if noun.endswith(('ss', 'tch')) else 's'}"


def message_of(error: BaseException) -> Printable:
    """The message of an error: one line, or the lines that `several` made."""
    message = error.args[0] if error.args else ""
    return message if isinstance(message, Printable) else line(error)


def install() -> None:
    """Escape every log record of this process, including those of Celery and of libraries."""
    logging.setLogRecordFactory(_Record)


class _Record(logging.LogRecord):
    """A log record whose message is one line, and whose traceback has no control characters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.exc_info and self.exc_info[0]:
            self.exc_text = lines("".join(traceback.format_exception(*self.exc_info)).rstrip())

    def getMessage(self) -> str:  # noqa: N802 - the name that logging calls
        """The message with its arguments, escaped."""
        return line(super().getMessage())


def _escaped(unsafe: re.Pattern[str], text: str) -> Printable:
    return Printable(_COMMAND.sub(_inert, unsafe.sub(_as_escape, redacted(text))))


def _inert(found: re.Match[str]) -> str:
    """The first character of a command as an escape."""
    return "\\x23" if found[1] is None else f"{found[1]}\\x3a"


def _as_escape(found: re.Match[str]) -> str:
    character = found.group()
    code = ord(character)
    wide = f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
    return _SHORT.get(character) or (f"\\x{code:02x}" if code <= 0xFF else wide)


def _as_json(found: re.Match[str]) -> str:
    units = found.group().encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
