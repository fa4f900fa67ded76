"""The texts that a text may hide: encoded, spelled otherwise, or in letters that look the same."""

from __future__ import annotations

import base64
import binascii
import html
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from rewriter.cleaning.orders.hints import turns_of
from rewriter.cleaning.orders.turns import is_turned, may_tell
from rewriter.remembering import looked_up
from rewriter.text.forms import normalized

# Letters of other scripts that look like a Latin one (Unicode's confusables, those in use).
_LOOKALIKES = str.maketrans(
    "аеорсухіјѕԁһӏкмтвнАЕОРСУХІЈЅВНКМТαοερτυικνΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxijsdhlkmtbhaeopcyxijsbhkmtaoeptuiknabezhikmnoptyx",
)
_LATIN = re.compile("[a-zA-Z]")
_OTHER = re.compile("[\u0370-\u03ff\u0400-\u04ff]")
_WORD = re.compile(r"[^\W\d_]+")
# Letters that are no letter with an accent to Unicode, as `words.toml` spells them.
_SPELLED = str.maketrans({"ı": "i", "ё": "е", "ł": "l", "ß": "ss"})
# Spanish "qué" asks: "say what you liked" does not order to say that something is so.
_ASKS = re.compile(r"(?<![\w¿])[Qq]ué(?!\w)")
_LEET = str.maketrans("013457@$8", "oieastasb")
# In patterns that every text is searched for, a sign that few texts have stands first.
_DIGIT_IN_WORD = re.compile(r"[013457](?:(?<=[a-z].)|(?=[a-z]))")
_LEET_WORD = re.compile(r"\b(?=\w*[a-zA-Z])[a-zA-Z]*[013457][a-zA-Z013457@$]*\b")
_ORDINAL = re.compile(
    r"^(?:\d+(?:st|nd|rd|th|bn|mn|m|k|s|km|kg|g|er|e)|[a-z]{1,4}\d+)$", re.IGNORECASE
)
_SPACED = re.compile(r"(?<!\w)(?:\w[ .\-_*·]){4,}\w(?!\w)")
_LETTERS = re.compile(r"(?<!\w)(?:\w[ .\-_*·])+\w(?!\w)")
_APART = re.compile(r"[ .\-_*·]\w[ .\-_*·]\w[ .\-_*·]\w[ .\-_*·]")
# Between words whose letters stand apart.
_GAPS = re.compile(r"(?<=\S) {2,}(?=\S)")
# Where signs part the letters, each blank parts words; so many words are spelled out by no report.
_SIGNED = re.compile(r"(?<![\w.*·-])\w([.\-_*·])\w\1\w(?:\1\w){0,30}(?!\w) \w\1\w")
_BLANK, _SPELLED_OUT = re.compile(" "), 5
# Chosen so that no word, name, order number or checksum in print is taken for one: what comes out
# has to be text with spaces.
_CODED_LETTERS = 20
_BASE64 = re.compile(rf"(?<![\w+/])[A-Za-z0-9+/_-]{{{_CODED_LETTERS},4000}}={{0,2}}(?![\w+/])")
_LINE_END = re.compile(r"(?<=[A-Za-z0-9+/=]{16})\s*\n\s*(?=[A-Za-z0-9+/=]{4})")
_BASE32 = re.compile(r"\b[A-Z2-7]{24,4000}={0,6}")
_HEX = re.compile(r"(?<!\w)(?:(?:\\x|0x)?[0-9a-fA-F]{2}[ ,:;]?){12,2000}")
_DIGIT = re.compile(r"[0-9]")
_ACCENTED = re.compile("[\u00c0-\u024f\u1e00-\u1eff]")
# Unicode's format characters (category Cf) and variation selectors.
_UNSEEN = re.compile(
    "[\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000110bd\U000110cd"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001-\U000e01ef]"
)
_TAGS = re.compile("[\U000e0020-\U000e007e]+")
# All white space in a line but a single plain space.
_BLANKS = re.compile(r"(?:[^\S\n ]| (?=[^\S\n]))[^\S\n]*")
_NO_LETTER = re.compile(r"[\W_]")
_PRINTED = re.compile(r"[\w\s.,;:!?'\"()€£$%/-]")
_SPACES = re.compile(r"\S\s\S")
_MIXED_WORDS = 2


class Decoding(NamedTuple):
    """What a text may say; `hidden` where the page does not show it in plain letters.

    `encoded`: it was text in a code, which no article has for its readers. `turned`: its letters
    were exchanged or reversed, which gives nonsense of any other text.
    """

    text: str
    hidden: bool = False
    encoded: bool = False
    turned: bool = False


