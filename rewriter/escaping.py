"""The one place that makes strangers' text safe to print, to log and to annotate.

The name of a file or a model, a provider's words and an article's text may hold escape sequences
that a terminal obeys, marks that turn the order of letters around, and line ends with a command for
continuous integration behind them. All of these are shown as escapes (`\\x1b`, `\\u202e`, `\\n`).

Keys and passwords of this process are redacted on the way, by value. A provider may repeat a key in
an error, in an answer or in the name of its model: whole or cut, in other case, with escapes of
URLs or of JSON, in base64, with unseen signs in it. The values are known from the settings and from
each connection, so no pattern has to recognise them.
"""

from __future__ import annotations

import logging
import re
import traceback
from base64 import b64encode
from collections.abc import Iterable
from functools import cache
from typing import Any

MARK = "[redacted key]"
# Users give servers without keys a word such as "none" or "not-needed", which articles also use.
_SHORTEST = 8
_LONG = 16
# Of a key of this many characters each half is redacted, too, with what follows it.
_CUT = 24
_HALF_A_PAIR = re.compile("[\\ud800-\\udfff]")
# Signs without width may be in it.
_UNSEEN = "\\u00ad\\u200b-\\u200f\\u2060-\\u2064\\ufeff"
_FULL_WIDTH = 0xFEE0
# What a text has in which a key is not written with its own letters alone.
_ESCAPED = re.compile(f'%[0-9a-fA-F]{{2}}|\\\\(?:u00|[^\\w"\\s])|[{_UNSEEN}\\uff01-\\uff5e]')
_secrets: set[str] = set()


def remember(secret: str | None) -> None:
    """Redact `secret` from now on; a short word without a digit is no key."""
    secret = (secret or "").strip()
    has_digit = any(map(str.isdigit, secret))
    if len(secret) >= _LONG or (has_digit and len(secret) >= _SHORTEST):
        _secrets.add(secret)
        _patterns.cache_clear()


def redacted(text: str) -> str:
    """`text` with `MARK` instead of each remembered secret."""
    if not _secrets:
        return text
    plain, escaped = _patterns()
    if _ESCAPED.search(text):
        text = escaped.sub(MARK, text)
    return plain.sub(MARK, text)


def received(text: str) -> str:
    """Text of a provider: without keys, and without halves of surrogate pairs.

    JSON can hold a half (`"\\ud83d"`), and nothing can store one.
    """
    return redacted(_HALF_A_PAIR.sub("", text))


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What finds the secrets by their own letters, and what finds them with escapes."""
    longest_first = sorted(_secrets, key=len, reverse=True)
    plain = "|".join(form for secret in longest_first for form in _plain_forms(secret))
    escaped = "|".join(f"[{_UNSEEN}]*".join(map(_letter, secret)) for secret in longest_first)
    return re.compile(plain, re.IGNORECASE), re.compile(escaped, re.IGNORECASE)


def _plain_forms(secret: str) -> list[str]:
    """Patterns for a secret: whole, in base64, and each half."""
    forms = [secret, b64encode(secret.encode()).decode().rstrip("=")]
    middle = len(secret) // 2
    halves = (secret[:middle], secret[middle:]) if len(secret) >= _CUT else ()
    rest = r"[\w.+/=%-]*"
    return [*map(re.escape, forms), *(re.escape(half) + rest for half in halves)]


def _letter(character: str) -> str:
    """A pattern for a character as it is, with full width, and escaped for a URL or in JSON."""
    code = ord(character)
    plain = re.escape(character)
    if not 0x21 <= code <= 0x7E:
        return plain
    wide = chr(code + _FULL_WIDTH)
    return rf"(?:{plain}|{wide}|%(?:25)?{code:02x}|(?<!\\)\\++(?:u00{code:02x}|{plain}))"


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
