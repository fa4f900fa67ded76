"""The words of one language that the grammar knows, read from `languages/<lang>.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from itertools import product
from typing import Any, TypeVar

from rewriter.text.quantities.facts import Bound, Part
from rewriter.text.tokens import CURRENCY_SIGNS, Token, tokenize

T = TypeVar("T")
_Table = dict[str, Any]

VULGAR_FRACTIONS = frozenset("½⅓⅔¼¾⅛")
# A letter that is a currency sign: the rand's "R20 million", the sol's "S/ 130".
_SIGNS = frozenset({"g", "l", "n", "q", "r", "s"})
# Phrases that end a time or a year and begin nothing: "a.m.", "A.D.".
_ENDINGS = frozenset({"half_day", "era"})
# Characters before a number that make a period or an ordinal of it.
_ORDERS = frozenset("第上下前首每本")
# Languages that write 1.234,5, also those of which only the notation is known.
_COMMA_DECIMAL = frozenset(
    [
        *("es", "de", "fr", "pt", "ru", "it", "tr", "nl", "pl", "sv", "da", "no", "nb", "fi", "cs"),
        *("sk", "uk", "ro", "hu", "el", "id", "bg", "hr", "sl", "sr", "et", "lv", "lt", "ca", "vi"),
    ]
)
# For each Turkish vowel the close one that follows it in an ending, and what takes such endings.
_TURKISH_VOWELS = dict(zip("aıoueiöü", "ııuuiiüü", strict=True))
_INFLECTED = ("magnitude", "currency", "cents", "points", "unit", "months", "fractions", "weekdays")
# What a language that is read with the English grammar has words of its own for.
_REPLACED = frozenset({"months", "weekdays", "relative", "cents"})
# English words for numbers, which mean something else in other languages.
_ENGLISH_NUMBERS = ("numbers", "ordinals", "fractions", "multiples")
# Languages whose dates and figures are read with the grammar of Chinese, and with other words.
_EASTERN = frozenset({"ja", "ko"})
# The words for one in 21, how a unit and a ten are joined, and whether hundreds are one word.
_COMPOUNDS = {
    "nl": (("een",), ("{unit}en{ten}", "{unit}ën{ten}"), True),
    "sv": (("en", "ett"), ("{ten}{unit}",), True),
    "da": (("en",), ("{unit}og{ten}",), True),
    "no": (("en", "ett"), ("{ten}{unit}", "{unit}og{ten}"), True),
    "cs": (("jeden", "jedn"), ("{unit}a{ten}",), False),
    "hu": (("egy",), ("{ten}{unit}",), True),
    "ar": (("واحد", "واحدة"), ("{unit} و{ten}",), False),
}
_COMPOUNDS |= dict.fromkeys(("nb", "nn"), _COMPOUNDS["no"])
LANGUAGES = ("en", "es", "de", "fr", "pt", "ru", "zh", "it", "tr")


class Phrases(dict[str, list[tuple[tuple[str, ...], T]]]):
    """A set of phrases, each with a value, found at a place in a list of tokens.

    A hyphen between two words of a phrase counts as a space; the longest phrase wins. For each
    first word it holds the words behind it and the value of every phrase, the longest one first.
    """

    def __init__(self, entries: Iterable[tuple[str, T]], lang: str) -> None:
        super().__init__()
        for phrase, value in entries:
            first, *rest = (token.lower for token in tokenize(phrase, lang) if token.text != "-")
            self.setdefault(first, []).append((tuple(rest), value))
        for options in self.values():
            options.sort(key=lambda option: -len(option[0]))

    def second_words(self, first: Iterable[str]) -> frozenset[str]:
        """The words that follow some first words in a phrase, "" where a phrase is one word."""
        return frozenset(
            rest[0] if rest else "" for word in first for rest, _ in self.get(word, ())
        )

    def match(self, tokens: list[Token], index: int) -> tuple[T, int] | None:
        """The value of the longest phrase at `index` and the index behind it, or None."""
        if index >= len(tokens):
            return None
        for rest, value in self.get(tokens[index].lower, ()):
            end = _after(tokens, index + 1, rest) if rest else index + 1
            if end is not None:
                return value, end
        return None

    def match_before(self, tokens: list[Token], index: int, reach: int = 4) -> tuple[T, int] | None:
        """The value of the longest phrase that ends right before `index`, and where it begins."""
        for begin in range(max(0, index - reach), index):
            found = self.match(tokens, begin) if tokens[begin].lower in self else None
            if found and found[1] == index:
                return found[0], begin
        return None


def _after(tokens: list[Token], index: int, words: tuple[str, ...]) -> int | None:
    for word in words:
        if index < len(tokens) and tokens[index].text == "-" and word != "-":
            index += 1
        if index >= len(tokens) or tokens[index].lower != word:
            return None
        index += 1
    return index


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All phrases of one language by the part they play in a quantity or a date."""

    lang: str
    numbers: Phrases[int]
    decimals: Phrases[Decimal]
    added: Phrases[Decimal]
    magnitude: Phrases[Decimal]
    glued_magnitude: Phrases[Decimal]
    symbol: Phrases[str]
    currency: Phrases[str]
    cents: Phrases[str]
    percent: Phrases[Decimal]
    points: Phrases[Decimal]
    vague: Phrases[Decimal]
    multiple: Phrases[Decimal]
    multiples: Phrases[Decimal]
    fractions: Phrases[int]
    ordinals: Phrases[int]
    unit: Phrases[tuple[str, Decimal]]
    bound: Phrases[Bound]
    bound_after: Phrases[Bound]
    months: Phrases[int]
    weekdays: Phrases[int]
    relative: Phrases[str]
    part: Phrases[Part]
    half_day: Phrases[int]
    before_hour: Phrases[int]
    after_hour: Phrases[int]
    named_times: Phrases[int]
    decades: Phrases[int]
    decade_before: Phrases[int]
    era: Phrases[int]
    seasons: Phrases[int]
    zones: Phrases[int]
    grammar: Mapping[str, frozenset[str]]
    comma_decimal: bool
    foreign: bool
    starters: Mapping[str, frozenset[str]]
    moment_starters: frozenset[str]
    behind_article: frozenset[str]
    measures: frozenset[str]
    share_words: frozenset[str]
    clock: frozenset[str]
    times: frozenset[str]


