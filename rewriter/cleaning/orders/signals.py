"""How much a sentence looks like an order to a model: features that are added up."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from rewriter.cleaning.orders import weights
from rewriter.cleaning.orders.hints import features_of, most_of
from rewriter.cleaning.orders.patterns import ReadSentence
from rewriter.cleaning.orders.tables import PLAIN, common, table

# Characters between "you must" and its verb.
_TOUCHING = 8
_OTHERS = (
    (weights.SURE, "sure"),
    (weights.ROLE, "role"),
    (weights.HERE, "here"),
    (weights.AMENDS, "amends"),
    (weights.MUST, "must"),
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
        lang: score
        for lang, has in features_of(text, least)
        if (sentence := _confirmed(ReadSentence(table(lang), has, text), least))
        and (score := _sum(sentence)) >= max(least, 1)
        and (hidden or table(lang)["prefilter"].search(text))
    }
    score = max(sums.values(), default=0)
    return Strength(score, frozenset(lang for lang, own in sums.items() if own == score and own))


def _confirmed(sentence: ReadSentence, least: int) -> ReadSentence | None:
    """The sentence with what its words really begin; None where that is less than `least`.

    The patterns that weigh most are searched first: few sentences need more than two of them.
    """
    for name in PLAIN:
        if name in sentence.has and not sentence.find(name):
            sentence = sentence._replace(has=sentence.has - {name})
            if most_of(sentence.has) < least:
                return None
    return sentence


def speaks_of_writing(text: str) -> bool:
    """Whether a folded sentence mentions models, fraud, the press, authors or spelling."""
    return _one_of("topics").search(text) is not None


def _sum(sentence: ReadSentence) -> int:
    label, sentence = _labelled(sentence)
    verb, duty, task, own = map(sentence.find, ("verb", "duty", "task", "own"))
    score = label + _ordered(sentence, sentence.find("lift"), verb, duty)
    if sentence.find("addressed"):
        score += weights.ADDRESSED
    elif sentence.find("machine"):
        score += weights.MACHINE
    # "Output" and "your rewrite" are one thing of the two.
    if task and not any(
        one and one.start() <= task.start() and task.end() <= one.end() for one in (verb, own)
    ):
        score += weights.TASK
    score += weights.DUTY * bool(duty) + weights.OWN * bool(own)
    # What everybody is told to do is no order to write.
    if duty and verb and not sentence.find("product"):
        score -= weights.DUTY
    return score + sum(weight for weight, name in _OTHERS if sentence.find(name))


def _ordered(
    sentence: ReadSentence,
    lift: re.Match[str] | None,
    verb: re.Match[str] | None,
    duty: re.Match[str] | None,
) -> int:
    """What a verb in the form of an order speaks for."""
    score = 0
    if lift:
        firm = any(part in lift[0] for part in _firm())
        score += weights.LIFT if firm else weights.LIFT_SOMETHING
    if verb:
        # "You must say" is one order.
        score += weights.VERB * (not duty or abs(duty.end() - verb.start()) > _TOUCHING)
        score += weights.OBJECT * bool(sentence.find("thing"))
    return score


def _labelled(sentence: ReadSentence) -> tuple[int, ReadSentence]:
    """What a label before a colon speaks for, and the text without a label that says little."""
    found, text = sentence.find("label"), sentence.text
    if not found:
        return 0, sentence
    if _NO_LETTER.sub("", found[0]) in _weak_labels():
        rest = (text[: found.start()] + text[found.end() :]).lstrip()
        return weights.WEAK_LABEL, sentence._replace(text=rest)
    return weights.LABEL, sentence


@cache
def _weak_labels() -> frozenset[str]:
    return frozenset(common()["weak_labels"].split())


@cache
def _firm() -> tuple[str, ...]:
    return tuple(common()["firm"].split())


def corrects(text: str, *, wrong: bool = False) -> bool:
    """Whether a folded text says that it corrects what was published, and what was `wrong`."""
    says = not wrong or _one_of("wrong").search(text) is not None
    return says and _one_of("corrects").search(text) is not None


@cache
def _one_of(name: str) -> re.Pattern[str]:
    """What finds one of the words of a list of all languages."""
    spaced, dense = "|".join(common()[name]), "|".join(common()[f"{name}_dense"])
    return re.compile(rf"(?<!\w)(?:{spaced})(?!\w)|{dense}")
