"""G604: did a figure rise here and fall in the source, or the reverse?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate

from rewriter.checks.evidence.figures import bare_value
from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.reading import CLAUSE_ENDS, LONGEST_SENTENCE, Flag, Statement
from rewriter.checks.lexicon import directions, pattern, pattern_of, word_set
from rewriter.text.quantities import Quantity
from rewriter.text.tokens import Token

_MOVING = frozenset({"percent", "points", "money", "multiple"})
# Characters from a figure within which the word that moves it stands.
_REACH = 40
# "Lower than 1,480 euros" moves no figure.
_THAN = frozenset({"than", "als", "que", "чем"})


# Words before a figure that say by how much something moves, and to what.
_STEPS = {"en": ("by", "to"), "de": ("um", "auf"), "nl": ("met", "naar"), "ru": ("на", "до")}
_STEP_REACH = 12
# What "by" or "to" belongs to where it does not move the figure: "hit by", "compared to".
_AGENT = re.compile(r"\w+ed|hit|hurt|led|driven|made|held|fed|due|owing|thanks|close|next|relative")
_PARTICLES, _UP_TO = frozenset({"up", "down"}), ("up", "to")
# How participles before a noun look, the prepositions before them, and what makes the figure
# behind that noun one of it: "on rising sales of $5 million".
_ON = word_set("on")
_AMOUNTING = word_set("amounting")
# German verbs that move a figure with their second part only: "gab um 5 Prozent nach".
_SECOND_PARTS = {"gab": "nach", "gaben": "nach", "legte": "zu", "legten": "zu"}
# Conjunctions, behind which another clause begins.
_LINKS = frozenset(filter(str.isalpha, CLAUSE_ENDS)) - {"、", "和"} | {"但", "而"}
_FROM_WORDS = word_set("from")
_TO_WORDS = word_set("to")
# A figure that is told with the one before it moved from there: "to yield 1.79%, down from 1.81%".
_FROM = re.compile(r"\W{1,3}(up|down|higher|lower) from\b")
_FROM_WHERE = " from "
# What stands before the figure that another one moved from, of which it says nothing.
_MOVED_FROM = re.compile(r"\b(?:up|down|higher|lower) from (?:an? |the )?(?:\w+ (?:of )?)?$")
# A figure that says another one in other words, "102 points, or 0.3 percent", and a verb that only
# moves the figure right behind it.
_OTHERWISE, _ADDED = re.compile(r"(?: \w+)?,? or (?:about )?$"), frozenset({"added", "adds"})
_COMPARED = pattern("figure_compared")


def check_direction(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield G604 for the first figure that moves the other way in each sentence that has it."""
    for quantity in statement.facts.quantities:
        if quantity.label or quantity.negative:
            continue
        if quantity.kind not in _MOVING and _step_of(quantity, statement) != "by":
            continue
        here = _direction(statement, quantity)
        figures = evidence.figures.supporting(quantity) if here else []
        if not here or any(figure.quantity.negative for figure in figures):
            continue
        figures = [
            f for f in figures if _has_from(here[0], statement, evidence.statements[f.statement])
        ]
        places = [evidence.statements[figure.statement] for figure in figures]
        moved = [_direction(at, f.quantity) for at, f in zip(places, figures, strict=True)]
        there = [found for found in moved if found and found[1] != here[1]]
        if there and len(there) == len(figures):
            token = here[0]
            message = f"{token.text!r} says the contrary of {there[0][0].text!r}"
            yield Flag("G604", token.start, token.end, message, places[0].text)
            return


def _has_from(token: Token, statement: Statement, source: Statement) -> bool:
    """Whether a sentence of the source has the figure from which a word moves another, if any.

    "14.6 percent, down from 21.8 in March" may be up from September's.
    """
    if not statement.text.startswith(_FROM_WHERE, token.end):
        return True
    behind = (q for q in statement.facts.quantities if q.start > token.end)
    origin = next(behind, None)
    return origin is None or bare_value(origin) in map(bare_value, source.facts.quantities)


