"""Japanese and Korean figures are compared in time that grows with the text, not its square."""

from __future__ import annotations

from time import process_time

import pytest

from rewriter.article import Passage
from rewriter.checks.grounding import Evidence, ground
from rewriter.rules import GroundingRules
from rewriter.runs.checking.pairs import plain_source

# Seconds of CPU for 2,000 figures in one sentence.
_MOST_SECONDS = 6.0


@pytest.mark.parametrize(("lang", "counters"), [("ja", "頭分"), ("ko", "명분")])
def test_a_sentence_of_2000_figures_is_checked_in_seconds(lang: str, counters: str) -> None:
    figures = [f"{100 + n}{counters[n % 2]}" for n in range(2000)]
    evidence = Evidence(plain_source(f"{'、'.join(figures[::2])}。", lang))
    passage = Passage("text", "", f"{'、'.join([*figures, '987654頭'])}。")
    began = process_time()
    assert ground([passage], evidence, GroundingRules())
    assert process_time() - began < _MOST_SECONDS
