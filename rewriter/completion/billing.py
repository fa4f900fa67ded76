"""Reads the usage that a provider bills, and prices it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rewriter.article import Usage
from rewriter.prices import Price

_PLACES = ("usage", "usageMetadata", "usage_metadata")
_INPUT = ("prompt_tokens", "input_tokens", "promptTokenCount", "prompt_eval_count")
_OUTPUT = ("completion_tokens", "output_tokens", "candidatesTokenCount", "eval_count")
_CACHED = ("cached_tokens", "prompt_cache_hit_tokens", "cachedContentTokenCount")
_DETAILS = ("prompt_tokens_details", "input_tokens_details")
# Ten times the largest context window of a model. Above it a number is no count of tokens.
_MOST_TOKENS = 10_000_000


def usage_of(answer: Mapping[str, Any], price: Price | None) -> Usage | None:
    """The usage in an answer, with its cost where the model has a price.

    None where the answer tells none, or where a number makes no sense: a bill that cannot be
    believed is unknown.
    """
    bill = next((answer[key] for key in _PLACES if isinstance(answer.get(key), dict)), answer)
    details: dict[str, Any] = next(
        (bill[key] for key in _DETAILS if isinstance(bill.get(key), dict)), {}
    )
    asked, written = _count(bill, _INPUT), _count(bill, _OUTPUT)
    cached = _count({**bill, **details}, _CACHED)
    if asked is None or written == _NONSENSE or cached == _NONSENSE or asked == _NONSENSE:
        return None
    tokens = (asked, written or 0, min(cached or 0, asked))
    return Usage(
        input_tokens=tokens[0],
        output_tokens=tokens[1],
        cached_tokens=tokens[2],
        cost=price.cost(*tokens) if price else None,
    )


_NONSENSE = -1


def _count(bill: Mapping[str, Any], names: tuple[str, ...]) -> int | None:
    """The first count under one of `names`, None without one, `_NONSENSE` where it is no count."""
    told = next((bill[name] for name in names if bill.get(name) is not None), None)
    if told is None:
        return None
    if isinstance(told, bool) or not isinstance(told, int | float) or told != told // 1:
        return _NONSENSE
    return int(told) if 0 <= told <= _MOST_TOKENS else _NONSENSE
