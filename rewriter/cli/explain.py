"""`rewriter explain`: what a finding means, with an example and how to mend or silence it."""

from __future__ import annotations

import click

from rewriter.cli.output import echo
from rewriter.errors import ConfigurationError
from rewriter.escaping import lines

# How to mend a finding of each kind, by the first letter of its code.
_MEND = {
    "G": "Write what the source says, or leave the statement out.",
    "C": "Say it in other words. Quotations and names may stay.",
    "K": "Ask again for the section, or write it again.",
    "V": "Add what is missing, if the article needs it.",
    "R": "Compare the sentence with the source. Write what the source says, or leave it out.",
}
# These hold an article before there is a rewrite that could be published.
_OF_SOURCE = ("S100", "S111", "S120", "S121", "S122")
_SILENCE = "<!-- rewriter: ignore {code} the reason why it is right as it is -->"


@click.command("explain")
@click.argument("codes", nargs=-1, metavar="[CODE]...")
def command(codes: tuple[str, ...]) -> None:
    """Explain what the findings CODE mean, with an example and how to mend or silence them.

    CODE is a code such as G101, or the beginning of several. Without one all codes are listed.
    """
    from rewriter.checks.catalogue import CATALOGUE, STRUCTURE

    known = [*CATALOGUE, *STRUCTURE]
    wanted = [code for given in codes or ("",) for code in _matching(given, known)]
    if len(wanted) > 1 and len(wanted) > len(codes):
        for code in wanted:
            entry = CATALOGUE.get(code) or STRUCTURE[code]
            echo(f"{code}  {entry.severity.partition(',')[0]:<7}  {entry.title}")
        return
    echo(lines("\n\n".join(map(_explained, wanted))))


def _matching(given: str, known: list[str]) -> list[str]:
    from difflib import get_close_matches

    found = [code for code in known if code.startswith(given.strip().upper())]
    if not found:
        near = get_close_matches(given.upper(), known)
        hint = f"did you mean {' or '.join(near)}?" if near else "`rewriter explain` lists all"
        raise ConfigurationError(f"no finding has the code {given!r}; {hint}")
    return found


def _explained(code: str) -> str:
    from rewriter.checks.catalogue import CATALOGUE, STRUCTURE

    if code in STRUCTURE:
        entry = STRUCTURE[code]
        parts = [f"{code} ({entry.severity}): {entry.title}", "", f"Example: {entry.example}"]
        parts += ["", f"Mend it: {entry.mend}"]
    else:
        known = CATALOGUE[code]
        parts = [f"{code} ({known.severity}): {known.title}", "", known.explanation.strip()]
        parts += ["", f"Example: {known.example}", "", f"Mend it: {_MEND[code[0]]}"]
    parts += _silenced(code)
    return "\n".join(parts)


def _silenced(code: str) -> list[str]:
    """How a person says that the finding is right as it is."""
    accept = f'`rewriter publish PATH --reason "..."` publishes a held rewrite that has {code}.'
    if code in _OF_SOURCE:
        return []
    parts = ["", f"Silence it in one file: {_SILENCE.format(code=code)}", f"Accept it: {accept}"]
    if code[0] not in "RS":
        parts.append(
            f"Switch it off: `ignore: [{code}]` under `rules.grounding` of the prompt file; "
            "`severity` there changes how grave it is."
        )
    return parts