def _unit(text: str) -> tuple[str, Decimal]:
    dimension, factor = text.split()
    return dimension, Decimal(factor)


# The sections of a language by what the values of their phrases are read with.
_SECTIONS: Mapping[Callable[[str], object], tuple[str, ...]] = {
    int: (
        "numbers", "fractions", "ordinals", "months", "weekdays", "half_day", "before_hour",
        "after_hour", "named_times", "decades", "decade_before", "era", "seasons", "zones",
    ),
    Decimal: (
        "decimals", "added", "magnitude", "glued_magnitude", "percent", "points", "vague",
        "multiple", "multiples",
    ),
    str: ("symbol", "currency", "cents", "relative"),
    _unit: ("unit",),
}  # fmt: skip
_BOUNDS: tuple[Bound, ...] = ("about", "over", "under")
_PARTS: tuple[Part, ...] = ("early", "mid", "late")


@lru_cache(maxsize=32)
def vocabulary_of(lang: str) -> Vocabulary:
    """The vocabulary of a language tag; English where there is no file for it."""
    asked = lang.split("-")[0].lower()
    lang = asked if asked in LANGUAGES else "zh" if asked in _EASTERN else "en"
    own, shared = _read("ja" if asked in _EASTERN else lang), _read("shared")
    if asked not in (lang, *_EASTERN):  # "eleven" is "the pupil" in Swedish
        own |= {section: {} for section in _ENGLISH_NUMBERS}
    overlay = _read("overlays").get("no" if asked in ("nb", "nn") else asked, {})
    if overlay:
        own |= {"calendar": own["calendar"] | {"capitalised": []}}
    for section, table in overlay.items():
        kept = {} if section in _REPLACED else own[section]
        added = {value: [*kept.get(value, ()), *phrases] for value, phrases in table.items()}
        own |= {section: kept | added}
    if lang == "tr":
        own |= {section: _with_cases(own[section]) for section in _INFLECTED}
    if lang == "de":
        own["numbers"] = own["numbers"] | _german_compounds(own["numbers"])
    if asked in _COMPOUNDS:
        own["numbers"] = own["numbers"] | _compounds(own["numbers"], *_COMPOUNDS[asked])
    parts = shared["grammar"], own["grammar"], own["calendar"]
    words = Vocabulary(
        lang=lang,
        **_phrases(own, shared, lang),
        grammar={key: frozenset(words) for table in parts for key, words in table.items()},
        comma_decimal=asked in _COMMA_DECIMAL,
        foreign=asked != lang,
        starters={},
        moment_starters=frozenset(),
        behind_article=frozenset(),
        measures=frozenset(),
        share_words=frozenset(),
        clock=frozenset(),
        times=_times(own),
    )
    return replace(
        words,
        starters=_starters(words),
        moment_starters=_moment_words(words).union(*_moment_tables(words)),
        behind_article=_behind_article(words),
        measures=_measures(words),
        share_words=frozenset(p.split()[0] for p in words.grammar["in_each"]).union(
            words.fractions
        ),
        clock=_clock_words(words),
    )


