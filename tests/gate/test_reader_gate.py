"""The second reader's experiment: labelled pairs, their counts, and a gate that refuses a loss."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest

from rewriter.errors import ConfigurationError
from rewriter.prompting import reader_prompt
from rewriter.prompting.reader_prompt import ReaderPrompt
from rewriter.regression import accepting, labelled_pairs, prompts_lock
from rewriter.regression.base import compare_with_base
from rewriter.regression.comparison import Comparison, compare_with_baseline
from rewriter.regression.experiment import make_variant, read_experiment
from rewriter.regression.inference import wilson
from rewriter.regression.labelled_pairs import LabelledPair
from rewriter.regression.reader_suite import PairScore, by_kind, by_language, overall
from rewriter.regression.recordings import REFERENCE, Recordings
from rewriter.regression.suite_folder import SuiteFolder
from rewriter.regression.variants import Variant
from rewriter.request import Completion
from rewriter.rules import FaultKind
from rewriter.state.ledger import Entry, FileLedger, Key
from tests.gate.test_commands import git
from tests.provider import Provider
from tests.test_cli import run

SUITE = SuiteFolder(Path(__file__).parent.parent / "regression", of_reader=True)
PROMPT_FILE = SUITE.accepted_prompt("second-reader")  # a new version changes nothing here
PROMPT = reader_prompt.load(name=str(PROMPT_FILE))
PAIRS = labelled_pairs.load(SUITE.cases)
FALSE = {"kind": "other", "s": [], "verdict": "contradicted", "why": "?", "sure": 90, "fix": ""}


@pytest.fixture
def unread(tmp_path: Path) -> SuiteFolder:
    """The shipped suite, whose baseline has the labels."""
    shutil.copytree(SUITE.path, tmp_path / "suite", ignore=shutil.ignore_patterns(".cache"))
    return SuiteFolder(tmp_path / "suite", of_reader=True)


@pytest.fixture
def folder(unread: SuiteFolder) -> SuiteFolder:
    """The suite with a model's first baseline, and with the recordings that a test adds."""
    accept(unread, record(unread, "good", {}), first=True)
    return unread


def record(folder: SuiteFolder, model: str, answers: dict[str, str]) -> Variant:
    """A reader whose answers to the pairs are these, and the labels where none is given."""

    async def put() -> None:
        ledger = FileLedger(folder.recordings)
        for pair in PAIRS:
            request = PROMPT.request(pair.source, pair.sentences, model)
            text = answers.get(pair.name, pair.answer)
            entry = Entry(request=request, completion=Completion(text=text, model=model))
            await ledger.put(Key(request.digest(), epoch=1), entry)

    asyncio.run(put())
    return reader(folder, model)


def reader(
    folder: SuiteFolder, model: str, prompt: ReaderPrompt = PROMPT, named: str = str(PROMPT_FILE)
) -> Variant:
    return Variant(prompt, named, model, folder, Recordings(folder.recordings))


def compare(folder: SuiteFolder, candidate: Variant) -> Comparison:
    return compare_with_baseline(read_experiment(folder, PROMPT.name), candidate)


def accept(
    folder: SuiteFolder, candidate: Variant, *, first: bool = False, even_worse: str = ""
) -> None:
    experiment = read_experiment(folder, PROMPT.name)
    comparison = accepting.judge(experiment, candidate)
    accepting.accept(experiment, comparison, first=first, even_worse=even_worse, prompts=None)


def scores(comparison: Comparison) -> list[PairScore]:
    return [one for one in comparison.scores_after.values() if isinstance(one, PairScore)]


def verdicts(comparison: Comparison) -> list[str]:
    return [result.verdict for result in comparison.metrics]


def without(pair: LabelledPair, number: int) -> str:
    """The labels but for so many."""
    return labelled_pairs.answer_of(pair.faults[number:])


def test_the_suite_has_all_kinds_and_four_languages() -> None:
    kinds = Counter(fault.kind for pair in PAIRS for fault in pair.faults)
    assert set(kinds) == set(get_args(FaultKind))
    assert kinds.total() >= 60
    assert min(kinds.values()) >= 3
    assert sum(not pair.faults for pair in PAIRS) >= 40
    assert {pair.source.lang for pair in PAIRS} == {"en", "de", "es", "fr"}


