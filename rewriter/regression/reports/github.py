"""The report for GitHub: annotations on the prompt's changed line, and a summary in Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path

from rewriter.regression.comparison import Comparison
from rewriter.regression.reports import figures, terminal
from rewriter.regression.verdict import MetricChange

_SIGNS = {"BETTER": "🟢", "SAME": "🟢", "WORSE": "🔴", "INCONCLUSIVE": "🟡"}
_MOST_ROWS = 25  # a comment that nobody scrolls through; the HTML report has all


def commands(comparison: Comparison, prompt: Path) -> Iterator[str]:
    """Workflow commands, one a line, on the first line of `prompt` that changed."""
    place = f"file={_property(str(prompt))},line={changed_line(comparison, prompt)}"
    for blocker in comparison.blockers:
        said = f"{blocker.what}; run: {blocker.command}"
        yield f"::error {place},title={blocker.status}::{_message(said)}"
    for result in comparison.metrics:
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
    for case in dict.fromkeys(failure.case for failure in comparison.broken):
        said = "; ".join(f.invariant for f in comparison.broken if f.case == case)
        yield f"::error {place},title=case {_property(case)}::{_message(said)}"


def changed_line(comparison: Comparison, prompt: Path) -> int:
    """The first line of the prompt file that differs from the accepted one; 1 where none does."""
    try:
        accepted = comparison.folder.accepted_prompt(comparison.after.variant.prompt.name)
        old = accepted.read_text(encoding="utf-8").splitlines()
        new = prompt.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return 1
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return next((start + 1 for tag, _, _, start, _ in blocks if tag != "equal"), 1)


def markdown(comparison: Comparison) -> str:
    """A step summary, or the body of a pull-request comment."""
    return "\n".join(_markdown(comparison)) + "\n"


def _markdown(comparison: Comparison) -> Iterator[str]:
    against = f" against {comparison.before.variant}" if comparison.before else ""
    sign = _SIGNS.get(comparison.verdict, "⚪")
    yield f"### {sign} {comparison.verdict}: {comparison.after.variant}{against}"
    yield ""
    yield terminal.summary(comparison) + "."
    if comparison.changes:
        yield f"Changed: {', '.join(f'`{change}`' for change in comparison.changes)}."
    yield ""
    for blocker in comparison.blockers:
        cases = f" ({len(blocker.cases)} cases)" if blocker.cases else ""
        yield f"- **{blocker.status}** {_cell(blocker.what)}{cases}\n  `{blocker.command}`"
    if comparison.metrics:
        yield from _rows(
            ("metric", "before", "after", "change", "95 % interval", "verdict", ""),
            [_metric_row(result) for result in comparison.metrics],
        )
    if comparison.broken:
        yield "\n**Held before, broken now**\n"
        rows = [(failure.case, _cell(failure.invariant)) for failure in comparison.broken]
        yield from _rows(("case", "invariant"), rows[:_MOST_ROWS])
        if len(rows) > _MOST_ROWS:
            yield f"\nand {len(rows) - _MOST_ROWS} more."
    for note in comparison.notes:
        yield f"\n> {note}"


def _metric_row(result: MetricChange) -> tuple[str, ...]:
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
