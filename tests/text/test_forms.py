"""Normal forms are Unicode's, and take no more time for many signs on a letter."""

from __future__ import annotations

import time
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from rewriter.text.forms import normalized


@given(st.text())
def test_a_text_is_normalized_as_unicode_says(text: str) -> None:
    assert normalized(text, "NFKC") == unicodedata.normalize("NFKC", text)


def test_a_letter_with_many_signs_keeps_thirty() -> None:
    text = "a" + "\u0301\u0316" * 50_000 + "b"
    began = time.process_time()
    assert len(normalized(text, "NFD")) == len("a") + 30 + len("b")
    assert time.process_time() - began < 1


def test_a_text_of_signs_that_stand_for_many_letters_does_not_grow() -> None:
    text = "\ufdfa" * 10_000
    assert normalized(text + "\uff49\uff47", "NFKC") == text + "ig"
    assert normalized(text[:3], "NFKC") == unicodedata.normalize("NFKC", text[:3])
