"""Who a byline names: persons, and no accounts, offices or agencies."""

from __future__ import annotations

import re

from rewriter.cleaning import phrases
from rewriter.cleaning.shapes import key, phrase
from rewriter.items.fields import is_address
from rewriter.text.given_names import given_names

# "Written by", "Ein Kommentar von"; "Ein Film von" names another work's author.
BY = (
    rf"(?:(?:(?:an?|eine?|une?|una?)\s)?(?:{phrases.pattern('pieces')})\s)?"
    rf"(?:{phrases.pattern('by')})"
)
_BY = re.compile(
    rf"{BY}(?:\s?:\s?|\s)(?=\S)",
    re.IGNORECASE,
)
# "(Reuters)", "@ruth", "Photos by Per Holm", "Editing by Per Holm": no author.
_BESIDE_NAME = re.compile(
    rf"\s*\([^()]{{0,60}}\)|(?<=\S)（[^（）]{{0,60}}）|\s?@[\w.]{{1,40}}"
    rf"|[|;,·]\s*(?:{phrases.pattern('helpers')})\b[^|;,·]{{0,80}}",
    re.IGNORECASE,
)
_WRITER = "(?:取材・)?文|執筆|撰文|글|作者|著者|記者|记者"
# "取材・文／山田太郎", "记者 张三", "홍길동 기자"
_ROLE = re.compile(
    rf"^(?:{_WRITER})(?:\s?[:：／/・]\s?|\s)|\s?(?:記者|特派員|編集委員|論説委員|记者|기자|특파원)$"
)
# "記者 田村恵子"; a desk, an office or "anonymous" is nobody.
_REPORTER = re.compile(
    rf"(?:{_WRITER})(?:\s?[:：／・]\s?|\s)"
    "(?!佚名|匿名|本[報报社紙纸]|[編编][集辑]|[網网][絡络])([\u3040-\u30ff\u3400-\u9fff·・]{2,8})(?<![部社局網网室])"
)
_ALSO = r"(?:and|und|et|y|e|и|i|en|og|och|oraz|ve|ja)\s+"
_SIGNED = re.compile(rf"\s*[,;&|/·•、]\s*(?:{_ALSO})?|\s+(?:{_ALSO}|[–-]\s+)", re.IGNORECASE)
# "ANA RUIZ AND TOM HALL": a word for and between two whole names, also one that may be a particle.
_TWO_NAMES = re.compile(r"\S\s\S+\s(?:[Yyeи]|AND|UND|ET|EN|E|И)\s\S+\s\S")
_PARTICLES = phrases.words("particles")
_NAME_WORD = re.compile(r"[^\W\d_][\w.'’-]*")
# "Peter Holm in Tarn"
_IN_PLACE = re.compile(r"(?<=\S\s\S)(\S*)\s(?:in|from|aus|à)\s[^\W\d_a-z].*")
# "Ruth Adeyemi March 25, 2026": a date that stood behind two names or more.
_DATED = re.compile(
    r"^(?P<name>\S+\s\S+(?:\s\S+)?)\s(?:january|february|march|april|may|june|july|august|september"
    r"|october|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b.*",
    re.IGNORECASE,
)
_HAN_NAME = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af·・]{2,8}")
_MOST_NAME_WORDS = 5
# Words of accounts, offices and agencies; the languages' own words for staff are in the phrases.
_NOBODY = phrases.words("nobody")
# "Anna Lind Foto", "Tony Awards", "Thomas Mann Museum"
_NO_SURNAMES = phrases.words("no_surnames")
# "Der Postillon", "Zur Playlist"
_ARTICLES = phrases.words("articles")
# "Anadolu Ajansı", "Deutsche Presse-Agentur"
_AGENCY = re.compile(
    r"agentur\b|\b(?:\w+-)?(?:ajans|agent(?:ur|s)|agenc|agenz|agênc|агент)", re.IGNORECASE
)


