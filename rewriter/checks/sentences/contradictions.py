"""G6xx: does the source say what a sentence says, and not the contrary?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice, takewhile

from rewriter.checks.evidence.figures import MOST_FIGURES, bare_value
from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.mentions import is_capital
from rewriter.checks.evidence.reading import Flag, Statement
from rewriter.checks.evidence.support import Support
from rewriter.checks.facts.directions import check_direction, check_step
from rewriter.checks.facts.exchange import check_exchange
from rewriter.checks.lexicon import contraries, denials, negations

# Share of a sentence's content that its three best source sentences must hold. Faithful summaries
# of SummEdits' reports lie above it in 99 of 100 cases.
UNSUPPORTED = 0.15
_MIN_CONTENT = 5
# Only a close restatement can be told to say the contrary: share of content held by one sentence.
CLOSE = 0.4
RESTATED_NEGATION = 0.5
# Words that deny a verb; "no" and "kein" deny a noun, of which the other sentence may have several.
_VERBAL = frozenset(
    ("not", "n't", "never", "cannot", "nicht", "nie", "niemals", "pas", "jamais", "não", "nunca")
) | {"non", "mai", "не", "никогда"}
_SPANISH_NO = "no"
# Languages that put a verb behind its object: "den Verkauf nicht genehmigt".
_VERB_LAST = frozenset({"de", "nl", "tr"})
# Tokens before and behind a word in which a negation or a denial is about it ("found no evidence").
_DENIAL_REACH = 5, 2
# Sentences of the source that hold a sentence's figures, at most.
_ANCHORS = 3


def check_sentence(statement: Statement, support: Support, evidence: Evidence) -> Iterator[Flag]:
    """Yield G601, G603, G604, G609 and G111 for one sentence, given what it stands on."""
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
    yield from _contrary(statement, support, evidence)
    yield from _negation(statement, support, evidence)
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


def _contrary(statement: Statement, support: Support, evidence: Evidence) -> Iterator[Flag]:
    """Yield G603 for the first word whose contrary stands between the same words in the source.

    The next content word is the same, and one of the two before it; neither the supporting
    sentences have the word nor this one its contrary.
    """
    if support.share < CLOSE:
        return
    held = set().union(*(evidence.statements[i].words for i in support.statements))
    for source in (evidence.statements[i] for i in support.statements):
        for index, word in enumerate(statement.plain):
            against = contraries(word)
            if word in held or against.isdisjoint(source.words) or against & statement.words:
                continue
            places = (at for at, other in enumerate(source.plain) if other in against)
            place = next((at for at in places if _alike(statement, index, source, at)), None)
            if place is not None:
                token = statement.tokens[index]
                message = f"{token.text!r} says the contrary of {source.plain[place]!r}"
                yield Flag("G603", token.start, token.end, message, source.text)
                return


def _alike(statement: Statement, index: int, source: Statement, place: int) -> bool:
    """Whether two words stand between the same words of their clauses."""
    behind, there = _beside(statement, index, 1), _beside(source, place, 1)
    before = {*_beside(statement, index, -1)} & {*_beside(source, place, -1)}
    return bool(before) and behind[:1] == there[:1] != []


def _beside(statement: Statement, index: int, step: int) -> list[str]:
    """The next two content words of a clause on one side of a word."""
    clauses, stems = statement.clauses, statement.stems
    places = range(index + step, len(stems) if step > 0 else -1, step)
    inside = takewhile(lambda at: clauses[at] == clauses[index], places)
    return list(islice((stems[at] for at in inside if stems[at]), 2))


def _negation(statement: Statement, support: Support, evidence: Evidence) -> Iterator[Flag]:
    """Yield G609 where one of two sentences negates a verb that the other affirms.

    The verb goes on with the same word in both.
    """
    if support.share < RESTATED_NEGATION:
        return
    best = evidence.statements[support.statements[0]]
    for negated, other, message in (
        (statement, best, "is negated, its source is not"),
        (best, statement, "is not negated, its source is"),
    ):
        if any(_goes_on(other, *pair) for pair in _denied(negated)):
            yield Flag("G609", 0, len(statement.text), f"the sentence {message}", best.text)
            return


def _denied(statement: Statement) -> Iterator[tuple[str, str]]:
    """For each verb behind a negation the stems of the verb and of the next content word.

    Where the verb comes last, its object stands before the negation.
    """
    if statement.lang == "zh" or negations(statement.lang).isdisjoint(statement.words):
        return  # two Chinese characters say too little
    for index, word in enumerate(statement.plain):
        verbal = word in _VERBAL or (word == _SPANISH_NO and statement.lang == "es")
        if verbal and word in negations(statement.lang):
            following = _beside(statement, index, 1)
            if len(following) == 2 and not _names(statement, index):
                yield following[0], following[1]
            before = _beside(statement, index, -1)
            if before and following and statement.lang in _VERB_LAST:
                yield before[0], following[0]


def _names(statement: Statement, index: int) -> bool:
    """Whether a name is the next content word: "and not of Barack Obama" denies no verb."""
    pairs = zip(statement.stems[index + 1 :], statement.tokens[index + 1 :], strict=True)
    return next((is_capital(token) for stem, token in pairs if stem), False)


def _goes_on(statement: Statement, verb: str, object_: str) -> bool:
    """Whether a sentence affirms a verb and goes on with the same word, or with one before it."""
    content = [stem for stem in statement.stems if stem]
    places = (at for at, stem in enumerate(content) if stem == verb)
    found = any(object_ in content[at + 1 : at + 3] for at in places)
    return found and _affirms(statement, verb)


def _affirms(statement: Statement, stem: str) -> bool:
    """Whether a sentence has a word, and nowhere a negation or denial beside it."""
    places = [i for i, own in enumerate(statement.stems) if own == stem]
    before, behind = _DENIAL_REACH
    plain, denying = statement.plain, negations(statement.lang) | denials(statement.lang)
    near = ({*plain[max(0, at - before) : at], *plain[at + 1 : at + 1 + behind]} for at in places)
    return bool(places) and not any(denying & words for words in near)
