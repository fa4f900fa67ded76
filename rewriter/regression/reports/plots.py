"""The paired differences of one metric as a small drawing: one dot a case, mean and interval."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from rewriter.regression.reports import figures
from rewriter.regression.verdict import MetricChange

_WIDTH, _HEIGHT, _PAD = 360, 44, 8
_LEVELS = 5  # dots of neighbouring cases stand on different levels, so that they do not hide others


def svg(result: MetricChange) -> str:
    """The drawing as inline SVG: the band is the margin, the bar the 95 % interval."""
    reach = max(
        result.metric.margin * 1.5,
        abs(result.low),
        abs(result.high),
        *map(abs, result.pairs.values()),
    )

    def x(change: float) -> float:
        return round(_WIDTH / 2 + change / reach * (_WIDTH / 2 - _PAD), 1)

    return "".join(_parts(result, x)) + "</svg>"


def _parts(result: MetricChange, x: figures.Scale) -> Iterator[str]:
    margin, middle = result.metric.margin, _HEIGHT / 2
    title = escape(f"{result.metric.name}: change of each case")
    yield (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}" role="img">'
        f"<title>{title}</title>"
    )
    yield (
        f'<rect class="band" x="{x(-margin)}" y="2" width="{x(margin) - x(-margin):.1f}" '
        f'height="{_HEIGHT - 4}"/>'
    )
    yield f'<line class="zero" x1="{x(0)}" x2="{x(0)}" y1="0" y2="{_HEIGHT}"/>'
    for number, (case, change) in enumerate(sorted(result.pairs.items(), key=lambda p: p[1])):
        y = 7 + (number % _LEVELS) * (_HEIGHT - 14) / (_LEVELS - 1)
        loss = -change if result.metric.higher_is_better else change
        kind = "worse" if loss > 0 else "better" if loss < 0 else "same"
        said = escape(f"{case} {figures.change(result.metric, change)}")
        dot = f'<circle class="{kind}" cx="{x(change)}" cy="{y:g}" r="3">'
        yield f"{dot}<title>{said}</title></circle>"
    low, high = x(result.low), x(result.high)
    yield f'<line class="interval" x1="{low}" x2="{high}" y1="{middle:g}" y2="{middle:g}"/>'
    yield f'<circle class="mean" cx="{x(result.change)}" cy="{middle:g}" r="5"/>'
