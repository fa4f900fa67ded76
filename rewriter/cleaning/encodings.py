"""Encodings that are taken for each other, told apart by the letters that they make."""

from __future__ import annotations

import re

from rewriter.cleaning.language import detect_language

# Share of bytes beyond ASCII from which a text has another script than Latin; of a long one this
# much is looked at.
_FOREIGN_SHARE = 0.25
_ENOUGH = 200_000
# Share of the letters beyond ASCII that are of one script.
_SCRIPT_SHARE = 0.85
_ASCII = bytes(range(0x80))
# Encodings of Latin, Greek and Cyrillic letters, which are taken for each other.
_EUROPEAN = re.compile(r"iso8859-(?:[1-57-9]|1[03-6])|cp125[0-47]|cp(?:437|737|8[56]\d)|mac.*")
_NOT_EUROPEAN = ("iso8859-8", "cp856", "cp862", "cp864")
# What stands behind a small letter or a stop, and which of it is no sign of another encoding. Two
# capitals that stand alone are the dashes of Mac Roman, two around words its quotation marks.
_BEHIND = re.compile(
    "(?<=[a-z.,!?])[^\x00-\x7f]|(?<= )[\u00d0\u00d1](?= )"
    "|(?<![^\\s(])\u00d2(?=[^\u00d2\u00d3]{2,400}[a-z.,!?]\u00d3)"
)
_PLAIN = frozenset("‘’‚“”„‹›«»–—…\xa0\xad°º²³¹€™®©•·")
_ODD_LEAST = 2
# Encodings of old Macs and of DOS, in which text seems to be full of odd signs to others.
_LATIN_NEIGHBOURS = ("mac_roman", "cp850")
# The letters that KOI8-U has and KOI8-R has not, inside of words; there they are lines of boxes.
_UKRAINIAN = re.compile("(?i)[а-я][єіїґ]|[єіїґ][а-я]")
_FREQUENT = (
    "的一是不在了有人我他这這个個们們中来來上大为為和国國地到以说說时時要就出会會可也你对對生"
)
# Letters beyond ASCII of languages that have encodings of their own, and these encodings.
_ALPHABETS = {
    "pl": "ąćęłńóśźż", "cs": "áčďéěíňóřšťúůýž", "sk": "áäčďéíĺľňóôŕšťúýž", "hu": "áéíóöőúüű",
    "ro": "ăâîșțşţ", "hr": "čćđšž", "bs": "čćđšž", "sl": "čšž", "sq": "çë", "tr": "çğıİöşüâîû",
    "az": "çəğıİöşü", "lt": "ąčęėįšųūž", "lv": "āčēģīķļņšūž", "et": "äõöüšž",
}  # fmt: skip
_CENTRAL = ("cp1250", "iso8859-2", "cp852", "mac_latin2")
_TURKISH = ("cp1254", "cp857", "mac_turkish")
_BALTIC = ("cp1257", "iso8859-13", "cp775")
_OF_LANGUAGE = dict.fromkeys(_ALPHABETS, _CENTRAL) | dict.fromkeys(("tr", "az"), _TURKISH)
_OF_LANGUAGE |= dict.fromkeys(("lt", "lv", "et"), _BALTIC)
_BESIDE_LETTER = re.compile(r"(?<=[A-Za-z])[^\x00-\x7f]|[^\x00-\x7f](?=[A-Za-z])")
# The same text in another encoding has this much more of the language's letters at least.
_MORE_LETTERS = 0.02
_OF_SCRIPT = (
    ("cp1251", "koi8-u", "iso8859-5", "cp866", "mac_cyrillic", "cp855"),
    ("cp1253", "iso8859-7", "cp737", "mac_greek", "cp869"),
)
_SCRIPTS = tuple(re.compile(letters) for letters in ("[\u0400-\u04ff]", "[\u0370-\u03ff]"))
# What breaks words of these scripts: a capital or a final sigma inside, a sign between letters.
_BREAK = re.compile(
    "(?<=[\u03ac-\u03ce\u0430-\u045f])[\u0386-\u03ab\u0401-\u042f]"
    "|ς(?=[\u0370-\u03ff])|(?<=[\u0370-\u045f])[^\\w\\s'’ʼ.,;:!?–—()«»“”-](?=[\u0370-\u045f])"
)


