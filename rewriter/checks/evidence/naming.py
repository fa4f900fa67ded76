"""Names: which words and names a source has."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import chain

from rewriter.checks.evidence.acronyms import (
    AND,
    LONGEST_ACRONYM,
    dotted,
    expansions,
    initials_in,
)
from rewriter.checks.evidence.mentions import is_capital, name_runs, opens
from rewriter.checks.evidence.reading import Statement
from rewriter.checks.evidence.variants import (
    lands,
    name_key,
    singular,
    spelling,
    unaccented,
    with_e,
    without_case,
)
from rewriter.checks.lexicon import (
    aliases,
    lands_of,
    name_set,
    nationalities,
    pattern,
    people,
    word_set,
)
from rewriter.text.tokens import Token

# Words that the initials of a name leave out.
_UNSAID = word_set("name_links") | {"and", "for"}
_INSIDE_NAMES = frozenset("-'.")
_MARKS = frozenset(["", "-", ".", "'"])
_MOST_FIRST_NAMES = 3
# Letters of what follows the beginning of a word, at most.
_LONGEST_END = 20
_LONGEST_WORD = 40
# Letters that a case ending adds or changes at most ("Путин", "Путиным"), and the fewest that stay.
INFLECTION, MIN_PREFIX = 3, 3
# The adjective of a town in the Slavic languages, and the letters by which the town is told.
_OF_TOWN = re.compile(r"(\w{4,})(?:ск|щин|sk|ck)\w{1,4}$")
# A name with its number in one word, which a writer may part: "AK47", "AK-47".
_NUMBERED = re.compile(r"([^\W\d]{2,8})\d{1,4}")
_CALLED = pattern("called")
# A name glued to the word before it: "mindJasprit Bumrah", of a heading and its paragraph.
_GLUED = re.compile(r"([^\W\d_]*[^\W\d_A-Z])([A-Z][^\W\d_A-Z]{2,})$")
# The party of an American politician: "(D-Minn.)", "(R)".
_PARTY = re.compile(r"\b([DR])-[A-Z][a-z.]|\(([DR])\)")
_PARTIES = {"D": ("democrat", "democratic"), "R": ("republican",)}


class Names:
    """The words and names that a source has, in the language `lang`.

    `words` are all of its words, `capitals` those of its names, `uncapitalised` those that it has
    without a capital, `before` the words before each word of a name, `first_place` the number of
    the statement that has a word first. All are in lower case and singular.
    """

    def __init__(self, statements: Iterable[Statement], lang: str) -> None:
        self.lang = lang
        self.words: set[str] = set()
        self.uncapitalised: set[str] = set()
        self.capitals: set[str] = set()
        self.stems: set[str] = set()
        self.acronyms: set[str] = set()
        self.lone_initials: set[str] = set()
        self.before: dict[str, set[str]] = defaultdict(set)
        self.first_place: dict[str, int] = {}
        self.kin: set[str] = set()
        self.runs: list[list[str]] = []
        self.texts: list[str] = []
        self._sentences: list[tuple[list[Token], list[int]]] = []
        self._words_of: list[list[str]] = []
        for index, statement in enumerate(statements):
            self._read(statement, index)
        self.words.update([singular(word) for word in self.words])
        self.uncapitalised = {singular(word) for word in self.uncapitalised}
        numbered = (_NUMBERED.fullmatch(word) for word in self.words if word[-1:].isdigit())
        self.words.update([match[1] for match in numbered if match])

    @cached_property
    def phrases(self) -> set[str]:
        """The runs of capitalised words, and the parts of each."""
        return {" ".join(part) for run in self.runs for part in _parts(run)}

    @cached_property
    def joined(self) -> set[str]:
        """The phrases written as one word."""
        return {phrase.replace(" ", "") for phrase in self.phrases if " " in phrase}

    @cached_property
    def phrases_by_start(self) -> dict[tuple[str, int], list[list[str]]]:
        """The words of the phrases by their first letter and their number."""
        found: dict[tuple[str, int], list[list[str]]] = defaultdict(list)
        for words in map(str.split, self.phrases):
            found[words[0][0], len(words)].append(words)
        return found

    @cached_property
    def continued(self) -> set[str]:
        """The words of names that have another word behind them."""
        return {word for run in self.runs for word in run[:-1]}

    @cached_property
    def initials(self) -> set[str]:
        """What the source's names and phrases can be abbreviated to."""
        expanded = (expansions(tokens, places) for tokens, places in self._sentences)
        found = set(chain.from_iterable(expanded))
        for part in chain.from_iterable(map(_parts, self.runs)):
            if len(part) > 1:
                found.add("".join(w[0] for w in part if w not in _UNSAID))
                found.add("".join(w[0] for w in part))
        return found

    @cached_property
    def letters(self) -> list[str]:
        """The first letters of the words of each statement, as one word."""
        return ["".join(word[0] for word in words) for words in self._words_of]

    @cached_property
    def text(self) -> str:
        """The words of each statement with a space around each, a line a statement."""
        return "\n".join(f" {' '.join(words)} " for words in self._words_of)

    @cached_property
    def _bare(self) -> str:
        return unaccented(self.text)

    @cached_property
    def spellings(self) -> set[str]:
        """The keys of all names, whatever their spelling."""
        return {spelling(word) for word in self.capitals}

    @cached_property
    def plain_spellings(self) -> set[str]:
        """The keys of all words in lower case, whatever their spelling."""
        return {spelling(word) for word in self.uncapitalised}

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self.spellings)

    @cached_property
    def called(self) -> frozenset[str]:
        """The names that the source says somebody is called by, too."""
        return frozenset(name for text in self.texts for name in _CALLED.findall(text))

    @cached_property
    def lands(self) -> set[str]:
        """What the names have in common with those of countries and their people."""
        return {land for word in self.capitals for land in lands(word)}

    @cached_property
    def land_words(self) -> frozenset[str]:
        """The words of each name of the countries whose adjectives the source has."""
        known = {*map(nationalities(self.lang), self.words)} - {""}
        pairs = lands_of(self.lang) if known else ()
        adjectives = {end for land, ends in pairs if land in known for end in ends}
        named = (land for land, ends in pairs if not adjectives.isdisjoint(ends))
        every = [name for land in named for name in (land, *aliases().get(land, ()))]
        parts = (part for name in every for part in name.replace("-", " ").split())
        return frozenset((*every, *parts))

    @cached_property
    def prefixes(self) -> set[str]:
        """How the names begin, without a case ending."""
        return {
            word[:n]
            for word in map(with_e, self.capitals)
            for n in range(
                max(MIN_PREFIX, len(word) - INFLECTION), min(len(word), _LONGEST_WORD) + 1
            )
        }

    @cached_property
    def towns(self) -> set[str]:
        """How the names of towns begin of which the source has the adjective: "Киевской"."""
        found = (_OF_TOWN.match(word) for word in self.words)
        towns = (unaccented(match[1]) for match in found if match)
        return {town[: -cut or None] for town in towns for cut in (0, 1)}

    @cached_property
    def frames(self) -> set[str]:
        """What all cases of the names have, in a Slavic language."""
        return {without_case(word) for word in self.capitals}

    def _read(self, statement: Statement, index: int) -> None:
        tokens = statement.tokens
        words = [lower for kind, _, lower, _, _ in tokens if kind == "word"]
        self.words.update(words)
        self.words.update([lower for kind, _, lower, _, _ in tokens if kind == "number"])
        self.uncapitalised.update(
            [text for kind, text, lower, _, _ in tokens if kind == "word" and text == lower]
        )
        self.stems.update(statement.content)
        self._words_of.append(words)
        self.texts.append(statement.text)
        if party := _PARTY.search(statement.text):
            names = _PARTIES[party.group(1) or party.group(2)]
            self.words.update(names)
            self.capitals.update(names)
        places = statement.capitals
        if not places:
            return
        self._sentences.append((tokens, places))
        if word_set("kin") & statement.words:
            self.kin.update(singular(tokens[at].lower) for at in places)
        self.lone_initials.update(initials_in(tokens, places))
        self._read_capitals(tokens, places, index)
        for run in name_runs(tokens, places):
            words = [singular(token.lower) for token in run]
            if "." in words:
                self.acronyms.update(dotted(words))
            self.runs.append([word for word in words if word not in _MARKS])

    def _read_capitals(self, tokens: list[Token], places: list[int], index: int) -> None:
        """Keep each capitalised word with those before it in the same name."""
        run: list[str] = []
        also, behind = "", 0  # Henrik, of "Henrik and Maria Vass"
        for place in places:
            opening = _is_opening_word(tokens, place)
            for token in tokens[behind : place + opening]:
                if not run:
                    also = ""
                    break
                if token.text not in _INSIDE_NAMES:
                    also = run[0] if len(run) == 1 and token.lower in AND else ""
                    run.clear()
            behind = place + 1
            if opening:
                continue
            token = tokens[place]
            word, tail = name_key(token), _GLUED.match(token.text)
            if run and also:
                self.before[word].add(also)
            self.capitals.update((token.lower, word))
            if token.text.rstrip("s").isupper():
                self.acronyms.add(word)
            self.first_place.setdefault(word, index)
            self.before[word].update(run[-_MOST_FIRST_NAMES:] or [""])
            run.append(word)
            for part in tail.groups() if tail else ():  # whose line end or mark was lost
                if part[0].isupper():
                    self.words.add(own := singular(part.lower()))
                    self.capitals.add(own)
                    self.before[own].update(run[:-1])
                    run.append(own)

    def has_beginning(self, letters: str) -> bool:
        """Whether a word of the source begins so, accents left out."""
        return f" {unaccented(letters)}" in self._bare

    def has_beginnings(self, roots: list[str]) -> bool:
        """Whether the source has words in a row that begin so, accents left out."""
        first, *others = roots
        if f" {first}" not in self._bare:
            return False
        behind = "".join(rf" {re.escape(root)}[^ \n]{{0,{_LONGEST_END}}}" for root in others)
        return bool(
            re.search(rf" {re.escape(first)}[^ \n]{{0,{_LONGEST_END}}}{behind}", self._bare)
        )

    def has_syllables(self, first: str, second: str) -> bool:
        """Whether a word of the source abbreviates two: "Нацполиция", "Национальная полиция"."""
        one, two = (re.escape(unaccented(word)[:MIN_PREFIX]) for word in (first, second))
        return re.search(rf" {one}\w{{0,{MIN_PREFIX}}}{two}", self._bare) is not None

    def has_name_like(self, letters: str) -> bool:
        """Whether a name of the source begins so, in any spelling or script."""
        wanted = spelling(letters)
        at = bisect_left(self._sorted, wanted)
        return at < len(self._sorted) and self._sorted[at].startswith(wanted)

    def has_initials(self, letters: str) -> bool:
        """Whether words in a row begin so, the first with a capital: "Rassemblement national"."""
        first, others = letters[:1], letters[1:]
        behind = "".join(rf"(?: \w{{1,3}})? {letter}\w+" for letter in others)
        wanted = re.compile(rf"\b{first.upper()}\w+{behind}", re.IGNORECASE)
        found = (wanted.search(text) for text in self.texts)
        return any(match[0][0].isupper() for match in found if match)

    def abbreviates(self, letters: str) -> bool:
        """Whether long words in a row begin so, two of them more than once: "ЧП"."""
        wanted = " ".join(
            rf"({re.escape(letter)}\w{{4}})\w{{0,{_LONGEST_WORD - 4}}}" for letter in letters
        )
        rows = Counter(re.findall(f" {wanted}(?= )", self.text))
        return max(rows.values(), default=0) > (len(letters) == 2)

    def says(self, phrase: str) -> bool:
        """Whether the source has a phrase in any case: "artificial intelligence"."""
        return f" {phrase} " in self.text


def _is_opening_word(tokens: list[Token], index: int) -> bool:
    """Whether a capital says nothing: "Will it rise?" is no evidence of somebody called Will."""
    if tokens[index].lower not in people() or tokens[index].lower in name_set("firms"):
        return False
    if index + 1 < len(tokens) and (is_capital(tokens[index + 1]) or tokens[index + 1].text == ")"):
        return False  # "Coach (Frank) Vogel"
    return opens(tokens, index)


def _parts(words: list[str]) -> Iterator[list[str]]:
    """Each part of a run of capitalised words that may be a name by itself."""
    for at in range(len(words)):
        for size in range(1, min(LONGEST_ACRONYM, len(words) - at) + 1):
            yield words[at : at + size]
