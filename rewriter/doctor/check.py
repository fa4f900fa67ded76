"""The result of one check, as a value."""

from __future__ import annotations

from typing import Literal

from rewriter.article import Value
from rewriter.errors import RewriterError

# "info" is for a part that is missing and not needed.
CheckStatus = Literal["ok", "info", "warning", "error"]

# The difference that is allowed: a Date header has whole seconds, and an answer takes time.
_SKEW_SECONDS = 5.0


class Check(Value):
    """The result of one check, with advice where it is not ok."""

    name: str
    status: CheckStatus
    message: str
    advice: str = ""


def ok(name: str, message: str) -> Check:
    """A check that passed."""
    return Check(name=name, status="ok", message=message)


def warning(name: str, message: str, advice: str) -> Check:
    """Something that works, but not as it should."""
    return Check(name=name, status="warning", message=message, advice=advice)


def wrong(name: str, message: str, advice: str) -> Check:
    """Something that must be mended."""
    return Check(name=name, status="error", message=message, advice=advice)


def failed(name: str, cause: RewriterError, status: CheckStatus = "error") -> Check:
    """A failed check. The advice of an error comes after its last semicolon, or its last colon."""
    said = str(cause)
    message, _, advice = said.rpartition("; " if "; " in said else ": ")
    return Check(name=name, status=status, message=message, advice=advice)


def clock(name: str, ahead: float) -> Check:
    """Whether this clock agrees with another one that is `ahead` of it by this many seconds."""
    if abs(ahead) <= _SKEW_SECONDS:
        return ok(name, "agree")
    side = "behind" if ahead > 0 else "ahead"
    return warning(
        name,
        f"this machine's clock is {abs(ahead):.0f} s {side}",
        "set the clocks by NTP; times in articles and in `rewriter status` would be wrong",
    )
