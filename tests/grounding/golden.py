"""Reading the golden pairs and judging them: precision and recall of every code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from rewriter.article import Finding, Passage
from rewriter.checks.grounding import Evidence, ground
from rewriter.rules import GroundingRules
from rewriter.runs.checking.pairs import plain_source

FOLDER = Path(__file__).parent / "pairs"


class Golden(NamedTuple):
    """A source sentence, a rewrite of it, and the code it must give; "" where it must pass."""

    file: str
    line: int
    lang: str
    source: str
    text: str
    code: str


def pairs() -> Iterator[Golden]:
    """Every golden pair, in the order of files and lines."""
    for path in sorted(FOLDER.glob("*.txt")):
        lang, source = "en", ""
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            mark, _, rest = line.partition(" ")
            if mark == "L:":
                lang = rest
            elif mark == "S:":
                source = rest
            elif mark == "+":
                yield Golden(path.name, number, lang, source, rest, "")
            elif mark == "-":
                code, _, text = rest.partition(" ")
                yield Golden(path.name, number, lang, source, text, code)


@cache
def evidence_of(source: str, lang: str) -> Evidence:
    """The evidence of a source, read once."""
    return Evidence(plain_source(source, lang))


def judge(pair: Golden) -> tuple[Finding, ...]:
    """What the checks find in a pair."""
    passage = Passage("text", "", pair.text)
    return ground([passage], evidence_of(pair.source, pair.lang), GroundingRules())


class Score(NamedTuple):
    """How often a code was found where it belongs (recall) and only there (precision)."""

    right: int
    wanted: int
    found: int

    @property
    def recall(self) -> float:
        return self.right / self.wanted if self.wanted else 1.0

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0


def scores() -> dict[str, Score]:
    """The score of every code over all pairs; a pair that must fail may give further codes."""
    right, wanted, found = Counter[str](), Counter[str](), Counter[str]()
    for pair in pairs():
        codes = {finding.code for finding in judge(pair)}
        wanted[pair.code] += 1
        if pair.code in codes or (not pair.code and not codes):
            right[pair.code] += 1
        found.update(codes if not pair.code else codes & {pair.code})
    return {code: Score(right[code], wanted[code], found[code]) for code in sorted(wanted | found)}
