"""Reading: what a writer meant, in the types of the file's own language."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, time

import frontmatter as python_frontmatter
import pytest

from rewriter import frontmatter
from rewriter.errors import FrontMatterError


def yaml(block: str) -> dict[str, object]:
    return frontmatter.read(f"---\n{block}\n---\n".encode()).metadata


@pytest.mark.parametrize(
    "text",
    [
        "0123", "NO", "no", "yes", "On", "off", "y", "12:30", "12:30:45", "1_000", "1e10", "7e12",
        "0x1F", "0o17", "0b1", "2026-01-26", "2026-01-26T13:01:18.000Z", "2026-01-26 13:01:18 +2",
        ".inf", ".nan", "=", "1.2.3", "+1 555", "-x", "3.", "00", "1,000", "tRue",
    ],
)  # fmt: skip
def test_what_only_some_readers_take_for_a_value_is_text(text: str) -> None:
    assert yaml(f"key: {text}") == {"key": text}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("57478532", 57478532), ("-3", -3), ("+3", 3), ("0", 0), ("1.50", 1.5), (".5", 0.5),
        ("-0.5e+3", -500.0), ("true", True), ("FALSE", False), ("null", None), ("~", None),
        ("", None), ("'1'", "1"), ('"true"', "true"), ("!!str 012", "012"), ("!!int 7", "7"),
        ("!custom [1]", [1]), ("|\n  a\n  b", "a\nb\n"), ("&a x", "x"), ("9" * 99, 10**99 - 1),
        ("9" * 1001, "9" * 1001), ("!!python/object:os.system x", "x"), ("!!binary aGk=", "aGk="),
    ],
)  # fmt: skip
def test_what_all_readers_agree_on_has_its_type(text: str, value: object) -> None:
    read = yaml(f"key: {text}")["key"]
    assert (read, type(read)) == (value, type(value))


def test_aliases_and_merge_keys_are_resolved() -> None:
    assert yaml("a: &a {x: 1, y: 2}\nb: &a2 {y: 3}\nc: {<<: [*a2, *a], z: 4}\nd: *a") == {
        "a": {"x": 1, "y": 2},
        "b": {"y": 3},
        "c": {"x": 1, "y": 3, "z": 4},
        "d": {"x": 1, "y": 2},
    }


def test_own_keys_win_over_merged_ones_wherever_they_stand() -> None:
    assert yaml("a: &a {x: 1}\nb: {x: 2, <<: *a}\nc: {<<: *a, x: 3}") == {
        "a": {"x": 1},
        "b": {"x": 2},
        "c": {"x": 3},
    }


def test_the_last_of_duplicate_keys_counts() -> None:
    assert yaml("a: 1\na: 2") == {"a": 2}


def test_keys_that_break_other_readers_are_read() -> None:
    assert yaml("content: x\nhandler: y\n0123: z\n5: five") == {
        "content": "x",
        "handler": "y",
        "0123": "z",
        "5": "five",
    }
    assert yaml("? [a,  b]\n: x\ntitle: {{ t }}") == {"[a,  b]": "x", "title": {"{ t }": None}}


def test_characters_that_some_take_for_line_ends_are_text() -> None:
    assert yaml("a: one\u2028two\nb: 'x\u0085y'") == {"a": "one\u2028two", "b": "x\u0085y"}


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ("<<: 1", "line 2: a merge key (<<) that brings no mapping"),
        ("a: [", "line 2: not YAML: while parsing a flow node, did not find expected node content"),
        ("- a", "line 2: the front matter is not a mapping of keys to values"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(block: str, message: str) -> None:
    with pytest.raises(FrontMatterError) as caught:
        yaml(block)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("number", "message"),
    [
        ("NaN", "NaN is not a JSON number; write null"),
        ("[1, -Infinity]", "-Infinity is not a JSON number; write null"),
        ("9" * 5_000, "a number of 5,000 digits; write it as text"),
    ],
)
def test_a_number_that_json_has_not_is_refused_with_its_line(number: str, message: str) -> None:
    with pytest.raises(FrontMatterError) as caught:
        frontmatter.read(f'{{\n"title": "NaN",\n"score": {number}\n}}\nText'.encode())
    assert str(caught.value) == f"line 3: {message}"


def test_toml_has_its_own_dates() -> None:
    document = frontmatter.read(
        b"+++\na = 2026-01-26T13:01:18Z\nb = 2026-01-26\nc = 12:30:00\n+++\n"
    )
    assert document.metadata == {
        "a": datetime(2026, 1, 26, 13, 1, 18, tzinfo=UTC),
        "b": date(2026, 1, 26),
        "c": time(12, 30),
    }
    assert document.language == "toml"


def test_json_has_its_own_numbers_and_escapes() -> None:
    document = frontmatter.read(b'{"a": 1.0, "b": "\\ud83d\\ude00", "c": null, "c": 2}\nBody')
    assert document.metadata == {"a": 1.0, "b": "😀", "c": 2}
    assert (document.language, document.body) == ("json", "Body")


@pytest.mark.parametrize(
    ("data", "language", "newline", "encoding", "body"),
    [
        (b"", None, "\n", "utf-8", ""),
        (b"Just text\r\n", None, "\r\n", "utf-8", "Just text\r\n"),
        (b"\xef\xbb\xbf---\r\na: 1\r\n---\r\nX", "yaml", "\r\n", "utf-8-sig", "X"),
        ("\ufeff---\na: 1\n---\nÄ".encode("utf-16-le"), "yaml", "\n", "utf-16-le", "Ä"),
        (b"---\n---\n\n\nX\n", "yaml", "\n", "utf-8", "\n\nX\n"),
        (b"+++\r+++\rX", "toml", "\r", "utf-8", "X"),
        (b"{}\n\nX", "json", "\n", "utf-8", "\nX"),
    ],
)
def test_the_document_says_how_the_file_is_made(
    data: bytes, language: str | None, newline: str, encoding: str, body: str
) -> None:
    document = frontmatter.read(data)
    assert (document.language, document.newline, document.encoding, document.body) == (
        language,
        newline,
        encoding,
        body,
    )
    codec = "utf-8" if encoding == "utf-8-sig" else encoding
    assert data[document.body_offset :].decode(codec) == body


@pytest.mark.parametrize("data", [b"Text \xff", b"---\na: 1\n---\nText \xff"])
def test_a_body_that_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(FrontMatterError, match="not UTF-8"):
        frontmatter.read(data)


def test_half_a_pair_in_utf_16_is_refused() -> None:
    with pytest.raises(FrontMatterError, match="not UTF-16"):
        frontmatter.read(b"\xff\xfe-\x00-\x00-\x00\n\x00\x00\xd8")


def test_plain_files_read_as_python_frontmatter_reads_them() -> None:
    text = (
        "---\ntitle: A title\ntags:\n  - x\n  - 'y'\nsource:\n  name: \"Z\"\nscore: 0\n"
        "draft: false\nweight: 1.5\nnothing: ~\nnote: >-\n  folded\n  text\n---\nBody"
    )
    assert frontmatter.read(text.encode()).metadata == python_frontmatter.loads(text).metadata


def test_numbers_beyond_floats_stay_floats() -> None:
    assert yaml("a: 1.0e+999") == {"a": math.inf}
