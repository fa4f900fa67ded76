"""What `rewriter rewrite` prints: results on standard output, everything else on standard error."""

from __future__ import annotations

import os
import shlex
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from rewriter.article import Finding, Severity, Usage
from rewriter.cli.output import echo, echo_document, painted
from rewriter.errors import INTERRUPTED, highest_exit_code
from rewriter.escaping import counted, json_text, line
from rewriter.files.objects import is_address, near
from rewriter.prices import dollars
from rewriter.state import NAME as STATE
from rewriter.state import find_root
from rewriter.text.columns import columns

if TYPE_CHECKING:
    from rewriter.runs.publishing import Result
    from rewriter.runs.setup import Job

_WIDTH = 160
_ORDER: tuple[Severity, ...] = ("error", "warning", "info")
_STATUSES = ("published", "drafted", "held", "skipped", "failed", "left", "previewed")
_ALWAYS_SHOWN = 5  # the first five; the summary shows the others where they are above 0


class _Console(Console):
    """A console that goes on when its reader ends (`| head`): the run does not depend on it."""

    def on_broken_pipe(self) -> None:
        """Print nothing more. Without this method rich would end the process."""
        _silence(sys.stderr)


class Reporter:
    """Prints each result as it comes, prints a summary at the end, and has the exit code."""

    def __init__(self, *, as_json: bool, preview: bool) -> None:
        self._as_json = as_json
        self._preview = preview
        # A log has no width of its own, and takes long lines.
        width = None if sys.stderr.isatty() else _WIDTH
        self._console = _Console(
            stderr=True,
            highlight=False,
            soft_wrap=True,
            width=width,
            force_terminal=sys.stderr.isatty(),  # FORCE_COLOR draws no progress bar into a log
        )
        self._progress: Progress | None = None
        self._total = 0
        self._counts: Counter[str] = Counter()
        self._codes: set[int] = set()
        self._usage = self._reader_usage = Usage()
        self._reader = ""
        self._unshown = 0  # warnings of written articles
        self._written: set[str] = set()  # the folders of targets
        self._is_any_written = False
        self._root = Path()

    def begin(self, job: Job, total: int) -> None:
        """Say who answers, and show a progress bar on a terminal."""
        self._total = total
        self._root = job.state.root
        if (here := Path.cwd()) != self._root and here.is_relative_to(self._root):
            self.say(f"the state is in {self._root / STATE}, above this folder (--root . for here)")
        if job.backend.drafts:
            self.say("the extractive engine (no model) makes drafts of the source's own sentences")
        if job.backend.reader:
            self._reader = job.backend.reader.model
            self.say(f"{self._reader} reads each rewrite a second time (--reader off: nobody does)")
        if self._console.is_terminal and total > 1:
            self._progress = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                console=self._console,
                transient=True,
            )
            self._progress.add_task("rewriting", total=total)
            self._progress.start()

    def add(self, result: Result) -> None:
        """Print one result."""
        self._counts[result.status] += 1
        self._codes.add(result.exit_code)
        self._usage += result.usage
        self._reader_usage += result.reader_usage
        if result.target and result.status in ("published", "drafted"):
            self._is_any_written = True
            if not is_address(result.target):
                self._written.add(_place_to_check(result))
        if self._progress:
            self._progress.advance(self._progress.task_ids[0])
        if self._as_json:
            self._echo(json_text(result.model_dump_json()))
        else:
            self._print(result)

    def say(self, message: str) -> None:
        """Print a message on standard error."""
        self._console.print(line(f"rewriter: {message}"), markup=False, soft_wrap=True)

    def finish(self, *, interrupted: bool) -> int:
        """Print the summary; return the exit code."""
        if self._progress:
            self._progress.stop()
        self._counts["left"] += self._total - sum(self._counts.values())
        for row in self._summary():
            self._console.print(row, markup=False)
        if self._reader and self._reader_usage != Usage():
            read = self._reader_usage
            self.say(
                f"of these the second reader {self._reader}: {read.input_tokens:,} tokens in, "
                f"{read.output_tokens:,} out, {dollars(read.cost)}"
            )
        for message in self._where():
            self.say(message)
        if left := self._counts["left"]:
            self.say(f"{left} left; the same command goes on where this one stopped")
        if interrupted:
            return INTERRUPTED
        return highest_exit_code(*self._codes)

    def _where(self) -> Iterator[str]:
        """Where the warnings that were only counted can be read, and where the state lies."""
        if self._unshown and self._written:
            many = counted(self._unshown, "warning")
            yield f"{many} not shown: {_command('check', _common(self._written))} shows all"
        if self._is_any_written:
            yield f"records and originals are in {shown(self._root / STATE)}"

    def _print(self, result: Result) -> None:
        if result.document is not None:
            self._echo(result.document, document=True)
        place = f"{result.path} -> {result.target}" if result.target else result.path
        # Standard output of a preview is the article alone, for a pipe.
        aside = self._preview or result.status in ("failed", "left")
        self._echo(painted(f"{result.status:<9} {place}{_remarks(result)}"), err=aside)
        for finding in sorted(result.findings, key=lambda one: _ORDER.index(one.severity)):
            # The record has the other findings of a written article, and `check` shows them.
            # An `info` about a headline is a guess, which nobody has to look at now.
            shown_for = ("source",) if finding.severity == "info" else ("source", "headline")
            is_urgent = finding.severity == "error" or finding.section in shown_for
            if result.status == "held" or is_urgent:
                self._echo(painted(f"    {finding.severity}: {finding}"), err=aside)
            elif finding.severity == "warning":
                self._unshown += 1
        is_held = result.status == "held"
        rewritten = bool(result.attempts)
        advised = (
            advice(result.path, result.findings, self._root, is_rewritten=rewritten)
            if is_held
            else ()
        )
        for message in (*_folded(result.repaired), *advised):
            self._echo(painted(f"    {message}"), err=aside)

    def _echo(self, text: str, *, err: bool = False, document: bool = False) -> None:
        try:
            if document:
                echo_document(text)
            else:
                echo(text, err=err)
        except BrokenPipeError:
            if self._preview and not err:
                raise  # a preview without a reader has no purpose
            _silence(sys.stderr if err else sys.stdout)

    def _summary(self) -> Iterator[str]:
        shown = [s for s in _STATUSES if self._counts[s] or s in _STATUSES[:_ALWAYS_SHOWN]]
        tokens = (self._usage.input_tokens, self._usage.output_tokens)
        head = [*shown, "tokens in", "out", "cost"]
        row = [
            *(str(self._counts[s]) for s in shown),
            *(f"{n:,}" for n in tokens),
            dollars(self._usage.cost),
        ]
        return columns([head, row])


