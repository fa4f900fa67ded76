"""G6xx: does the source say what a sentence says, and not the contrary?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice, takewhile

from rewriter.checks.evidence.figures import MOST_FIGURES, bare_value
from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.mentions import is_capital
from rewriter.checks.evidence.reading import Flag, Statement, stem
from rewriter.checks.evidence.support import support_of
from rewriter.checks.facts.directions import check_direction, check_step
from rewriter.checks.facts.exchanged_figures import check_exchange
from rewriter.checks.lexicon import claim_words, contraries, denials, negations, pattern, word_set
from rewriter.text.tokens import Token

# Share of a sentence's content that its three best source sentences must hold. Faithful summaries
# of SummEdits' reports lie above it in 99 of 100 cases.
UNSUPPORTED = 0.15
_MIN_CONTENT = 5
# Only a close restatement can be told to say the contrary: share of content held by one sentence.
CLOSE = 0.4
RESTATED_NEGATION = 0.5
_VERBAL = word_set("deny_verbs")
_SPANISH_NO = "no"
_SUPPOSED = word_set("supposed")
_IN_VAIN = pattern("in_vain")
_FIRST_TIME = pattern("first_time")
# Letters at the end of an infinitive that other forms of the verb change, and letters that stay.
_INFLECTED, _ROOT = 3, 4
_AMOUNTS = word_set("amounts")
# Languages that put a verb behind its object: "den Verkauf nicht genehmigt".
_VERB_LAST = frozenset({"de", "nl", "tr"})
# Tokens before and behind a word in which a negation or a denial is about it ("found no evidence").
_DENIAL_REACH = 5, 2
# Sentences of the source that hold a sentence's figures, at most.
_ANCHORS = 3


def check_sentence(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield G601, G603, G604, G609 and G111 for one sentence."""
    support = support_of(statement, evidence)
    if any(_is_copy(statement, evidence.statements[i]) for i in support.statements):
        return
    yield from check_direction(statement, evidence)
    yield from check_step(statement, evidence)
    whole = 0, len(statement.text)
    if support.together < UNSUPPORTED and len(statement.content) >= _MIN_CONTENT:
        nearest = evidence.statements[support.statements[0]].text if support.statements else None
        yield Flag("G601", *whole, "no sentence of the source supports this one", nearest)
        yield from check_exchange(
            statement, _with_figures(statement, evidence), evidence.statements
        )
        return
    if not support.statements:
        return
    yield from _contrary(statement, evidence)
    yield from _negation(statement, evidence)
    places = dict.fromkeys([*support.statements, *_with_figures(statement, evidence)])
    yield from check_exchange(statement, places, evidence.statements)


def _with_figures(statement: Statement, evidence: Evidence) -> list[int]:
    """The source's sentences that have two of a sentence's figures or more, whatever its words."""
    held: Counter[int] = Counter()
    for quantity in statement.facts.quantities[:MOST_FIGURES]:
        if quantity.label:
            continue
        figures = evidence.figures.by_value.get(bare_value(quantity), ())
        held.update({figure.statement for figure in figures})
    return [index for index, count in held.most_common(_ANCHORS) if count > 1]


def _is_copy(statement: Statement, source: Statement) -> bool:
    same = len(statement.tokens) == len(source.tokens)
    return same and [t.lower for t in statement.tokens] == [t.lower for t in source.tokens]


