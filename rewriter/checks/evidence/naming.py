"""Names: which ones a source has, in any of their forms."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache, cached_property
from itertools import chain, pairwise, zip_longest

from rewriter.checks.evidence.mentions import STOP_WORDS, Mention, is_capital, is_link, opens
from rewriter.checks.evidence.reading import Statement, stem
from rewriter.checks.evidence.variants import (
    LAND_ENDINGS,
    case_root,
    lands,
    name_key,
    singular,
    spelling,
    unaccented,
)
from rewriter.checks.lexicon import (
    aliases,
    cities_of,
    countries,
    first_names,
    implied,
    is_common,
    lands_of,
    metonyms,
    name_set,
    nationalities,
    of_towns,
    parts_of,
    people,
    teams,
    word_set,
)
from rewriter.text.tokens import Token

_LINKS = word_set("name_links")
_AND = frozenset({"and", "&", "y", "e", "et", "und", "и", "ve", "i"})
# Words that an acronym leaves out, beside the links.
_ARTICLES = word_set("left_out")
_INSIDE_NAMES = frozenset("-'.")
_MARKS = frozenset(["", "-", ".", "'"])
# How words end that say whose member somebody is: "D66'er", "AK Partili".
_BELONGING = {"nl": re.compile(r"(\w+)['’]er$"), "tr": re.compile(r"(\w{3,}?)['’]?l[iıuü]$")}
# Links that initials leave out as well.
_UNSAID = frozenset({"and", "for"})
# Letters: a shorter acronym might be anybody's.
_MIN_ACRONYM = 4
# Words that an acronym or an alias stands for, and that go before a last name, at most.
_LONGEST_ACRONYM = 6
_LONGEST_ALIAS = 4
_MOST_FIRST_NAMES = 3
# Letters that a case ending adds or changes at most ("Путин", "Путиным"), and the longest word that
# is taken for one.
_INFLECTION = 3
_MIN_PREFIX = 3
# Languages in which the name of a country has cases.
_INFLECTED = frozenset({"ru", "pl"})
# Languages in which a first name has cases, so that its beginning must do.
DECLINED = frozenset({"ru", "pl", "uk", "cs"})
# The country whose people the news of a language names without naming the country.
_HOMES = {"fr": "france", "es": "españa", "it": "italia", "ru": "росси", "pl": "polsk"}
# Letters of a case ending at most: "Минздрава", and of what follows the beginning of a word.
_LONGEST_END = 20
_CASE_ENDING = 2
# Letters from which on the beginning of a word tells it: "appenninico", "Appennino".
_LONG_WORD = 8
# The adjective of a town in the Slavic languages, and the letters by which the town is told.
_OF_TOWN = re.compile(r"(\w{4,})(?:ск|щин|sk|ck)\w{1,4}$")
_LONGEST_WORD = 40
# What a case puts at the end of a Slavic name, and the vowels that come and go in it: "Pavel",
# "Pavlovi". The first letters stay.
_CASE_OF_NAME = re.compile(
    r"(?:owi|ovi|ovie|ami|iem|em|om|ou|ie|[eiy]?(?:ho|mu)|[eiy]go|[iy](?:m|mi|ch)|ej|[aeiouyąę]|ами|ому|ого|ом|ем|ой|[аеуыиоюя])$"
)
_NO_VOWELS = str.maketrans("", "", "aeiouyąęаеёиоуыэюяьъ")
_STAYING, _SHORTEST_FRAME = 2, 3
# Languages in which a capital marks a name.
CAPITALISED = frozenset(
    {"en", "es", "fr", "pt", "ru", "it", "tr", "nl", "pl", "sv", "da", "no", "nb", "ro", "cs", "uk"}
)
# A name with its number in one word, which a writer may part: "AK47", "AK-47".
_NUMBERED = re.compile(r"([^\W\d]{2,8})\d{1,4}")
# The other name of somebody: "the defendant, now called Davina".
_CALLED = re.compile(
    r"\b(?:called|named|nicknamed|known as|genannt|dite?|llamad[ao]|apodad[ao]|chiamat[ao])"
    r" ([^\W\d_]+)"
)
# A name glued to the word before it: "mindJasprit Bumrah", of a heading and its paragraph.
_GLUED = re.compile(r"([^\W\d_]*[^\W\d_A-Z])([A-Z][^\W\d_A-Z]{2,})$")
# The party of an American politician: "(D-Minn.)", "(R)".
_PARTY = re.compile(r"\b([DR])-[A-Z][a-z.]|\(([DR])\)")
_PARTIES = {"D": ("democrat", "democratic"), "R": ("republican",)}
# Letters by which a town is told in its adjective, at least.
_MIN_TOWN = 4
# The sides of the world, of which one letter is enough.
_SIDES = frozenset({"north", "south", "east", "west"})
# A statement in which most words are capitalised is a heading in title case.
_TITLE_CASE_SHARE = 0.6
_TITLE_CASE_WORDS = 4
# Leagues whose clubs are known by their nicknames, and the clubs of a match.
_LEAGUES = frozenset({"nhl", "nba", "nfl", "mlb"})
_MATCH = 2


def _is_opening_word(tokens: list[Token], index: int) -> bool:
    """Whether a capital says nothing: "Will it rise?" is no evidence of somebody called Will."""
    if tokens[index].lower not in people() or tokens[index].lower in name_set("firms"):
        return False
    if index + 1 < len(tokens) and (is_capital(tokens[index + 1]) or tokens[index + 1].text == ")"):
        return False  # "Coach (Frank) Vogel"
    return opens(tokens, index)


def is_title_case(statement: Statement) -> bool:
    """Whether a sentence is a heading that capitalises most of its words."""
    words = [t for t in statement.tokens if t.kind == "word" and t.lower not in STOP_WORDS]
    capitals = sum(map(is_capital, words))
    ended = statement.text.rstrip().endswith(".")
    return (
        not ended and len(words) >= _TITLE_CASE_WORDS and capitals >= _TITLE_CASE_SHARE * len(words)
    )


class Names:
    """The words and names that a source has, with the variants that stand for them."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        self.words: set[str] = set()
        self.uncapitalised: set[str] = set()
        self.capitals: set[str] = set()
        self.stems: set[str] = set()
        self.acronyms: set[str] = set()
        self._initials: set[str] = set()
        self.before: dict[str, set[str]] = defaultdict(set)
        self.first_place: dict[str, int] = {}
        self.kin: set[str] = set()
        self._lands: dict[str, frozenset[str]] = {}
        self._runs: list[list[str]] = []
        self._sentences: list[tuple[list[Token], list[int]]] = []
        self._words_of: list[list[str]] = []
        self._texts: list[str] = []
        for index, statement in enumerate(statements):
            self._read(statement, index)
        self.words.update([singular(word) for word in self.words])
        self.uncapitalised = {singular(word) for word in self.uncapitalised}
        numbered = (_NUMBERED.fullmatch(word) for word in self.words if word[-1:].isdigit())
        self.words.update([match[1] for match in numbered if match])

    @cached_property
    def phrases(self) -> set[str]:
        """The runs of capitalised words, and the parts of each."""
        return {" ".join(part) for run in self._runs for part in _parts(run)}

    @cached_property
    def continued(self) -> set[str]:
        """The words of names that have another word behind them."""
        return {word for run in self._runs for word in run[:-1]}

    @cached_property
    def initials(self) -> set[str]:
        """What the source's names and phrases can be abbreviated to."""
        expanded = (_expansions(tokens, places) for tokens, places in self._sentences)
        found = set(chain.from_iterable(expanded))
        for part in chain.from_iterable(map(_parts, self._runs)):
            if len(part) > 1:
                found.add("".join(w[0] for w in part if w not in _LINKS and w not in _UNSAID))
                found.add("".join(w[0] for w in part))
        return found

    @cached_property
    def _letters(self) -> list[str]:
        return ["".join(word[0] for word in words) for words in self._words_of]

    @cached_property
    def _text(self) -> str:
        return "\n".join(f" {' '.join(words)} " for words in self._words_of)

    @cached_property
    def _bare(self) -> str:
        return unaccented(self._text)

    @cached_property
    def _expanded(self) -> str:
        """The other names of the acronyms."""
        names = (name for word in self.acronyms for name in aliases().get(word, ()))
        return "\n".join(f" {name} " for name in names)

    @cached_property
    def spellings(self) -> set[str]:
        """The keys of all names, whatever their spelling."""
        return {spelling(word) for word in self.capitals}

    @cached_property
    def _called(self) -> frozenset[str]:
        """The names that the source says somebody is called by, too."""
        return frozenset(name for text in self._texts for name in _CALLED.findall(text))

    @cached_property
    def _phrases_by_start(self) -> dict[tuple[str, int], list[list[str]]]:
        """The words of the names by their first letter and their number."""
        found: dict[tuple[str, int], list[list[str]]] = defaultdict(list)
        for words in map(str.split, self.phrases):
            found[words[0][0], len(words)].append(words)
        return found

    @cached_property
    def plain_spellings(self) -> set[str]:
        """The keys of all words in lower case, whatever their spelling."""
        return {spelling(word) for word in self.uncapitalised}

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self.spellings)

    @cached_property
    def lands(self) -> set[str]:
        """What the names have in common with those of countries and their people."""
        return {land for word in self.capitals for land in lands(word)}

    @cached_property
    def prefixes(self) -> set[str]:
        """How the names begin, without a case ending."""
        return {
            word[:n]
            for word in map(_yo, self.capitals)
            for n in range(
                max(_MIN_PREFIX, len(word) - _INFLECTION), min(len(word), _LONGEST_WORD) + 1
            )
        }

    @cached_property
    def _towns(self) -> set[str]:
        """How the names of towns begin of which the source has the adjective: "Киевской"."""
        found = (_OF_TOWN.match(word) for word in self.words)
        towns = (unaccented(match[1]) for match in found if match)
        return {town[: -cut or None] for town in towns for cut in (0, 1)}

    @cached_property
    def _frames(self) -> set[str]:
        return {_frame(word) for word in self.capitals}

    def _declines(self, word: str) -> bool:
        """Whether a name is one of the source in another case: "Pavlovi" for Pavel."""
        frame = _frame(word)
        return len(frame) >= _SHORTEST_FRAME and frame in self._frames

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
        self._texts.append(statement.text)
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
        self._initials.update(_initials(tokens, places))
        self._read_capitals(tokens, places, index)
        for run in _runs(tokens, places):
            if "." in run:
                self.acronyms.update(_dotted(run))
            self._runs.append([word for word in run if word not in _MARKS])

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
                    also = run[0] if len(run) == 1 and token.lower in _AND else ""
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

    def knows(self, token: Token, lang: str = "en") -> bool:
        """Whether the source has this word, inflected, respelled, or under another name."""
        word = name_key(token)
        if {token.lower, word} & self.words or word in STOP_WORDS:
            return True
        if spelling(word) in self.spellings or self._is_land(word):
            return True
        if lang == "es" and word[0] == "j" and spelling(f"kh{word[1:]}") in self.spellings:
            return True
        if (
            len(word) > 1
            and _is_acronym(token.text)
            and (word in self.initials or word in self.acronyms or self._abbreviates(word))
        ):
            return True
        if len(word) > _MIN_ACRONYM and word in self.initials:  # "Nupes"
            return True
        if token.text.isupper() and any(map(self._says, aliases().get(word, ()))):
            return True
        if self._has_people_of(token.lower, lang):
            return True
        if lang not in ("en", "zh") and self._inflects(word):
            return True
        if lang in DECLINED and (
            unaccented(case_root(word)) in self._towns or self._declines(word)
        ):
            return True
        if len(word) > _MIN_TOWN and self._has_adjective_of(word, lang):
            return True
        if (
            self._is_joined(word)
            or self._is_parted(word)
            or (lang in DECLINED and self._is_syllabic(word))
        ):
            return True
        if word in _SIDES and word[0] in self._initials:
            return True
        return self.has_alias(word) or (is_common(word) and stem(word) in self.stems)

    def _has_adjective_of(self, town: str, lang: str) -> bool:
        """Whether the source has the adjective of a town: "pragois" for Prague."""
        roots = [town[:end] for end in range(max(_MIN_TOWN, len(town) - 2), len(town) + 1)]
        return not self.words.isdisjoint(root + end for root in roots for end in of_towns(lang))

    def _is_joined(self, word: str) -> bool:
        """Whether the source writes a name as several words, with capitals: "Go Fund Me"."""
        return word in self._joined

    @cached_property
    def _joined(self) -> set[str]:
        return {phrase.replace(" ", "") for phrase in self.phrases if " " in phrase}

    def _is_parted(self, word: str) -> bool:
        """Whether the source writes a word as two: "half-time" for "Halftime"."""
        places = range(_MIN_PREFIX, len(word) - _MIN_PREFIX + 1)
        return any(f" {word[:at]} {word[at:]} " in self._text for at in places)

    def _is_syllabic(self, word: str) -> bool:
        """Whether a name abbreviates two words: "Минздрав", of "Министр здравоохранения"."""
        base = unaccented(word)
        last = len(base) - _CASE_ENDING
        return any(
            self.has_beginnings([base[:at], base[at:last]])
            for at in range(_MIN_PREFIX, last - _MIN_PREFIX + 1)
        )

    def _inflects(self, word: str) -> bool:
        """Whether a name of the source, or a long word in lower case, begins as `word` does."""
        word = _yo(word)
        cut = _INFLECTION if len(word) >= _LONG_WORD else _CASE_ENDING
        if word[: max(_MIN_PREFIX, len(word) - cut)] in self.prefixes:
            return True
        return len(word) >= _LONG_WORD and self.has_beginning(word[: _LONG_WORD - 1])

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

    def has_name_like(self, letters: str) -> bool:
        """Whether a name of the source begins so."""
        at = bisect_left(self._sorted, spelling(letters))
        return at < len(self._sorted) and self._sorted[at].startswith(spelling(letters))

    def has_land_around(self, town: str, endings: Collection[str]) -> bool:
        """Whether the source names the land around a town: "Palermo" for "nel Palermitano"."""
        roots = {town, town[:-1], town[:-2]} if len(town) > _MIN_ACRONYM else set()
        return any(f"{root}{ending}" in self.capitals for root in roots for ending in endings)

    def is_spelled_like(self, word: str) -> bool:
        """Whether a name of the source begins like a word in another script: "Honda", «Хонде»."""
        root = spelling(word)[: max(_MIN_ACRONYM, len(word) - 2)]
        at = bisect_left(self._sorted, root)
        return at < len(self._sorted) and self._sorted[at].startswith(root)

    def _says(self, phrase: str) -> bool:
        """Whether the source has a phrase in any case: "artificial intelligence"."""
        return f" {phrase} " in self._text

    def _has_people_of(self, word: str, lang: str) -> bool:
        """Whether the source has a country by its adjective, in a language with a table of them."""
        if lang not in self._lands:
            self._lands[lang] = frozenset(self._parts_of_lands(lang))
        known = self._lands[lang]
        if word in known or (lang in _INFLECTED and any(word.startswith(land) for land in known)):
            return True
        own = nationalities(lang)(word)
        return bool(own) and (own == _HOMES.get(lang) or self._has_land(own, known))

    def _parts_of_lands(self, lang: str) -> Iterator[str]:
        """The words of each name of the countries whose adjectives the source has."""
        lands = {*map(nationalities(lang), self.words)} - {""}
        adjectives = {end for land, ends in lands_of(lang) if land in lands for end in ends}
        for land, ends in lands_of(lang) if lands else ():
            if not adjectives.isdisjoint(ends):
                for name in (land, *aliases().get(land, ())):
                    yield from (name, *name.replace("-", " ").split())

    def _has_land(self, land: str, known: frozenset[str]) -> bool:
        """Whether the source names a country, inflected or not, or its people."""
        first = land.split()[0]
        return first in known or (len(first) >= _MIN_PREFIX and self.has_beginning(first))

    def says_what(self, first: Token, last: Token) -> bool:
        """Whether a word says what a name is, with others between: "Belçikalı yıldızı Dzeko"."""
        said = re.compile(
            rf"\b{re.escape(first.text)} [^\W\dA-Z]\w*(?: \w+){{0,2}} {re.escape(last.text)}\b"
        )
        return any(map(said.search, self._texts))

    def has_initials(self, letters: str) -> bool:
        """Whether words in a row begin so, the first with a capital: "Rassemblement national"."""
        first, others = letters[:1], letters[1:]
        behind = "".join(rf"(?: \w{{1,3}})? {letter}\w+" for letter in others)
        wanted = re.compile(rf"\b{first.upper()}\w+{behind}", re.IGNORECASE)
        found = (wanted.search(text) for text in self._texts)
        return any(match[0][0].isupper() for match in found if match)

    def _abbreviates(self, word: str) -> bool:
        """Whether an acronym stands for words in lower case ("SPAC"); one of three might be any."""
        return len(word) >= _MIN_ACRONYM and any(word in letters for letters in self._letters)

    def _is_land(self, word: str) -> bool:
        return word.endswith(LAND_ENDINGS) and bool(lands(word) & self.lands)

    def has_alias(self, phrase: str) -> bool:
        """Whether the source calls the same thing by another name."""
        names = aliases().get(phrase, frozenset({phrase}))
        if any(self._bears_out(name) for name in names):
            return True
        lands = {*names, metonyms().get(phrase, "")}
        spoken_for = chain.from_iterable(cities_of().get(land, ()) for land in lands)
        return any(map(self._has, chain(names if phrase in aliases() else (), spoken_for)))

    def _bears_out(self, name: str) -> bool:
        """Whether the source has a word that stands for a name ("tweet"), or a part of it."""
        parts = parts_of().get(name, ())
        if not self.capitals.isdisjoint(teams().get(name, ())):
            return True
        if self.is_league_of_clubs(name):
            return True
        return not self.words.isdisjoint(implied().get(name, ())) or any(
            part in self.capitals or part in self.phrases for part in parts
        )

    def is_league_of_clubs(self, name: str) -> bool:
        """Whether a name is that of a North American league, and the source names its clubs."""
        if name not in _LEAGUES:
            return False
        return len(self.capitals & frozenset[str]().union(*teams().values())) >= _MATCH

    def _has(self, name: str) -> bool:
        if name in self.phrases or name in self.acronyms:
            return True
        return name in self.words and (name in self.capitals or not is_common(name))

    def has_land_of(self, phrase: str) -> bool:
        """Whether the source has the country for which a city or palace speaks in the news."""
        land = metonyms().get(phrase)
        return land is not None and (self._has(land) or self.has_alias(land))

    def tells_of(self, land: str) -> bool:
        """Whether the source names a country or part of the world, or its people: "Italian"."""
        return self.has_alias(land) or (len(land) > _MIN_TOWN and land[:-1] in self._text)

    def has_country(self, lang: str) -> bool:
        """Whether the source names any country, or the people of one."""
        if any(adjective in self._text for adjective in _adjectives(lang)):
            return True
        named = self.capitals | self.phrases
        return any(not named.isdisjoint(aliases().get(land, {land})) for land in countries())

    def known_parts(self, mention: Mention) -> set[Token]:
        """The words of a name that together are another name of something in the source."""
        return {
            token
            for size in range(2, _LONGEST_ALIAS + 1)
            for at in range(len(mention) - size + 1)
            if self.has_alias(" ".join(token.lower for token in mention[at : at + size]))
            for token in mention[at : at + size]
        }

    def knows_mention(self, mention: Mention) -> bool:
        """Whether a name as a whole is another form of a name of the source."""
        words = [token.lower for token in mention]
        phrase = " ".join(words)
        letters = "".join(word[0] for word in words)
        joined = "".join(words)
        if self.has_alias(phrase) or self.has_alias(joined) or f" {phrase} " in self._expanded:
            return True
        if len(words) == 1:
            return False
        if self._shortens(words):
            return True
        expands = letters in self.acronyms and _may_be_an_institution(mention)
        return expands or joined in self.words or joined in self.initials

    def _shortens(self, words: list[str]) -> bool:
        """Whether the source has the first letters of each word of a name: "Lib Dems"."""
        singulars = [singular(word) for word in words]
        return any(
            all(
                _MIN_PREFIX <= len(short) < len(word) and word.startswith(short.rstrip("s"))
                for short, word in zip(phrase, singulars, strict=True)
            )
            for phrase in self._phrases_by_start.get((words[0][0], len(words)), ())
        )

    def other_first_names(self, first: Token, last: Token, lang: str = "en") -> set[str]:
        """The names that stand before `last` in the source where `first` never does."""
        known = {name for name in self._before(singular(last.lower), lang) if name}
        word = singular(first.lower)
        if lang in DECLINED and self._inflects(word):
            return set()
        belonging = _BELONGING[lang].match(first.lower) if lang in _BELONGING else None
        if belonging and word not in self.capitals and self.has_name_like(belonging[1]):
            return set()  # no first name of the source, like "Nazlı"
        if word in self.kin and singular(last.lower) in self.capitals:
            return set()
        named = word in people() or word in first_names()
        general = (
            word in name_set("titles")
            or is_common(word)
            or word in aliases()
            or first.text.isupper()
        )
        if spelling(word) in map(spelling, known) or not known or (general and not named):
            return set()
        if not named and (
            self._is_shortened(word, singular(last.lower))
            or any(lands(word) & lands(name) for name in known)  # "Indian", of India
        ):
            return set()
        if first.text in self._called:
            return set()
        plain = lang != "en" or is_common(last.lower)
        common = plain and singular(last.lower) in self.uncapitalised
        if common or aliases().get(word, frozenset()) & known:
            return set()
        nouns = lang not in CAPITALISED  # any noun has a capital: "Richtung Biel"
        if nouns and not named:
            return set()
        known -= name_set("titles")
        listed = people() | first_names()
        return {n for n in known if (n in listed if nouns else not is_common(n))}

    def _is_shortened(self, first: str, last: str) -> bool:
        """Whether a name of the source has both words: "Coachella Festival", of a longer name."""
        return any(first in run and last in run[run.index(first) :] for run in self._runs)

    def _before(self, last: str, lang: str) -> Iterable[str]:
        """The words before a name, in Turkish before any of its cases: "Bakanlığının"."""
        if lang != "tr":
            return self.before.get(last, ())
        return {
            word for own, words in self.before.items() if own.startswith(last) for word in words
        }