def readings(text: str, plain: str | None = None) -> Iterator[Decoding]:
    """What `text` says, and what it may say to a reader who knows the codes.

    `plain` is the text folded, where that is known.
    """
    plain = folded(text) if plain is None else plain
    yield Decoding(plain, hidden=not text.isascii() and _is_mixed(text))
    for decoded in _decoded(text):
        yield Decoding(folded(decoded), hidden=True, encoded=True)
    digits = _DIGIT.search(plain) is not None
    leet = _LEET_WORD.findall(plain) if digits and _DIGIT_IN_WORD.search(plain) else ()
    if sum(not _ORDINAL.match(word) and len(word) > 2 for word in leet) > 2:
        yield Decoding(plain.translate(_LEET), hidden=True)
    if _APART.search(plain) and _SPACED.search(plain):
        signed = _SIGNED.search(plain) is not None
        parts = folded((_BLANK if signed else _GAPS).sub("\n", text))
        joined = _LETTERS.sub(lambda found: _NO_LETTER.sub("", found[0]), parts).replace("\n", " ")
        spelled = signed and len(_LETTERS.findall(parts)) >= _SPELLED_OUT
        told = may_tell(joined) and not may_tell(plain)
        yield Decoding(joined, hidden=True, encoded=spelled or told)
    for turn in turns_of(plain):
        turned = is_turned(plain, turn)
        if turned or may_tell(plain, turn):
            yield Decoding(turn(plain), encoded=turned, turned=True)


@looked_up(4096, longest=2_000)
def folded(text: str) -> str:
    """Text in lower case, without accents on Latin letters, invisible signs and lookalikes."""
    text = html.unescape(text if text.isascii() else _TAGS.sub(_untagged, text))
    if text.isascii():
        return _single_blanks(text.lower())
    text = normalized(text, "NFKC")
    text = _UNSEEN.sub("", text)
    if _OTHER.search(text):
        text = _WORD.sub(_latin, text)
    text = _ASKS.sub("cual", text.replace("’", "'"))
    text = _ACCENTED.sub(lambda found: _bare(found[0]), text)
    return _single_blanks(text.lower().translate(_SPELLED))


def _single_blanks(text: str) -> str:
    # Of all white space only a plain space is printable.
    return text if text.isprintable() and "  " not in text else _BLANKS.sub(" ", text)


def _untagged(found: re.Match[str]) -> str:
    """Tag characters as the letters that they stand for."""
    return " " + "".join(chr(ord(c) - 0xE0000) for c in found[0])


def _latin(found: re.Match[str]) -> str:
    word = found[0]
    mixed = _LATIN.search(word) and _OTHER.search(word)
    return word.translate(_LOOKALIKES) if mixed else word


def _is_mixed(text: str) -> bool:
    """Whether words of the text have letters of two scripts each."""
    words = _WORD.findall(text) if _OTHER.search(text) else []
    mixed = sum(bool(_LATIN.search(word) and _OTHER.search(word)) for word in words)
    return mixed >= _MIXED_WORDS


@lru_cache(maxsize=4096)
def _bare(character: str) -> str:
    apart = unicodedata.normalize("NFD", character)
    return apart[0] if apart[0] < "\u0250" else character


def _decoded(text: str) -> Iterator[str]:
    """The texts in the codes that stand in a text."""
    joined = _LINE_END.sub("", text) if "\n" in text else text
    long = max(map(len, joined.split()), default=0) >= _CODED_LETTERS
    for found in _BASE64.finditer(joined) if long else ():
        yield from _text_in(_from_base64(found[0]))
    for found in _BASE32.finditer(joined) if long else ():
        yield from _text_in(_from_base32(found[0]))
    # Each white space has a digit for its code.
    for found in _HEX.finditer(text) if _DIGIT.search(text) else ():
        digits = re.sub(r"\\x|0x|[ ,:;]", "", found[0])
        yield from _text_in(bytes.fromhex(digits[: len(digits) // 2 * 2]))


def _from_base64(text: str) -> bytes:
    plain = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4))
    except (binascii.Error, ValueError):
        return b""


def _from_base32(text: str) -> bytes:
    plain = text.rstrip("=")
    try:
        return base64.b32decode(plain + "=" * (-len(plain) % 8))
    except (binascii.Error, ValueError):
        return b""


def _text_in(data: bytes) -> Iterator[str]:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return
    if len(text) >= 10 and _SPACES.search(text) and len(_PRINTED.findall(text)) >= 0.95 * len(text):
        yield text
