"""With repairs: what production makes of an answer is recorded, replayed and judged."""

from __future__ import annotations

import asyncio
import json
import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from rewriter import pipeline
from rewriter.article import Usage
from rewriter.completion import Completion, Request
from rewriter.completion.asking import Asker, Backend
from rewriter.completion.extractive import ExtractiveCompleter
from rewriter.regression import accepting
from rewriter.regression.comparison import Comparison, compare_with_baseline
from rewriter.regression.recorder import Recorder
from rewriter.regression.variants import Variant
from rewriter.state.ledger import FileLedger
from tests.gate.planted import SUITE, Laboratory, laboratory

_MODEL = "clumsy-1"
_CASES = ("short-quake", "tramway")


@dataclass
class Clumsy:
    """Invents a sum in its first answer, and corrects what it is told to: reference answers."""

    name = _MODEL
    errs: bool = True
    learns: bool = True
    asked: list[Request] = field(default_factory=list)

    async def complete(self, request: Request) -> Completion:
        self.asked.append(request)
        case = "short-quake" if "Tarsk" in request.messages[1].content else "tramway"
        answer = json.loads((SUITE.references / f"{case}.json").read_text(encoding="utf-8"))
        if self.errs and (len(request.messages) == 2 or not self.learns):
            answer["overview"] = "It cost 987 million euros."
        said = {name: answer[name] for name in request.json_schema["properties"]}
        usage = Usage(input_tokens=100, output_tokens=50)
        return Completion(text=json.dumps(said), model=_MODEL, usage=usage, latency=2.0)

    async def aclose(self) -> None:
        """Nothing is held open."""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Laboratory:
    """Recorded and accepted with repairs."""
    lab = laboratory(tmp_path_factory.mktemp("repairs"), _CASES, epochs=1)
    record(lab, Clumsy())
    accept(lab)
    return lab


@pytest.fixture
def lab(template: Laboratory, tmp_path: Path) -> Laboratory:
    return template.copy(tmp_path / "lab")


def variant(lab: Laboratory) -> Variant:
    return replace(lab.variant(_MODEL), repairs=True)


def record(lab: Laboratory, model: Clumsy) -> None:
    async def recorded() -> None:
        async for result in Recorder(model).record(lab.experiment().suite, variant(lab), 1):
            assert result.error is None

    asyncio.run(recorded())


def run(lab: Laboratory) -> Comparison:
    return compare_with_baseline(lab.experiment(), variant(lab))


def accept(lab: Laboratory) -> None:
    experiment = lab.experiment()
    accepting.accept(
        experiment, accepting.judge(experiment, variant(lab)), repairs=True, prompts=None
    )


def test_a_replay_ends_where_production_ends(lab: Laboratory) -> None:
    comparison = run(lab)
    assert "made-up" not in str(comparison.after.variant)
    assert "repaired" in str(comparison.after.variant)
    for case in _CASES:
        answered = comparison.after.answers[case, 1]
        backend = Backend(
            Clumsy.name, _MODEL, FileLedger(lab.suite_folder.recordings), Clumsy(), epoch=1
        )
        source = lab.suite.sources[case]
        outcome = asyncio.run(pipeline.rewrite(source, lab.loaded, Asker(backend)))
        assert answered.rewrite == outcome.rewrite
        assert answered.usage == outcome.spent.usage
        assert answered.usage.output_tokens == 100
        assert answered.latency == 4.0
        assert not comparison.scores_after[case, 1].broken


def test_the_baseline_remembers_that_repairs_count(lab: Laboratory) -> None:
    accepted = lab.experiment().accepted
    assert accepted is not None
    assert accepted.repairs
    assert run(lab).before is not None


def test_recording_again_asks_nothing(lab: Laboratory) -> None:
    model = Clumsy()
    record(lab, model)
    assert model.asked == []


def test_a_missing_repair_is_incomplete_and_the_command_records_repairs(lab: Laboratory) -> None:
    for path in lab.files().values():
        if "An automatic check" in path.read_text(encoding="utf-8"):
            path.unlink()
    comparison = run(lab)
    assert comparison.verdict == "INCOMPLETE"
    assert "2 of 2 answers" in comparison.blockers[0].what
    assert "--repairs" in comparison.blockers[0].command
    model = Clumsy()
    record(lab, model)
    assert len(model.asked) == 2, "the first answers were recorded already"
    assert not run(lab).blockers


def test_a_changed_repair_section_is_stale_and_then_judged(lab: Laboratory) -> None:
    lab.edit("version: 1", "version: 2")
    lab.edit("Correct every numbered mistake.", "Mend every numbered mistake.")
    comparison = run(lab)
    assert comparison.verdict == "STALE"
    assert "template section '# repair' changed" in comparison.blockers[0].what
    record(lab, Clumsy(learns=False))
    comparison = run(lab)
    assert comparison.verdict == "WORSE"
    assert {failure.case for failure in comparison.broken} == set(_CASES)


def _accept_first_answers(lab: Laboratory) -> None:
    shutil.rmtree(lab.suite_folder.baselines)
    lab.suite_folder.prompts_lock.unlink()
    experiment = lab.experiment()
    judged = accepting.judge(experiment, lab.variant(_MODEL))
    accepting.accept(experiment, judged, prompts=None)


def _run_first_answers(lab: Laboratory) -> Comparison:
    return compare_with_baseline(lab.experiment(), lab.variant(_MODEL))


def test_a_changed_repair_section_is_judged_by_its_repairs_and_first_answers_stay_accepted(
    lab: Laboratory,
) -> None:
    _accept_first_answers(lab)
    assert _run_first_answers(lab).verdict == "SAME"
    lab.edit("version: 1", "version: 2")
    lab.edit("Correct every numbered mistake.", "Mend every numbered mistake.")
    comparison = _run_first_answers(lab)
    assert comparison.verdict == "STALE"
    assert "--repairs" in comparison.blockers[0].command
    record(lab, Clumsy())
    comparison = _run_first_answers(lab)
    assert comparison.verdict == "SAME"
    accepting.accept(lab.experiment(), comparison, prompts=None)
    assert not lab.experiment().accepted.repairs  # type: ignore[union-attr]
    assert _run_first_answers(lab).verdict == "SAME"


def test_repairs_that_no_answer_needed_clear_nothing(lab: Laboratory) -> None:
    lab.new_version()
    record(lab, Clumsy(errs=False))
    _accept_first_answers(lab)
    lab.edit("version: 2", "version: 3")
    lab.edit("Correct every numbered mistake.", "Mend every numbered mistake.")
    comparison = _run_first_answers(lab)
    assert comparison.verdict == "INCONCLUSIVE"
    assert any("no answer needed a repair" in note for note in comparison.notes)


def test_a_draft_is_never_repaired(tmp_path: Path) -> None:
    lab = laboratory(tmp_path, _CASES, epochs=1)
    drafts = replace(lab.variant("extractive"), repairs=True)
    completer = ExtractiveCompleter(lab.loaded.rules)

    async def recorded() -> None:
        async for result in Recorder(completer).record(lab.experiment().suite, drafts, 1):
            assert result.error is None

    asyncio.run(recorded())
    assert len(lab.files()) == len(_CASES)
    again = replace(lab.variant("extractive"), repairs=True)
    assert not lab.experiment().suite.measure(again, range(1, 2)).gaps
