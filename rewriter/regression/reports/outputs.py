"""Writes the reports that were asked for: files, and output of the GitHub job."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rewriter.errors import FileError, RewriterError
from rewriter.files import atomic
from rewriter.regression.comparison import Comparison
from rewriter.regression.reports import github, html_page, junit


@dataclass(frozen=True)
class Outputs:
    """The files to write; `summary` is the file that GitHub shows as the job's summary."""

    junit: Path | None = None
    html: Path | None = None
    markdown: Path | None = None
    github: bool = False
    summary: str | None = None


def write(
    comparison: Comparison, outputs: Outputs, prompt: Path, more: Sequence[str] = ()
) -> Iterator[str]:
    """Write the reports, and yield the lines for standard output.

    `prompt` is the file that annotations point to, `more` are lines below the summary. Raises
    `FileError`.
    """
    if outputs.junit:
        atomic.write(outputs.junit, junit.xml(comparison).encode())
    if outputs.html:
        atomic.write(outputs.html, html_page.html(comparison).encode())
    commands = github.commands(comparison, Path(github.in_repository(prompt)))
    yield from _summarize(outputs, github.markdown(comparison, more), commands)


def write_error(error: RewriterError, outputs: Outputs) -> Iterator[str]:
    """Write what ended the gate without a verdict, and yield the lines for standard output.

    Raises `FileError`.
    """
    if outputs.junit:
        atomic.write(outputs.junit, junit.error_xml(error).encode())
    yield from _summarize(outputs, github.error_markdown(error), github.error_commands(error))


def _summarize(outputs: Outputs, text: str, commands: Iterable[str]) -> Iterator[str]:
    if outputs.markdown:
        atomic.write(outputs.markdown, text.encode())
    if outputs.github:
        yield from commands
        if outputs.summary:
            _append(Path(outputs.summary), text)


def _append(path: Path, text: str) -> None:
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise FileError(f"{path}: cannot add the summary: {error.strerror}") from error
