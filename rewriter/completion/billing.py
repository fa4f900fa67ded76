"""Reads the usage that a provider bills, and prices it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rewriter.article import Usage
from rewriter.prices import Price

# The names of counts in all protocols, in small letters without signs between them.
_INPUT = frozenset(
    {"prompttokens", "inputtokens", "prompttokencount", "inputtokencount", "promptevalcount"}
    | {"inputtexttokens", "inputtexttokencount", "tokensevaluated"}
)
_OUTPUT = frozenset(
    {"completiontokens", "outputtokens", "candidatestokencount", "outputtokencount", "evalcount"}
    | {"generationtokencount", "generatedtokencount", "generatedtokens", "tokencount"}
    | {"tokenspredicted"}
)
_CACHED = frozenset(
    {"cachedtokens", "promptcachehittokens", "cachedcontenttokencount", "cachereadinputtokens"}
    | {"cachereadinputtokencount"}
)
# Anthropic does not count tokens read from its cache, or written into it, as input tokens.
_SEPARATE = frozenset(
    {"cachereadinputtokens", "cachecreationinputtokens", "cachereadinputtokencount"}
    | {"cachewriteinputtokencount"}
)
# The keys that hold counts; an answer's text and the details of another bill have none.
_BILLS = (
    *("usage", "usageMetadata", "usage_metadata", "tokens", "meta", "meta_info", "metrics"),
    *("details", "prompt_tokens_details", "input_tokens_details", "results", "x_groq"),
    *("metadata", "tokenMetadata"),
)
# Ten times the largest context window of a model. Above it a number is no count of tokens.
_MOST_TOKENS, _MOST_LEVELS = 10_000_000, 4


def usage_of(answer: Mapping[str, Any], price: Price | None) -> Usage | None:
    """The usage in an answer, with its cost where the model has a price.

    None where the answer has no usage or an impossible number: the usage is then unknown.
    """
    counts = list(_counts(answer))
    asked, written = _first(counts, _INPUT), _first(counts, _OUTPUT)
    cached = _first(counts, _CACHED)
    separate = [value for name, value in dict(reversed(counts)).items() if name in _SEPARATE]
    if asked is None or _NONSENSE in (asked, written, cached, *separate):
        return None
    asked += sum(separate)
    tokens = (asked, written or 0, min(cached or 0, asked))
    return Usage(
        input_tokens=tokens[0],
        output_tokens=tokens[1],
        cached_tokens=tokens[2],
        cost=price.cost(*tokens) if price else None,
    )


_NONSENSE = -1


def _counts(bill: Mapping[str, Any], level: int = 0) -> Iterator[tuple[str, int]]:
    """The counts in `bill` with their names, the outer ones first."""
    known = _INPUT | _OUTPUT | _CACHED | _SEPARATE
    for key, value in bill.items():
        name = "".join(filter(str.isalpha, key)).lower()
        value = value.get("totalTokens") if isinstance(value, dict) and name in known else value
        if name in known and value is not None:
            yield name, _count(value)
    for key in _BILLS if level < _MOST_LEVELS else ():
        inner = bill.get(key)
        for part in inner if isinstance(inner, list) else [inner]:
            if isinstance(part, dict):
                yield from _counts(part, level + 1)


def _first(counts: list[tuple[str, int]], names: frozenset[str]) -> int | None:
    return next((value for name, value in counts if name in names), None)


def _count(value: object) -> int:
    """A count of tokens, `_NONSENSE` where it is none."""
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 12:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
        return _NONSENSE
    return int(value) if 0 <= value <= _MOST_TOKENS else _NONSENSE
