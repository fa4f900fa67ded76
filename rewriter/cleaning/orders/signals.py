"""How much a sentence looks like an order to a model: features that are added up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from rewriter.cleaning.orders import weights
from rewriter.cleaning.orders.hints import FEATURES, Classes, features_of
from rewriter.cleaning.orders.tables import Table, common, table

# Characters between "you must" and its verb.
_TOUCHING = 8
_CONTACTS = re.compile(r"https?://|www\.|\w@\w|\b0x[0-9a-f]{8}|(?:\d[ ./-]?){7}")
# The features that a pattern has parts of, where that is not the one of its name.
_NEEDS: Mapping[str, tuple[str, ...]] = {
    **{name: (name,) for name in FEATURES if name != "product"},
    "lift": ("lift", "orders"),
    "verb": ("verbs",),
    "thing": ("verbs", "here"),
    "addressed": ("machine",),
}
_OTHERS = (
    (weights.SURE, "sure"),
    (weights.ROLE, "role"),
    (weights.MUST, "must"),
    (weights.HERE, "here"),
    (weights.AMENDS, "amends"),
)
_NO_LETTER = re.compile(r"[\W_]")


class Strength(NamedTuple):
    """What speaks for an order: the sum of the features, and the languages that have this many."""

    score: int
    langs: frozenset[str] = frozenset()


def strength(text: str, least: int = 1, *, hidden: bool = False) -> Strength:
    """What speaks for an order in a folded sentence, in the language that has most of it.

    A sentence without a word of a model's task has nothing, but not where it was `hidden`; what
    has less than `least` may be said to have nothing.
    """
    sums = {
        lang: _sum(_Looked(table(lang), has, text))
        for lang, has in features_of(text, least)
        if hidden or table(lang).prefilter.search(text)
    }
    score = max(sums.values(), default=0)
    return Strength(score, frozenset(lang for lang, own in sums.items() if own == score and own))


def may_tell(text: str) -> bool:
    """Whether a text has a part of a word of a model's task, in any of the languages.

    A quick look at nonsense that may be a sentence in a code.
    """
    return _code_parts().search(text) is not None


def tells(text: str) -> bool:
    """Whether a folded sentence orders to say that something is so."""
    looked = (_Looked(table(lang), has, text) for lang, has in features_of(text, 1))
    return any(map(_says_that, looked))


def speaks_of_models(text: str) -> bool:
    """Whether a folded sentence mentions models, the editing of texts, or fraud."""
    return _topics().search(text) is not None


def speaks_of_writing(text: str) -> bool:
    """Whether a folded sentence mentions those, the press, authors or spelling."""
    return speaks_of_models(text) or _writing().search(text) is not None


class _Looked(NamedTuple):
    """A folded sentence that is looked at with a language's table, and the features it may have."""

    table: Table
    has: Classes
    text: str

    def find(self, name: str) -> re.Match[str] | None:
        """What the pattern `name` finds: not searched where no word of the sentence begins it."""
        if not self.has.issuperset(_NEEDS.get(name, ())):
            return None
        pattern: re.Pattern[str] = getattr(self.table, name)
        return pattern.search(self.text)


def _sum(looked: _Looked) -> int:
    label, looked = _labelled(looked)
    found = {name: looked.find(name) for name in ("lift", "verb", "duty", "task", "own")}
    verb, duty, task, own = (found[name] for name in ("verb", "duty", "task", "own"))
    score = label + _ordered(looked, found["lift"], verb, duty)
    score += weights.THAT * _says_that(looked)
    if looked.find("addressed"):
        score += weights.ADDRESSED
    elif looked.find("machine"):
        score += weights.MACHINE
    # "Output" and "your rewrite" are one thing of the two.
    if task and not any(
        one and one.start() <= task.start() and task.end() <= one.end() for one in (verb, own)
    ):
        score += weights.TASK
    score += weights.DUTY * bool(duty) + weights.OWN * bool(own)
    # What everybody is told to do is no order to write.
    if duty and verb and not looked.find("product") and not _CONTACTS.search(looked.text):
        score -= weights.DUTY
    return score + sum(weight for weight, name in _OTHERS if looked.find(name))


def _ordered(
    looked: _Looked,
    lift: re.Match[str] | None,
    verb: re.Match[str] | None,
    duty: re.Match[str] | None,
) -> int:
    """What a verb in the form of an order speaks for, where the order is not reported."""
    if not lift and not verb:
        return 0
    score, told = 0, looked.find("told")
    reported = told.start() if told else len(looked.text)
    if lift and lift.start() <= reported:
        firm = any(part in lift[0] for part in _firm())
        score += weights.LIFT if firm else weights.LIFT_SOMETHING
    if verb and verb.start() <= reported:
        # "You must say" is one order.
        score += weights.VERB * (not duty or abs(duty.end() - verb.start()) > _TOUCHING)
        score += weights.OBJECT * bool(looked.find("thing"))
        score += weights.CONTACT * bool(_CONTACTS.search(looked.text))
    return score


def _says_that(looked: _Looked) -> bool:
    """Whether an order says what is to be said: "write that ...", "has to say that ..."."""
    table, text = looked.table, looked.text
    orders = (("verb", table.verb), ("must", table.must), ("addressed", table.addressed))
    return _that().search(text) is not None and any(
        _that().match(text, order.end())
        for name, pattern in orders
        if looked.find(name)
        for order in pattern.finditer(text)
    )


def _labelled(looked: _Looked) -> tuple[int, _Looked]:
    """What a label before a colon speaks for, and the text without a label that says little."""
    found, text = looked.find("label"), looked.text
    if not found:
        return 0, looked
    if _NO_LETTER.sub("", found[0]) in _weak_labels():
        rest = (text[: found.start()] + text[found.end() :]).lstrip()
        return weights.WEAK_LABEL, looked._replace(text=rest)
    return weights.LABEL + weights.PRODUCT * bool(looked.find("product")), looked


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
def _code_parts() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, common()["code_parts"].split())))


@cache
def _topics() -> re.Pattern[str]:
    spaced, dense = "|".join(common()["topics"]), "|".join(common()["topics_dense"])
    return re.compile(rf"(?<!\w)(?:{spaced})(?!\w)|{dense}")


@cache
def _writing() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(common()['writing'])})(?!\w)")
