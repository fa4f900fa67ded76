"""Sentences are cut where they end, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rewriter.text.sentences import split_sentences


@pytest.mark.parametrize(
    ("lang", "text", "sentences"),
    [
        ("en", "It cost $3.5 million. Dr. Wu agreed.", ["It cost $3.5 million.", "Dr. Wu agreed."]),
        ("en", "The U.S. and the No. 3 bank agreed.", ["The U.S. and the No. 3 bank agreed."]),
        ("en", "Brenner & Cie. said so. It is.", ["Brenner & Cie. said so.", "It is."]),
        ("en", "Sales rose. iPhones led.", ["Sales rose.", "iPhones led."]),
        ("en", "He has 12. She has 9.", ["He has 12.", "She has 9."]),
        ("de", "Es beginnt im 2. Quartal. Gut so.", ["Es beginnt im 2. Quartal.", "Gut so."]),
        ("de", "Das war 2025. Nun wird gebaut.", ["Das war 2025.", "Nun wird gebaut."]),
        ("fr", "Brenner & Cie. a gagné. Bien.", ["Brenner & Cie. a gagné.", "Bien."]),
        ("zh", "价格上涨。公司很高兴。", ["价格上涨。", "公司很高兴。"]),
    ],
)
def test_where_a_sentence_ends(lang: str, text: str, sentences: list[str]) -> None:
    assert list(split_sentences(text, lang)) == sentences


@settings(max_examples=60)
@given(st.text(max_size=300), st.sampled_from(["en", "de", "zh", "xx"]))
def test_no_character_but_white_space_is_lost(text: str, lang: str) -> None:
    assert "".join("".join(split_sentences(text, lang)).split()) == "".join(text.split())
