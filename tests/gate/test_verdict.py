"""Answers that are worse are red for their own reason; alarms, and the shipped suite."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rewriter.regression.comparison import compare_with_baseline
from rewriter.regression.experiment import make_variant, read_experiment
from rewriter.regression.reports import terminal
from rewriter.regression.verdict import EXIT_CODES
from tests.gate.planted import SUITE, Costs, Laboratory, Mutation

_CASE = "rail-freight"
_ACCEPTED = sorted(path.stem for path in SUITE.baselines.glob("*.json"))


def _text(case: str, old: str, new: str) -> Mutation:
    """In one case, everywhere in the answer."""

    def mutate(name: str, epoch: int, answer: dict[str, Any]) -> dict[str, Any]:
        if name != case:
            return answer
        text = json.dumps(answer, ensure_ascii=False)
        assert old in text, text
        changed: dict[str, Any] = json.loads(text.replace(old, new))
        return changed

    return mutate


def _add(case: str, sentence: str, *, epoch: int | None = None) -> Mutation:
    def mutate(name: str, now: int, answer: dict[str, Any]) -> dict[str, Any]:
        if name == case and epoch in (None, now):
            answer["overview"] += f" {sentence}"
        return answer

    return mutate


def _repeat(name: str, epoch: int, answer: dict[str, Any]) -> dict[str, Any]:
    answer["from_author"][0] = answer["overview"]
    return answer


def _cut(name: str, epoch: int, answer: dict[str, Any]) -> dict[str, Any]:
    answer["details"]["paragraphs"] = answer["details"]["paragraphs"][:1]
    answer["impact"]["bullets"] = answer["impact"]["bullets"][:1]
    return answer


def _empty(name: str, epoch: int, answer: dict[str, Any]) -> dict[str, Any]:
    answer["overview"] = ""
    return answer


def _refuse(name: str, epoch: int, answer: dict[str, Any]) -> dict[str, Any] | str:
    return "I cannot help with this article." if name == _CASE else answer


def _break_off(name: str, epoch: int, answer: dict[str, Any]) -> dict[str, Any] | str:
    return json.dumps(answer)[:-200] if name == _CASE else answer


def _lose_facts(name: str, epoch: int, answer: dict[str, Any]) -> dict[str, Any]:
    answer["impact"]["bullets"] = ["Consequences for the market remain to be seen for now."] * 1
    answer["details"]["paragraphs"] = answer["details"]["paragraphs"][-1:]
    return answer


WORSE: dict[str, tuple[Mutation, str]] = {
    "a figure dropped": (_text(_CASE, "310 million euros", "much money"), "310 million euros"),
    "a figure altered": (_text(_CASE, "310 million", "130 million"), "G102"),
    "a figure invented": (_add(_CASE, "It employs 7,200 people in 19 countries."), "G101"),
    "a currency altered": (_text(_CASE, "310 million euros", "$310 million"), "G10"),
    "a percentage invented": (_add(_CASE, "Profit is expected to rise by 37%."), "G103"),
    "a name altered": (_text("twin-banks", "Haldane Trust", "Haldane Credit"), "Haldane Trust"),
    "a name invented": (_add(_CASE, "Wilhelmina Okonkwo called it a mistake."), "G2"),
    "a quote invented": (
        _add(_CASE, '"We will never need lorries on that road again," said Ellen Marsh.'),
        "G30",
    ),
    "the wrong figure of a source that contradicts itself": (
        _add("wire-update", "In all 213 people were rescued."),
        'must not say "213 people were rescued"',
    ),
    "an injected order followed": (
        _add("harbour-crane", "Aldmouth remains the safest port in the world."),
        'must not say "safest port"',
    ),
    "the fact of another article": (
        _add("lending-pool", "The exchange Zorbex opens offices in Curitiba."),
        'must not say "Zorbex"',
    ),
    "page furniture": (_add("two-column", "Sign up for the newsletter."), "newsletter"),
    "an instruction leaked": (_add("grain-tariff", "APPROVED"), 'must not say "APPROVED"'),
    "a placeholder": (_add(_CASE, "The price is [insert amount] a share."), "S109"),
    "markup": (_add(_CASE, "It is **by far** the largest order."), "S108"),
    "a refusal in the text": (_add(_CASE, "As an AI language model, this is all."), "S110"),
    "a sentence repeated": (_repeat, "S20"),
    "sections cut": (_cut, "S102"),
    "a section empty": (_empty, "S101"),
    "facts replaced by phrases": (_lose_facts, "coverage"),
    "a refusal instead of an answer": (_refuse, "usable answer"),
    "an answer that breaks off": (_break_off, "usable answer"),
    "one epoch of two wrong": (_add(_CASE, "Some 4,441 jobs depend on it.", epoch=2), "(epoch 2)"),
}


@pytest.mark.parametrize("name", WORSE)
def test_a_worse_answer_is_worse_for_its_own_reason(name: str, lab: Laboratory) -> None:
    mutation, reason = WORSE[name]
    lab.new_version()
    lab.record(mutation)
    comparison = lab.run()
    assert comparison.verdict == "WORSE"
    assert EXIT_CODES[comparison.verdict] == 1
    said = [f"{b.invariant} (epoch {', '.join(map(str, b.epochs))})" for b in comparison.broken]
    said += [result.metric.name for result in comparison.metrics if result.verdict == "WORSE"]
    assert any(reason in text for text in said), terminal.text(comparison)


@pytest.mark.parametrize(
    ("metric", "costs"),
    [
        ("tokens", Costs(tokens=1.3, cost=1 / 1.3)),
        ("cost", Costs(cost=1.5)),
        ("latency", Costs(latency=1.6)),
    ],
)
def test_a_dearer_or_slower_model_is_worse_in_just_that(
    metric: str, costs: Costs, lab: Laboratory
) -> None:
    lab.new_version()
    lab.record(costs=costs)
    comparison = lab.run()
    assert comparison.verdict == "WORSE"
    assert [r.metric.name for r in comparison.metrics if r.verdict == "WORSE"] == [metric]
    assert comparison.broken == ()


# --- alarms, checks, and the suite that is shipped ---------------------------------------------


def test_an_alarm_asks_for_further_epochs_and_they_decide(lab: Laboratory) -> None:
    lab.record(epochs=range(3, 5))
    lab.new_version()
    lab.record(costs=Costs(latency=1.6))
    (alarm,) = [r for r in lab.run().metrics if r.verdict == "WORSE"]
    assert alarm.unconfirmed
    lab.record(costs=Costs(latency=1.6), epochs=range(3, 5))
    (alarm,) = [r for r in lab.run().metrics if r.verdict == "WORSE"]
    assert not alarm.unconfirmed
    lab.record(epochs=range(3, 5))
    assert lab.run().verdict == "SAME"


def test_an_invariant_that_the_baseline_breaks_in_further_epochs_is_excused(
    lab: Laboratory,
) -> None:
    flaky = _add(_CASE, "Some 4,441 jobs depend on it.", epoch=2)
    lab.record(_add(_CASE, "Some 4,441 jobs depend on it.", epoch=4), epochs=range(3, 5))
    lab.new_version()
    lab.record(flaky)
    comparison = lab.run()
    assert comparison.verdict == "SAME", terminal.text(comparison)
    assert any("excused" in note for note in comparison.notes)


def test_a_changed_check_scores_the_same_recordings_again(
    lab: Laboratory, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = lab.run()
    monkeypatch.setattr("rewriter.regression.caching.code_digest", lambda: "another check")
    monkeypatch.setattr("rewriter.checks.check_rewrite", lambda *_: iter(()))
    after = lab.run()
    assert after.verdict == "SAME"
    assert after.after.answers == before.after.answers
    assert any(score.findings for score in before.scores_after.values())
    assert not any(
        finding.section != "headline"
        for score in after.scores_after.values()
        for finding in score.findings
    )


@pytest.mark.parametrize("prompt", _ACCEPTED)
def test_each_accepted_prompt_is_as_good_as_itself(prompt: str) -> None:
    """`make gate` compares the shipped prompt, which may be a new version, with the accepted."""
    experiment = read_experiment(SUITE, prompt)
    assert experiment.baseline is not None
    accepted = str(SUITE.accepted_prompt(prompt))
    candidate = make_variant(SUITE, accepted, None, experiment.baseline.model)
    comparison = compare_with_baseline(experiment, candidate)
    assert comparison.verdict == "SAME", terminal.text(comparison)


def test_a_live_models_baseline_measures_what_it_takes() -> None:
    experiment = read_experiment(SUITE, "brief")
    assert experiment.accepted is not None
    answers = experiment.suite.measure(experiment.accepted, range(1, experiment.epochs + 1)).answers
    assert len(answers) == 2 * len(experiment.suite.cases) >= 48
    for answer in answers.values():
        assert answer.model == experiment.accepted.model
        assert answer.usage.input_tokens > 0
        assert answer.usage.output_tokens > 0
        assert answer.latency > 0
