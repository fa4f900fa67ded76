"""Bytes to text: byte-order marks, encodings, mojibake, line ends; binary files are refused."""

from __future__ import annotations

import codecs
import re
from contextlib import suppress
from email import message_from_bytes
from typing import Final, NamedTuple

from rewriter.cleaning.encodings import is_sound, likely_encoding, second_opinion
from rewriter.errors import SourceError
from rewriter.text.forms import normalized

# The bound on bytes is the same for text of which each character takes four. A page of HTML, with
# scripts and images inlined, is bound by its bytes here, and by its text where it is read.
MAX_CHARACTERS = 5_000_000
MAX_BYTES = 4 * MAX_CHARACTERS

# UTF-16 without a mark is plain where at least one character in this many parts words from words.
_UTF16_PARTED = 40
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
# Files of other kinds, known by how they begin.
_OTHER_KINDS = {
    b"%PDF-": "a PDF file",
    b"{\\rtf": "a file of rich text (RTF)",
    b"PK\x03\x04": "a Word or OpenDocument file, or another archive",
    b"\xd0\xcf\x11\xe0": "a file of an old office program",
}
_MAIL = re.compile(
    rb"(?:Return-Path|Received|Delivered-To|From|To|Date|Subject|Message-ID|MIME-Version"
    rb"|X-[\w-]{1,40}): ",
    re.IGNORECASE,
)
# A page that a browser saved in one file (MHTML) is a mail whose parts have addresses.
_PAGE_IN_MAIL = re.compile(
    rb"^(?:Snapshot-Content-Location|Content-Location):", re.IGNORECASE | re.MULTILINE
)
# A saved page of the largest size has at most 300,000 lines of the usual 76 characters. The reader
# of mails takes linear time in lines and parts, quadratic time in the parameters of one header.
_MAIL_LINES = 400_000
_MAIL_PARTS = 20_000
_LONG_TYPE = re.compile(rb"[\r\n](?i:content-type):(?:[^\r\n]|(?:\r\n?|\n)[ \t]){2000}")
_START = 8_000
# Comments and an XML declaration may stand before a page.
BEFORE_PAGE: Final = r"[\ufeff\x00\s]*(?>(?:<\?xml\b[^>]*>\s*|<!--.*?-->\s*)*)"
WHOLE_PAGE: Final = re.compile(
    rf"{BEFORE_PAGE}<(?:!doctype html|html)\b", re.IGNORECASE | re.DOTALL
)
# Plain parting characters: white space, stops and commas of Latin and of Chinese and Japanese text.
_PARTING = re.compile("[ \n.,\u3000-\u3002\uff0c]")
# Codecs of Python that are no encodings of documents.
_NO_CHARSETS = frozenset(["idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape"])
# What a document says of itself, in an XML declaration or a `meta` tag near its start.
_DECLARED = re.compile(
    rb"<(?:\?xml\s[^<>]{0,200}?\bencoding|meta\s[^<>]{0,300}?\bcharset)\s{0,5}=\s{0,5}[\"']?"
    rb"(?P<name>[\w.:-]{2,40})",
    re.IGNORECASE,
)
_DECLARED_WITHIN = 2_048
# 7-bit encodings, told by the escape sequences that they begin with.
# HZ, Chinese in pairs of ASCII characters: "~{VPND~}".
_HZ = re.compile(rb"~\{(?:[!-w][!-~]){6,5000}~\}")
_ESCAPED = ((b"\x1b$)C", "iso2022_kr"), (b"\x1b$B", "iso2022_jp"), (b"\x1b$@", "iso2022_jp"))
_ESCAPE = re.compile(r"\x1b\[[0-9;]{0,20}[A-Za-z]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_CONTROL_BYTES = bytes(code for code in range(0x80) if _CONTROL.match(chr(code)))
# Mojibake has one of the first signs, or an accented letter or a sign beside another sign that is
# not ASCII. Typographic marks and letters of other scripts alone are none.
_MAY_BE_MOJIBAKE = re.compile(
    r"[^\x00-\x7f](?:(?<=[\x80-\x9f\ud800-\udfffŒœÃÂЂҐґ΄΅])"
    r"|(?<![\u0370-\u1fff\u2600-\ufffc‘’“”–—…])[^\x00-\x7f]"
    r"|[^\x00-\x7f\u0370-\u1fff\u2600-\ufffc‘’“”–—…]|(?<=[ΒΓΞΟВГРС])[‘“”])"
)
_C1 = re.compile(r"[\x80-\x9f\ud800-\udfff]")
_LINE_END = re.compile("\r\n?|[\x0c\x85\u2028\u2029]")
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_SPACE = re.compile("[\t\u00a0\u2000-\u200a\u202f\u205f]")
# What one of the five finds begins with one of these; escapes begin with a control character.
_ODD = re.compile(
    f"[\r\x0c\x85\u2028\u2029]|{_INVISIBLE.pattern}|{_CONTROL.pattern}|{_SPACE.pattern}"
)


class Decoded(NamedTuple):
    """Mended text, and what the editor should know of its encoding."""

    text: str
    notes: tuple[str, ...] = ()


def decode(data: bytes) -> Decoded:
    """The text of `data`, mended unless it is a whole HTML page; a guessed encoding is noted.

    The encoding is what a byte-order mark or the document itself says, else UTF-8, otherwise what
    the whole text suggests to uchardet, otherwise to charset-normalizer. Raises `SourceError` for
    what is empty, binary or too large.
    """
    if len(data) > MAX_BYTES:
        raise SourceError(f"{len(data):,} bytes are too many for one article; split the file")
    data = _page_in_mail(data) or data
    _refuse_other_kinds(data)
    encoding, guessed = _encoding(data)
    text = data.decode(encoding, errors="replace")
    if _has_controls(data) if encoding == "utf-8" else _is_binary(text):
        raise SourceError("the input is binary; give text, Markdown, HTML or JSON")
    # Of a whole page only the text is mended, by its reader: most of it is markup and scripts.
    whole_page = WHOLE_PAGE.match(text) is not None
    if len(text) > MAX_CHARACTERS and not whole_page:
        raise SourceError(f"{len(text):,} characters are too many for one article; split the file")
    text = text.replace("\x00", "") if whole_page else mend(text)
    if not text.strip():
        raise SourceError("the input is empty; give it an article's text")
    if not guessed:
        return Decoded(text)
    return Decoded(text, (f"The input does not say its encoding; {encoding} was assumed.",))


def mend(text: str) -> str:
    """`text` without mojibake, in NFC, with `\\n` line ends, plain spaces and nothing invisible."""
    text = _repaired(text)
    if _ODD.search(text):  # the five take much longer than one look
        text = _LINE_END.sub("\n", _ESCAPE.sub("", text))
        text = _SPACE.sub(" ", _INVISIBLE.sub("", _CONTROL.sub("", text)))
    return normalized(text, "NFC")


def _page_in_mail(data: bytes) -> bytes | None:
    """The page of an MHTML file; None for an e-mail, whose parts have no addresses."""
    if not (_MAIL.match(data) and _PAGE_IN_MAIL.search(data[:_START])):
        return None
    if (
        max(data.count(b"\n"), data.count(b"\r")) > _MAIL_LINES
        or data.count(b"\n--") + data.count(b"\r--") > _MAIL_PARTS
        or _LONG_TYPE.search(data)
    ):
        raise SourceError(
            "a saved page of too many lines or parts, or of too long a Content-Type; "
            "save the article as HTML"
        )
    try:
        parts = message_from_bytes(data).walk()
        page = next((part for part in parts if part.get_content_type() == "text/html"), None)
    except RecursionError:
        raise SourceError("a mail of too many parts in each other; save its page as HTML") from None
    text = page.get_payload(decode=True) if page is not None else None
    if page is None or not isinstance(text, bytes):
        return None
    named = _known(page.get_content_charset() or "")
    return text.decode(named).encode() if named and is_sound(text, named) else text


def _refuse_other_kinds(data: bytes) -> None:
    """Raise `SourceError` for a file of a kind that holds text which is not read here."""
    start = data[:_START]
    kind = next((kind for begin, kind in _OTHER_KINDS.items() if start.startswith(begin)), None)
    if kind is None and _MAIL.match(start) and b"\nMIME-Version:" in b"\n" + start:
        kind = "an e-mail"
    if kind is not None:
        raise SourceError(f"{kind}; save it as text, Markdown or HTML")


def _encoding(data: bytes) -> tuple[str, bool]:
    """The encoding of `data`, and whether it is a guess."""
    marked = next((name for mark, name in _BYTE_ORDER_MARKS if data.startswith(mark)), None)
    if marked is not None:
        return marked, False
    if (escaped := _escaped(data)) is not None:
        return escaped, True
    sound = is_sound(data, "utf-8")
    if sound and not _has_controls(data):
        return "utf-8", False
    if (wide := _utf16(data)) is not None:
        return wide, True
    if sound or data.count(0) > max(1, len(data) * _MAX_CONTROL_SHARE):
        raise SourceError("the input is binary; give text, Markdown, HTML or JSON")
    declared = _declared(data)
    return _suggested(data) if declared is None else (declared, False)


def _has_controls(data: bytes) -> bool:
    """Whether UTF-8 is binary; on bytes that takes a tenth of the time."""
    controls = len(data) - len(data.translate(None, _CONTROL_BYTES))
    return controls > max(1, len(data) * _MAX_CONTROL_SHARE)


def _is_binary(text: str) -> bool:
    return len(_CONTROL.findall(text)) > max(1, len(text) * _MAX_CONTROL_SHARE)


def _escaped(data: bytes) -> str | None:
    if b"~{" in data and _HZ.search(data) and data.isascii() and is_sound(data, "hz"):
        return "hz"
    found = (name for escape, name in _ESCAPED if b"\x1b" in data and escape in data)
    return next((name for name in found if is_sound(data, name)), None)


def _utf16(data: bytes) -> str | None:
    """The byte order of UTF-16 without a mark, where the text is plain in one of the two."""
    for name in ("utf-16-le", "utf-16-be"):
        if len(data) % 2 or not is_sound(data, name):
            continue
        text = data.decode(name)
        if not _CONTROL.search(text) and len(_PARTING.findall(text)) * _UTF16_PARTED >= len(text):
            return name
    return None


def _declared(data: bytes) -> str | None:
    """What the document says of its encoding, where all of it can be read so."""
    said = _DECLARED.search(data[:_DECLARED_WITHIN])
    known = _known(said["name"].decode()) if said else None
    return known if known is not None and is_sound(data, known) else None


def _suggested(data: bytes) -> tuple[str, bool]:
    """The encoding that bytes which are not sound UTF-8 suggest; damaged UTF-8 is no guess."""
    from resiliparse.parse.encoding import detect_encoding

    damaged = data.decode("utf-8", errors="replace").count("\ufffd")
    if len(_SOUND.findall(data)) > damaged * _SOUND_TO_DAMAGED:
        return "utf-8", False
    # It says UTF-8 also where it cannot tell: a few typographic marks in English text.
    found = detect_encoding(data, max_len=0) or ""
    if found in ("utf-8", "ascii"):
        found = second_opinion(data) or "cp1252"
    encoding = _known(found)
    if encoding is None:
        raise SourceError("the encoding of the input is not recognised; save it as UTF-8")
    return likely_encoding(encoding, data), True


def _known(name: str) -> str | None:
    """Python's name of an encoding; what browsers read as a larger encoding is read so here."""
    from resiliparse.parse.encoding import map_encoding_to_html5

    known = map_encoding_to_html5(name, fallback_utf8=False) or name
    for one in (known, name):
        with suppress(LookupError):
            found = codecs.lookup(one)
            if found._is_text_encoding and found.name not in _NO_CHARSETS:
                # as browsers read it
                return "cp949" if found.name == "euc_kr" else found.name
    return None


def _repaired(text: str) -> str:
    """`text` with UTF-8 that was once read as another encoding put right, and nothing else."""
    if not _MAY_BE_MOJIBAKE.search(text):
        return text
    import ftfy
    from ftfy.badness import is_bad

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
        ftfy.fix_text_segment(piece, config)
        if _MAY_BE_MOJIBAKE.search(piece) and (is_bad(piece) or _C1.search(piece))
        else piece
        for piece in pieces
    )
