"""An engine that reads no prompt judges none; a model's first baseline takes its place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.gate.planted import MODEL, Laboratory, laboratory
from tests.gate.test_commands import regress

_CASES = ("short-quake", "twin-banks")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Laboratory:
    """Accepted with extracts, as a repository is before anybody had a key."""
    lab = laboratory(tmp_path_factory.mktemp("unread"), _CASES, epochs=1)
    assert regress(lab, "record", "--engine", "extractive")[0] == 0
    assert regress(lab, "accept", "--model", "extractive")[0] == 0
    return lab


@pytest.fixture
def lab(template: Laboratory, tmp_path: Path) -> Laboratory:
    return template.copy(tmp_path / "lab")


def test_extracts_still_guard_what_does_not_depend_on_the_prompt(lab: Laboratory) -> None:
    assert regress(lab, "run")[0] == 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("senior news editor", "junior news editor"),
        ("temperature: 0.3", "temperature: 0.9"),
        ("Write in {{ language }}.", "Please write in {{ language }}."),
        ("Correct every numbered mistake.", "Mend every mistake."),
        ("bullets: [0, 8]", "bullets: [0, 9]"),
        ("language: source", "language: en  "),
    ],
)
def test_extracts_do_not_judge_a_changed_prompt(old: str, new: str, lab: Laboratory) -> None:
    lab.edit("version: 1", "version: 2")
    lab.edit(old, new)
    for words in (("run",), ("run", "--model", MODEL)):
        code, said = regress(lab, *words)
        assert (code, "did not read the prompt" in said) == (5, True)
        assert "--engine extractive" not in said
        assert "--first" in said
    code, said = regress(lab, "accept")
    assert (code, "--first, or --even-worse REASON" in said) == (2, True)


def test_what_is_not_recorded_is_not_accepted_for_any_reason(tmp_path: Path) -> None:
    lab = laboratory(tmp_path, _CASES, epochs=1)
    lab.record()
    lab.accept()
    lab.new_version()
    code, said = regress(lab, "accept")
    assert (code, "; run: rewriter regress record" in said, "--even-worse" in said) == (
        2,
        True,
        False,
    )


def test_recorded_extracts_and_a_new_case_do_not_smuggle_a_prompt_in(lab: Laboratory) -> None:
    lab.new_version()
    assert regress(lab, "record", "--engine", "extractive")[0] == 0
    for path in lab.suite_folder.cases.glob("short-quake.*"):
        shutil.copy(path, path.with_stem("another"))
    assert regress(lab, "record", "--engine", "extractive")[0] == 0
    assert regress(lab, "accept", "--model", "extractive")[0] == 2


def test_a_models_answers_are_not_compared_with_extracts(lab: Laboratory) -> None:
    lab.record()
    code, said = regress(lab, "run", "--model", MODEL)
    assert (code, "cannot judge model made-up-1" in said) == (5, True)
    assert regress(lab, "accept", "--model", MODEL)[0] == 2
    assert regress(lab, "accept", "--model", MODEL, "--first")[0] == 0
    assert regress(lab, "run")[1].startswith(f"SAME: rewrite v1, {MODEL}")


def test_a_prompt_that_was_edited_before_its_first_baseline_is_judged_too(lab: Laboratory) -> None:
    lab.record(epochs=range(1, 4))
    lab.new_version()
    said = regress(lab, "run", "--model", MODEL)[1]
    copy = lab.suite_folder.accepted_prompt("rewrite")
    assert f"accept --suite {lab.suite_folder.path} --prompt {copy}" in said
    words = ("--model", MODEL, "--epochs", "3", "--first")
    assert regress(lab, "accept", *words, prompt=copy)[0] == 0
    lab.record(
        lambda _case, _epoch, said: said | {"overview": "It cost 999 million euros."},
        epochs=range(1, 4),
    )
    assert regress(lab, "run")[0] == 1


def test_a_second_baseline_is_no_first_one(lab: Laboratory) -> None:
    lab.record()
    assert regress(lab, "accept", "--model", MODEL, "--first")[0] == 0
    code, said = regress(lab, "accept", "--model", MODEL, "--first")
    assert (code, f"this one has rewrite v1, {MODEL}" in said) == (2, True)
    lab.new_version()
    code, said = regress(lab, "run", "--model", "extractive")
    assert (code, "did not read the prompt" in said) == (5, True)
    assert f"--model {MODEL}" in said
