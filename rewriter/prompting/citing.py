"""Quotes sentences of an article in a repair request: by number, each sentence once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rewriter.article import Finding, Source, Value

# Between the sentences that one finding quotes.
_BETWEEN = " … "


class Cited(Value):
    """A sentence of the article that findings name: its number, counted from 1, and its text."""

    number: int
    text: str


def citing(
    findings: Sequence[Finding], source: Source, *, numbers: bool
) -> tuple[tuple[Finding, ...], tuple[Cited, ...]]:
    """The findings with numbers instead of what they quote, and the sentences that they name.

    Only sentences of the article are quoted: no line of a block that was cut. Without `numbers` the
    findings quote the sentences themselves.
    """
    numbered = [_numbers(finding, source) for finding in findings]
    known = {n: source.sentences[n - 1].text for every in numbered for n in every}

    def quoted(every: Sequence[int]) -> str:
        return (
            ", ".join(f"S{n}" for n in every) if numbers else _BETWEEN.join(known[n] for n in every)
        )

    described = tuple(
        finding.model_copy(update={"evidence": quoted(every) or None})
        for finding, every in zip(findings, numbered, strict=True)
    )
    return described, tuple(Cited(number=n, text=known[n]) for n in sorted(known))


def _numbers(finding: Finding, source: Source) -> list[int]:
    parts = finding.evidence.split(_BETWEEN) if finding.evidence else []
    return sorted(set(_found(parts, source)))


def _found(parts: Iterable[str], source: Source) -> Iterator[int]:
    for part in filter(None, map(str.strip, parts)):
        texts = enumerate(source.sentences, 1)
        place = next((n for n, sentence in texts if part in sentence.text), None)
        if place is not None:
            yield place
