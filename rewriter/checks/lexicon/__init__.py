"""Word lists of the checks, read once: aliases and titles of names, common words."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Collection
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from rewriter.checks.lexicon.wording import Claims, Wording
from rewriter.remembering import Lookup, looked_up
from rewriter.text.given_names import given_names
from rewriter.text.quotations import ANY_MARK
from rewriter.text.tokens import DENSE, DENSE_LANGUAGES

# A short vowel before one last consonant doubles it: drop, dropped.
_DOUBLING = re.compile(r"[^aeiou][aeiou][bdgklmnprt]$")
# A clause begins with a text, behind a mark, or behind what opens an advertisement.
_CLAUSE_START = (
    rf"(?:^|[.!?:;…]\s{{1,3}}|\s[—–-]\s)[{ANY_MARK}(]?"
    r"(?:(?:please|now|so|just|simply|then|today|hurry|attention|readers|everyone|dear readers"
    r"|bitte|jetzt|also|por favor|ahora|ya|hoy|maintenant|aujourd'hui|alors|agora|já|hoje|ora"
    r"|subito|nu)"
    r"[,:!]?\s+){0,2}(?:(?:to|for|if|before|um|para|pour|per|wer|si|se)\b[^.!?,]{1,80},\s+)?"
)
_ARTICLE = re.compile(r"^[وفبك]?(?:ال|لل)|^و(?=.{4})")
# Letters of the ending of an adjective at most: "franz-ösischen".
_LONGEST_ENDING = 9
# A word, the "n't" of an auxiliary apart. Characters and words before something in which a negation
# lifts it.
_DENYING = re.compile(rf"[{DENSE}]|[^\W\d_{DENSE}]+?(?=n['’]t\b)|n['’]t\b|[^\W\d_{DENSE}]+")
_DENIED, _MOST_DENYING = 30, 4
# Words of a language whose properties are kept: the vocabulary of some thousand articles.
_WORDS_KEPT, _LONGEST_KEPT = 30_000, 100


@cache
def ministers() -> re.Pattern[str]:
    """What finds the word for a minister, in all languages."""
    words = _table("portfolios")["minister"]
    return re.compile(rf"(?:(?<!\w)[^\W\d_]{{0,25}}?)?(?:{words})", re.IGNORECASE)


@cache
def portfolios() -> dict[str, re.Pattern[str]]:
    """For each field of a minister what finds the words for it, in all languages."""
    tail = rf"[^\W\d_{DENSE}]{{0,20}}"
    return {
        name: re.compile(rf"(?:(?<!\w)|(?<=[{DENSE}가-힣]))(?:ال)?(?:{words}){tail}", re.IGNORECASE)
        for name, words in _table("portfolios")["fields"].items()
    }


@cache
def aliases() -> dict[str, frozenset[str]]:
    """For each name its other names."""
    found: dict[str, frozenset[str]] = {}
    for group in _names()["aliases"] + _names()["nicknames"]:
        for name in group:
            found[name] = found.get(name, frozenset()) | frozenset(group)
    return found


@cache
def first_names() -> frozenset[str]:
    """First names that have a short form, their short forms, and German ones."""
    short = (name for group in _names()["nicknames"] for name in group)
    return frozenset(short) | given_names("de")


@cache
def metonyms() -> dict[str, str]:
    """For each city or palace that speaks for a country, the country."""
    return {city: land for land, cities in _names()["metonyms"].items() for city in cities}


@cache
def countries() -> frozenset[str]:
    """Countries by their names in the languages that have a table of them."""
    named = (land for lang in _table("lands") for land, _ in lands_of(lang))
    found = frozenset(named) | set(metonyms().values()) | set(_names()["countries"])
    return found - word_set("continents")


@cache
def parts_of() -> dict[str, tuple[str, ...]]:
    """For each state or part of the world the names of a source that bear it out."""
    states, within = _names()["states"], _names()["within"]
    return {n: (*states.get(n, ()), *within.get(n, ())) for n in states.keys() | within.keys()}


@cache
def wholes_of() -> dict[str, tuple[str, ...]]:
    """For each name that bears out a state or part of the world those that it bears out."""
    found: dict[str, tuple[str, ...]] = {}
    for whole, parts in parts_of().items():
        for part in parts:
            found[part] = (*found.get(part, ()), whole)
    return found


@cache
def people() -> frozenset[str]:
    """Names of people and firms that are common words as well, or look like an inflected one."""
    return frozenset(_names()["people"]) | name_set("firms")


@cache
def regions() -> frozenset[str]:
    """Cities, countries and parts of the world by which a writer says where something is."""
    return frozenset(_names()["regions"]) | metonyms().keys() | set(metonyms().values())


@cache
def lands_of(lang: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """For each country, as its name begins in a language, how its adjectives begin."""
    pairs = (entry.partition(":") for entry in _table("lands").get(lang, "").split())
    return tuple(
        (land.replace("_", " "), tuple(ends.partition(";")[0].split(",")))
        for land, _, ends in pairs
    )


@cache
def words_of_lands(lang: str) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """For each country how the words for it begin, and the words for its capital and cities."""
    others = (entry.partition(";")[2].split(",") for entry in _table("lands").get(lang, "").split())
    return {
        land: ((land, *adjectives), tuple(filter(None, words)))
        for (land, adjectives), words in zip(lands_of(lang), others, strict=True)
    }


def without_article(word: str, lang: str) -> str:
    """An Arabic word without what is written together with it, a Turkish one without dots."""
    return _ARTICLE.sub("", word) if lang == "ar" else word.replace("i\u0307", "i")


@cache
def land_names(lang: str) -> frozenset[str]:
    """The names of countries, and how those of a language begin."""
    return countries().union(land for land, _ in lands_of(lang))


@cache
def nationalities(lang: str) -> Lookup[str]:
    """For each word the country of whose name it is the adjective, "" for any other word."""
    beginnings: dict[str, tuple[int, str]] = {}
    for land, adjectives in lands_of(lang):
        for beginning in adjectives:
            beginnings.setdefault(beginning, (len(beginnings), land))
    lengths = sorted({len(beginning) for beginning in beginnings})

    def nationality(word: str) -> str:
        word = without_article(word, lang)
        fitting = (n for n in lengths if len(word) - _LONGEST_ENDING <= n <= len(word))
        found = (beginnings[word[:n]] for n in fitting if word[:n] in beginnings)
        return min(found, default=(0, ""))[1]

    return Lookup(nationality, _WORDS_KEPT, _LONGEST_KEPT)


@cache
def claim_words(kind: str, lang: str) -> frozenset[str]:
    """Words of one kind of claim in a language; the kinds are the tables of `claims.toml`."""
    return frozenset(_table("claims")[kind].get(lang, ()))


@cache
def legal_statuses() -> Claims:
    """For each legal status the words that say it, and those of a source that bear it out."""
    return Claims(_table("claims")["legal"])


@cache
def collectives() -> dict[Decimal, re.Pattern[str]]:
    """For each round number what finds the nouns that say it roughly: "cinquantaine", "dozen"."""
    return {
        Decimal(number): re.compile(
            rf"(?<!\w)(?:{'|'.join(words)})(?:e[nrs]?|s|а|у|ы|ой)?(?!\w)", re.IGNORECASE
        )
        for number, words in _table("words")["collectives"].items()
    }


@cache
def names_by(kind: str) -> dict[str, tuple[str, ...]]:
    """For each entry of a table of `names.toml` its names or words, by the table's name.

    `implied`: words of a source that bear out a name, with a capital or without. `metonyms`: cities
    and palaces that speak for a country. `teams`: nicknames of the teams of a city in the North
    American leagues. By language `of_towns`: how the adjectives of towns end that are written
    small; `before_places`: the prepositions behind which a name is mostly that of a place;
    `before_areas` and `areas`: words before the name of the land around a town, and its endings.
    """
    table = _names()[kind].items()
    return {k: tuple(words.split() if isinstance(words, str) else words) for k, words in table}


@cache
def feasts() -> dict[str, tuple[int, int]]:
    """For each feast with a date of its own, lower case and without hyphens, month and day."""
    return {
        name: (int(month), int(day))
        for date, names in _names()["feasts"].items()
        for month, day in [date.split("-")]
        for name in names
    }


@cache
def name_set(name: str) -> frozenset[str]:
    """A plain set of words in names: one of the lists of `names.toml`, by its name."""
    return frozenset(_names()[name])


@cache
def word_set(name: str) -> frozenset[str]:
    """A plain set of words: one of the lists of `words.toml`, by its name."""
    return frozenset(_table("words")[name])


@cache
def pattern(name: str) -> re.Pattern[str]:
    """One of the patterns of `patterns.toml`, by its name."""
    return re.compile(_composed(_table("patterns"), name))


def _composed(table: dict[str, Any], name: str) -> str:
    """An entry of a table of patterns; "{other}" in it stands for another entry."""
    text = "".join(table[name])
    return re.sub(r"\{([a-z_]+)\}", lambda found: f"(?:{_composed(table, found[1])})", text)


@cache
def pattern_of(name: str, lang: str) -> re.Pattern[str] | None:
    """The pattern of a language among those that differ by it, None where it is unknown."""
    every = _table("patterns")
    own, lang = every[name], lang.split("-")[0]
    return re.compile(_composed(every | own, lang)) if lang in own else None


@looked_up(_WORDS_KEPT)
def contraries(word: str) -> frozenset[str]:
    """The words, lower case, that contradict a word in a sentence about the same thing."""
    return _contraries().get(word, frozenset())


@cache
def negations(lang: str) -> frozenset[str]:
    """Words that deny what follows them."""
    return _words(lang, "negations")


def is_denied(text: str, place: int, lang: str) -> bool:
    """Whether a word right before a place denies what stands there: "keine Schande"."""
    words = _DENYING.findall(text[max(0, place - _DENIED) : place].lower())
    return not negations(lang).isdisjoint(words[-_MOST_DENYING:])


@cache
def denials(lang: str) -> frozenset[str]:
    """Words that deny by their meaning ("failed", "unable")."""
    return _words(lang, "denials")


def _words(lang: str, kind: str) -> frozenset[str]:
    table = _table("contrasts") if lang == "en" else _table("multilingual").get(lang, {})
    return frozenset(table.get(kind, ()))


@cache
def stop_words(lang: str) -> frozenset[str]:
    """Words that carry no meaning of their own; the English ones where the language is unknown."""
    table = _table("multilingual").get(lang, {})
    return frozenset(table["stop_words"]) if "stop_words" in table else word_set("stop_words")


@cache
def phrases(kind: str) -> Wording:
    """The pattern of one kind of phrase in the languages other than English.

    Kinds are `advice`, `reported`, `advising`, `deals` and `leak`.
    """
    patterns = (table[kind] for table in _table("multilingual").values() if kind in table)
    return Wording("|".join(f"(?:{pattern})" for pattern in patterns))


@cache
def has_phrases(lang: str) -> bool:
    """Whether advice and leaked instructions are known in a language."""
    return lang == "en" or "advice" in _table("multilingual").get(lang, {})


@cache
def written_with_spaces() -> tuple[str, ...]:
    """The languages that `function_words` knows."""
    return tuple(_table("languages"))


@cache
def function_words() -> dict[str, list[str]]:
    """Frequent function words, each with the languages that have it."""
    found: dict[str, list[str]] = defaultdict(list)
    for lang, words in _table("languages").items():
        for word in set(words):
            found[word].append(lang)
    return dict(found)


@cache
def phrase(name: str) -> Wording:
    """What finds one kind of phrase in all languages: the pattern `whole` of `counsel.toml`.

    `better` calls something the better thing to do, `payment` asks for money (the group `service`
    is through whom), `scorn` says of somebody, who is named before it, what nobody is called, and
    `contempt` is what somebody is called.
    """
    return Wording(_composed(_table("counsel")[name], "whole"))


@cache
def _contraries() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for group in _table("contrasts")["groups"]:
        sides = [frozenset(form for word in side for form in _forms(word)) for side in group]
        for side in sides:
            others = frozenset().union(*(other for other in sides if other is not side)) - side
            for word in side:
                found[word] = found.get(word, frozenset()) | others
    return found


@cache
def directions(lang: str) -> Lookup[str]:
    """Where each word says that a figure moved, "up" or "down"; "" for any other word."""
    sides = tuple(_directions(lang).items())

    def direction(word: str) -> str:
        for side, (words, beginnings) in sides:
            if word in words or word.startswith(beginnings):
                return side
        return ""

    return Lookup(direction, _WORDS_KEPT, _LONGEST_KEPT)


@cache
def _directions(lang: str) -> dict[str, tuple[frozenset[str], tuple[str, ...]]]:
    """For "up" and "down" the words and, of those with a star, how words begin."""
    if lang == "en":
        sides = [frozenset(form for word in side for form in _forms(word)) for side in _moving()]
        return {name: (side, ()) for name, side in zip(("up", "down"), sides, strict=True)}
    words = {side: _words(lang, side) for side in ("up", "down")}
    return {side: _split_stars(found) for side, found in words.items()}


def _split_stars(words: Collection[str]) -> tuple[frozenset[str], tuple[str, ...]]:
    """The words, and of those with a star how words begin."""
    return (
        frozenset(word for word in words if not word.endswith("*")),
        tuple(word[:-1] for word in words if word.endswith("*")),
    )


def _moving() -> list[list[str]]:
    """The English words for rising and for falling, and those that only say it of a figure."""
    movements, figures = _table("contrasts")["groups"][0], _table("contrasts")["figures"]
    return [*map(list.__add__, movements, figures)]


def _forms(word: str) -> set[str]:
    """A word and its regular inflections."""
    if len(word) <= 3 and not _DOUBLING.search(word):
        return {word}
    base = word.removesuffix("e")
    forms = {word, word + "s", *(base + ending for ending in ("ed", "es", "ing", "er", "est"))}
    if _DOUBLING.search(word):
        forms |= {word + word[-1] + ending for ending in ("ed", "ing", "er", "est")}
    return forms | ({word[:-1] + "ies", word[:-1] + "ied"} if word.endswith("y") else set())


@cache
def _names() -> dict[str, Any]:
    return _table("names")


@cache
def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((files(__package__) / f"{name}.toml").read_text("utf-8"))


@cache
def themes() -> frozenset[str]:
    """Words for the sections and themes of a newspaper, in every language; "ı" is written "i"."""
    texts = _table("labels")["themes"].values()
    return frozenset(word.replace("ı", "i") for text in texts for word in text.split())


@cache
def sentiment_words(kind: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """The words that make news `bad` or `good`, in every language with spaces, and beginnings."""
    words = _table("labels")["sentiments"][kind].split()
    return _split_stars(words)


class Calls(NamedTuple):
    """How a text calls on its reader: `command` has the group `call`, `duty` the group `verb`.

    `addressed` is what only commentary must not say, `led` what must not stand beside an address.
    """

    command: Wording
    duty: Wording | None
    addressed: Wording | None
    led: Wording | None


@cache
def calls(lang: str) -> Calls:
    """The calls to a reader in a language, the English ones where the language is unknown."""
    table = _table("calls").get(lang) or _table("calls")["en"]
    start = _CLAUSE_START + r"\b" if table["start"] else ""
    command = rf"{start}(?P<call>{table['commands']})"
    others = (table.get(key) for key in ("duties", "addressed", "led"))
    return Calls(Wording(command), *(Wording(pattern) if pattern else None for pattern in others))


class Writing(NamedTuple):
    """What speaks of a written `text`, and what tells that something was done."""

    text: Wording
    told: Wording


@cache
def writing(lang: str) -> Writing | None:
    """The words about texts in a language that has some."""
    table = _table("writing").get(lang.split("-")[0])
    if table is None:
        return None
    begin, end = ("", "") if lang in DENSE_LANGUAGES else (r"(?<!\w)", r"(?!\w)")
    texts = (f"{begin}(?:{'|'.join(table[key])}){end}" for key in ("text", "told"))
    return Writing(*map(Wording, texts))


class Counsel(NamedTuple):
    """The words of advice in a language: `praised` alone, the others together in a sentence."""

    readers: Wording
    should: Wording
    choose: Wording
    money: Wording
    moves: Wording
    praised: Wording
    being: Wording


@cache
def counsel(lang: str) -> Counsel:
    """The words of advice in a language, the English ones where the language is unknown."""
    table = _table("counsel").get(lang) or _table("counsel")["en"]
    dense = lang in DENSE_LANGUAGES
    one = {
        key: f"(?:{words})" if dense else rf"(?<!\w)(?:{words})(?!\w)"
        for key, words in table.items()
    }
    # "The best choice is Norvik Bank": what is chosen has a capital.
    named = (
        rf"{one['choice']}\W{{0,3}}(?:\w+\W){{0,4}}?{one['is']} (?:\w{{1,4}} )?(?-i:[A-ZÀ-ÞА-Я])"
    )
    praised = f"{one['best']}|{one['choice'] if dense else named}"
    keys = ("readers", "should", "choose", "money", "moves")
    patterns = (*(one[key] for key in keys), praised, one["is"])
    return Counsel(*map(Wording, patterns))


@cache
def accusations() -> Claims:
    """For each kind of accusation the words that make it, and those that bear it out."""
    return Claims(_table("accusations"))
