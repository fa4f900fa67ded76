"""What a name may be called: its plural and possessive, its short forms, spellings and people."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from itertools import groupby

from rewriter.checks.evidence.mentions import Mention
from rewriter.checks.lexicon import aliases, metonyms, pattern
from rewriter.checks.lexicon.common import is_common
from rewriter.remembering import looked_up
from rewriter.text.forms import normalized
from rewriter.text.tokens import Token

# What turns a country into its people, and what it takes the place of: Canada, Canadian.
_DEMONYM_ENDINGS = ("ians", "ian", "eans", "ean", "ese", "ans", "an", "ish")
LAND_ENDINGS = (*_DEMONYM_ENDINGS, "ia", "ea", "a", "y", "o", "e")
# Letters: in a shorter word an "s" is rather its own ("gas"), and so is what looks like an ending.
_MIN_KEY = 4
# Letters that a case ending has at most, and those of a name that none changes.
CASE_ENDING, _CASE_ROOT = 2, 4
_CASE_OF_NAME = pattern("case_of_name")
_NO_VOWELS = str.maketrans("", "", "aeiouyąęаеёиоуыэюяьъ")
_STAYING = 2
# Letters of the shortest acronym.
_ACRONYM = 2
# Words whose forms are remembered: the vocabulary of some thousand articles, in a few megabytes.
_WORDS_KEPT = 30_000
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"})

# How British and American words end that are spelled in two ways: "Labour", "Centre", "Defence".
_AMERICAN = (("our", "or"), ("tre", "ter"), ("ence", "ense"))

_CYRILLIC = str.maketrans(
    dict(zip("абвгдеёзийклмнопрстуфыэіїєґ", "abvgdeeziiklmnoprstufieiieg", strict=True))
    | {"ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ь": ""}
    | {"ю": "yu", "я": "ya"}
)


@looked_up(_WORDS_KEPT)
def singular(word: str) -> str:
    """A name without possessive and plural "s"."""
    word = word.removesuffix("'s").removesuffix("'")
    if word.endswith("ies") and is_common(of_y := f"{word[:-3]}y"):
        return of_y  # "Treasuries"
    plural = len(word) > _MIN_KEY and word.endswith("s") and not word.endswith("ss")
    return word[:-1] if plural else word


def name_key(token: Token) -> str:
    """A word of a name without possessive and plural "s", that of an acronym included: "SUVs"."""
    text = token.text.removesuffix("'s")
    plural = len(text) > _ACRONYM and text[-1] == "s" and text[-2].isupper()
    return text[:-1].lower() if plural else singular(token.lower)


def case_root(name: str) -> str:
    """What all cases of a last name begin with: "лапте" of "лаптев" and "лаптева"."""
    return name[: max(_CASE_ROOT, len(name) - CASE_ENDING)]


def are_forms(one: str, other: str) -> bool:
    """Whether two words differ by a case ending at most: "Лаптев" and "Лаптева"."""
    root = case_root(min(one, other, key=len))
    same = one.startswith(root) and other.startswith(root)
    return same and abs(len(one) - len(other)) <= CASE_ENDING


def without_case(name: str) -> str:
    """What all cases of a Slavic name have: its first letters and the consonants behind them."""
    base = _CASE_OF_NAME.sub("", unaccented(name))
    return base[:_STAYING] + base[_STAYING:].translate(_NO_VOWELS)


def with_e(word: str) -> str:
    """A word with "е" for "ё", as most write it."""
    return word.replace("ё", "е")


def names_of(mention: Mention) -> frozenset[str]:
    """What a name may be called in short: its words, its initials, their spellings and aliases."""
    plain = tuple(token.lower for token in mention)
    return _called(plain) | {name_key(token) for token in mention}


@lru_cache(maxsize=_WORDS_KEPT)
def _called(words: tuple[str, ...]) -> frozenset[str]:
    names = {singular(word) for word in words} | {" ".join(words)}
    if len(words) > 1:
        names.add("".join(word[0] for word in words))
    names |= {metonyms()[name] for name in {*names, *words} & metonyms().keys()}
    names |= {alias for name in names for alias in aliases().get(name, ())}
    return frozenset(names | {spelling(name) for name in names})


@looked_up(_WORDS_KEPT)
def spelling(word: str) -> str:
    """A key that spelling variants share: accents, doubled letters, y and i, ph and f, c and k.

    Cyrillic letters stand for the Latin ones that English news writes for them.
    """
    if word[:1] > "ͯ":
        word = word.replace("дж", "j").translate(_CYRILLIC)
    plain = unaccented(word).translate(_LETTERS)
    for british, american in _AMERICAN:
        if plain.endswith(british):
            plain = plain.removesuffix(british) + american
    plain = plain.replace("ph", "f").replace("y", "i").replace("ck", "k").replace("ou", "u")
    plain = plain.replace("kh", "h").replace("th", "t").replace("w", "v").replace("ks", "x")
    plain = plain.replace("bh", "b").replace("dh", "d").replace("gh", "g")
    plain = plain.replace("aeo", "eo").replace("paed", "ped").replace("aem", "em")
    plain = plain.replace("iza", "isa").replace("ize", "ise")
    return "".join(letter for letter, _ in groupby(plain))


def unaccented(text: str) -> str:
    """The text without accents."""
    decomposed = normalized(text, "NFKD")
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def lands(word: str) -> set[str]:
    """What a country and its people share: "canad" of Canada and Canadian, "japan" of Japanese."""
    bases = {word.removesuffix(ending) for ending in LAND_ENDINGS}
    return {base for base in bases if len(base) >= _MIN_KEY}
