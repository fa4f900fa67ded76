"""The result of one check, as a value."""

from __future__ import annotations

from typing import Literal

from rewriter.article import Value
from rewriter.errors import RewriterError

# "info" is for a part that is missing and not needed.
CheckStatus = Literal["ok", "info", "warning", "error"]


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


def judged(name: str, problem: str, advice: str, well: str) -> Check:
    """A check that found `problem`, or "" where all is `well`."""
    return wrong(name, problem, advice) if problem else ok(name, well)


def failed(name: str, cause: RewriterError | str, status: CheckStatus = "error") -> Check:
    """A failed check. Its advice comes after its last semicolon, or its last colon."""
    said = str(cause)
    message, _, advice = said.rpartition("; " if "; " in said else ": ")
    return Check(name=name, status=status, message=message, advice=advice)
