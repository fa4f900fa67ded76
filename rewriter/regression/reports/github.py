"""Reports for GitHub: annotations on the prompt or the case, and a summary in Markdown."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from pathlib import Path

from rewriter.ci import Level, annotation, markdown_block
from rewriter.errors import RewriterError
from rewriter.escaping import message_of
from rewriter.regression.cases import Case
from rewriter.regression.comparison import Comparison
from rewriter.regression.reports import amounts, terminal
from rewriter.regression.verdict import Verdict

_SIGNS = {"BETTER": "🟢", "SAME": "🟢", "WORSE": "🔴", "INCONCLUSIVE": "🟡"}
_LEVELS: Mapping[Verdict, Level] = {
    "WORSE": "error",
    "INCONCLUSIVE": "warning",
}
_PLACED = re.compile(r"(.+?)(?::(\d+))?: ")  # the file and the line of a mistake


def commands(comparison: Comparison, prompt: Path) -> Iterator[str]:
    """Workflow commands, one a line: on the case, or on the first changed line of `prompt`."""
    accepted = comparison.folder.accepted_prompt(comparison.after.variant.prompt.name)
    changed = (str(prompt), changed_line(accepted, prompt))
    cases = {case.name: case for case in comparison.cases}
    for blocker in comparison.blockers:
        case = cases.get(blocker.cases[0]) if len(blocker.cases) == 1 else None
        place = (in_repository(case.file), 1) if case else changed
        yield _command("error", f"{blocker}", blocker.status, place)
    for result in comparison.metrics:
        if level := _LEVELS.get(result.verdict):
            said = f"{amounts.sentence(result)} {amounts.remark(result)}"
            yield _command(level, said, f"{result.metric.name} {result.verdict}", changed)
    groups: dict[tuple[str, tuple[str, int]], list[str]] = {}
    for failure in comparison.broken:
        case = cases[failure.case]
        line = case.expected_at(failure.invariant) if isinstance(case, Case) else None
        place = (in_repository(case.file), line) if line else changed
        groups.setdefault((failure.case, place), []).append(failure.invariant)
    for (name, place), invariants in groups.items():
        yield _command("error", "; ".join(invariants), f"case {name}", place)


def error_commands(error: RewriterError) -> Iterator[str]:
    """Workflow commands for what ended the gate: on the file and line that each mistake names."""
    for mistake in message_of(error).split("\n"):
        placed = _PLACED.match(mistake)
        place = (placed[1], int(placed[2] or 1)) if placed and Path(placed[1]).exists() else None
        yield _command("error", mistake, "no verdict", place)


def error_markdown(error: RewriterError) -> str:
    """A step summary, or the body of a pull-request comment, of a gate without a verdict."""
    return "### 🔴 No verdict: something is broken\n\n" + markdown_block(message_of(error))


def _command(level: Level, said: str, title: str, place: tuple[str, int] | None) -> str:
    file, line = place or ("", 1)
    return annotation(level, said, title=title, file=file, line=line)


def in_repository(path: Path) -> str:
    """`path` relative to the repository, where the command runs inside it."""
    place = Path(os.path.relpath(path))
    return str(path if ".." in place.parts else place)


def changed_line(accepted: Path, prompt: Path) -> int:
    """The first line of the file `prompt` that differs from `accepted`; 1 where none does.

    The line of the version counts only where no other differs.
    """
    try:
        old = accepted.read_text(encoding="utf-8").splitlines()
        new = prompt.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return 1
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    changed = [
        number
        for tag, _, _, start, end in blocks
        if tag != "equal"
        for number in range(start, max(start + 1, end))
    ]
    versions = {number for number, text in enumerate(new) if text.startswith("version:")}
    others = [number for number in changed if number not in versions]
    return min(others or changed, default=0) + 1


def markdown(comparison: Comparison, more: Sequence[str] = ()) -> str:
    """A step summary, or the body of a pull-request comment: the report of the terminal.

    `more` are lines below it.
    """
    sign = _SIGNS.get(comparison.verdict, "⚪")
    report = "\n".join((terminal.text(comparison), *more))
    return f"### {sign} {comparison.verdict}\n\n{markdown_block(report)}"