def _contrary(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield G603 for the first word whose contrary stands between the same words in the source.

    One of the next two content words is the same, and one of the two before it; neither the
    supporting sentences have the word nor this one its contrary.
    """
    support = support_of(statement, evidence)
    if support.share < CLOSE:
        return
    held = set().union(*(evidence.statements[i].words for i in support.statements))
    for source in (evidence.statements[i] for i in support.statements):
        for index, word in enumerate(statement.plain):
            against = contraries(word)
            if word in held or against.isdisjoint(source.words) or against & statement.words:
                continue
            places = (
                at
                for at, other in enumerate(source.plain)
                if other in against
                and source.text[source.tokens[at].end :][:1] != "-"
                and _is_denied(source, at) == _is_denied(statement, index)
            )
            place = next((at for at in places if _alike(statement, index, source, at)), None)
            if place is not None:
                token = statement.tokens[index]
                message = f"{token.text!r} says the contrary of {source.plain[place]!r}"
                yield Flag("G603", token.start, token.end, message, source.text)
                return


def _is_denied(statement: Statement, at: int) -> bool:
    """Whether a word is negated: "no shop would close" says that they stay open."""
    before = statement.plain[max(0, at - _DENIAL_REACH[0]) : at]
    return not negations(statement.lang).isdisjoint(before)


def _alike(statement: Statement, index: int, source: Statement, place: int) -> bool:
    """Whether two words stand between the same words of their clauses."""
    behind, there = _beside(statement, index, 1), _beside(source, place, 1)
    if _compares(statement, index) and not _compares(source, place):
        return False  # "lower than now" may be said of what rose
    before = {*_beside(statement, index, -1)} & {*_beside(source, place, -1)}
    return bool(before) and bool({*behind} & {*there})


def _compares(statement: Statement, index: int) -> bool:
    return "than" in statement.plain[index + 1 : index + 3]


def _beside(statement: Statement, index: int, step: int) -> list[str]:
    """The next two content words of a clause on one side of a word."""
    clauses, stems = statement.clauses, statement.stems
    places = range(index + step, len(stems) if step > 0 else -1, step)
    inside = takewhile(lambda at: clauses[at] == clauses[index], places)
    return list(islice((stems[at] for at in inside if stems[at]), 2))


def _negation(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield G609 where one of two sentences negates a verb that the other affirms.

    The verb goes on with the same word in both.
    """
    support = support_of(statement, evidence)
    if support.share < RESTATED_NEGATION:
        return
    best = evidence.statements[support.statements[0]]
    if bool(_FIRST_TIME.search(statement.text)) != bool(_FIRST_TIME.search(best.text)):
        return  # "for the first time in 25 years": they had not done so for 25 years
    for negated, other, message in (
        (statement, best, "is negated, its source is not"),
        (best, statement, "is not negated, its source is"),
    ):
        if any(_goes_on(other, *pair) for pair in _denied(negated)):
            yield Flag("G609", 0, len(statement.text), f"the sentence {message}", best.text)
            return
    if any(_does(statement, *pair) for pair in _refused(best)):
        yield Flag("G609", 0, len(statement.text), f"the sentence {message}", best.text)


def _refused(statement: Statement) -> Iterator[tuple[Token, str]]:
    """For each infinitive behind a refusal the verb and the stem of the next content word."""
    refusing = claim_words("refusing", statement.lang)
    links = claim_words("refused_to", statement.lang)
    for index in () if refusing.isdisjoint(statement.words) else range(len(statement.tokens)):
        if statement.plain[index] not in refusing:
            continue
        at = index + 1
        while statement.plain[at : at + 1] and statement.plain[at] in {"", *links}:
            at += 1
        object_ = _beside(statement, at, 1) if at < len(statement.tokens) else []
        if object_ and (at > index + 1 or not links):
            yield statement.tokens[at], object_[0]


def _does(statement: Statement, verb: Token, object_: str) -> bool:
    """Whether a sentence says in another form of a verb that it was done to the same object."""
    if not _SUPPOSED.isdisjoint(statement.words):
        return False
    root = verb.lower[: max(_ROOT, len(verb.lower) - _INFLECTED)]
    for token, own in zip(statement.tokens, statement.stems, strict=True):
        english = statement.lang == "en"
        same = own == stem(verb.lower) if english else token.lower.startswith(root)
        if same and token.lower != verb.lower and _goes_on(statement, own, object_):
            return True
    return False


def _denied(statement: Statement) -> Iterator[tuple[str, str]]:
    """For each verb behind a negation the stems of the verb and of the next content word.

    Where the verb comes last, its object stands before the negation.
    """
    if statement.lang == "zh" or negations(statement.lang).isdisjoint(statement.words):
        return  # two Chinese characters say too little
    for index, word in enumerate(statement.plain):
        verbal = word in _VERBAL or (word == _SPANISH_NO and statement.lang == "es")
        bound = statement.plain[index + 1 : index + 2]
        verbal = verbal and not (
            index and statement.plain[index - 1] in claim_words("or_not", statement.lang)
        )
        if verbal and word in negations(statement.lang) and _AMOUNTS.isdisjoint(bound):
            following = _beside(statement, index + (bound == ["yet"]), 1)
            if len(following) == 2 and not _names(statement, index):
                yield following[0], following[1]
            before = _beside(statement, index, -1)
            if before and following and statement.lang in _VERB_LAST:
                yield before[0], following[0]


def _names(statement: Statement, index: int) -> bool:
    """Whether a name is the next content word: "and not of Barack Obama" denies no verb."""
    pairs = zip(statement.stems[index + 1 :], statement.tokens[index + 1 :], strict=True)
    return next((is_capital(token) for own, token in pairs if own), False)


def _goes_on(statement: Statement, verb: str, object_: str) -> bool:
    """Whether a sentence affirms a verb and goes on with the same word, or with one before it."""
    content = [own for own in statement.stems if own]
    places = (at for at, own in enumerate(content) if own == verb)
    found = any(object_ in content[at + 1 : at + 3] for at in places)
    return found and _affirms(statement, verb)


def _affirms(statement: Statement, word: str) -> bool:
    """Whether a sentence has a word, by its stem, and nowhere a negation or denial beside it."""
    if _IN_VAIN.search(statement.text):
        return False
    places = [i for i, own in enumerate(statement.stems) if own == word]
    before, behind = _DENIAL_REACH
    plain, denying = statement.plain, negations(statement.lang) | denials(statement.lang)
    near = ({*plain[max(0, at - before) : at], *plain[at + 1 : at + 1 + behind]} for at in places)
    return bool(places) and not any(denying & words for words in near)
