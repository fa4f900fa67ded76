"""The lists of words by language, and the patterns of the features of an order."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from rewriter.cleaning.orders.patterns import Patterns, one_of
from rewriter.text.tokens import DENSE_LANGUAGES

# Between a verb and what it is about, in characters.
_GAP = r"[^.!?。！？]{0,60}?"
# Languages whose verb stands at the end.
_VERB_LAST = ("tr", "ja")
# What tells that a text may be in one of the languages without spaces between words.
SCRIPTS: Final = {
    "zh": re.compile("[\u4e00-\u9fff]{2}"),
    "ja": re.compile("[\u3040-\u30ff]"),
}
_BEGIN_OF_LINE = r"(?:^|[\n.!?:;(\[*#>\"“-]\s{0,4})"
_BEGIN_DENSE = r"(?:^|[,。;:,、!?\s“\"「]|请|并且?|然后|再|必须|应该|应当|要|务必|同时)"
_ARTICLES = (
    r"(?:(?:the|all|any|every|our|die|den|alle|der|les|la|le|los|las|el|il|lo|de|het|o|a|os)\s+)"
)
# "Written with the help of AI" speaks to no machine.
_NOT_BY = "".join(
    rf"(?<!\b{word} )"
    for word in ("of", "by", "with", "von", "mit", "par", "por", "con", "di", "van")
)
_HINTS = (
    *("task", "role", "lift", "duty", "label", "machine", "own", "product", "amends", "must"),
    "sure",
)
PLAIN: Final = ("sure", "role", "machine", "task", "duty", "here", "amends")
"""Lists whose patterns are searched as they are, the weightiest first."""


# The lists of which a sentence needs a word, by pattern. Other patterns are always searched.
_NEEDS: Final = {
    **{name: frozenset({name}) for name in ("label", "duty", "task", "own", "must", "here")},
    **{name: frozenset({name}) for name in ("amends", "role", "machine", "sure")},
    "lift": frozenset({"lift", "orders"}),
    "verb": frozenset({"verbs"}),
    "thing": frozenset({"verbs", "here"}),
    "addressed": frozenset({"machine"}),
}


def read_lists(name: str) -> dict[str, Any]:
    """The lists in the file `name` beside this module."""
    return tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))


@cache
def common() -> dict[str, Any]:
    """What the languages have in common: a text of words, or a list of patterns, by its name."""
    return read_lists("common.toml")


@cache
def lists() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """The lists of each language by its code, as `words.toml` has them."""
    return read_lists("words.toml")


@cache
def table(lang: str) -> Patterns:
    """The patterns of a language; `words.toml` says what each of them finds.

    `prefilter` finds a part of any order, `addressed` somebody who is spoken to and is a machine,
    `thing` a verb with the text itself as its object.
    """
    return Patterns(_sources(lang, lists()[lang]), _NEEDS)


def _sources(lang: str, lists: Mapping[str, Sequence[str]]) -> Mapping[str, str]:
    dense = lang in DENSE_LANGUAGES
    begin, end, space = ("", "", r"\s*") if dense else (r"(?<!\w)", r"(?!\w)", r"\s+")
    # A run of a dense script is one word to `re`, and may hold one's own word at each character.
    word = r"\w{1,30}" if dense else r"\w+"
    one = {key: f"{begin}{one_of(words)}{end}" for key, words in lists.items()}
    verb, lift = one["verbs"], f"{_begin(lang)}{one['lift']}{_GAP}{one['orders']}"
    if dense or lang in _VERB_LAST:
        lift += f"|{one['orders']}{_GAP}{one['lift']}"
    product = f"(?:{one['product']}|{one['task']})"
    hints = one_of(sorted(word for key in _HINTS for word in lists[key]))
    buttonless = _without(lists["verbs"], "buttons", begin, end)
    sure = _without(lists["machine"], "unsure", begin, end)
    return {
        **{key: one[key] for key in PLAIN},
        "prefilter": f"{begin}{hints}",
        "lift": lift,
        "addressed": _addressed(one, sure, space),
        "label": rf"{_BEGIN_OF_LINE}{one_of(lists['label'])}\s?[:：]",
        "verb": rf"(?:{_begin(lang)}|{product}{space}){verb}",
        "own": rf"{one['own']}{space}(?:{word}\s+){{0,2}}?{_own_product(lists, one, begin, end)}",
        "must": f"{product}{_GAP}{one['must']}",
        "product": product,
        "thing": rf"{buttonless}{space}{_ARTICLES}?{one['here']}",
    }


def _begin(lang: str) -> str:
    """What stands before an order: the begin of a clause, or nothing where the verb is last."""
    if lang == "zh":
        return _BEGIN_DENSE
    if lang in _VERB_LAST:
        return ""
    words = "|".join(common()["begins"].split())
    return rf"(?:^|[:;,.!?()\"“”«»>*|/=\[\]{{}}#–—-]\s{{0,4}}|\b(?:{words})\s+)"


def _without(words: Sequence[str], left_out: str, begin: str, end: str) -> str:
    """A pattern for those of the words that a list in `common.toml` does not leave out."""
    kept = [word for word in words if word not in common()[left_out]]
    return f"{begin}{one_of(kept)}{end}"


def _own_product(lists: Mapping[str, Sequence[str]], one: Mapping[str, str], *ends: str) -> str:
    """What comes of a task, and not of something else: "your version of early retirement"."""
    return rf"(?:{_without(lists['product'], 'unsure_products', *ends)}|{one['task']})(?!\s+of\b)"


def _addressed(one: Mapping[str, str], sure: str, space: str) -> str:
    machine, address = one["machine"], one["address"]
    polite = "|".join(common()["polite"].split())
    return (
        rf"{_BEGIN_OF_LINE}{address}\s*:?{space}{_ARTICLES}*(?:\w+\s+)??{machine}"
        rf"(?:{_GAP}[:,;：，–—-]|$)"
        rf"|{_BEGIN_OF_LINE}{machine}(?:\s?[:：]|, (?:{polite})\b)"
        rf"|{_NOT_BY}{sure}{_GAP}{one['must']}"
        rf"|{sure}[^.!?]{{0,30}}{one['here']}"
    )
