"""Reports for GitHub: annotations on the prompt's changed line, and a summary in Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from functools import partial
from pathlib import Path

from rewriter.ci import Level, annotation, markdown_code, markdown_table, markdown_text
from rewriter.escaping import line
from rewriter.regression.comparison import Comparison
from rewriter.regression.reader_gate import ReaderComparison
from rewriter.regression.reports import amounts, terminal
from rewriter.regression.verdict import MetricChange, Verdict

_SIGNS = {"BETTER": "🟢", "SAME": "🟢", "WORSE": "🔴", "INCONCLUSIVE": "🟡"}
_LEVELS: Mapping[Verdict, Level] = {
    "WORSE": "error",
    "INCONCLUSIVE": "warning",
}
_MOST_ROWS = 25  # of broken invariants in a comment; the HTML page has all


def commands(comparison: Comparison, prompt: Path) -> Iterator[str]:
    """Workflow commands, one a line, on the first line of `prompt` that changed."""
    place = partial(annotation, file=str(prompt), line=changed_line(comparison, prompt))
    for blocker in comparison.blockers:
        yield place("error", f"{blocker.what}; run: {blocker.command}", title=blocker.status)
    for result in comparison.metrics:
        if level := _LEVELS.get(result.verdict):
            said = f"{amounts.sentence(result)} {amounts.remark(result)}"
            yield place(level, said, title=f"{result.metric.name} {result.verdict}")
    for case in dict.fromkeys(failure.case for failure in comparison.broken):
        said = "; ".join(f.invariant for f in comparison.broken if f.case == case)
        yield place("error", said, title=f"case {case}")


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
    against = (
        f" against {markdown_text(str(comparison.before.variant))}" if comparison.before else ""
    )
    sign = _SIGNS.get(comparison.verdict, "⚪")
    variant = markdown_text(str(comparison.after.variant))
    yield f"### {sign} {comparison.verdict}: {variant}{against}"
    yield ""
    yield terminal.summary(comparison) + "."
    if comparison.changes:
        yield f"Changed: {', '.join(map(markdown_code, comparison.changes))}."
    yield ""
    for blocker in comparison.blockers:
        cases = f" ({len(blocker.cases)} cases)" if blocker.cases else ""
        command = markdown_code(blocker.command)
        yield f"- **{blocker.status}** {markdown_text(blocker.what)}{cases}\n  {command}"
    if comparison.metrics:
        yield from markdown_table(
            ("metric", "before", "after", "change", "95 % interval", "verdict", ""),
            [_metric_row(result) for result in comparison.metrics],
        )
    if comparison.broken:
        yield "\n**Held before, broken now**\n"
        rows = [
            (markdown_text(failure.case), markdown_text(failure.invariant))
            for failure in comparison.broken
        ]
        yield from markdown_table(("case", "invariant"), rows[:_MOST_ROWS])
        if len(rows) > _MOST_ROWS:
            yield f"\nand {len(rows) - _MOST_ROWS} more."
    for note in comparison.notes:
        yield f"\n> {markdown_text(note)}"


def reader_commands(comparison: ReaderComparison, prompt: Path) -> Iterator[str]:
    """Workflow commands on the prompt of a second reader, one a line."""
    place = partial(annotation, file=str(prompt), line=1)
    for blocker in comparison.blockers:
        yield place("error", blocker, title=comparison.verdict)
    for change in comparison.changes:
        if level := _LEVELS.get(change.verdict):
            said = f"mean loss {change.loss.mean:+.3f} an article, p {change.loss.p:.3f}"
            yield place(level, said, title=f"{change.measure} {change.verdict}")


def reader_markdown(comparison: ReaderComparison, report: Sequence[str]) -> str:
    """A step summary, or the body of a pull-request comment, from the terminal's lines."""
    against = f" against {markdown_text(str(comparison.before))}" if comparison.before else ""
    sign = _SIGNS.get(comparison.verdict, "⚪")
    head = f"### {sign} {comparison.verdict}: {markdown_text(str(comparison.after))}{against}"
    return "\n".join([head, "", *(f"    {line(each)}" for each in report), ""])


def _metric_row(result: MetricChange) -> tuple[str, ...]:
    metric = result.metric
    return (
        metric.name,
        amounts.value(metric, result.before),
        amounts.value(metric, result.after),
        amounts.change(metric, result.change),
        amounts.interval(result),
        f"{_SIGNS[result.verdict]} {result.verdict}",
        amounts.remark(result),
    )
