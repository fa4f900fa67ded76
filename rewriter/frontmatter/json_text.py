"""JSON as text: its tokens, and where a value ends."""

from __future__ import annotations

import re

from rewriter.frontmatter.splicing import Unsupported

_BLANK = re.compile(r"[ \t\r\n]*")
_TOKEN = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
# As for YAML; Python's JSON reader recurses.
_MAX_DEPTH = 100


def object_end(text: str, start: int = 0) -> int:
    """The offset after the value that begins at `start`; raises Unsupported where it never ends."""
    depth, at = 0, start
    while True:
        token = token_at(text, at)
        if token.end() - token.start() == 1 and token[0] in "{}[]":
            depth += 1 if token[0] in "{[" else -1
            if depth > _MAX_DEPTH:
                raise Unsupported(f"nested over {_MAX_DEPTH} levels", token.start())
        at = token.end()
        if depth <= 0:
            return at


def token_at(text: str, at: int) -> re.Match[str]:
    """The token that follows `at` and any blanks; raises Unsupported where there is none."""
    token = _TOKEN.match(text, skip(text, at))
    if token is None:
        raise Unsupported("the JSON front matter is not closed or not JSON", min(at, len(text)))
    return token


def skip(text: str, at: int) -> int:
    """The offset after blanks and line ends."""
    blank = _BLANK.match(text, at)
    return blank.end() if blank else at
