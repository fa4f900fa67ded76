"""The patterns of a language by their names, and a sentence that is searched for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import NamedTuple

# A letter of a pattern that stands for itself, once.
_LETTER = re.compile(r"[^\\.^$*+?{}\[\]|()](?![*+?{])")
# The signs of a pattern: escaped ones and sets are one.
_SIGNS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.DOTALL)

Classes = frozenset[str]
"""The lists of words of which a sentence may have one."""
_NOTHING = Classes()


class Patterns:
    """The patterns of one language; each is compiled when it is first searched.

    `needs` names the lists without a word of which a pattern finds nothing, where it has some.
    """

    def __init__(self, sources: Mapping[str, str], needs: Mapping[str, Classes]) -> None:
        self._sources, self._needs = sources, needs
        self._compiled = dict[str, re.Pattern[str]]()

    def __getitem__(self, name: str) -> re.Pattern[str]:
        if name not in self._compiled:
            self._compiled[name] = re.compile(self._sources[name])
        return self._compiled[name]

    def needs(self, name: str) -> Classes:
        """The lists of which a sentence has a word where the pattern `name` finds something."""
        return self._needs.get(name, _NOTHING)


class ReadSentence(NamedTuple):
    """A folded sentence that is read in one language."""

    patterns: Patterns
    has: Classes
    text: str

    def find(self, name: str) -> re.Match[str] | None:
        """What the pattern `name` finds first."""
        if self.patterns.needs(name) <= self.has:
            return self.patterns[name].search(self.text)
        return None


def one_of(words: Iterable[str]) -> str:
    """A pattern for the first of the words that matches; each may be a regular expression.

    `re` tries one alternative after the other: words that begin with the same letter are put
    together, behind the letter. They never match where another letter stands, so that the order
    among the others counts no more.
    """
    found, by_letter = list[str](), dict[str, list[str]]()
    for word in chain.from_iterable(map(alternatives, words)):
        if _LETTER.match(word):
            by_letter.setdefault(word[0], []).append(word[1:])
        else:
            found += _grouped(by_letter)
            found.append(word)
            by_letter.clear()
    found += _grouped(by_letter)
    return found[0] if len(found) == 1 else f"(?:{'|'.join(found)})"


def _grouped(by_letter: Mapping[str, list[str]]) -> list[str]:
    return [letter + one_of(rests) for letter, rests in by_letter.items()]


def alternatives(pattern: str) -> list[str]:
    """The alternatives of a pattern that stand in no group."""
    found, depth = [""], 0
    for sign in _SIGNS.findall(pattern):
        depth += (sign == "(") - (sign == ")")
        if sign == "|" and not depth:
            found.append("")
        else:
            found[-1] += sign
    return found
