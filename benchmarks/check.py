"""What the grounding checks cost: CPU time for a news article, and how it grows with either text.

Run with `python -m benchmarks.check`. The source has about 1,000 words, the rewrite about 500; the
time includes indexing the source. "With its trace" adds what a run keeps in the record: supporting
sentences and coverage. The ratios compare doubled texts with single ones: 2 is linear.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

from rewriter.article import Passage
from rewriter.checks.grounding import Evidence, coverage, ground, ground_rewrite, supports
from rewriter.rules import GroundingRules
from rewriter.runs.checking.pairs import plain_source

RULES = GroundingRules()
# A run is long enough that the clock's steps do not show; the best of several is the cost.
REPEATS = 7
ROUNDS = 10
HOSTILE = 1_000_000


def article(words: int, shift: int = 0) -> str:
    """Made-up news of about `words` words, ten sentences a paragraph."""
    sentences = [
        f"Calder Rail sold {1200 + n} bonds for ${2 + n / 100:.2f} billion on {n % 28 + 1} March "
        f"{2000 + n % 26}, Mara {_NAMES[n % len(_NAMES)]} said in Turku. {_PLAIN[n % len(_PLAIN)]}"
        for n in range(shift, shift + words // 36 + 1)
    ]
    paragraphs = (" ".join(sentences[i : i + 10]) for i in range(0, len(sentences), 10))
    return "\n".join(paragraphs)


_PLAIN = (
    "Investors had waited for such an offer since the regulator opened the market to small firms.",
    "The board expects demand to hold, although some members doubt that rates will fall so soon.",
    "Passengers will notice little of it at first, because new trains take years to arrive.",
    "Critics say that the line should have been renewed long before the old bridges were closed.",
)
_NAMES = ("Ashdown", "Brekke", "Corvalan", "Diallo", "Ellery", "Fennimore", "Greer")


def seconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """CPU seconds of one call: the best of several runs, the collector off as in `timeit`."""
    work()
    gc.collect()
    gc.disable()
    best = float("inf")
    for _ in range(REPEATS if rounds > 1 else 1):
        begin = time.process_time()
        for _ in range(rounds):
            work()
        best = min(best, (time.process_time() - begin) / rounds)
    gc.enable()
    return best


def check(source: str, text: str) -> Callable[[], object]:
    """One whole check, indexing included; cleaning the source is not part of it."""
    cleaned = plain_source(source)
    passages = [
        Passage("details", f"paragraph {n}", part) for n, part in enumerate(text.split("\n"))
    ]
    return lambda: ground(passages, Evidence(cleaned), RULES)


def whole(source: str, text: str) -> Callable[[], object]:
    """What a run does with one answer: every check, and the trace for the record."""
    cleaned = plain_source(source)
    passages = [
        Passage("details", f"paragraph {n}", part) for n, part in enumerate(text.split("\n"))
    ]

    def run() -> object:
        evidence = Evidence(cleaned)
        findings = ground_rewrite(passages, evidence, RULES)
        return findings, supports(passages, evidence), coverage(passages, evidence)

    return run


def main() -> None:
    source, text = article(1000), article(500, shift=5)
    print(f"source {len(source.split())} words, rewrite {len(text.split())} words")
    print(f"check, indexing included: {seconds(check(source, text)) * 1000:.1f} ms CPU")
    print(f"whole check with its trace: {seconds(whole(source, text)) * 1000:.1f} ms CPU")
    longer_source = seconds(check(article(16_000), text), 1)
    longest_source = seconds(check(article(32_000), text), 1)
    print(f"source twice as long: x{longest_source / longer_source:.2f}")
    longer_text = seconds(check(source, article(16_000)), 1)
    longest_text = seconds(check(source, article(32_000)), 1)
    print(f"rewrite twice as long: x{longest_text / longer_text:.2f}")
    for name, unit in (("digits", "7"), ("commas", ","), ("quotes", '"'), ("letters", "a")):
        spent = seconds(check(source, unit * HOSTILE), 1)
        print(f"one million {name}: {spent:.2f} s CPU")


if __name__ == "__main__":
    main()
