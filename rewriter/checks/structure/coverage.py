"""How much of what matters in the source a rewrite keeps: its key figures and names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal

from rewriter.article import Value
from rewriter.checks.evidence.figures import Figure, Figures, keys_of
from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.reading import Statement
from rewriter.checks.evidence.variants import singular
from rewriter.checks.lexicon import aliases, name_set
from rewriter.text.quantities import Quantity

# A count below is rarely what an article is about ("two days", "three analysts").
_KEY_COUNT = 100
# A name is a key name when it is mentioned this often, or in the first sentences of the body.
_KEY_MENTIONS = 2
_FIRST = 3


class Coverage(Value):
    """Shares (0 to 1) of the source's key figures and key names in a rewrite, and what is missing.

    What is missing is written as in the source. A source without any has a coverage of 1.
    """

    figures: float
    names: float
    missing: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """The mean of both shares."""
        return (self.figures + self.names) / 2


def coverage_of(statements: Iterable[Statement], evidence: Evidence) -> Coverage:
    """Compare the key figures and names of the source with those of a rewrite."""
    said_by = list(statements)
    key = ("coverage", *(statement.text for statement in said_by))
    return evidence.kept(key, lambda: _compared(said_by, evidence))


def _compared(statements: Sequence[Statement], evidence: Evidence) -> Coverage:
    said = Figures(
        Figure(quantity, index)
        for index, statement in enumerate(statements)
        for quantity in statement.facts.quantities
    )
    words = {singular(t.lower) for s in statements for t in s.tokens if t.kind == "word"}
    figures = key_figures(evidence)
    names = key_names(evidence)
    lost_figures = [text for quantity, text in figures if not _is_said(quantity, said)]
    lost_names = [
        text for name, text in names if not ({name} | aliases().get(name, frozenset())) & words
    ]
    return Coverage(
        figures=1 - len(lost_figures) / len(figures) if figures else 1.0,
        names=1 - len(lost_names) / len(names) if names else 1.0,
        missing=(*lost_figures, *lost_names),
    )


def key_figures(evidence: Evidence) -> list[tuple[Quantity, str]]:
    """The source's distinct amounts, percentages and large counts, as written."""
    found: dict[tuple[str, Decimal], tuple[Quantity, str]] = {}
    for statement in evidence.statements:
        for quantity in statement.facts.quantities:
            if quantity.kind in ("money", "percent", "points") or quantity.value >= _KEY_COUNT:
                key = keys_of(quantity)[0]
                if not quantity.label and not quantity.spelled:
                    text = statement.written(quantity)
                    found.setdefault((key.family, key.value), (quantity, text))
    return list(found.values())


def key_names(evidence: Evidence) -> list[tuple[str, str]]:
    """The words of names that the source repeats or begins with, most frequent first.

    Each in lower case and the singular, and as the source first writes it.
    """
    counts: Counter[str] = Counter()
    written: dict[str, str] = {}
    for index, statement in enumerate(evidence.statements):
        for mention in statement.mentions:
            for token in mention:
                word = singular(token.lower)
                if word not in name_set("titles") and len(word) > 1:
                    counts[word] += _KEY_MENTIONS if index < _FIRST else 1
                    written.setdefault(word, token.text)
    found = (word for word, count in counts.most_common() if count >= _KEY_MENTIONS)
    return [(word, _without_possessive(written[word])) for word in found]


def _without_possessive(name: str) -> str:
    return name.removesuffix("'s").removesuffix("'")


def _is_said(quantity: Quantity, said: Figures) -> bool:
    """Whether the rewrite has the figure, exactly or rounded."""
    key = keys_of(quantity)[0]
    near = (figure.quantity.value for figure in said.near(key.family, key.value)[:1])
    return any(abs(value - key.value) <= abs(key.value) / 20 for value in near)
