"""Permutation inference on paired differences, exact or sampled.

Under the null hypothesis each paired difference is as likely as its negative (Fisher, "The Design
of Experiments", 1935). The distribution of the mean under sign flips gives the p-value. The means
of random subsets of the differences give the confidence limits: they are the shifts at which the
test changes its result (Hartigan, "Using subsample values as typical values", JASA 64, 1969). No
normal distribution is assumed.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from statistics import NormalDist, fmean, stdev
from typing import NamedTuple

# With 8 metrics the smallest two-sided p-value must be at most 0.02 / 8. The smallest one that
# 9,999 flips can give is 0.0002.
_FLIPS = 9_999
_MOST_EXACT = 13  # values; their 2 ** 13 subsets are fewer than `_FLIPS`
_ROUNDING = 1e-12


class MeanDifference(NamedTuple):
    """The mean of paired differences, its confidence limits, and its two-sided p-value."""

    mean: float
    low: float
    high: float
    p: float


def paired(differences: Sequence[float], *, confidence: float = 0.95) -> MeanDifference:
    """Test whether the mean of independent `differences` is 0, and give its confidence limits.

    The same differences always give the same result: sign flips are drawn from a fixed seed.
    """
    if not any(differences):
        return MeanDifference(0.0, 0.0, 0.0, 1.0)
    subsets = _subsets(len(differences))
    sums = _subset_sums(differences, subsets)
    means = sorted(total / size for total, size in zip(sums, subsets.sizes, strict=True))
    tail = (1 - confidence) / 2
    flips = len(sums) + 1  # no flip at all is the observed result
    above = (1 + sum(total <= _ROUNDING for total in sums)) / flips
    below = (1 + sum(total >= -_ROUNDING for total in sums)) / flips
    return MeanDifference(
        mean=fmean(differences),
        low=means[math.floor(tail * (len(means) - 1))],
        high=means[math.ceil((1 - tail) * (len(means) - 1))],
        p=min(1.0, 2 * min(above, below)),
    )


def wilson(hits: int, number: int) -> tuple[float, float]:
    """The 95 % limits of a share, `hits` of `number`; 0 and 1 where `number` is 0.

    Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22, 1927.

    >>> [round(limit, 3) for limit in wilson(9, 10)]
    [0.596, 0.982]
    """
    if number == 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf(0.975)
    share, spread = hits / number, z * z / number
    middle = share + spread / 2
    half = z * math.sqrt(share * (1 - share) / number + spread / (4 * number))
    return (
        max(0.0, (middle - half) / (1 + spread)),
        min(1.0, (middle + half) / (1 + spread)),
    )


def holm(p_values: Sequence[float]) -> list[float]:
    """The p-values adjusted for their number: the chance of any false alarm is bounded.

    Holm, "A simple sequentially rejective multiple test procedure", 1979.

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    count = len(p_values)
    order = sorted(range(count), key=p_values.__getitem__)
    stepped = (min(1.0, (count - rank) * p_values[index]) for rank, index in enumerate(order))
    adjusted = dict(zip(order, accumulate(stepped, max), strict=True))
    return [adjusted[index] for index in range(count)]


def detectable(differences: Sequence[float], *, alpha: float) -> float | None:
    """The mean change that as many differences would find; None for fewer than two."""
    if len(differences) < 2:
        return None
    return standard_errors(alpha) * stdev(differences) / math.sqrt(len(differences))


def needed(differences: Sequence[float], effect: float, *, alpha: float) -> int | None:
    """How many differences would find a mean change of `effect`; None for fewer than two."""
    if len(differences) < 2:
        return None
    return math.ceil((standard_errors(alpha) * stdev(differences) / effect) ** 2)


def standard_errors(alpha: float) -> float:
    """The change, in standard errors, that a test at the level `alpha` finds four times in five.

    The method is the normal approximation.
    """
    normal = NormalDist()
    return normal.inv_cdf(1 - alpha / 2) + normal.inv_cdf(0.8)


# --- subsets -----------------------------------------------------------------------------------


class _Subsets(NamedTuple):
    """Non-empty subsets of n values, as little-endian bit masks, and their sizes."""

    masks: list[bytes]
    sizes: list[int]


@lru_cache(maxsize=4)
def _subsets(count: int) -> _Subsets:
    width = (count + 7) // 8
    if count <= _MOST_EXACT:
        numbers = list(range(1, 1 << count))
    else:
        source = random.Random(count)  # noqa: S311 - reproducible, not secret
        numbers = [source.getrandbits(count) or 1 for _ in range(_FLIPS)]
    masks = [number.to_bytes(width, "little") for number in numbers]
    return _Subsets(masks, [number.bit_count() for number in numbers])


def _subset_sums(values: Sequence[float], subsets: _Subsets) -> list[float]:
    """The sum over each subset: one table look-up for every eight values."""
    tables = [_table(values[start : start + 8]) for start in range(0, len(values), 8)]
    return [
        sum([table[byte] for table, byte in zip(tables, mask, strict=True)])
        for mask in subsets.masks
    ]


def _table(values: Sequence[float]) -> list[float]:
    """The sum of every subset of at most eight values, by bit mask."""
    sums = [0.0]
    for value in values:
        sums += [known + value for known in sums]
    return sums
