"""Remembers what a function makes of a stranger's text, in a bounded part of the memory."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Concatenate, Generic, ParamSpec, TypeVar

_MOST_LONG = 2
P = ParamSpec("P")
T = TypeVar("T")


class Remembered(Generic[P, T]):
    """A function of a text that keeps its results: `most` of short texts, two of longer ones.

    `lru_cache` alone counts results, not bytes: some dozen articles of one long line each would
    fill the memory of a worker. One long text is often looked up several times.
    """

    def __init__(self, function: Callable[Concatenate[str, P], T], most: int, longest: int) -> None:
        self._short = lru_cache(maxsize=most)(function)
        self._long = lru_cache(maxsize=_MOST_LONG)(function)
        self._longest = longest

    def __call__(self, text: str, *args: P.args, **kwargs: P.kwargs) -> T:
        """What the function makes of `text`."""
        look_up = self._long if len(text) > self._longest else self._short
        return look_up(text, *args, **kwargs)  # type: ignore[arg-type] # all are hashable

    def cache_clear(self) -> None:
        """Forget all results."""
        self._short.cache_clear()
        self._long.cache_clear()


class Lookup(dict[str, T]):
    """A function of a word as the table of its results, by the limits of `Remembered`.

    A word that is known is found without running Python code: the checks ask some thousand times
    for an article. The table is emptied when it is full.
    """

    def __init__(self, function: Callable[[str], T], most: int, longest: int) -> None:
        super().__init__()
        self._function = function
        self._long = lru_cache(maxsize=_MOST_LONG)(function)
        self._most, self._longest = most, longest

    __call__ = dict[str, T].__getitem__

    def __missing__(self, word: str) -> T:
        if len(word) > self._longest:
            return self._long(word)
        if len(self) >= self._most:
            self.clear()
        found = self[word] = self._function(word)
        return found


def looked_up(most: int, longest: int = 100) -> Callable[[Callable[[str], T]], Lookup[T]]:
    """Keep `most` results of a function of a word, for words of `longest` characters at most."""
    return lambda function: Lookup(function, most, longest)


def remembered(
    most: int, longest: int = 100
) -> Callable[[Callable[Concatenate[str, P], T]], Remembered[P, T]]:
    """Keep the last `most` results of a function for texts of `longest` characters at most."""
    return lambda function: Remembered(function, most, longest)
