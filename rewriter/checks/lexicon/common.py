"""English words that may begin a sentence without being a name: common ones, and their forms."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from itertools import chain

from rewriter.checks.lexicon import name_set, people
from rewriter.remembering import looked_up

_COMMON_ENDINGS = (
    ("ies", "y"), ("ied", "y"), ("ily", "y"), ("iest", "y"), ("ier", "y"),
    ("es", ""), ("s", ""), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e"), ("ly", ""),
    ("ly", "le"), ("er", ""), ("er", "e"), ("ers", ""), ("ers", "e"), ("est", ""), ("est", "e"),
    ("ness", ""), ("ment", ""), ("ments", ""), ("less", ""), ("ful", ""), ("ation", "e"),
    ("ations", "e"), ("ors", "or"), ("ization", "ize"), ("isation", "ise"), ("ity", ""),
    ("ity", "e"), ("ion", "e"), ("ions", "e"), ("ion", ""), ("ions", ""), ("oes", "o"),
    ("ory", ""), ("ory", "e"), ("ary", ""), ("ial", "y"), ("ical", "y"), ("ers", "y"),
)  # fmt: skip
_COMMON_PREFIXES = ("un", "re", "non", "pre", "over", "under", "de", "anti", "inter", "mis", "out")
# Where British spelling may have an "s" for a "z": "criticised", "organisations".
_BRITISH = re.compile(r"is(?=(?:e[drs]?|ers|ing|ations?)$)")
_MIN_BASE = 3
_MIN_HALF = 4
# Letters of the first half of a compound at least where it is a plural: "taxpayers".
_SHORT_HALF = 3
# Letters from which on an inflected word is hardly a name.
_LONG = 8
# Those of parties, creeds and peoples are names: "Democrats", "Lutherans".
_MEMBERS = ("crats", "icans", "estants", "erans", "ians")
# Endings of words that are made of others, and of hardly a name.
_MADE = ("ation", "ition", "sion", "ment", "ness", "ship", "ism", "ity", "ally", "fully", "ably")
# Words whose properties are kept: the vocabulary of some thousand articles.
_WORDS_KEPT = 30_000


@cache
def common_words() -> frozenset[str]:
    """English words in their base form that may begin a sentence without being a name."""
    text = (files(__package__) / "common.txt").read_text("utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(word for line in lines for word in line.split())


@looked_up(_WORDS_KEPT)
def is_common(word: str) -> bool:
    """Whether a lower-case English word, inflected or not, is in the list of common words."""
    word = word.removesuffix("'s").removesuffix("n't")
    if word in people():
        return False
    american = _BRITISH.sub("iz", word.replace("our", "or").replace("yse", "yze"))
    bare = (word.removeprefix(one) for one in _COMMON_PREFIXES if word.startswith(one))
    longer = (rest for rest in bare if len(rest) > _MIN_BASE)
    return any(map(_is_listed, chain((word, american), longer)))


@looked_up(_WORDS_KEPT)
def is_common_plural(word: str) -> bool:
    """Whether a word is the plural of two common words written as one: "shipyards".

    Only plurals, since many a firm is called by such a compound ("Facebook").
    """
    if not word.endswith("s"):
        return False
    short = word[:_SHORT_HALF] in common_words() and is_common(word[_SHORT_HALF:-1])
    return is_compound(word[:-1]) or (short and len(word) > _SHORT_HALF + _MIN_HALF)


@looked_up(_WORDS_KEPT)
def is_compound(word: str) -> bool:
    """Whether a word is two common words written as one: "nightclub"."""
    halves = ((word[:at], word[at:]) for at in range(_MIN_HALF, len(word) - _MIN_HALF + 1))
    return word not in name_set("firms") and any(is_common(a) and is_common(b) for a, b in halves)


@looked_up(_WORDS_KEPT)
def is_inflected(word: str) -> bool:
    """Whether a dictionary has an English word as a form of another one, or as one made of another.

    The dictionary (simplemma, from Wiktionary) has names, too, but hardly a long one looks so:
    "Sanders", "Wales" and "Brooks" are short.
    """
    if len(word) < _LONG or word.endswith(_MEMBERS):
        return False
    from simplemma import is_known, lemmatize  # 25 MB, which most texts do not need

    base = lemmatize(word, lang="en")
    made = base != word or word.endswith(_MADE)
    return made and base.islower() and is_known(word, lang="en")


def _is_listed(word: str) -> bool:
    return word in common_words() or _has_common_base(word)


def _has_common_base(word: str) -> bool:
    for ending, replacement in _COMMON_ENDINGS:
        if not word.endswith(ending):
            continue
        base = word[: -len(ending)] + replacement
        if len(base) >= _MIN_BASE and (
            base in common_words() or (ending == "ly" and _has_common_base(base))
        ):
            return True
        if len(base) > _MIN_BASE and base[-1] == base[-2] and base[:-1] in common_words():
            return True
    return False