def _is_acronym(text: str) -> bool:
    """Whether a word is written as an acronym: "EPA", "SUVs", "FdI"."""
    return text.rstrip("s").isupper() or (
        len(text) <= _MIN_ACRONYM and text[0].isupper() and text[-1].isupper()
    )


def _initials(tokens: Sequence[Token], places: Sequence[int]) -> Iterator[str]:
    """The letters with a point before a name, as in "S. Marsh Road", but not those of "U.S."."""
    for at, following in pairwise(places):
        is_initial = len(tokens[at].text) == 1 and following == at + 2
        if is_initial and tokens[at + 1].text == "." and not (at and tokens[at - 1].text == "."):
            yield tokens[at].lower


@cache
def _adjectives(lang: str) -> tuple[str, ...]:
    """How the long ones of the adjectives of countries begin: a short one begins other words."""
    ends = (end for _, adjectives in lands_of(lang) for end in adjectives)
    return tuple(f" {end}" for end in ends if len(end) > _MIN_ACRONYM)


def _may_be_an_institution(mention: Mention) -> bool:
    """Whether a name can be what an acronym stands for: "Andrew Petrenko" is no AP."""
    words = {singular(token.lower) for token in mention}
    if singular(mention[0].lower) in people() | first_names():
        return False
    return any(
        is_common(word) or word in name_set("institutions") or word in aliases() for word in words
    )


