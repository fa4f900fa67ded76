"""`rewriter check`: finished articles, texts and pairs against their sources."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator, Sequence
from contextlib import aclosing
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import click

from rewriter.cli.options import MONEY, PLACE, GivenPath, engine_options, prompt_option, root_option
from rewriter.cli.output import color_option, echo, json_line, painted_findings
from rewriter.errors import ConfigurationError, FileError, RewriterError, highest_exit_code

if TYPE_CHECKING:
    from rewriter.article import Finding
    from rewriter.rules import Rules
    from rewriter.runs.checking import reports, texts
    from rewriter.runs.checking.readings import Readable, TextReader
    from rewriter.settings import Settings

_UNHEEDED = "this comment silences nothing; write <!-- rewriter: ignore CODE and the reason -->"
# The beginnings of the codes to select, and of those to leave out.
_Codes: TypeAlias = tuple[tuple[str, ...], tuple[str, ...]]
FORMATS = ("text", "json", "github", "junit", "sarif")


@click.command("check")
@click.argument("paths", nargs=-1, type=PLACE, metavar="PATH...")
@click.option("--source", type=GivenPath(), help="The raw article to check against.")
@click.option(
    "--jsonl",
    type=GivenPath(),
    help="Check the pairs in this file (-: standard input) instead of PATH.",
)
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
@click.option(
    "--reader",
    type=click.Choice(["on", "off"]),
    default="off",
    show_default=True,
    help="on: ask a model, too, to compare each text with its source.",
)
@engine_options
@click.option("--max-cost", type=MONEY, help="Budget in US dollars for --reader on.")
@prompt_option
@root_option
@color_option
def command(
    paths: tuple[str, ...],
    source: str | None,
    jsonl: str | None,
    form: str,
    select: str | None,
    ignore: str | None,
    reader: str,
    max_cost: float | None,
    **options: Any,
) -> int:
    """Check each finished article or text in PATH against its source.

    The exit code is 1 when there is an error. Warnings alone give 0.
    """
    from rewriter import settings

    if bool(paths) == bool(jsonl):
        raise ConfigurationError("name articles to check, or a file of pairs with --jsonl")
    if jsonl and (source or form not in ("text", "json")):
        raise ConfigurationError("--jsonl names its sources itself, and its results are JSON lines")
    chosen = _codes(select, "--select"), _codes(ignore, "--ignore")
    configured = settings.load(options)
    asked = None
    if reader == "on":
        from rewriter.runs.checking.readings import text_reader

        asked = text_reader(configured, _rules(configured), paths or (str(jsonl),), max_cost)
    if jsonl and asked:
        code = asyncio.run(_read_pairs(jsonl, _rules(configured), chosen, asked))
    elif jsonl:
        code = _check_pairs(jsonl, _rules(configured), chosen)
    else:
        found = _judged(paths, source, _judging(configured, options["prompt"]), configured.root)
        found = asyncio.run(_read_files(found, asked)) if asked else found
        code = _report(found, form, chosen)
    if asked:
        echo(f"rewriter: {asked.summary()}", err=True)
    return code


def _rules(configured: Settings) -> Rules:
    from rewriter.prompting import prompt_file

    return prompt_file.load(configured.prompt, configured.prompts_dir).rules


def _judging(configured: Settings, prompt: str | None) -> texts.Judging:
    """The rules of the prompt that the command names. Without one, each record names the prompt."""
    from rewriter.runs.checking.texts import prompt_of

    if prompt:
        return _rules(configured)
    return lambda record: prompt_of(record, configured).rules


# --- files -------------------------------------------------------------------------------------


class _CheckedFile(NamedTuple):
    """The findings of the checks and of the second reader in one file, and errors."""

    path: str
    judged: texts.JudgedText | None
    reading: tuple[Finding, ...] = ()
    failure: RewriterError | None = None


def _judged(
    paths: tuple[str, ...], source: str | None, rules: texts.Judging, root: Path | None
) -> list[_CheckedFile]:
    from rewriter.files.inputs import nothing_found
    from rewriter.runs.checking import texts

    files = []
    for path in map(str, texts.files(paths)):
        try:
            files.append(_CheckedFile(path, texts.judge_file(path, source, rules, root)))
        except FileError as error:
            files.append(_CheckedFile(path, None, failure=error))
    if not files:
        raise nothing_found(paths)
    return files


async def _read_files(files: Sequence[_CheckedFile], reader: TextReader) -> list[_CheckedFile]:
    def readable(file: _CheckedFile) -> Readable | None:
        return (file.judged.passages, file.judged.source) if file.judged else None

    async with aclosing(reader.each(files, readable)) as readings:
        return [
            file._replace(reading=found.findings, failure=file.failure or found.failure)
            async for file, found in readings
        ]


def _report(files: Sequence[_CheckedFile], form: str, codes: _Codes) -> int:
    from rewriter.runs.checking import reports

    reported = [_reported(file, codes) for file in files]
    if report := reports.FORMATS[form](reported):
        echo(painted_findings(report) if form == "text" else report)
    echo(f"rewriter: {reports.summary(reported)}", err=True)
    failures = (file.failure.exit_code for file in files if file.failure)
    return highest_exit_code(int(reports.has_error(reported)), *failures)


def _reported(file: _CheckedFile, codes: _Codes) -> reports.FileReport:
    from rewriter.runs.checking import reports

    failure = str(file.failure or "")
    if failure:
        message = f"{file.path}: not read a second time: {failure}" if file.judged else failure
        echo(f"rewriter: {message}", err=True)
    if file.judged is None:
        return reports.FileReport(file.path, failure=failure)
    checked = file.judged.placed(file.reading)
    for line in checked.unheeded:
        echo(f"rewriter: {file.path}:{line}: {_UNHEEDED}", err=True)
    wanted = [one for one in checked.findings if _wanted(one.finding.code, *codes)]
    return reports.FileReport(file.path, wanted, failure)


# --- pairs -------------------------------------------------------------------------------------


def _check_pairs(path: str, rules: Rules, codes: _Codes) -> int:
    from rewriter.runs.checking.pairs import check_pairs

    exit_codes = (
        _print_pair(result, codes)
        for result in check_pairs(_lines(path), rules.grounding, select=codes[0])
    )
    return reduce(highest_exit_code, exit_codes, 0)


async def _read_pairs(path: str, rules: Rules, codes: _Codes, reader: TextReader) -> int:
    from rewriter.runs.checking.pairs import read_pairs

    worst = 0
    async with aclosing(read_pairs(_lines(path), rules.grounding, reader)) as results:
        async for result, failure in results:
            worst = highest_exit_code(worst, _print_pair(result, codes))
            if failure:
                message = f"pair {result['id']}: not read a second time: {failure}"
                echo(f"rewriter: {message}", err=True)
                worst = highest_exit_code(worst, failure.exit_code)
    return worst


def _print_pair(result: dict[str, Any], codes: _Codes) -> int:
    """Print the result of one pair, and return its exit code."""
    kept = [finding for finding in result.get("findings", ()) if _wanted(finding["code"], *codes)]
    shown = result | {"findings": kept} if "findings" in result else result
    echo(json_line(shown))
    if "error" in result:
        return FileError.exit_code
    return int(any(finding["severity"] == "error" for finding in kept))


def _lines(path: str) -> Iterator[str]:
    """The lines of a file. Bytes that are not UTF-8 become lone surrogates, which no pair has."""
    from rewriter.files import opening
    from rewriter.files.inputs import STDIN

    try:
        file: Any = path if path == STDIN else opening.opened(Path(path), os.O_RDONLY)
        form: dict[str, Any] = {"encoding": "utf-8-sig", "errors": "surrogateescape"}
        with (click.open_file if path == STDIN else open)(file, **form) as lines:
            yield from lines
    except OSError as error:
        raise FileError(f"{path}: cannot read it: {error.strerror}") from error


def _wanted(code: str, select: tuple[str, ...], ignore: tuple[str, ...]) -> bool:
    return (not select or code.startswith(select)) and not (ignore and code.startswith(ignore))


def _codes(given: str | None, option: str) -> tuple[str, ...]:
    from rewriter.checks.catalogue import CATALOGUE, STRUCTURE_CODES

    codes = tuple(code.strip().upper() for code in (given or "").split(",") if code.strip())
    for code in codes:
        if not any(known.startswith(code) for known in (*CATALOGUE, *STRUCTURE_CODES)):
            raise ConfigurationError(f"{option}: no finding's code begins with {code!r}")
    return codes
