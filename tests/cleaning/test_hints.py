"""The quick look for orders passes over no sentence in which a pattern finds something."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewriter.cleaning.orders.hints import FEATURES, features_of, openings
from rewriter.cleaning.orders.tables import DENSE, lists

PATTERNS = [
    (lang, feature, pattern)
    for lang, own in lists().items()
    if lang not in DENSE
    for feature in FEATURES
    for pattern in own[feature]
    if "(?<" not in pattern
]


@given(st.data(), st.sampled_from(PATTERNS))
def test_what_a_pattern_finds_has_its_feature(data: st.DataObject, one: tuple[str, ...]) -> None:
    lang, feature, pattern = one
    text = data.draw(st.from_regex(f"\\A(?:{pattern})\\Z"))
    assert feature in dict(features_of(text, 0)).get(lang, ()), (one, text)


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("schreib(?:e|en sie)?", {"schrei*"}),
        ("you are (?:asked|told)", {"asked", "told"}),
        ("(?:large )?models?", {"large", "model", "models*"}),
        ("(?:of|to) summari[sz]e", {"summar*"}),
        ("chat ?bots?", {"chat", "chatbo*"}),
    ],
)
def test_the_word_that_a_pattern_cannot_do_without(pattern: str, words: set[str]) -> None:
    assert openings([pattern]) == words