def _phrases(own: _Table, shared: _Table, lang: str) -> dict[str, Any]:
    """The phrases of each section: those of the language and those that all languages share."""

    def entries(section: str) -> Iterator[tuple[str, str]]:
        for table in (own, shared):
            for value, phrases in table.get(section, {}).items():
                for phrase in phrases:
                    yield phrase, value

    def named(section: str, values: Iterable[T]) -> Phrases[T]:
        """Phrases that only the language has, listed under the value's own name."""
        found = ((phrase, v) for v in values for phrase in own[section].get(v, ()))
        return Phrases(found, lang)

    return {
        section: Phrases(((phrase, read(value)) for phrase, value in entries(section)), lang)
        for read, sections in _SECTIONS.items()
        for section in sections
    } | {
        "bound": named("bound", _BOUNDS),
        "bound_after": named("bound_after", _BOUNDS),
        "part": named("calendar", _PARTS),
    }


def _with_cases(table: _Table) -> _Table:
    """The phrases of a Turkish table in their cases: "puan", "puana", "puanın", "puandan"."""
    return {
        value: [form for phrase in phrases for form in (phrase, *_turkish_cases(phrase))]
        for value, phrases in table.items()
    }


def _turkish_cases(phrase: str) -> Iterator[str]:
    """A phrase with the endings that follow the vowels of its last word.

    A last "k" is not softened: "aralığı" is mostly a range, not December.
    """
    vowels = [letter for letter in phrase if letter in _TURKISH_VOWELS]
    if not vowels or not phrase[-1].isalpha():
        return
    open_vowel = "a" if vowels[-1] in "aıou" else "e"
    close = _TURKISH_VOWELS[vowels[-1]]
    ends_in_vowel = phrase[-1] in _TURKISH_VOWELS
    hard = "t" if phrase[-1] in "fstkçşhp" else "d"
    between, owner = ("y", "n") if ends_in_vowel else ("", "")
    yield from (phrase + between + vowel for vowel in (open_vowel, close))
    yield from (phrase + hard + open_vowel + last for last in ("", "n"))
    yield from (phrase + owner + close + "n", phrase + between + "l" + open_vowel)
    yield from (phrase + "l" + close + last for last in ("k", "ğ" + close))
    yield phrase + hard + close + "r"


def _times(own: _Table) -> frozenset[str]:
    """The words for days, months and other times, also those that end a phrase of several."""
    tables = (own.get(section, {}) for section in ("weekdays", "months", "relative", "seasons"))
    phrases = (phrase for table in tables for found in table.values() for phrase in found)
    return frozenset(word for phrase in phrases for word in phrase.split()[-1:])


def _starters(words: Vocabulary) -> dict[str, frozenset[str]]:
    """The words and signs that a quantity or a moment can begin with; others are passed over.

    For those that only begin longer phrases what must stand behind one, nothing for the others.
    """
    quantities = (words.decimals, words.vague, words.multiples, words.fractions, words.currency)
    tables: tuple[Phrases[Any], ...] = (*_moment_tables(words), *quantities)
    single = (words.grammar.get(key, ()) for key in ("articles", "half", "lone_units"))
    signs = _SIGNS.union(CURRENCY_SIGNS, VULGAR_FRACTIONS)
    found = dict.fromkeys(_moment_words(words).union(signs, *single), frozenset[str]())
    for first in frozenset[str]().union(*tables) - found.keys():
        behind = frozenset[str]().union(*(table.second_words([first]) for table in tables))
        found[first] = frozenset() if "" in behind else behind | {"-"}
    return found