def test_the_labels_are_anchored_and_found() -> None:
    comparison = compare(SUITE, reader(SUITE, REFERENCE))
    assert (comparison.verdict, comparison.blockers) == ("SAME", ())
    total = overall(scores(comparison))
    assert total.found == total.faults == total.right == total.reports
    assert "author: reference" in str(comparison.after.variant)
    assert sum(one.faults for one in by_kind(scores(comparison))) == total.faults
    assert sum(one.faults for one in by_language(scores(comparison))) == total.faults


def test_the_lock_has_the_readers_prompt() -> None:
    lock = prompts_lock.load(SUITE.prompts_lock)
    assert lock[PROMPT.name][str(PROMPT.version)] == PROMPT.digest()


def test_labels_judge_no_model_and_no_changed_prompt(unread: SuiteFolder) -> None:
    edited = PROMPT.model_copy(update={"templates": PROMPT.templates | {"user": "Read."}})
    good = record(unread, "good", {})
    for one in (good, reader(unread, "good", edited), reader(unread, REFERENCE, edited)):
        comparison = compare(unread, one)
        assert comparison.verdict == "STALE"
        blocker = str(comparison.blockers[-1])
        assert "did not read the prompt" in blocker
        assert f"regress reader record --suite {unread.path}" in blocker
        assert "--first" in blocker
    with pytest.raises(ConfigurationError, match="--first, or --even-worse"):
        accept(unread, good)
    accept(unread, good, first=True)
    assert compare(unread, good).verdict == "SAME"
    with pytest.raises(ConfigurationError, match="--first is for a first baseline"):
        accept(unread, good, first=True)


def test_without_a_baseline_there_is_no_verdict(unread: SuiteFolder) -> None:
    unread.baseline(PROMPT.name).unlink()
    comparison = compare(unread, record(unread, "good", {}))
    assert comparison.verdict == "INCOMPLETE"
    assert "nothing was accepted yet" in str(comparison.blockers[0])


def test_a_reader_that_finds_less_is_refused(folder: SuiteFolder) -> None:
    worse = record(folder, "worse", {pair.name: without(pair, 1) for pair in PAIRS})
    comparison = compare(folder, worse)
    assert comparison.verdict == "WORSE"
    assert verdicts(comparison) == ["WORSE", "SAME"]
    with pytest.raises(ConfigurationError, match="worse is WORSE"):
        accept(folder, worse)
    for words in (("init", "-q"), ("add", "reader"), ("commit", "-q", "-m", "Base")):
        git(folder.path, *words)
    accept(folder, worse, even_worse="it is free")
    assert compare(folder, worse).verdict == "SAME"
    found = compare_with_base(read_experiment(folder, PROMPT.name), worse, None, "HEAD")
    assert (found.verdict, found.before and found.before.variant.model) == ("WORSE", "good")
    assert found.folder.accepted_prompt(PROMPT.name) != folder.accepted_prompt(PROMPT.name)


def test_a_reader_that_cries_wolf_is_refused(folder: SuiteFolder) -> None:
    alarms = {
        pair.name: json.dumps({"faults": [FALSE | {"r": 1, "words": pair.sentences[0].text}]})
        for pair in PAIRS
        if not pair.faults
    }
    comparison = compare(folder, record(folder, "nervous", alarms))
    assert verdicts(comparison) == ["SAME", "WORSE"]
    assert overall(scores(comparison)).reports > overall(scores(comparison)).right


def test_a_small_loss_is_not_shown_to_be_none(folder: SuiteFolder) -> None:
    few = {pair.name: without(pair, 2) for pair in PAIRS[:12]}
    comparison = compare(folder, record(folder, "close", few))
    assert comparison.verdict == "INCONCLUSIVE"


