"""The quick look for orders passes over no sentence in which a pattern finds something."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewriter.cleaning.orders.hints import FEATURES, hints_of, needs
from rewriter.cleaning.orders.tables import lists
from rewriter.text.tokens import DENSE_LANGUAGES

PATTERNS = [
    (lang, name, pattern)
    for lang, own in lists().items()
    if lang not in DENSE_LANGUAGES
    for name in FEATURES
    for pattern in own.get(name, ())
    if "(?<" not in pattern
]


@given(st.data(), st.sampled_from(PATTERNS))
def test_what_a_pattern_finds_has_its_list(data: st.DataObject, one: tuple[str, ...]) -> None:
    lang, name, pattern = one
    text = data.draw(st.from_regex(f"\\A(?:{pattern})\\Z"))
    found = dict(hints_of(text))
    assert name in found.get(lang, ()), (one, text)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("schreib(?:e|en sie)?", ["schreib$ schreibe$ schreiben$"]),
        ("verantwortungsvoll\\w*", ["verantwortun*"]),
        ("you are (?:asked|told)", ["asked$ told$"]),
        ("(?:large )?models?", ["model$ models$"]),
        ("(?:of|to) summari[sz]e", ["summari*"]),
        ("chat ?bots?", ["chat$ chatbot$ chatbots$"]),
        ("(?:at last,? )?(?:hint|imply) that", ["hint$ imply$"]),
        ("am (?:an )?(?:error|no longer so)", ["am$"]),
        ("is (?: \\w+){1,3} said", ["said$"]),
        (r"(?:memo|note)\s?: ?[^:]{0,80}? (?:write|say)", ["memo$ note$"]),
        ("one port|two ships", ["port$", "ships$"]),
    ],
)
def test_the_words_that_a_pattern_cannot_do_without(pattern: str, expected: list[str]) -> None:
    assert [" ".join(sorted(words)) for words in needs(pattern)] == expected