def _parts(words: list[str]) -> Iterator[list[str]]:
    """Each part of a run of capitalised words that may be a name by itself."""
    for at in range(len(words)):
        for size in range(1, min(_LONGEST_ACRONYM, len(words) - at) + 1):
            yield words[at : at + size]


def _runs(tokens: list[Token], places: list[int]) -> Iterator[list[str]]:
    """Runs of capitalised words with the links inside them, lower case."""
    capital, count, behind = set(places), len(tokens), 0
    for place in places:
        if place < behind:
            continue
        behind = place + 1
        while behind < count and (behind in capital or _is_inside(tokens, behind)):
            behind += 1
        yield [singular(token.lower) for token in tokens[place:behind]]


def _expansions(tokens: list[Token], places: list[int]) -> Iterator[str]:
    """The acronyms of phrases of which only the first word has a capital: "Banque centrale"."""
    for at in places:
        letters = _initial(tokens[at])
        for word in tokens[at + 1 : at + 1 + 2 * _LONGEST_ACRONYM]:
            if word.kind != "word":
                break
            if word.lower in _LINKS or word.lower in _ARTICLES or word.lower in _AND:
                continue
            letters += _initial(word)
            if len(letters) > 2:
                yield letters
            if len(letters) == _LONGEST_ACRONYM:
                break


