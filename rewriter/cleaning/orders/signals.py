"""How much a sentence looks like an order to a model: features that are added up."""

from __future__ import annotations

import re
from functools import cache
from itertools import chain
from typing import NamedTuple

from rewriter.cleaning.orders.tables import Table, common, tables

ORDER = 4
"""From here on a sentence is an order; the weights below were chosen with it.

Of 129 public articles and 30 honest stories about orders none has so much.
"""

# One feature decides alone: to set aside the orders that were given before. Somebody who is spoken
# to and is a machine, or one who is given another role, needs one thing more.
_LIFT, _LIFT_SOMETHING, _ADDRESSED, _ROLE = 5, 3, 3, 3
# Characters between "you must" and its verb.
_TOUCHING = 8
_VERB, _OBJECT, _DUTY, _TASK, _OWN, _MUST = 2, 2, 2, 2, 2, 2
_LABEL, _WEAK_LABEL = 4, 2
_HERE, _AMENDS, _MACHINE, _PRODUCT, _CONTACT, _THAT = 1, 1, 1, 1, 1, 1
_CONTACTS = re.compile(r"https?://|www\.|\w@\w|\b0x[0-9a-f]{8}|(?:\d[ ./-]?){7}")
_NO_LETTER = re.compile(r"[\W_]")


class Strength(NamedTuple):
    """What speaks for an order: the sum of the features, and the languages that have so many."""

    score: int
    langs: frozenset[str] = frozenset()


def strength(text: str, *, hidden: bool = False) -> Strength:
    """What speaks for an order in a folded sentence, in the language that has most of it.

    A sentence without a word of a model's task has nothing, but not where it was `hidden`.
    """
    sums = {
        lang: _sum(table, text)
        for lang, table in tables().items()
        if table.script.search(text) and (hidden or table.prefilter.search(text))
    }
    score = max(sums.values(), default=0)
    return Strength(score, frozenset(lang for lang, own in sums.items() if own == score and own))


def may_tell(text: str) -> bool:
    """Whether a text has a part of a word of a model's task, in any of the languages.

    A quick look at nonsense that may be a sentence in a code.
    """
    return any(part in text for part in _code_parts())


def tells(text: str) -> bool:
    """Whether a folded sentence orders to say that something is so."""
    return any(_says_that(text, table) for table in tables().values())


def speaks_of_models(text: str) -> bool:
    """Whether a folded sentence mentions models, the editing of texts, or fraud."""
    return _topics().search(text) is not None


def _sum(table: Table, text: str) -> int:
    score, text = _labelled(table, text)
    told = table.told.search(text)
    reported = told.start() if told else len(text)
    lift, verb, duty = (p.search(text) for p in (table.lift, table.verb, table.duty))
    if lift and lift.start() <= reported:
        score += _LIFT if any(part in lift[0] for part in _firm()) else _LIFT_SOMETHING
    if verb and verb.start() <= reported:
        # "You must say" is one order.
        score += _VERB * (not duty or abs(duty.end() - verb.start()) > _TOUCHING)
        score += _OBJECT * bool(table.thing.search(text))
        score += _CONTACT * bool(_CONTACTS.search(text))
    score += _THAT * _says_that(text, table)
    if table.addressed.search(text):
        score += _ADDRESSED
    elif table.machine.search(text):
        score += _MACHINE
    task = table.task.search(text)
    own = table.own.search(text)
    # "Output" and "your rewrite" are one thing of the two.
    if task and not any(
        one and one.start() <= task.start() and task.end() <= one.end() for one in (verb, own)
    ):
        score += _TASK
    # What everybody is told to do is no order to write.
    if duty and verb and not table.product.search(text) and not _CONTACTS.search(text):
        score -= _DUTY
    features = (
        (_ROLE, table.role),
        (_MUST, table.must),
        (_HERE, table.here),
        (_AMENDS, table.amends),
    )
    score += _DUTY * bool(duty) + _OWN * bool(own)
    return score + sum(weight for weight, p in features if p.search(text))


def _says_that(text: str, table: Table) -> bool:
    """Whether an order says what is to be said: "write that ...", "has to say that ..."."""
    orders = (table.verb, table.must, table.addressed)
    found = chain.from_iterable(pattern.finditer(text) for pattern in orders)
    return any(_that().match(text, order.end()) for order in found)


def _labelled(table: Table, text: str) -> tuple[int, str]:
    """What a label before a colon speaks for, and the text without a label that says little."""
    found = table.label.search(text)
    if not found:
        return 0, text
    if _NO_LETTER.sub("", found[0]) in _weak_labels():
        return _WEAK_LABEL, text[: found.start()] + text[found.end() :]
    return _LABEL + _PRODUCT * bool(table.product.search(text)), text


@cache
def _that() -> re.Pattern[str]:
    return re.compile(rf"\W{{0,3}}(?:{'|'.join(common()['that'].split())})(?!\w)")


@cache
def _weak_labels() -> frozenset[str]:
    return frozenset(common()["weak_labels"].split())


@cache
def _firm() -> tuple[str, ...]:
    return tuple(common()["firm"].split())


@cache
def _code_parts() -> tuple[str, ...]:
    return tuple(common()["code_parts"].split())


@cache
def _topics() -> re.Pattern[str]:
    spaced, dense = "|".join(common()["topics"]), "|".join(common()["topics_dense"])
    return re.compile(rf"(?<!\w)(?:{spaced})(?!\w)|{dense}")
