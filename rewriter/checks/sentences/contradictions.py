"""G6xx: does the source say what a sentence says, and not the contrary?"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator

from rewriter.checks.evidence.figures import MOST_FIGURES, bare_value
from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.reading import Flag, Statement
from rewriter.checks.evidence.support import Support
from rewriter.checks.facts.directions import check_direction, is_particle
from rewriter.checks.facts.exchange import check_exchange
from rewriter.checks.lexicon import contraries, denials, negations, no_denial, refusals
from rewriter.text.tokens import Token

# Share of a sentence's content that its three best source sentences must hold. Faithful summaries
# of SummEdits' reports lie above it in 99 of 100 cases.
UNSUPPORTED = 0.15
_MIN_CONTENT = 5
# Only a close restatement can be told to say the contrary: share of content held by one sentence.
CLOSE = 0.4
CLOSE_NEGATION = 0.38
RESTATED_NEGATION = 0.5
# Words that deny a verb; "no" and "kein" deny a noun, of which the other sentence may have several.
_VERBAL = frozenset(
    ("not", "n't", "never", "cannot", "nicht", "nie", "niemals", "pas", "jamais", "não", "nunca")
) | {"non", "mai", "не", "никогда"}
_SPANISH_NO = "no"
# One source sentence that holds this much is what is restated; the others only share words with it.
RESTATED = 0.7
# A contrary counts when this many of the content words around it, up to four on each side, agree.
SHARED = 1
_NEAR = 4
# Tokens on each side in which those words are looked for.
_REACH = 12
# Tokens before and behind a word in which a negation or a denial is about it ("found no evidence").
_DENIAL_REACH = 5, 2
# Words that bound a figure ("less than $5 million") and, before "of", a time ("by the end of May").
_BOUNDS = frozenset({"more", "less", "fewer", "over", "under", "above", "below", "most", "least"})
_TIME_BOUNDS = frozenset({"start", "beginning", "end", "close"})
# Characters from a bound to its figure: " than ".
_BOUND_REACH = 6
# Sentences of the source that hold a sentence's figures, at most.
_ANCHORS = 3


def check_sentence(statement: Statement, support: Support, evidence: Evidence) -> Iterator[Flag]:
    """Yield G601 to G604, G609 and G111 for one sentence, given what it stands on."""
    if any(_is_copy(statement, evidence.statements[i]) for i in support.statements):
        return
    yield from check_direction(statement, evidence)
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


def _contrary(statement: Statement, support: Support, evidence: Evidence) -> list[Flag]:
    """A word that the supporting sentences lack, where they have its contrary."""
    if support.together < CLOSE:
        return []
    best = evidence.statements[support.statements[0]]
    restated = support.statements[:1] if support.share >= RESTATED else support.statements
    held = set().union(*(evidence.statements[i].words for i in restated))
    stems = set().union(*(evidence.statements[i].content for i in restated))
    own = statement.words
    turned = {word for word in own - held if not contraries(word).isdisjoint(best.words)}
    for index, word in enumerate(statement.plain) if turned else ():
        if word not in turned or statement.stems[index] in stems:
            continue
        if (
            is_particle(statement.plain, index)
            or _bounds_a_time(statement, index)
            or _bounds_a_figure(statement, index)
        ):
            continue
        found = sorted(c for c in contraries(word) & best.words if c not in own)
        if _compares(statement.plain, index):  # "lower than now" may be said of what rose
            found = [c for c in found if _compares(best.plain, best.plain.index(c))]
        if found and _alike(statement, index, best, found[0]):
            return [_contradiction(statement.tokens[index], found[0], best)]
    return []


def _compares(words: list[str], index: int) -> bool:
    return words[index + 1 : index + 2] == ["than"]


def _bounds_a_time(statement: Statement, index: int) -> bool:
    """Whether a word only says when: "by the end of the quarter" ends nothing."""
    behind = statement.plain[index + 1 : index + 2]
    return statement.plain[index] in _TIME_BOUNDS and behind == ["of"]


def _bounds_a_figure(statement: Statement, index: int) -> bool:
    """Whether a word says on which side of a figure something is ("less than $5 million")."""
    if statement.plain[index] not in _BOUNDS:
        return False
    token, spans = statement.tokens[index], statement.spans
    at = bisect_left(spans, (token.end, 0))
    follows = at < len(spans) and spans[at][0] <= token.end + _BOUND_REACH
    return follows or (at > 0 and token.start < spans[at - 1][1])


def _contradiction(token: Token, contrary: str, best: Statement) -> Flag:
    message = f"{token.text!r} says the contrary of {contrary!r}"
    return Flag("G603", token.start, token.end, message, best.text)


def _alike(statement: Statement, index: int, best: Statement, contrary: str) -> bool:
    """Whether a word and its contrary stand among the same words."""
    own = _neighbours(statement, index)
    places = (
        i for i, word in enumerate(best.plain) if word == contrary and not _in_figure(best, i)
    )
    return any(
        len(own & _neighbours(best, place)) >= SHARED
        and not contraries(contrary) & set(best.plain[max(0, place - _REACH) : place + _REACH])
        for place in places
    )


def _in_figure(statement: Statement, index: int) -> bool:
    at = statement.tokens[index].start
    return any(q.start <= at < q.end for q in statement.facts.quantities)


def _neighbours(statement: Statement, index: int) -> set[str]:
    before = [stem for stem in statement.stems[max(0, index - _REACH) : index] if stem]
    behind = [stem for stem in statement.stems[index + 1 : index + 1 + _REACH] if stem]
    return {*before[-_NEAR:], *behind[:_NEAR]}


def _negation(statement: Statement, support: Support, evidence: Evidence) -> Iterator[Flag]:
    """Yield G609 or G602 where one of the two sentences negates a word that the other affirms.

    G609 is for a verb that goes on with the same word in both.
    """
    if support.share < CLOSE_NEGATION:
        return
    best = evidence.statements[support.statements[0]]
    close = support.share >= RESTATED_NEGATION
    for negated, other, message in (
        (statement, best, "is negated, its source is not"),
        (best, statement, "is not negated, its source is"),
    ):
        sure = close and any(_goes_on(other, *pair) for pair in _denied(negated))
        if sure or _flips(negated, other):
            code = "G609" if sure else "G602"
            yield Flag(code, 0, len(statement.text), f"the sentence {message}", best.text)
            return


def _denied(statement: Statement) -> Iterator[tuple[str, str]]:
    """For each verb behind a negation the stems of the verb and of the next content word."""
    if statement.lang == "zh" or negations(statement.lang).isdisjoint(statement.words):
        return  # two Chinese characters say too little
    for index, word in enumerate(statement.plain):
        verbal = word in _VERBAL or (word == _SPANISH_NO and statement.lang == "es")
        if verbal and word in negations(statement.lang):
            clause = statement.clauses[index]
            behind = zip(statement.stems[index + 1 :], statement.clauses[index + 1 :], strict=True)
            following = [stem for stem, number in behind if stem and number == clause][:2]
            if len(following) == 2:
                yield following[0], following[1]


def _goes_on(statement: Statement, verb: str, object_: str) -> bool:
    """Whether a sentence affirms a verb and goes on with the same word, or with one before it."""
    content = [stem for stem in statement.stems if stem]
    places = (at for at, stem in enumerate(content) if stem == verb)
    found = any(object_ in content[at + 1 : at + 3] for at in places)
    return found and _affirms(statement, verb)


def _flips(negated: Statement, other: Statement) -> bool:
    """Whether `other` affirms a word that `negated` denies.

    The word behind a negation is meant; in English the next one too ("did not publish the report"),
    unless the other sentence denies something itself.
    """
    both = negated.lang != "en" or bool(other.words & negations(other.lang))
    return any(
        _affirms(other, stem) for behind in _negated(negated) for stem in behind[: 1 if both else 2]
    )


def _negated(statement: Statement) -> Iterator[list[str]]:
    """For each negation the stems of the next two content words."""
    denying, refusing = negations(statement.lang), refusals(statement.lang)
    if (denying | refusing).isdisjoint(statement.words):
        return
    for index, word in enumerate(statement.plain):
        following = statement.plain[index + 1 : index + 2]
        if word == "no" and following == [""]:  # "the No. 3 bank"
            continue
        if word in denying and not set(following) & no_denial(statement.lang):
            yield [stem for stem in statement.stems[index + 1 :] if stem][:2]
        elif word in refusing and _takes_a_verb(following):
            yield [stem for stem in statement.stems[index + 1 :] if stem][:1]


def _takes_a_verb(following: list[str]) -> bool:
    """Whether a verb follows: "failed to pay", "without informing", but not "without power"."""
    return bool(following) and (following == ["to"] or following[0].endswith("ing"))


def _affirms(statement: Statement, stem: str) -> bool:
    """Whether a sentence has a word, and nowhere a negation or denial beside it."""
    places = [i for i, own in enumerate(statement.stems) if own == stem]
    before, behind = _DENIAL_REACH
    plain, denying = statement.plain, negations(statement.lang) | denials(statement.lang)
    near = ({*plain[max(0, at - before) : at], *plain[at + 1 : at + 1 + behind]} for at in places)
    return bool(places) and not any(denying & words for words in near)
