"""Any bytes become tidy text or a `SourceError` that says what to do."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewriter.cleaning.decode import MAX_BYTES, MAX_CHARACTERS, Decoded, decode
from rewriter.errors import SourceError

TEXT = "Ein Café in Köln – „sehr schön“, sagte Zoë über die 1.200 Gäste. " * 5


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_reads_encodings(encoding: str) -> None:
    assert decode(TEXT.encode(encoding)).text == TEXT


def test_reads_cyrillic_without_being_told_the_encoding() -> None:
    text = "Оператор паромов заказал шесть электрических судов, сообщает пресс-служба. " * 3
    found = decode(text.encode("cp1251"))
    assert found.text == text
    assert "cp1251 was assumed" in found.notes[0]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "La compañía naviera anunció el lunes que Núñez dejará la dirección. "),
        ("cp1250", "Zażółć gęślą jaźń, powiedział premier we wtorek w Łodzi. "),
        ("koi8-r", "Оператор паромов заказал шесть судов, сообщает пресс-служба. "),
        ("shift_jis", "運航会社は月曜日に電気船を六隻発注したと発表した。"),
        ("euc_jp", "運航会社は月曜日に電気船を六隻発注したと発表した。"),
        ("iso2022_jp", "運航会社は月曜日に電気船を六隻発注したと発表した。"),
        ("gb18030", "渡轮公司星期一宣布订购六艘电动船。"),
        ("hz", "渡轮公司星期一宣布订购六艘电动船。"),
        ("koi8-u", "Поромник замовив шість суден, повідомляє її пресслужба. "),
        ("cp850", "Die Fähre über den Fluss fährt ab März früher, sagte die Bürgermeisterin. "),
        ("cp850", "La compañía naviera anunció el lunes que también habrá más niños a bordo. "),
        ("big5", "市長星期三說，從三月起，渡輪每天都會過河。學生的票價將會降低。"),
        ("mac_roman", "La compañía naviera anunció el lunes que Núñez dejará la dirección. "),
        ("mac_roman", "La société a déclaré lundi que l’été serait calme à Sète. "),
        ("mac_roman", "Die Bürgermeisterin begrüßte die Fähren; das „gefällt“ allen. "),
        ("mac_roman", "It’s a quiet boat, the islanders don’t hear it. "),
        ("mac_roman", "“We sail on Monday,” she said. The operator ordered six ships. "),
        ("cp949", "시장은 수요일에 삼월부터 매일 강을 건너는 배가 다닐 것이라고 말했다. 펲 "),
        ("mac_cyrillic", "Оператор паромов заказал шесть судов, сообщает пресс-служба. "),
        ("cp852", "Zażółć gęślą jaźń, powiedział premier we wtorek w Łodzi. "),
        ("mac_latin2", "Zażółć gęślą jaźń, powiedział premier we wtorek w Łodzi. "),
        ("iso8859-2", "Zażółć gęślą jaźń, powiedział premier we wtorek w Łodzi. "),
        ("cp852", "Přívoz přes řeku začne jezdit v říjnu, řekla v úterý starostka Třebíče. "),
        ("mac_latin2", "A gőzhajó októberben újra közlekedik, mondta a polgármester kedden. "),
        ("cp857", "Vapur ekim ayında yeniden çalışacak, dedi başkan Gülşen Işık salı günü. "),
        ("mac_turkish", "Vapur ekim ayında yeniden çalışacak, dedi başkan Gülşen Işık salı. "),
        ("cp737", "Το πλοίο θα περνά τον ποταμό κάθε μέρα, είπε την Τετάρτη η δήμαρχος. "),
        ("mac_greek", "Το πλοίο θα περνά τον ποταμό κάθε μέρα, είπε την Τετάρτη η δήμαρχος. "),
        ("mac_cyrillic", "Общинският съвет одобри бюджета. Цената на моста нарасна, каза кметът. "),
        ("cp866", "Оператор паромов заказал шесть судов, сообщает пресс-служба. "),
        ("tis-620", "เรือข้ามฟากจะวิ่งทุกวันตั้งแต่เดือนมีนาคม นายกเทศมนตรีกล่าว "),
        ("cp862", "המעבורת על הנהר תפעל כל יום החל ממרץ, אמרה ראש העיר ביום רביעי. "),
        ("cp1255", "המעבורת על הנהר תפעל כל יום החל ממרץ, אמרה ראש העיר ביום רביעי. "),
        ("utf-16-le", "The operator ordered six ships in Köln. "),
        ("utf-16-be", "The operator ordered six ships in Köln. "),
    ],
)
def test_reads_encodings_without_a_label(encoding: str, text: str) -> None:
    assert decode((text * 8).encode(encoding)).text == text * 8


@pytest.mark.parametrize("text", ["Use ~{name} or ~{place~} here. ", "iPhoneÖ and eÜber stay. "])
def test_odd_signs_are_no_other_encoding(text: str) -> None:
    assert decode((text * 8).encode("cp1252")).text == text * 8


def test_the_whole_text_is_looked_at() -> None:
    text = "The operator ordered six ships. " * 5_000 + "Núñez dejará la compañía. " * 4
    assert decode(text.encode("cp1252")).text == text


@pytest.mark.parametrize(
    "label", ['<meta charset="{}">', '<?xml version="1.0" encoding="{}"?>', "<META charset={} >"]
)
def test_what_a_document_says_of_its_encoding_is_no_guess(label: str) -> None:
    text = label.format("ISO-8859-1") + "Cafés – Köln"
    assert decode(text.encode("cp1252")) == Decoded(text)


def test_a_few_typographic_marks_in_english_text_are_no_damage() -> None:
    text = "The operator’s six ships sail on Monday, the company said. " + "It is late. " * 40
    assert decode(text.encode("cp1252")).text == text


def test_a_wrong_label_is_not_obeyed() -> None:
    text = '<meta charset="windows-1252">' + TEXT
    assert decode(text.encode()).text == text


def test_a_stray_nul_does_not_hide_a_text() -> None:
    assert decode(b"The operator\x00 ordered six ships on Monday.").text.startswith(
        "The operator o"
    )


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
    assert decode(f"{raw}\n{TEXT}".encode()).text == f"{text}\n{TEXT}"


def test_damaged_utf8_is_still_utf8() -> None:
    assert decode(TEXT.encode() + b"\xff" + TEXT.encode()).text == TEXT + "\ufffd" + TEXT


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
        text = decode(data).text
    except SourceError:
        return
    assert unicodedata.is_normalized("NFC", text)
    assert not set(text) & set("\r\x00\t\u00a0")
    text.encode()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\n", "a PDF file"),
        (b"{\\rtf1\\ansi The operator ordered six ships.}", "RTF"),
        (b"PK\x03\x04\x14\x00word/document.xml", "a Word or OpenDocument file"),
        (b"Received: from a.example\r\nMIME-Version: 1.0\r\n\r\nSix ships.", "an e-mail"),
    ],
)
def test_a_file_of_another_kind_is_refused_by_its_name(data: bytes, kind: str) -> None:
    with pytest.raises(SourceError, match=f"{kind}.*save it as text"):
        decode(data)


def test_an_article_that_begins_like_a_letter_is_text() -> None:
    text = "From: Ruth Adeyemi\nThe operator ordered six ships on Monday."
    assert decode(text.encode()).text == text
