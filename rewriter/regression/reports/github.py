"""The report for GitHub: annotations on the prompt's changed line, and a summary in Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path

from rewriter.regression.experiment import Report
from rewriter.regression.reports import figures, terminal
from rewriter.regression.verdict import Compared

_SIGNS = {"BETTER": "🟢", "SAME": "🟢", "WORSE": "🔴", "INCONCLUSIVE": "🟡"}
_MOST_ROWS = 25  # a comment that nobody scrolls through; the HTML report has all


def commands(report: Report, prompt: Path) -> Iterator[str]:
    """Workflow commands, one a line, on the first line of `prompt` that changed."""
    place = f"file={_property(str(prompt))},line={changed_line(report, prompt)}"
    for problem in report.problems:
        said = f"{problem.what}; run: {problem.command}"
        yield f"::error {place},title={problem.status}::{_message(said)}"
    for result in report.metrics:
        level = {"WORSE": "error", "INCONCLUSIVE": "warning"}.get(result.verdict)
        if level:
            metric = result.metric
            said = (
                f"{figures.value(metric, result.before)} -> {figures.value(metric, result.after)} "
                f"({figures.change(metric, result.change)}, {figures.interval(result)}) "
                f"{figures.remark(result)}"
            )
            title = f"{metric.name} {result.verdict}"
            yield f"::{level} {place},title={title}::{_message(said)}"
    for case in dict.fromkeys(failure.case for failure in report.broken):
        said = "; ".join(f.invariant for f in report.broken if f.case == case)
        yield f"::error {place},title=case {_property(case)}::{_message(said)}"


def changed_line(report: Report, prompt: Path) -> int:
    """The first line of the prompt file that differs from the accepted one; 1 where none does."""
    try:
        accepted = report.suite.accepted_prompt(report.after.side.prompt.name)
        old = accepted.read_text(encoding="utf-8").splitlines()
        new = prompt.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return 1
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return next((start + 1 for tag, _, _, start, _ in blocks if tag != "equal"), 1)


def markdown(report: Report) -> str:
    """A step summary, or the body of a pull-request comment."""
    return "\n".join(_markdown(report)) + "\n"


def _markdown(report: Report) -> Iterator[str]:
    against = f" against {report.before.side}" if report.before else ""
    yield f"### {_SIGNS.get(report.verdict, '⚪')} {report.verdict}: {report.after.side}{against}"
    yield ""
    yield terminal.summary(report) + "."
    if report.changes:
        yield f"Changed: {', '.join(f'`{change}`' for change in report.changes)}."
    yield ""
    for problem in report.problems:
        cases = f" ({len(problem.cases)} cases)" if problem.cases else ""
        yield f"- **{problem.status}** {_cell(problem.what)}{cases}\n  `{problem.command}`"
    if report.metrics:
        yield from _rows(
            ("metric", "before", "after", "change", "95 % interval", "verdict", ""),
            [_metric_row(result) for result in report.metrics],
        )
    if report.broken:
        yield "\n**Held before, broken now**\n"
        rows = [(failure.case, _cell(failure.invariant)) for failure in report.broken]
        yield from _rows(("case", "invariant"), rows[:_MOST_ROWS])
        if len(rows) > _MOST_ROWS:
            yield f"\nand {len(rows) - _MOST_ROWS} more."
    for note in report.notes:
        yield f"\n> {note}"


def _metric_row(result: Compared) -> tuple[str, ...]:
    metric = result.metric
    return (
        metric.name,
        figures.value(metric, result.before),
        figures.value(metric, result.after),
        figures.change(metric, result.change),
        figures.interval(result),
        f"{_SIGNS[result.verdict]} {result.verdict}",
        figures.remark(result),
    )


def _rows(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)


def _cell(text: str) -> str:
    """Text that cannot end its cell or begin markup of its own."""
    text = " ".join(text.split()).replace("|", "\\|")
    return text.replace("<", "&lt;").replace("`", "'").replace("@", "@\u200b")


def _message(text: str) -> str:
    """Text as a workflow command takes it, line ends and per cent signs escaped."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
