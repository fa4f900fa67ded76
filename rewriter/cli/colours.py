"""Colours as linters have them: `--color`, `NO_COLOR` and `FORCE_COLOR`."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

import click

from rewriter.escaping import Printable, line

# https://no-color.org and https://force-color.org: set to anything but nothing.
_BY_CHOICE = {"always": True, "never": False}
_STYLES: Mapping[str, Mapping[str, object]] = {
    "published": {"fg": "green"},
    "drafted": {"fg": "yellow"},
    "held": {"fg": "red", "bold": True},
    "failed": {"fg": "red", "bold": True},
    "left": {"fg": "yellow"},
    "skipped": {"dim": True},
    "error": {"fg": "red", "bold": True},
    "warning": {"fg": "yellow", "bold": True},
    "info": {"fg": "cyan"},
    "repaired": {"dim": True},
}
_FIRST_WORD = re.compile(r"^( *)([a-z]+)\b")
_FINDING = re.compile(r"(?m)^(?P<place>\S.*?:\d+:\d+): (?P<code>[A-Z]\d{3}) (?P<kind>[a-z]+):")


def _chosen(ctx: click.Context, option: click.Parameter, choice: str) -> None:
    if choice != "auto":
        ctx.color = _BY_CHOICE[choice]
    elif ctx.parent is None or ctx.parent.color is None:
        ctx.color = _by_environment()


def _by_environment() -> bool | None:
    """Whether there are colours; None: on a terminal only."""
    if os.environ.get("NO_COLOR"):
        return False
    return True if os.environ.get("FORCE_COLOR") else None


color_option = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    expose_value=False,
    is_eager=True,
    callback=_chosen,
    help="Colours: on a terminal only, always or never. NO_COLOR and FORCE_COLOR hold for auto.",
)


def painted(text: str) -> Printable:
    """A line, escaped, whose first word is in its colour if it is a status or severity."""
    return Printable(_FIRST_WORD.sub(lambda found: found[1] + _styled(found[2]), line(text)))


def painted_findings(report: Printable) -> Printable:
    """The lines of a text report with bold places and codes in colour."""

    def paint(found: re.Match[str]) -> str:
        place, code = click.style(found["place"], bold=True), found["code"]
        return f"{place}: {click.style(code, fg='red', bold=True)} {_styled(found['kind'])}:"

    return Printable(_FINDING.sub(paint, report))


def _styled(word: str) -> str:
    return click.style(word, **_STYLES.get(word, {}))  # type: ignore[arg-type]
