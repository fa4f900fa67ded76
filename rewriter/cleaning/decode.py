"""Bytes to text: byte-order marks, encodings, mojibake, line ends; binary files are refused."""

from __future__ import annotations

import codecs
import re

from rewriter.errors import SourceError

# The largest real pages with inlined scripts and images are a few MB; beyond this is no article.
MAX_BYTES = 20_000_000
# The detector reads this much: enough for its statistics, and its time grows with the text.
_SAMPLE_BYTES = 64_000
# Share of control characters above which text is binary. Real text has none, damaged text a few.
_MAX_CONTROL_SHARE = 0.01

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_LINE_END = re.compile("\r\n?|[\x0c\x85\u2028\u2029]")
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_SPACE = re.compile("[\t\u00a0\u2000-\u200a\u202f\u205f]")


def decode(data: bytes) -> str:
    """The text of `data` in NFC with `\\n` line ends, ordinary spaces and repaired mojibake.

    Raises `SourceError` for what is empty, binary, undecodable or over `MAX_BYTES`.
    """
    if len(data) > MAX_BYTES:
        raise SourceError(
            f"{len(data):,} bytes are too many for one article (the limit is {MAX_BYTES:,});"
            " split the file"
        )
    text = _mended(_text_of(data))
    if not text.strip():
        raise SourceError("the input is empty; give it an article's text")
    return text


def _text_of(data: bytes) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _refuse_binary(data[len(mark) :].decode(encoding, errors="replace"))
    if b"\x00" in data:
        raise SourceError(
            "the input is binary (it holds NUL bytes); give text, Markdown, HTML or JSON,"
            " UTF-16 only with a byte-order mark"
        )
    try:
        return _refuse_binary(data.decode("utf-8"))
    except UnicodeDecodeError:
        return _refuse_binary(data.decode(_guessed_encoding(data), errors="replace"))


def _guessed_encoding(data: bytes) -> str:
    """What charset-normalizer takes the encoding for, or `SourceError`."""
    from charset_normalizer import from_bytes

    # UTF-8 damaged in a few places is still UTF-8; the detector would call it something else.
    if data.decode("utf-8", errors="replace").count("\ufffd") * 100 < len(data):
        multibyte = sum(1 for byte in data if byte >= 0xC2)
        if multibyte and _valid_pairs(data) * 2 > multibyte:
            return "utf-8"
    best = from_bytes(data[:_SAMPLE_BYTES]).best()
    if best is None:
        raise SourceError("the encoding of the input is not recognised; save it as UTF-8")
    return best.encoding


def _valid_pairs(data: bytes) -> int:
    return len(re.findall(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}", data))


def _refuse_binary(text: str) -> str:
    if len(_CONTROL.findall(text)) > len(text) * _MAX_CONTROL_SHARE:
        raise SourceError("the input is binary; give text, Markdown, HTML or JSON")
    return text


def _mended(text: str) -> str:
    """`text` after ftfy, with one kind of line end, one kind of space and nothing invisible."""
    import ftfy

    text = ftfy.fix_text(
        text,
        unescape_html=False,  # HTML and JSON have their own readers for that
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        normalization="NFC",
    )
    text = _LINE_END.sub("\n", text)
    return _SPACE.sub(" ", _INVISIBLE.sub("", text))
