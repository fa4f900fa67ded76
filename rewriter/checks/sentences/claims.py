"""G605 to G608: how sure, how many, and what the law has found.

Each rule compares a sentence with the sentences of the source that it stands on, and is silent
where one of them may bear it out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial

from rewriter.checks.evidence.figures import Figure
from rewriter.checks.evidence.index import MOST_SHARED, Evidence
from rewriter.checks.evidence.reading import LONGEST_SENTENCE, Flag, Statement, stem
from rewriter.checks.evidence.support import support_of
from rewriter.checks.lexicon import claim_words, is_denied, legal_statuses, pattern, word_set
from rewriter.text.tokens import Token

# Content words behind "will" or "all" that say what it is about, of which some must be behind "may"
# or "some" in the source, and the share of the content that the source sentences must hold.
_ABOUT = 3
_FAR = 6
_RESTATED = 0.4
# Share of a sentence's content in one source sentence where it restates that one alone.
_CLOSE = 0.5
_WINDOW = 16
# Letters of a word in the future at least, less one: "opéra" is none.
_MIN_FUTURE = 6
# Characters before a legal status in which a negation lifts it.
_BEFORE = 30
_IF = pattern("if_convicted")
# A sentence that is only possible, and a plea that is none of guilt.
_FACED = re.compile(r"\b(?:maximum|possible|potential|fac(?:e|es|ed|ing)|not|non)(?: \w+){0,2} $")
_PENALTIES = frozenset({"sentenc", "guilty", "coupable", "culpable"})
_PARTICIPLE = re.compile(r"\w{3,12}(?:ad[oa]s?|at[oaie]|ée?s?)\b")
# Tokens between "all" or "of" and a figure at most, characters between the figures of "four of the
# 12", and the least that is said of "all".
_ARTICLES = 3
_PART_REACH = 12
_LEAST = 3
_EACH = frozenset({"each", "every", "everyone", "entire"})
_OF = word_set("part_of")


def check_claims(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield G605 and G606 for one sentence."""
    support = support_of(statement, evidence)
    if not support.statements or len(statement.tokens) > LONGEST_SENTENCE:
        return
    whole = list(_whole(statement, evidence))
    yield from whole
    places = [evidence.statements[index] for index in support.statements]
    if support.together >= _RESTATED:
        yield from _certainty(statement, places, close=support.share >= _CLOSE)
        yield from () if whole else _scope(statement, places, evidence)


def _certainty(statement: Statement, places: list[Statement], *, close: bool) -> Iterator[Flag]:
    """What "will" happen here and only "may" in the source."""
    lang = statement.lang
    words, futures = claim_words("certain", lang), tuple(claim_words("future", lang))
    if words.isdisjoint(statement.words) and not futures:
        return
    hedged, certain = claim_words("hedged", lang), partial(_is_certain, words, futures)
    clauses = {
        statement.clauses[index]
        for index, word in enumerate(statement.plain)
        if word in hedged and not _is_month(statement, index)
    }
    for index, word in enumerate(statement.plain):
        if not certain(word) or statement.clauses[index] in clauses:
            continue
        if not claim_words("hoped", lang).isdisjoint(statement.plain[:index]):
            continue
        about = _behind(statement, index, _FAR)
        place = _said_with(about, hedged, certain, places[: 1 if close else None], close)
        if place:
            token = statement.tokens[index]
            message = f"{token.text!r} is certain, its source is not"
            yield Flag("G605", token.start, token.end, message, place.text)
            return


def _is_certain(words: frozenset[str], futures: tuple[str, ...], word: str) -> bool:
    """Whether a word is "will", or a verb in the future."""
    return word in words or (bool(futures) and word.endswith(futures) and len(word) > _MIN_FUTURE)


def _is_month(statement: Statement, index: int) -> bool:
    """Whether "May" is the month."""
    return index > 0 and statement.tokens[index].text == "May"


def _scope(statement: Statement, places: list[Statement], evidence: Evidence) -> Iterator[Flag]:
    """What is said of "all" here and of "most", "some" or a few in the source."""
    whole, part = claim_words("all", statement.lang), claim_words("some", statement.lang)
    if part & statement.words or whole.isdisjoint(statement.words):
        return
    for index, word in enumerate(statement.plain):
        near = statement.plain[index + 1 : index + 1 + _ARTICLES]
        if word not in whole or not word_set("periods").isdisjoint(near):
            continue
        about = _behind(statement, index)[:2]
        place = _said_with(about, part, whole.__contains__, places)
        if place and not any(_says_all(said, whole, about) for said in evidence.sharing(statement)):
            token = statement.tokens[index]
            message = f"{token.text!r} is said of more than in the source"
            yield Flag("G606", token.start, token.end, message, place.text)
            return


def _says_all(place: Statement, whole: frozenset[str], about: list[str]) -> bool:
    """Whether a sentence says "all" of one of some words."""
    places = [at for at, word in enumerate(place.plain) if word in whole]
    return any(not set(about).isdisjoint(_behind(place, at)) for at in places)


