"""The source as evidence: read once, indexed once, asked by every check."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import cached_property, wraps
from itertools import chain
from math import log
from typing import Any, TypeVar

from rewriter.article import Sentence, Source
from rewriter.checks.evidence.addresses import known_keys, links_in
from rewriter.checks.evidence.counted_days import counted_days, counted_weekdays
from rewriter.checks.evidence.figures import Figure, Figures, shared_scales
from rewriter.checks.evidence.instructions import shown_addresses
from rewriter.checks.evidence.moments import Moments
from rewriter.checks.evidence.naming import Names
from rewriter.checks.evidence.placements import Placements
from rewriter.checks.evidence.reading import Statement, read_passage, read_statement
from rewriter.checks.evidence.strangers import Strangers, strangers
from rewriter.checks.evidence.writing import AboutWriting, about_writing
from rewriter.text.quantities import Quantity
from rewriter.text.quotations import Quote, quotes_in
from rewriter.text.sentences import split_sentences
from rewriter.text.tokens import Token

# Sentences added to every source when words are weighed, so that those of a short one count too.
_SMOOTHING = 4
_WORDS = frozenset({"word", "number", "han"})
# What is kept of the texts of a rewrite: some six things of each sentence, and none has 200.
_MOST_KEPT = 1_200
# Characters before a number in which the bracket and the white space before it stand.
_BRACKET_REACH = 8
# A stem that more statements share than this tells little about any of them.
MOST_SHARED = 200
# Statements that may speak of the same as a sentence, at most.
_MOST_SHARING = 12

# Seconds.
_MINUTE, _DAY = 60, 86_400
# Years that somebody counts at most.
_CENTURY = 100

V = TypeVar("V")


class Evidence:
    """Everything a rewrite may draw on: the sentences of the body and of its questions and answers.

    A sentence that only repeats the title is left out: what just the title says is no evidence.
    Names, which a title does not make wrong, are also taken from title, publisher, author and
    category.
    Building it is linear in the source; each look-up is logarithmic or better.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.lang = source.lang
        title = source.title.strip().casefold()
        sentences = [
            sentence
            for sentence in _sentences(source)
            if sentence.text.strip("#- ").casefold() != title
        ]
        self.statements: tuple[Statement, ...] = tuple(
            read_statement(sentence.text, source.lang, name=sentence.id) for sentence in sentences
        )
        self._blocks = [(sentence.place, sentence.index) for sentence in sentences]
        self.figures = Figures(
            Figure(quantity, index)
            for index, statement in enumerate(self.statements)
            for quantity in chain(
                statement.facts.quantities,
                shared_scales(statement.text, statement.facts.quantities),
            )
            if not is_day_of_month(quantity, statement)
        )
        self.bracketed_days = {
            quantity.value
            for statement in self.statements
            for quantity in statement.facts.quantities
            if is_day_of_month(quantity, statement)
        }
        self._known: dict[Hashable, Any] = {}
        self._of_texts: dict[Hashable, Any] = {}

    def read(self, text: str) -> tuple[Statement, ...]:
        """The sentences of a text in the source's language; a text is read once and remembered."""
        return self.kept(("read", text), lambda: tuple(read_passage(text, self.lang)))

    def once(self, key: Hashable, make: Callable[[], V]) -> V:
        """What `make` gives for `key`, worked out once for this source."""
        if key not in self._known:
            self._known[key] = make()
        known: V = self._known[key]
        return known

    def kept(self, key: Hashable, make: Callable[[], V]) -> V:
        """The same for a key with a text of a rewrite, of which there may be many."""
        if key not in self._of_texts:
            if len(self._of_texts) >= _MOST_KEPT:
                self._of_texts.clear()
            self._of_texts[key] = make()
        known: V = self._of_texts[key]
        return known

    def quotes(self, text: str) -> tuple[Quote, ...]:
        """The quotes of a text."""
        return self.kept(("quotes", text), lambda: tuple(quotes_in(text, self.lang)))

    def words_in(self, text: str) -> list[Token]:
        """The words and numerals of a text, with their places in it."""
        return [
            Token(kind, written, lower, start + statement.offset, end + statement.offset)
            for statement in self.read(text)
            for kind, written, lower, start, end in statement.tokens
            if kind in _WORDS
        ]

    def wording(self, text: str) -> list[str]:
        """The words and numerals of a text in order, lower case."""
        return [word for statement in self.read(text) for word in statement.wording]

    def neighbours(self, index: int) -> list[Statement]:
        """The statements before and behind one in its paragraph."""
        near = (at for at in (index - 1, index + 1) if 0 <= at < len(self.statements))
        return [self.statements[at] for at in near if self._blocks[at] == self._blocks[index]]

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The texts of the statements."""
        return tuple(statement.text for statement in self.statements)

    @cached_property
    def text(self) -> str:
        """The texts of the statements, a line each."""
        return "\n".join(self.texts)

    @cached_property
    def everything(self) -> str:
        """All that the source has, in lower case."""
        return self.source.everything

    @cached_property
    def titled(self) -> tuple[str, ...]:
        """The title and the texts of the statements."""
        return (self.source.title, *self.texts)

    @cached_property
    def published(self) -> date | None:
        """The day of publication, from which "yesterday" is counted."""
        return self.source.published_at.date() if self.source.published_at else None

    @cached_property
    def moments(self) -> Moments:
        """The source's dates and times."""
        return Moments(self.statements, self.published)

    @cached_property
    def names(self) -> Names:
        """The source's words and names; title, publisher, author and category included."""
        about = self.source
        texts = (about.publisher, about.author, about.metadata.get("category"))
        extra = (read_statement(str(text), self.lang) for text in texts if text)
        return Names((*self.statements, self.title, *extra), self.lang)

    @cached_property
    def title(self) -> Statement:
        """The source's title."""
        return read_statement(self.source.title, self.lang)

    @cached_property
    def placements(self) -> Placements:
        """The source's figures with the words around them."""
        return Placements(self.statements, self.weights)

    @cached_property
    def removed(self) -> tuple[tuple[str, str], ...]:
        """The blocks that the cleaner cut, each with its reason."""
        return tuple((block.reason, block.text) for block in self.source.removed)

    @cached_property
    def about_writing(self) -> AboutWriting:
        """The statements that speak of the text itself."""
        return about_writing(self.statements, self._blocks, self.lang)

    @cached_property
    def postings(self) -> dict[str, list[int]]:
        """For each stem the statements that hold it."""
        found: dict[str, list[int]] = defaultdict(list)
        for index, statement in enumerate(self.statements):
            for word in statement.content:
                found[word].append(index)
        return found

    @cached_property
    def weights(self) -> dict[str, float]:
        """Inverse document frequency of each stem, a sentence being a document."""
        count = len(self.statements) + _SMOOTHING
        return {word: log(1 + count / len(held)) for word, held in self.postings.items()}

    @cached_property
    def rarest(self) -> float:
        """The weight of the rarest stem, which one that the source does not have weighs, too."""
        return max(self.weights.values(), default=1.0)

    @cached_property
    def words(self) -> list[str]:
        """All words in order, lower case, punctuation left out."""
        return [word for statement in self.statements for word in statement.wording]

    def grams(self, size: int) -> frozenset[tuple[str, ...]]:
        """All runs of `size` consecutive words."""
        return self.once(("grams", size), lambda: frozenset(runs(self.words, size)))

    def evened_grams(self, size: int) -> frozenset[tuple[str, ...]]:
        """The same with each figure as one word, however it is written."""
        words = (word for statement in self.statements for word in evened_words(statement))
        return self.once(("evened", size), lambda: frozenset(runs([*words], size)))

    @cached_property
    def openings(self) -> dict[str, list[int]]:
        """For each word the statements that have it, in order, for finding quotes."""
        found: dict[str, list[int]] = defaultdict(list)
        for index, statement in enumerate(self.statements):
            for word in set(statement.wording):
                found[word].append(index)
        return found

    def has_day(self, value: Decimal) -> bool:
        """Whether the source has a day of the month, with its month or in "Tuesday (23)"."""
        counted = any(value == day for _, day in self.counted_days)
        known = value in self._years or value in self.bracketed_days or counted
        return known or bool(self.moments.having("day", int(value)))  # that of "Friday"

    @cached_property
    def counted_days(self) -> frozenset[tuple[int, int]]:
        """Month and day of what the source dates by counting: "three days later"."""
        return counted_days(self.statements, self.moments.all, self.published)

    @cached_property
    def counted_weekdays(self) -> frozenset[int]:
        """The weekdays that the source gives by another one: "Monday ... the day before"."""
        return counted_weekdays(self.statements)

    @cached_property
    def ends(self) -> frozenset[int]:
        """The minutes of the day at which what the source times and measures begins or ends.

        Its length stands in the sentence of its time or in the next two.
        """
        minutes: dict[int, set[int]] = defaultdict(set)
        for moment, index in self.moments.all:
            if moment.minute is not None:
                minutes[index].add(moment.minute)
        return frozenset(
            (minute + step) % (_DAY // _MINUTE)
            for index, known in minutes.items()
            for length in frozenset[int]().union(
                *map(minutes_in, self.statements[index : index + 3])
            )
            for minute in known
            for step in (length, -length)
        )

    def year_figures(self, value: Decimal) -> list[Figure]:
        """The figures of the source that were read as a year ("2000" may be either)."""
        return self._years.get(value, [])

    @cached_property
    def years(self) -> set[int]:
        """The years that the source names."""
        said = (moment.year for s in self.statements for moment in s.facts.moments)
        return {year for year in said if year is not None}

    @cached_property
    def counted_years(self) -> frozenset[int]:
        """The years that a year of the source and a number of years give: 1995 of "1980, 15"."""
        known = {*self.years, *({self.published.year} if self.published else ())}
        spans = {
            int(quantity.number)
            for statement in self.statements
            for quantity in statement.facts.quantities
            if quantity.number < _CENTURY and (quantity.unit == "calendar" or not quantity.noun)
        }
        return frozenset(year + sign * span for year in known for span in spans for sign in (-1, 1))

    @cached_property
    def _years(self) -> dict[Decimal, list[Figure]]:
        found: dict[Decimal, list[Figure]] = defaultdict(list)
        for index, statement in enumerate(self.statements):
            for moment in statement.facts.moments:
                for part in (moment.year, moment.day):
                    if part is not None:
                        value = Decimal(part)
                        read = Quantity(
                            "count", value, "", Decimal(1), moment.start, moment.end, value
                        )
                        found[value].append(Figure(read, index))
        return found

    @cached_property
    def links(self) -> frozenset[str]:
        """The canonical forms of the addresses in the source, its title and publisher included.

        Those that it shows to its readers, not in an instruction, and not where it speaks of
        something else than the rest of it, but at its end.
        """
        about = (self.source.title, self.source.publisher or "")
        named = (key for text in about for key in known_keys(links_in(text)))
        odd = self.strangers.texts.difference(self.source.paragraphs[-1:])
        strange = {s.text for text in odd for s in self.read(text)}
        told = (statement for statement in self.statements if statement.text not in strange)
        return frozenset((*named, *shown_addresses(told)))

    @cached_property
    def strangers(self) -> Strangers:
        """The source's paragraphs that have hardly a word in common with the others."""
        found: dict[int, list[Statement]] = defaultdict(list)
        for (place, index), statement in zip(self._blocks, self.statements, strict=True):
            if place not in ("question", "answer"):
                found[index].append(statement)
        paragraphs = enumerate(self.source.paragraphs)
        return strangers(
            self.title, [(text, found.get(at) or self.read(text)) for at, text in paragraphs]
        )

    def rival(self, family: str, value: Decimal, content: set[str]) -> Figure | None:
        """The figure of a family that a wrong one most likely stands for.

        It is that of the sentence with most words in common; the nearest value where they tie.
        """
        near = self.figures.near(family, value)
        return max(
            near,
            key=lambda figure: len(content & self.statements[figure.statement].content),
            default=None,
        )

    def sharing(self, statement: Statement) -> list[Statement]:
        """The statements that may speak of the same: two content words or more are in both."""
        return [self.statements[index] for index in self.sharing_places(statement)]

    def sharing_places(self, statement: Statement) -> tuple[int, ...]:
        """The indexes of the statements that may speak of the same, most words in common first."""
        return self.kept(("sharing", statement.text), lambda: self._sharing(statement))

    def _sharing(self, statement: Statement) -> tuple[int, ...]:
        shared = Counter(
            index
            for word in statement.content
            for index in self.postings.get(word, ())[:MOST_SHARED]
        )
        found = sorted((-count, index) for index, count in shared.items() if count > 1)
        return tuple(index for _, index in found[:_MOST_SHARING])

    def about(self, stems: Iterable[str]) -> Statement | None:
        """The statement that shares the most weight with a set of stems."""
        shared: dict[int, float] = defaultdict(float)
        for word in sorted(stems):
            weight = self.weights.get(word, 0.0)
            for index in self.postings.get(word, ())[:MOST_SHARED]:
                shared[index] += weight
        best = max(shared, key=lambda index: (shared[index], -index), default=None)
        return None if best is None else self.statements[best]


def of_source(make: Callable[[Evidence], V]) -> Callable[[Evidence], V]:
    """Work out once for each source what a function makes of it."""

    @wraps(make)
    def known(evidence: Evidence) -> V:
        return evidence.once(make, lambda: make(evidence))

    return known


def set_of_source(make: Callable[[Evidence], Iterable[V]]) -> Callable[[Evidence], frozenset[V]]:
    """The same for a function that finds things in a source: all that it finds."""

    @of_source
    @wraps(make)
    def found(evidence: Evidence) -> frozenset[V]:
        return frozenset(make(evidence))

    return found


def minutes_in(statement: Statement) -> frozenset[int]:
    """The lengths of time below a day that a sentence gives, in minutes."""
    return frozenset(
        int(quantity.value) // _MINUTE
        for quantity in statement.facts.quantities
        if quantity.unit == "time" and quantity.value < _DAY
    )


def is_day_of_month(quantity: Quantity, statement: Statement) -> bool:
    """Whether a number in brackets behind a weekday is the day of the month: "Tuesday (23)"."""
    begin = max(0, quantity.start - _BRACKET_REACH)
    before = statement.before(quantity, _BRACKET_REACH).rstrip()
    if not before.endswith(("(", "（")):
        return False
    return begin + len(before[:-1].rstrip()) in statement.weekday_ends


def evened_words(statement: Statement) -> Iterator[str]:
    """The words of a statement with each figure as one word: "$2bn" and "two billion dollars"."""
    figures = iter(statement.facts.quantities)
    figure = next(figures, None)
    for token in statement.tokens:
        while figure and token.start >= figure.end:
            figure = next(figures, None)
        if figure and token.start >= figure.start:
            if token.start == figure.start:
                yield f"{figure.kind} {figure.unit} {figure.value.normalize()}"
        elif token.kind in _WORDS:
            yield token.lower


def runs(words: list[str], size: int) -> Iterator[tuple[str, ...]]:
    """Every run of `size` consecutive words."""
    return zip(*(words[i:] for i in range(size)), strict=False)


def _sentences(source: Source) -> Iterator[Sentence]:
    if source.sentences:
        yield from source.sentences
        return
    for index, paragraph in enumerate(source.paragraphs):
        for text in split_sentences(paragraph, source.lang):
            yield Sentence(id=f"p{index}", text=text, place="text", index=index)
    for index, pair in enumerate(source.qa):
        yield Sentence(id=f"q{index}", text=pair.question, place="question", index=index)
        yield Sentence(id=f"a{index}", text=pair.answer, place="answer", index=index)