def check_step(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield G604 where "by" stands before a moved figure and "to" in the source, or vice versa."""
    for quantity in statement.facts.quantities:
        here = _step_of(quantity, statement) if quantity.kind in _MOVING else ""
        if not here or quantity.bound:
            continue
        figures = evidence.figures.supporting(quantity)
        places = [evidence.statements[figure.statement] for figure in figures]
        steps = {_step_of(f.quantity, at) for f, at in zip(figures, places, strict=True)}
        if steps == {"by", "to"} - {here}:
            written = statement.written(quantity)
            message = f"what is told of {written!r} is {here!r}, in the source {steps.pop()!r}"
            yield Flag("G604", quantity.start, quantity.end, message, places[0].text)
            return


def _step_of(quantity: Quantity, statement: Statement) -> str:
    """ "by" where a word before a figure says by how much, "to" where to what; "" elsewhere.

    The word that moves the figure stands in its clause, in English before that word, and no other
    participle does: "hit by $5 million in fines", "helped by 3 percent growth".
    """
    by, to = _STEPS.get(statement.lang, ("", ""))
    before = statement.before(quantity, _STEP_REACH).lower().split()
    tokens = statement.tokens
    if not before or before[-1] not in (by, to) or len(tokens) > LONGEST_SENTENCE:
        return ""
    own = statement.place_at(quantity.start) - 1
    moves, english = directions(statement.lang), statement.lang == "en"
    if english and _AGENT.fullmatch(tokens[own - 1].lower) and not moves(tokens[own - 1].lower):
        return ""
    clauses, last = statement.clauses, own if english else len(tokens)
    moved = any(
        moves(tokens[n].lower) and not is_particle(statement.plain, n)
        for n in range(last)
        if clauses[n] == clauses[own] and abs(tokens[n].start - quantity.start) <= _REACH
    )
    return ("by" if before[-1] == by else "to") if moved else ""


def _direction(statement: Statement, quantity: Quantity) -> tuple[Token, str] | None:
    """The word that says where a figure moves, and where; None where there is none or two disagree.

    A word of the figure's own clause goes before others, and none is beyond another figure.
    """
    tokens, clauses = statement.tokens, statement.clauses
    if len(tokens) > LONGEST_SENTENCE:
        return None
    if compared := _COMPARED.match(statement.text, quantity.end):
        at = statement.place_at(compared.start(compared.lastgroup or 0))
        return tokens[at], compared.lastgroup or ""
    if _MOVED_FROM.search(statement.before(quantity, _REACH)):
        return None
    if moved := _FROM.match(statement.text, quantity.end):
        at = statement.place_at(moved.start(1))
        side = "up" if moved.group(1) in ("up", "higher") else "down"
        first = statement.place_at(max(0, quantity.start - _REACH))
        before = range(first, statement.place_at(quantity.start))
        moves, plain = directions(statement.lang), statement.plain
        sides = {moves(plain[n]) for n in before if not is_particle(plain, n)}
        # "Grew by 2 percent, down from 3": it is the growth that fell.
        return (tokens[at], side) if sides <= {side, "", None} else None
    if again := _OTHERWISE.search(statement.text, 0, quantity.start):
        whole = next((q for q in statement.facts.quantities if q.end == again.start()), None)
        return _direction(statement, whole) if whole else None
    at = statement.place_at(quantity.start)
    if at and statement.plain[at - 1] in _ADDED:
        return tokens[at - 1], "up"
    low, high = _bounds(statement, quantity)
    first = statement.place_at(low)
    own = min(statement.place_at(quantity.start), len(tokens) - 1)
    near, moves = [], directions(statement.lang)
    links = [0, *accumulate(int(word in _LINKS) for word in statement.plain)]
    for place in range(first, len(tokens)):
        token = tokens[place]
        if token.end > high:
            break
        behind = statement.plain[place + 1 : place + 2]
        if behind and behind[0] in _THAN and token.end <= quantity.start:
            continue
        if is_particle(statement.plain, place) or _is_attribute(statement, place, quantity):
            continue
        if _SECOND_PARTS.get(token.lower, token.lower) not in statement.plain[place:]:
            continue
        if links[max(place, own)] != links[min(place, own) + 1]:
            continue  # beyond a conjunction something else moves: "$5 million, and its shares fell"
        if side := moves(token.lower):
            gap = min(abs(token.end - quantity.start), abs(token.start - quantity.end))
            near.append((clauses[place] != clauses[own], gap, token, side))
    best = min(near, default=None)
    if best and best[1] <= 1 and not best[0]:  # "增加值下降2.6%"
        return best[2], best[3]
    sides = {side for beyond, _, _, side in near if best and beyond == best[0]}
    return (best[2], best[3]) if best and len(sides) == 1 else None


def _is_attribute(statement: Statement, place: int, quantity: Quantity) -> bool:
    """Whether a participle says of another noun that it moves: "bets on rising prices ($3m)"."""
    form = pattern_of("participle", statement.lang)
    token, ahead = statement.tokens[place], statement.tokens[place + 1 : place + 2]
    if form is None or not form.fullmatch(token.lower) or token.end > quantity.start:
        return False
    if place == 0 or statement.plain[place - 1] not in _ON or not ahead or ahead[0].kind != "word":
        return False
    return _AMOUNTING.isdisjoint(statement.plain[place + 1 : statement.place_at(quantity.start)])


def is_particle(words: Sequence[str], at: int) -> bool:
    """Whether a word moves nothing: it belongs to the verb before it ("gave up") or is "up to"."""
    if tuple(words[at : at + 2]) == _UP_TO:
        return True
    return at > 0 and words[at] in _PARTICLES and words[at - 1] in word_set("phrasal")


def _leads_to(statement: Statement, first: Quantity, last: Quantity) -> bool:
    """Whether a figure moved from the first of two to the last: "from 23% in May to 10%"."""
    before = statement.place_at(first.start), statement.place_at(last.start)
    from_, to = (statement.plain[at - 1] if at else "" for at in before)
    return from_ in _FROM_WORDS and to in _TO_WORDS and 0 < last.start - first.end <= _REACH


def _bounds(statement: Statement, quantity: Quantity) -> tuple[int, int]:
    """Between which offsets the word that moves a figure stands: none is beyond another figure.

    But it may be beyond the one from which the figure moved.
    """
    others = [q for q in statement.facts.quantities if q.kind in _MOVING and q is not quantity]
    first = next((q.start for q in others if _leads_to(statement, q, quantity)), quantity.start)
    before = [q.end for q in others if q.end <= first]
    behind = [q.start for q in others if q.start >= quantity.end]
    return (max([first - _REACH, *before]), min([quantity.end + _REACH, *behind]))
