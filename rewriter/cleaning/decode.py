"""Bytes to text: byte-order marks, encodings, mojibake, line ends; binary files are refused."""

from __future__ import annotations

import codecs
import re
import unicodedata

from rewriter.errors import SourceError

# The largest real pages, with scripts and images inlined, have a few million characters; the bound
# on bytes is the same for text of which each character takes four.
MAX_CHARACTERS = 5_000_000
MAX_BYTES = 4 * MAX_CHARACTERS

# The detector reads this much: enough for its statistics, and its time grows with the text.
_SAMPLE_BYTES = 64_000
# UTF-8 with fewer damaged than sound sequences, by this factor, is damaged UTF-8: by chance other
# encodings hold some sound ones, but never nearly all.
_SOUND_TO_DAMAGED = 4
# Share of control characters above which text is binary. Real text has none, damaged text a few.
_MAX_CONTROL_SHARE = 0.01
# Mojibake is repaired line by line, as each may have its own; each call costs 7 microseconds.
_REPAIRED_PIECES = 20_000

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SOUND = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_ESCAPE = re.compile(r"\x1b\[[0-9;]{0,20}[A-Za-z]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_LINE_END = re.compile("\r\n?|[\x0c\x85\u2028\u2029]")
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_SPACE = re.compile("[\t\u00a0\u2000-\u200a\u202f\u205f]")


def decode(data: bytes) -> str:
    """The text of `data`, mended.

    Raises `SourceError` for what is empty, binary, undecodable or too large.
    """
    if len(data) > MAX_BYTES:
        raise SourceError(f"{len(data):,} bytes are too many for one article; split the file")
    text = _text_of(data)
    if len(text) > MAX_CHARACTERS:
        raise SourceError(f"{len(text):,} characters are too many for one article; split the file")
    text = mend(text)
    if not text.strip():
        raise SourceError("the input is empty; give it an article's text")
    return text


def mend(text: str) -> str:
    """`text` without mojibake, in NFC, with `\\n` line ends, plain spaces and nothing invisible."""
    text = _LINE_END.sub("\n", _ESCAPE.sub("", _repaired(text)))
    text = _INVISIBLE.sub("", _CONTROL.sub("", text))
    return unicodedata.normalize("NFC", _SPACE.sub(" ", text))


def _text_of(data: bytes) -> str:
    encoding = next((name for mark, name in _BYTE_ORDER_MARKS if data.startswith(mark)), None)
    if encoding is None and b"\x00" in data:
        raise SourceError(
            "the input is binary (it holds NUL bytes); give text, Markdown, HTML or JSON,"
            " UTF-16 only with a byte-order mark"
        )
    try:
        text = data.decode(encoding or "utf-8")
    except UnicodeDecodeError:
        text = data.decode(encoding or _guessed_encoding(data), errors="replace")
    if len(_CONTROL.findall(text)) > len(text) * _MAX_CONTROL_SHARE:
        raise SourceError("the input is binary; give text, Markdown, HTML or JSON")
    return text


def _guessed_encoding(data: bytes) -> str:
    """What the encoding of bytes that are not sound UTF-8 is taken for, or `SourceError`."""
    from charset_normalizer import from_bytes

    sample = data[:_SAMPLE_BYTES]
    damaged = sample.decode("utf-8", errors="replace").count("\ufffd")
    if len(_SOUND.findall(sample)) > damaged * _SOUND_TO_DAMAGED:
        return "utf-8"
    best = from_bytes(sample).best()
    if best is None:
        raise SourceError("the encoding of the input is not recognised; save it as UTF-8")
    return best.encoding


def _repaired(text: str) -> str:
    """`text` with UTF-8 that was once read as another encoding put right, and nothing else."""
    if text.isascii():
        return text
    import ftfy

    config = ftfy.TextFixerConfig(
        unescape_html=False,  # HTML and JSON have their own readers for that
        remove_terminal_escapes=False,  # `mend` itself does what is left from here on
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        fix_line_breaks=False,
        remove_control_chars=False,
        normalization=None,
    )
    lines = text.split("\n")
    step = len(lines) // _REPAIRED_PIECES + 1
    pieces = ("\n".join(lines[at : at + step]) for at in range(0, len(lines), step))
    return "\n".join(
        piece if piece.isascii() else ftfy.fix_text_segment(piece, config) for piece in pieces
    )
