"""`rewriter check`: finished articles, texts and pairs against their sources."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rewriter.cli.options import prompt_option, root_option
from rewriter.errors import ConfigurationError, FileError

if TYPE_CHECKING:
    from rewriter.rules import Rules

_UNHEEDED = "this comment silences nothing; write <!-- rewriter: ignore CODE and the reason -->"
FORMATS = ("text", "json", "github", "junit", "sarif")


@click.command("check")
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option("--source", help="The raw article to check against.")
@click.option("--jsonl", help="Check the pairs in this file (-: standard input) instead of PATH.")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="Format of the report.",
)
@click.option("--json", "form", flag_value="json", help="The same as --format json.")
@click.option("--select", help="Report only codes that begin with these, such as G1,S.")
@click.option("--ignore", help="Leave out codes that begin with these.")
@prompt_option
@root_option
def command(
    paths: tuple[str, ...],
    source: str | None,
    jsonl: str | None,
    form: str,
    select: str | None,
    ignore: str | None,
    prompt: str | None,
    root: Path | None,
) -> int:
    """Check each finished article or text in PATH against its source.

    The exit code is 1 when there is an error. Warnings alone give 0.
    """
    from rewriter import settings
    from rewriter.prompting import prompt_file

    if bool(paths) == bool(jsonl):
        raise ConfigurationError("name articles to check, or a file of pairs with --jsonl")
    if jsonl and (source or form not in ("text", "json")):
        raise ConfigurationError("--jsonl names its sources itself, and its results are JSON lines")
    chosen = _codes(select, "--select"), _codes(ignore, "--ignore")
    configured = settings.load({"prompt": prompt, "root": root})
    rules = prompt_file.load(configured.prompt, configured.prompts_dir).rules
    if jsonl:
        return _check_pairs(jsonl, rules, *chosen)
    return _check_files(paths, source, rules, configured.root, form, chosen)


def _check_files(
    paths: tuple[str, ...],
    source: str | None,
    rules: Rules,
    root: Path | None,
    form: str,
    codes: tuple[tuple[str, ...], tuple[str, ...]],
) -> int:
    from rewriter.runs.checking import reports, texts

    files: list[reports.Reported] = []
    for path in map(str, texts.files(paths)):
        try:
            checked = texts.check_file(path, source, rules, root)
        except FileError as error:
            click.echo(f"rewriter: {error}", err=True)
            files.append(reports.Reported(path, failure=str(error)))
            continue
        for line in checked.unheeded:
            click.echo(f"rewriter: {path}:{line}: {_UNHEEDED}", err=True)
        wanted = [one for one in checked.findings if _wanted(one.finding.code, *codes)]
        files.append(reports.Reported(path, wanted))
    if report := reports.FORMATS[form](files):
        click.echo(report)
    click.echo(f"rewriter: {reports.summary(files)}", err=True)
    if any(file.failure for file in files):
        return FileError.exit_code
    return int(reports.has_error(files))


def _check_pairs(path: str, rules: Rules, select: tuple[str, ...], ignore: tuple[str, ...]) -> int:
    from rewriter.runs.checking.pairs import check_pairs

    worst = 0
    for result in check_pairs(_lines(path), rules.grounding, select=select):
        kept = [f for f in result.get("findings", ()) if _wanted(f["code"], (), ignore)]
        told = result | {"findings": kept} if "findings" in result else result
        click.echo(json.dumps(told, ensure_ascii=False))
        worst = max(worst, _exit_code(told, kept))
    return worst


def _lines(path: str) -> Iterator[str]:
    """The lines of a file; one that is not UTF-8 comes with lone surrogates, as no pair."""
    try:
        with click.open_file(path, encoding="utf-8-sig", errors="surrogateescape") as lines:
            yield from lines
    except OSError as error:
        raise FileError(f"{path}: cannot read it: {error.strerror}") from error


def _exit_code(result: dict[str, object], findings: Iterable[dict[str, object]]) -> int:
    if "error" in result:
        return FileError.exit_code
    return int(any(finding["severity"] == "error" for finding in findings))


def _wanted(code: str, select: tuple[str, ...], ignore: tuple[str, ...]) -> bool:
    return (not select or code.startswith(select)) and not (ignore and code.startswith(ignore))


def _codes(given: str | None, option: str) -> tuple[str, ...]:
    from rewriter.checks.catalogue import CATALOGUE, STRUCTURE_CODES

    codes = tuple(code.strip().upper() for code in (given or "").split(",") if code.strip())
    for code in codes:
        if not any(known.startswith(code) for known in (*CATALOGUE, *STRUCTURE_CODES)):
            raise ConfigurationError(f"{option}: no finding's code begins with {code!r}")
    return codes
