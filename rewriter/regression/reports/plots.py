"""A drawing of the paired differences of one metric: a dot for each case, mean and interval."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rewriter.regression.reports import amounts
from rewriter.regression.verdict import MetricChange

_WIDTH, _HEIGHT, _PAD = 360, 44, 8  # pixels
_LEVELS = 5  # heights of the dots of neighbouring cases, so that no dot hides another


@dataclass(frozen=True)
class Dot:
    """The change of one case; `kind` is `worse`, `better` or `same`, `title` says the change."""

    x: float
    y: float
    kind: str
    title: str


@dataclass(frozen=True)
class Drawing:
    """The place of everything, in pixels. `band` is the margin: its left end and its width."""

    title: str
    width: int
    height: int
    band: tuple[float, float]
    zero: float
    low: float
    high: float
    mean: float
    middle: float
    dots: tuple[Dot, ...]


def drawing(result: MetricChange) -> Drawing:
    """The drawing of one metric, with no change in the middle."""
    margin = result.metric.margin
    reach = max(margin * 1.5, abs(result.low), abs(result.high), *map(abs, result.pairs.values()))

    def x(change: float) -> float:
        return round(_WIDTH / 2 + change / reach * (_WIDTH / 2 - _PAD), 1)

    return Drawing(
        title=f"{result.metric.name}: change of each case",
        width=_WIDTH,
        height=_HEIGHT,
        band=(x(-margin), round(x(margin) - x(-margin), 1)),
        zero=x(0),
        low=x(result.low),
        high=x(result.high),
        mean=x(result.change),
        middle=_HEIGHT / 2,
        dots=tuple(_dots(result, x)),
    )


def _dots(result: MetricChange, x: Callable[[float], float]) -> Iterator[Dot]:
    for number, (case, change) in enumerate(sorted(result.pairs.items(), key=lambda p: p[1])):
        loss = -change if result.metric.higher_is_better else change
        yield Dot(
            x=x(change),
            y=7 + (number % _LEVELS) * (_HEIGHT - 14) / (_LEVELS - 1),
            kind="worse" if loss > 0 else "better" if loss < 0 else "same",
            title=f"{case} {amounts.change(result.metric, change)}",
        )
