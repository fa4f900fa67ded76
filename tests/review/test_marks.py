"""What the values and sentences of a rewrite stand on."""

from __future__ import annotations

from rewriter.article import Finding, Passage
from rewriter.checks import Evidence
from rewriter.checks.grounding import ground
from rewriter.review.marks import MarkedPart, marked
from rewriter.rules import GroundingRules
from tests.articles import source

EVIDENCE = Evidence(source())


def _parts(text: str, *findings: Finding) -> list[MarkedPart]:
    (passage,) = marked([Passage("overview", "paragraph 1", text)], findings, EVIDENCE)
    parts = [part for sentence in passage.sentences for part in sentence.parts]
    assert "".join(part.text for part in parts) == text
    return parts


def _states(text: str, *findings: Finding) -> dict[str, str]:
    return {part.text: part.mark.state for part in _parts(text, *findings) if part.mark}


def test_values_are_supported_or_derived() -> None:
    text = "Mara Lindqvist said in March 2027 that 3.1 million came, more than 3 million."
    states = _states(text)
    assert states["Mara Lindqvist"] == "supported"
    assert states["March 2027"] == "supported"
    assert states["3.1 million"] == "supported"
    assert states["3 million"] == "derived"


def test_a_mark_quotes_the_sentence_that_supports_it() -> None:
    (mark,) = (part.mark for part in _parts("The cost is $420 million.") if part.mark)
    assert mark.words.startswith("Harbour Freight Lines said on Monday")


def test_a_finding_makes_a_value_contradicted() -> None:
    text = "The line carried 4.1 million passengers last year."
    passages = [Passage("overview", "paragraph 1", text)]
    findings = ground(passages, EVIDENCE, GroundingRules())
    assert [finding.code for finding in findings] == ["G101"]
    assert _states(text, *findings)["4.1 million"] == "contradicted"


def test_a_sentence_names_its_sources_and_one_without_any_names_none() -> None:
    passages = [
        Passage("overview", "paragraph 1", "A yard in Turku builds all of the vessels."),
        Passage("from_author", "paragraph 1", "Nobody knows what tomorrow brings."),
    ]
    first, second = marked(passages, [], EVIDENCE)
    assert first.sentences[0].sources[0] == "s4"
    assert second.sentences[0].sources == ()
    assert [first.sentences[0].id, second.sentences[0].id] == ["r1", "r2"]


def test_eight_words_in_a_row_are_marked_as_copied() -> None:
    text = "It said the order was a turning point. The first two vessels are due in March 2027."
    copied = "".join(part.text for part in _parts(text) if part.copied)
    assert copied == "The first two vessels are due in March 2027"