def shown(path: Path | str) -> Path | str:
    """`path` as a person types it: from the working folder where it is below it."""
    if is_address(path):
        return path
    here, path = Path.cwd(), Path(path)
    return path.relative_to(here) if path.is_relative_to(here) else path


def _command(*words: str) -> str:
    """A command to type: its words are quoted for a shell where they need it."""
    return f"`{shlex.join(('rewriter', *words))}`"


def _common(places: Iterable[str]) -> str:
    """The one place, or the folder of all."""
    first, *more = places
    return os.path.commonpath([first, *more]) if more else first


def _place_to_check(result: Result) -> str:
    """The argument for `rewriter check`: the file of an article in place, or its folder."""
    target = result.target or ""
    return target if target == result.path else str(Path(target).parent)


def _folded(repaired: Sequence[Finding]) -> Iterator[str]:
    if repaired:
        more = f" (and {len(repaired) - 1} more)" if len(repaired) > 1 else ""
        yield f"repaired: {repaired[0]}{more}"


def advice(
    path: str, findings: Sequence[Finding], root: Path, *, is_rewritten: bool
) -> Iterator[str]:
    """What a person can do about the held article at `path` of the content root `root`."""
    held_by = [finding for finding in findings if finding.severity == "error"]
    codes = list(dict.fromkeys(finding.code for finding in held_by))
    if codes:
        yield f"what it means:  {_command('explain', *codes)}"
    if not is_rewritten:
        yield "no rewrite was made: mend the article and run 'rewriter rewrite' again"
        return
    place = () if find_root(near([path])) == root else ("--root", str(shown(root)))
    looked_at = str(shown(root)) if is_address(path) else path  # the page reads files
    yield f"read and decide: {_command('review', looked_at, '--serve', *place)}"
    yield f"publish as it is: {_command('publish', path, '--reason', '...', *place)}"


def _silence(stream: TextIO) -> None:
    """Discard what is printed from now on, and what is still buffered."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def _remarks(result: Result) -> str:
    """In brackets the reason and the number of findings; a held article's are listed below it."""
    if result.status == "held":
        return ""
    counts = Counter(finding.severity for finding in result.findings)
    remarks = [result.reason] if result.reason else []
    remarks += [
        counted(counts[severity], severity) for severity in ("error", "warning") if counts[severity]
    ]
    return f"  ({'; '.join(remarks)})" if remarks else ""