def _whole(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """ "All 12 boxes" where the source only has some "of the 12 boxes", or "all boxes"."""
    whole = claim_words("all", statement.lang) - _EACH
    yield from _always_some(statement, whole, evidence)
    for quantity in () if whole.isdisjoint(statement.words) else statement.facts.quantities:
        at = statement.place_at(quantity.start)
        before = statement.plain[max(0, at - _ARTICLES) : at]
        if quantity.kind != "count" or quantity.value < _LEAST or not whole & set(before):
            continue
        figures = evidence.figures.equal("count ", quantity.value)
        parts = [_is_part(figure, evidence) for figure in figures]
        noun = stem(quantity.noun)
        said = any(whole & known.words and noun in known.content for known in evidence.statements)
        if parts and all(parts) and noun and not said:
            written = statement.written(quantity)
            message = f"what is said of all {written} is said of some of them in the source"
            place = evidence.statements[figures[0].statement].text
            yield Flag("G606", quantity.start, quantity.end, message, place)
            return


def _always_some(statement: Statement, whole: frozenset[str], evidence: Evidence) -> Iterator[Flag]:
    """ "All witnesses" where the source only ever says "many" or "some witnesses"."""
    part = claim_words("some", statement.lang)
    for index, word in enumerate(statement.plain) if whole & statement.words else ():
        noun = next(iter(statement.stems[index + 1 : index + 2]), "")
        places = evidence.postings.get(noun, ()) if word in whole else ()
        if not 0 < len(places) < MOST_SHARED:
            continue
        said = [evidence.statements[at] for at in places]
        partly = all(
            any(
                own == noun and place.plain[max(0, at - 1)] in part
                for at, own in enumerate(place.stems)
            )
            for place in said
        )
        if partly:
            token = statement.tokens[index]
            message = f"{token.text!r} is said of some of them in the source"
            yield Flag("G606", token.start, token.end, message, said[0].text)
            return


def _is_part(figure: Figure, evidence: Evidence) -> bool:
    """Whether a figure is what others are a part of: "four of the 12 boxes"."""
    place = evidence.statements[figure.statement]
    at = place.place_at(figure.quantity.start)
    before = place.plain[max(0, at - _ARTICLES) : at]
    others = (q for q in place.facts.quantities if q.end <= figure.quantity.start)
    counted = any(figure.quantity.start - q.end <= _PART_REACH for q in others)
    return bool(_OF & set(before)) and counted


def _behind(statement: Statement, index: int, most: int = _ABOUT) -> list[str]:
    """The next content words of the same clause, and numbers."""
    clause = statement.clauses[index]
    found = []
    for at in range(index + 1, min(len(statement.tokens), index + 1 + _WINDOW)):
        if statement.clauses[at] != clause:
            break
        found.append(_meaning(statement, at))
    return [stem for stem in found if stem][:most]


def _meaning(statement: Statement, at: int) -> str:
    token: Token = statement.tokens[at]
    return token.text if token.kind == "number" else statement.stems[at]


def _said_with(
    about: list[str],
    wanted: frozenset[str],
    contrary: Callable[[str], bool],
    places: list[Statement],
    close: bool = False,
) -> Statement | None:
    """The sentence with one of `wanted` before these words, where none has the contrary there."""
    found = None
    for place in places:
        for index, word in enumerate(place.plain):
            if not (word in wanted or contrary(word)) or _is_month(place, index):
                continue
            if not _agree(about, _behind(place, index, _FAR), close):
                continue
            if word not in wanted:
                return None
            found = found or place
    return found


def _agree(here: list[str], there: list[str], close: bool) -> bool:
    """Whether two sentences go on with the same words; one is enough in a close restatement."""
    near = set(here[:_ABOUT]) & set(there[:_ABOUT])
    far = set(here) & set(there)
    least = 1 if close else min(2, len(here[:_ABOUT]))
    return bool(here) and (len(near) >= least or len(far) >= 2)


def check_legal(statement: Statement, evidence: Evidence, within: str = "") -> Iterator[Flag]:
    """Yield G608 for a legal status that no sentence of the source bears out.

    `within` is the text that the sentence is from.
    """
    for name, found, borne in legal_statuses().that_may_be_in(within or statement.text):
        match = found.search(statement.text, within)
        if (
            match is None
            or is_denied(statement.text, match.start(), statement.lang)
            or _is_conditional(match)
        ):
            continue
        if not evidence.once((_bears, name), partial(_bears, borne, evidence)):
            message = f"{match.group().strip()!r} is a legal status that the source does not have"
            yield Flag("G608", match.start(), match.end(), message)
            return


def _bears(borne: re.Pattern[str], evidence: Evidence) -> bool:
    found = (match for text in evidence.titled for match in borne.finditer(text))
    return not all(map(_is_conditional, found))


def _is_conditional(found: re.Match[str]) -> bool:
    """Whether a legal status is only what may follow: "if convicted", "se condenados"."""
    text, start = found.string, found.start()
    if _FACED.search(text, max(0, start - _BEFORE), start) and found[0].lower() in _PENALTIES:
        return True
    condition = _IF.search(text, max(0, start - _BEFORE), start)
    if condition is None:
        return False
    doubtful = condition.group().lower().startswith(("si ", "se "))
    return not doubtful or _PARTICIPLE.match(text, start) is not None
