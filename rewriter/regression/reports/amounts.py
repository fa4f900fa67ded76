"""Amounts and changes of metrics as text."""

from __future__ import annotations

import math

from rewriter.regression.scoring import Metric
from rewriter.regression.verdict import MetricChange


def value(metric: Metric, amount: float) -> str:
    """An amount of `metric`: `97.5 %`, `1,820`, `$0.0041`, `2.31 s`."""
    if metric.kind == "share":
        return f"{100 * amount:.1f} %"
    if metric.kind == "count":
        return f"{amount:.2f}"
    if metric.name == "cost":
        return f"${amount:.4f}"
    return f"{amount:.2f} s" if metric.name == "latency" else f"{amount:,.0f}"


def change(metric: Metric, amount: float) -> str:
    """A change of `metric`: points for a share, per cent for a ratio, with its sign."""
    if metric.kind == "share":
        return f"{100 * amount:+.1f} pt"
    if metric.kind == "count":
        return f"{amount:+.2f}"
    return f"{100 * (math.exp(amount) - 1):+.1f} %"


def size(metric: Metric, amount: float) -> str:
    """A change without its sign."""
    return change(metric, abs(amount)).removeprefix("+")


def interval(result: MetricChange) -> str:
    """The 95 % limits of a change in brackets."""
    return f"[{change(result.metric, result.low)}, {change(result.metric, result.high)}]"


def sentence(result: MetricChange) -> str:
    """Both amounts, the change and its interval: `2.10 s -> 2.31 s, +10.0 % [...]`."""
    metric = result.metric
    amounts = f"{value(metric, result.before)} -> {value(metric, result.after)}"
    return f"{amounts}, {change(metric, result.change)} {interval(result)}"


def remark(result: MetricChange) -> str:
    """What an inconclusive metric or an unconfirmed alarm needs; "" for others."""
    if result.verdict == "INCONCLUSIVE":
        if result.detectable is None or result.needed is None:
            return "one article tells nothing about others"
        return (
            f"detectable: {size(result.metric, result.detectable)}; for the margin of "
            f"{size(result.metric, result.metric.margin)} about {result.needed} articles are needed"
        )
    if result.unconfirmed:
        return "an alarm; the note says how to confirm or withdraw it"
    return ""