def likely_encoding(found: str, data: bytes) -> str:
    """The encoding of `data` that a detector takes for `found`, or one that it mistakes for it."""
    if found == "cp856":  # its Hebrew letters are those of the older and more frequent cp862
        return "cp862"
    if found == "koi8-r" and _UKRAINIAN.search(data.decode("koi8-u")):
        return "koi8-u"
    if found in ("gb18030", "gbk", "gb2312") and is_sound(data, "cp950"):
        simple, traditional = (
            sum(map(data.decode(e, "replace").count, _FREQUENT)) for e in (found, "cp950")
        )
        return "cp950" if traditional > simple else found
    if found in _NOT_EUROPEAN or not _EUROPEAN.fullmatch(found):
        return found
    if len(data.translate(None, _ASCII)) >= len(data) * _FOREIGN_SHARE:
        return _of_script(found, data)
    return _of_language(found, data)


def second_opinion(data: bytes) -> str | None:
    """The encoding of text that is no Latin with a few marks, where uchardet cannot tell."""
    if len(data.translate(None, _ASCII)) < len(data) * _FOREIGN_SHARE:
        return None
    from charset_normalizer import from_bytes

    best = from_bytes(data if len(data) < _ENOUGH else data[:_ENOUGH].rpartition(b"\n")[0]).best()
    return best.encoding if best else None


def _of_script(found: str, data: bytes) -> str:
    """The encoding in which words of Greek or Cyrillic letters are least broken."""
    start = data[:_ENOUGH]
    broken = {found: _broken(start, found)}
    for names, script in zip(_OF_SCRIPT, _SCRIPTS, strict=True):
        letters = len(start.translate(None, _ASCII)) * _SCRIPT_SHARE
        for name in names:
            if len(script.findall(start.decode(name, "replace"))) >= letters:
                broken.setdefault(name, _broken(start, name))
    best = min(broken, key=lambda name: broken[name])
    return best if broken[best] * 2 < broken[found] else found


def _broken(data: bytes, encoding: str) -> int:
    """How often words are broken; a text of another script is broken at each letter."""
    text = data.decode(encoding, "replace")
    foreign = any(script.search(text) for script in _SCRIPTS)
    return len(_BREAK.findall(text)) if foreign else len(data.translate(None, _ASCII))


def _of_language(found: str, data: bytes) -> str:
    """The encoding in which the text has the most letters of its language."""
    language = detect_language(data[:_ENOUGH].decode(found, "replace"))
    if language in _OF_LANGUAGE:
        shares = {
            n: _share(data, n, _ALPHABETS[language]) for n in (found, *_OF_LANGUAGE[language])
        }
        best = max(shares, key=lambda name: shares[name])
        return best if shares[best] > shares[found] + _MORE_LETTERS else found
    odd = _odd_characters(data, found)
    if odd < _ODD_LEAST:
        return found
    likely = min(_LATIN_NEIGHBOURS, key=lambda name: _odd_characters(data, name))
    return likely if _odd_characters(data, likely) * 2 < odd else found


def _share(data: bytes, encoding: str, alphabet: str) -> float:
    """The share of characters beyond ASCII in words that are letters of the alphabet."""
    inside = _BESIDE_LETTER.findall(data[:_ENOUGH].decode(encoding, "replace"))
    letters = sum(c in alphabet or c.lower() in alphabet for c in inside if c not in _PLAIN)
    return letters / max(sum(c not in _PLAIN for c in inside), 1)


def _odd_characters(data: bytes, encoding: str) -> int:
    """The number of capitals and of unusual signs that stand where no word has one."""
    found = _BEHIND.findall(data.decode(encoding, errors="replace"))
    return sum(c.isupper() or not (c.isalpha() or c in _PLAIN) for c in found)


def is_sound(data: bytes, encoding: str) -> bool:
    """True where all of `data` can be read so."""
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