def people(said: str | None, publisher: str | None = None) -> str | None:
    """The persons in a byline, with commas between them; None where it names none."""
    text = _BESIDE_NAME.sub("", " ".join((said or "").split()))
    text = _BY.sub("", text, count=1)
    names: dict[str, str] = {}
    for part in (
        [text] if is_person(text) and not _ROLE.search(text) else _SIGNED.split(_in_order(text))
    ):
        name = _ROLE.sub(
            "",
            _once(_DATED.sub(r"\g<name>", _IN_PLACE.sub(r"\1", part).strip(" .,:;|-–—（）【】"))),
        )
        # "Ruth AdeyemiEditor"
        glued = any(
            one[-1].islower() and name.removeprefix(one)[:1].isupper() and name.startswith(one)
            for one in names.values()
        )
        if is_person(name) and key(name) != key(publisher or "") and not glued:
            names.setdefault(key(name), name)
    return ", ".join(names.values()) or None


def signed_by(line: str) -> tuple[str, ...]:
    """The persons of a line that has nothing else but persons, agencies and domains."""
    if reporter := _REPORTER.fullmatch(line):
        return (reporter[1],)
    line = _BY.sub("", _BESIDE_NAME.sub("", line), count=1) if _BY.match(line) else line
    parts = [part for part in _SIGNED.split(_BESIDE_NAME.sub("", line)) if part]
    names = [part for part in parts if " " in part and is_person(part)]
    others = (part for part in parts if part not in names)
    return tuple(names) if all(_is_agency(part) for part in others) else ()


def is_said_to_write(line: str) -> bool:
    """True for "By Ana Ruiz" and "記者 田村恵子": a word says that the name is the author's."""
    return _BY.match(line) is not None or _REPORTER.fullmatch(line) is not None


def has_first_name(name: str) -> bool:
    """True where the name opens with a known first name and has no word of another thing."""
    words = name.casefold().split()
    others = phrases.CATEGORY | _NO_SURNAMES
    return words[0] in given_names() and others.isdisjoint(words)


def lists_people(line: str) -> bool:
    """True for "Ana Ruiz Tom Hall" and "Ana Ruiz and Tom Hall, Tarn": a third are first names."""
    words = [word for word in _NAME_WORD.findall(line) if not _SIGNED.fullmatch(f" {word} ")]
    first = sum(word.casefold() in given_names() for word in words)
    return first > 1 and first * 3 >= len(words) and all(word[0].isupper() for word in words)


def _is_agency(part: str) -> bool:
    words = part.casefold().split()
    return (
        is_address(part)
        or _AGENCY.search(part) is not None
        or not phrases.PUBLISHER_WORDS.isdisjoint(words)
    )


def _in_order(text: str) -> str:
    """ "Adeyemi, Ruth" as "Ruth Adeyemi"."""
    last, comma, first = text.partition(",")
    swapped = comma and " " not in last.strip() and "," not in first
    return f"{first.strip()} {last.strip()}" if swapped else text


def is_person(name: str) -> bool:
    """True for two to five capitalised words, none of which is an account's or an office's."""
    if _HAN_NAME.fullmatch(name):
        return True
    words = name.split()
    if not 2 <= len(words) <= _MOST_NAME_WORDS or is_address(name) or _TWO_NAMES.search(name):
        return False
    plain = {word.casefold().strip(".'’") for word in words}
    if plain & _NOBODY or _AGENCY.search(name) or not phrases.PUBLISHER_WORDS.isdisjoint(plain):
        return False
    if phrase(name) in phrases.CATEGORY or all(word in phrases.ANONYMOUS for word in plain):
        return False
    return (
        words[0][0].isupper()
        and words[-1] != "À"  # "Mis À Jour À"
        and words[0].casefold() not in _ARTICLES
        and all(
            _NAME_WORD.fullmatch(word) and (not word[0].islower() or word.casefold() in _PARTICLES)
            for word in words
        )
    )


def _once(name: str) -> str:
    """A name that stands twice in a row, once."""
    words = name.split()
    half = len(words) // 2
    return " ".join(words[:half]) if half and words[:half] == words[half:] else name
