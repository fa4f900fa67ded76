"""Two texts side by side as HTML, with deletions, insertions and findings marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple

from markupsafe import Markup, escape

from rewriter.article import Finding

# A word with the space after it. In a script without spaces each character is a word.
_TOKEN = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+\s*|[^\w\s]\s*|\s+"
)


class _Range(NamedTuple):
    start: int
    end: int


def side_by_side(
    old: str, new: str, found_old: Sequence[Finding], found_new: Sequence[Finding]
) -> tuple[Markup, Markup]:
    """Both texts as HTML: `<del>` in the first, `<ins>` in the second, `<mark>` for findings."""
    gone, come = _changed(old, new)
    return _marked(old, "del", gone, found_old), _marked(new, "ins", come, found_new)


def _changed(old: str, new: str) -> tuple[list[_Range], list[_Range]]:
    if old == new:
        return [], []
    left, right = _TOKEN.findall(old), _TOKEN.findall(new)
    starts_left, starts_right = _starts(left), _starts(right)
    gone: list[_Range] = []
    come: list[_Range] = []
    # `autojunk` would ignore the frequent words of a long text.
    for tag, i, j, k, m in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag != "equal":
            gone.append(_Range(starts_left[i], starts_left[j]))
            come.append(_Range(starts_right[k], starts_right[m]))
    return gone, come


def _starts(tokens: Sequence[str]) -> list[int]:
    starts = [0]
    for token in tokens:
        starts.append(starts[-1] + len(token))
    return starts


def _marked(text: str, tag: str, changed: Sequence[_Range], findings: Sequence[Finding]) -> Markup:
    """`text` as HTML, divided where a change or a finding begins or ends."""
    spans = [(finding, _Range(*finding.span)) for finding in findings if finding.span]
    cuts = {0, len(text)}
    for place in (*changed, *(place for _, place in spans)):
        cuts |= {min(place.start, len(text)), min(place.end, len(text))}
    edges = sorted(cuts)
    return Markup().join(
        _piece(
            text[start:end],
            tag if any(r.start <= start and end <= r.end for r in changed) else "",
            [f for f, r in spans if r.start <= start and end <= r.end],
            {f.code: None for f, r in spans if r.end == end},
        )
        for start, end in pairwise(edges)
    )


def _piece(text: str, tag: str, findings: Sequence[Finding], ending: Iterable[str]) -> Markup:
    """One piece of the text. The code of a finding stands where the finding ends."""
    html = escape(text)
    if tag:
        html = Markup("<{0}>{1}</{0}>").format(tag, html)
    if findings:
        said = "; ".join(f"{f.code}: {f.message}" for f in findings)
        worst = "error" if any(f.severity == "error" for f in findings) else "warning"
        html = Markup('<mark class="{}" title="{}">{}</mark>').format(worst, said, html)
    if codes := ", ".join(ending):
        html += Markup("<sup>{}</sup>").format(codes)
    return html
