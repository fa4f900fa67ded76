"""Writes the reports that were asked for: files, and output of the GitHub job."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rewriter.errors import FileError
from rewriter.files import atomic
from rewriter.regression.comparison import Comparison
from rewriter.regression.reader_gate import ReaderComparison
from rewriter.regression.reports import github, html_page, junit


@dataclass(frozen=True)
class Outputs:
    """The files to write; `summary` is the file that GitHub shows as the job's summary."""

    junit: Path | None = None
    html: Path | None = None
    markdown: Path | None = None
    github: bool = False
    summary: str | None = None


def write(comparison: Comparison, outputs: Outputs, prompt: Path) -> Iterator[str]:
    """Write the reports, and yield the lines for standard output.

    `prompt` is the file that annotations point to. Raises `FileError`.
    """
    if outputs.junit:
        atomic.write(outputs.junit, junit.xml(comparison).encode())
    if outputs.html:
        atomic.write(outputs.html, html_page.html(comparison).encode())
    if outputs.markdown:
        atomic.write(outputs.markdown, github.markdown(comparison).encode())
    if outputs.github:
        yield from github.commands(comparison, _in_repository(prompt))
        if outputs.summary:
            _append(Path(outputs.summary), github.markdown(comparison))


def write_reader(
    comparison: ReaderComparison, report: Sequence[str], outputs: Outputs, prompt: Path
) -> Iterator[str]:
    """Write the reports of a second reader, and yield the lines for standard output.

    `report` has the lines of the terminal's report. Raises `FileError`.
    """
    text = github.reader_markdown(comparison, report)
    if outputs.markdown:
        atomic.write(outputs.markdown, text.encode())
    if outputs.github:
        yield from github.reader_commands(comparison, _in_repository(prompt))
        if outputs.summary:
            _append(Path(outputs.summary), text)


def _in_repository(path: Path) -> Path:
    """`path` relative to the repository, where the command runs inside it."""
    place = Path(os.path.relpath(path))
    return path if ".." in place.parts else place


def _append(path: Path, text: str) -> None:
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise FileError(f"{path}: cannot add the summary: {error.strerror}") from error
