"""A text that is not searched has no match."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewriter.checks.lexicon import accusations, calls, counsel, legal_statuses, phrase, phrases
from rewriter.checks.lexicon.wording import Wording
from rewriter.checks.structure import conduct, sections
from rewriter.text.quantities import LANGUAGES


def _all() -> Iterator[Wording]:
    """Every pattern of the checks that is searched so."""
    yield from (conduct._LEAK, sections._REFUSAL)
    yield from map(phrase, ("better", "payment", "scorn", "contempt"))
    yield from map(phrases, ("advice", "reported", "advising", "deals", "leak"))
    yield from (found for _, found, _ in (*accusations(), *legal_statuses()))
    for lang in LANGUAGES:
        yield from (found for found in (*calls(lang), *counsel(lang)) if found is not None)


@given(st.data())
def test_every_match_has_what_its_pattern_needs(data: st.DataObject) -> None:
    wording = data.draw(st.sampled_from([one for one in _all() if one.needed]))
    text = data.draw(st.from_regex(wording.pattern))
    assert wording.may_be_in(text)


def test_most_patterns_need_something() -> None:
    every = list(_all())
    assert sum(one.needed is not None for one in every) > 0.7 * len(every)


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        (r"\bas (?:requested|instructed)\b", {"requested ", "instructed "}),
        (
            r"\bfraud(?:ster)?s?\b|\bTru[fþ]fe",
            {"frauds ", "fraud ", "fraudster ", "fraudsters ", "truf", "truþ"},
        ),
        (r"(?:found|was) guilty", {"guil"}),
        (r"[a-z]{2,9} now", {"now"}),
        (r"(?<!\w)(?:should|must)(?!\w)", {"should ", "must "}),
        (r"\Bshould|\w+should", None),
        (r"(?:you|we)\b.*\b(?:must|should)", {"must", "shou"}),
        (r"骗子|认罪", {"骗", "认"}),
        (r"\w+|\d", None),
        (r"(?:word)?", None),
        (r"it", None),
        (r"\ban? (?:model|robot)\b", {"model ", "robot "}),
    ],
)
def test_what_a_pattern_needs(pattern: str, needed: set[str] | None) -> None:
    assert Wording(pattern).needed == needed


@pytest.mark.parametrize("text", ["ſhould", "SHOULD", "ıt ıſ fınıſhed", "İT İS FINISHED"])
def test_letters_that_differ_in_case_only_are_found(text: str) -> None:
    wording = Wording("should|is finished")
    assert wording.search(text) is not None
    assert wording.search(text, within=f"a longer text with {text}") is not None


def test_a_long_text_is_searched_as_it_is() -> None:
    assert Wording("should").search("a" * 30_000 + " should") is not None