def test_useless_answers_find_nothing(folder: SuiteFolder) -> None:
    mute = record(folder, "mute", {pair.name: "no" for pair in PAIRS})
    ledger = FileLedger(folder.recordings)

    async def repeat() -> None:
        for pair in PAIRS:
            request = PROMPT.request(pair.source, pair.sentences, "mute")
            entry = Entry(request=request, completion=Completion(text="no", model="mute"))
            for attempt in (2, 3):
                await ledger.put(Key(request.digest(), epoch=1, attempt=attempt), entry)

    asyncio.run(repeat())
    comparison = compare(folder, mute)
    assert (comparison.verdict, overall(scores(comparison)).found) == ("WORSE", 0)


def test_what_is_not_recorded_or_was_changed_is_stale(folder: SuiteFolder) -> None:
    missing = compare(folder, reader(folder, "new", named="mine.md"))
    assert missing.verdict == "STALE"
    assert "--prompt mine.md --model new" in missing.blockers[0].command

    templates = PROMPT.templates | {"system": PROMPT.templates["system"] + "\nBe strict."}
    edited = PROMPT.model_copy(update={"templates": templates})
    locked = compare(folder, reader(folder, REFERENCE, edited))
    assert f"version {PROMPT.version} is locked with other content" in locked.blockers[0].what

    first, *_ = sorted(folder.cases.glob("*.toml"))
    first.unlink()
    fewer = compare(folder, reader(folder, "good"))
    assert "accepted cases are gone" in fewer.blockers[0].what


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("lang = [", "not valid TOML"),
        ('old = "nowhere"\nnew = "x"', "'nowhere' does not occur in it exactly once"),
        ('old = "six"\nnew = "ten"\nwords = "dozen"', "'dozen' is not in exactly one sentence"),
        ('old = "six"\nnew = "ten"\nsays = "seven"', "no sentence of the source has 'seven'"),
    ],
)
def test_a_wrong_label_is_named(tmp_path: Path, text: str, complaint: str) -> None:
    head = 'lang = "en"\ntitle = "T"\npublished = 2026-01-02\nsource = "They bought six boats."\n'
    body = f'[[text]]\nsections = {{overview = "It has six boats."}}\n[[text.fault]]\n{text}\n'
    broken = text if text.startswith("lang") else f'{head}{body}kind = "figure"\n'
    (tmp_path / "ships.toml").write_text(broken)
    with pytest.raises(ConfigurationError, match=f"ships.toml.*{complaint}"):
        labelled_pairs.load(tmp_path)


def test_prompts_of_two_kinds_are_not_compared(folder: SuiteFolder) -> None:
    for suite, prompt in ((folder, "rewrite"), (SuiteFolder(SUITE.path), "second-reader")):
        with pytest.raises(ConfigurationError, match=f"{prompt}: a rewriter's prompt and a second"):
            make_variant(suite, prompt, None, "good")


@pytest.mark.slow
def test_a_model_is_recorded_once_and_reported(folder: SuiteFolder) -> None:
    for path in sorted(folder.cases.glob("*.toml"))[1:]:
        path.unlink()
    with Provider() as provider:
        options = ("--suite", str(folder.path), "--prompt", str(PROMPT_FILE), "--model", "m")
        asking = ("regress", "reader", "record", *options, "--base-url", provider.base_url)
        done = run(*asking)
        assert (done.returncode, len(provider.calls)) == (0, 4), done.stderr
        assert "m: 4 recorded, 0 failed" in done.stdout
        assert run(*asking).returncode == 0
        assert len(provider.calls) == 4
    folder.baseline(PROMPT.name).unlink()
    report = folder.path / "comment.md"
    shown = run("regress", "reader", "run", *options, "--github", "--markdown", str(report))
    assert shown.returncode == 5
    assert "::error" in shown.stdout
    assert report.read_text().startswith("### ⚪ INCOMPLETE\n")
    assert f"INCOMPLETE: {PROMPT.name} v{PROMPT.version}, m" in shown.stdout
    assert "2 faithful texts, 2 with faults" in shown.stdout


def test_wilsons_limits() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    low, high = wilson(81, 81)
    assert (round(low, 3), high) == (0.955, 1.0)
