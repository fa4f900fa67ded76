"""Any bytes become tidy text or a `SourceError` that says what to do."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewriter.cleaning.decode import MAX_BYTES, MAX_CHARACTERS, decode
from rewriter.errors import SourceError

TEXT = "Ein Café in Köln – „sehr schön“, sagte Zoë über die 1.200 Gäste. " * 5


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_reads_encodings(encoding: str) -> None:
    assert decode(TEXT.encode(encoding)) == TEXT


def test_reads_cyrillic_without_being_told_the_encoding() -> None:
    text = "Оператор паромов заказал шесть электрических судов, сообщает пресс-служба. " * 3
    assert decode(text.encode("cp1251")) == text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("The ship\u00e2\u20ac\u2122s captain", "The ship’s captain"),
        ("Caf\u00c3\u00a9", "Café"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("a\u00a0b\tc\u202fd", "a b c d"),
        ("in\u00advisi\u200bble\ufeff", "invisible"),
        ("\u202eright\u202c", "right"),
        ("e\u0301", "é"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("“quotes” and ﬁ stay", "“quotes” and ﬁ stay"),
        ("5 &lt; 6", "5 &lt; 6"),
    ],
)
def test_mends_text(raw: str, text: str) -> None:
    assert decode(f"{raw}\n{TEXT}".encode()) == f"{text}\n{TEXT}"


def test_damaged_utf8_is_still_utf8() -> None:
    assert decode(TEXT.encode() + b"\xff" + TEXT.encode()) == TEXT + "\ufffd" + TEXT


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        ("\u200b\ufeff".encode(), "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "binary"),
        (bytes(range(1, 32)) * 50, "binary"),
        (b"a" * (MAX_CHARACTERS + 1), "split the file"),
        (b"a" * (MAX_BYTES + 1), "split the file"),
    ],
)
def test_refuses_what_is_no_text(data: bytes, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        decode(data)


@given(st.binary(max_size=300))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    try:
        text = decode(data)
    except SourceError:
        return
    assert unicodedata.is_normalized("NFC", text)
    assert not set(text) & set("\r\x00\t\u00a0")
    text.encode()