def _behind_article(words: Vocabulary) -> frozenset[str]:
    """The words after an article that can belong to a quantity or a moment."""
    tables = (words.magnitude, words.unit, words.percent, words.points, words.cents, words.added)
    values = (getattr(words, f.name) for f in fields(words) if f.name not in _ENDINGS)
    articles = words.grammar.get("articles", frozenset())
    second = (value.second_words(articles) for value in values if isinstance(value, Phrases))
    single = (words.grammar.get(key, ()) for key in ("dozen", "half", "lone_units"))
    return frozenset(_starters(words)).union(*tables, *second, *single)


def _measures(words: Vocabulary) -> frozenset[str]:
    """The words behind a number that can say what it measures."""
    tables = (words.points, words.percent, words.currency, words.cents, words.multiple, words.unit)
    single = (words.grammar[key] for key in ("ratio_to", "ordinal_suffixes"))
    return frozenset({"m", "to"}).union(*tables, *single)


def _moment_tables(words: Vocabulary) -> tuple[Phrases[Any], ...]:
    """The phrases that a moment can begin with."""
    return (
        words.numbers,
        words.ordinals,
        words.months,
        words.weekdays,
        words.relative,
        words.before_hour,
        words.named_times,
        words.decades,
        words.decade_before,
        words.seasons,
    )


def _moment_words(words: Vocabulary) -> frozenset[str]:
    """The words beside these that it can begin with, except short forms such as "Q3"."""
    openers = _ORDERS.union(words.half_day) if words.lang == "zh" else frozenset[str]()
    return openers | words.grammar["century_before"] | words.grammar["roman"]


def _clock_words(words: Vocabulary) -> frozenset[str]:
    """The words that can follow the figures of a time of day."""
    hours = words.grammar["hour_words"] | words.grammar["hour_units"]
    return hours.union(words.half_day, words.after_hour, words.zones)


def _read(name: str) -> dict[str, Any]:
    text = (files("rewriter.text.quantities") / "languages" / f"{name}.toml").read_text("utf-8")
    return tomllib.loads(text)


def _german_compounds(numbers: dict[str, list[str]]) -> dict[str, list[str]]:
    """Add 21 to 999 ("dreihundertfünf") and their thousands ("fünfhunderttausend")."""
    units = {1: "ein"} | {n: numbers[str(n)][0] for n in range(2, 10)}
    tens = {n: numbers[str(n)] for n in range(20, 100, 10)}
    built = {
        str(ten + unit): [f"{word}und{name}" for name in names]
        for ten, names in tens.items()
        for unit, word in units.items()
    }
    below = {**numbers, **built}
    words = {int(n): names[0] for n, names in below.items() if 0 < int(n) < 100}
    for n, word in units.items():
        start = f"{word}hundert"
        words |= {n * 100: start} | {n * 100 + m: start + words[m] for m in range(1, 100)}
    hundreds = {str(n): [word] for n, word in words.items() if n >= 100}
    thousands = {str(n * 1000): [f"{word}tausend"] for n, word in words.items() if n > 1}
    return built | hundreds | thousands


def _compounds(
    numbers: dict[str, list[str]], ones: tuple[str, ...], joined: tuple[str, ...], glued: bool
) -> dict[str, list[str]]:
    """Add 21 to 99 ("tweeënveertig"), and hundreds and thousands in one word ("drieduizend")."""
    units = {1: list(ones)} | {n: numbers[str(n)] for n in range(2, 10)}
    built = {
        str(ten + n): [
            pattern.format(unit=unit, ten=word)
            for pattern, unit, word in product(joined, unit_words, numbers[str(ten)])
        ]
        for ten, (n, unit_words) in product(range(20, 100, 10), units.items())
    }
    if not glued:
        return built
    small = {int(n): names for n, names in (numbers | built).items() if int(n) < 100}
    for size, most in ((100, 10), (1000, 100)):
        built |= {
            str(n * size): [name + end for name in names for end in numbers[str(size)]]
            for n, names in small.items()
            if n < most and str(n * size) not in built
        }
    return built