def _frame(word: str) -> str:
    """What all cases of a Slavic name have: its first letters and the consonants behind them."""
    base = _CASE_OF_NAME.sub("", unaccented(word))
    return base[:_STAYING] + base[_STAYING:].translate(_NO_VOWELS)


def _yo(word: str) -> str:
    """A word with "е" for "ё", as most write it."""
    return word.replace("ё", "е")


def _initial(token: Token) -> str:
    """The first letter of a word, without an accent: "e" of "écologique"."""
    letter = token.lower[0]
    return letter if letter.isascii() or letter > "ɏ" else unaccented(letter)


def _dotted(words: list[str]) -> Iterator[str]:
    """The acronyms written with points: "us" of "u", ".", "s", "."."""
    letters = ""
    for word, behind in zip_longest(words, words[1:], fillvalue=""):
        if len(word) == 1 and word.isalpha() and behind == ".":
            letters += word
        elif word != ".":
            if letters:
                yield letters + (word if len(word) == 1 else "")
            letters = ""
    if letters:
        yield letters


def _is_inside(tokens: list[Token], index: int) -> bool:
    """Whether a token links two capitalised words, "and" included ("Securities and Exchange")."""
    if not 0 < index < len(tokens) - 1 or not is_capital(tokens[index - 1]):
        return False
    both = tokens[index].lower in ("and", "for") and is_capital(tokens[index + 1])
    return both or is_link(tokens, index)
