"""A pull request that accepts its own prompt is judged by what its base had accepted."""

from __future__ import annotations

import shutil

import pytest

from tests.gate.planted import SUITE, Laboratory, laboratory
from tests.gate.test_commands import git, regress

_CASES = ("short-quake", "twin-banks")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Laboratory:
    lab = laboratory(tmp_path_factory.mktemp("base"), _CASES, epochs=1)
    git(lab.folder, "init", "-q")
    git(lab.folder, "commit", "-q", "--allow-empty", "-m", "Nothing")
    lab.record()
    lab.accept()
    _commit(lab, "Base")
    return lab


@pytest.fixture
def lab(template: Laboratory, tmp_path_factory: pytest.TempPathFactory) -> Laboratory:
    return template.copy(tmp_path_factory.mktemp("lab") / "lab")


def _commit(lab: Laboratory, subject: str) -> None:
    git(lab.folder, "add", ".")
    git(lab.folder, "commit", "-q", "-m", subject)


def _accept_worse(lab: Laboratory) -> None:
    lab.new_version()
    lab.record(lambda _case, _epoch, said: said | {"overview": "It cost 999 million euros."})
    lab.accept("it is cheaper")
    _commit(lab, "Worse")


def test_an_accepted_prompt_is_compared_with_the_bases(lab: Laboratory) -> None:
    assert regress(lab, "run", "--base", "HEAD")[1].startswith("SAME: ")
    _accept_worse(lab)
    assert regress(lab, "run")[0] == 0
    code, said = regress(lab, "run", "--base", "HEAD^1")
    assert (code, "rewrite v2, made-up-1 against rewrite v1, made-up-1" in said) == (1, True)
    assert "note: compared with what HEAD^1 has accepted" in said
    assert "note: accepted for this reason: it is cheaper" in said
    assert "999 million" not in lab.suite_folder.accepted_prompt("rewrite").read_text()


def test_new_cases_of_a_pull_request_are_left_out_and_counted(lab: Laboratory) -> None:
    for path in SUITE.cases.glob("units-trap.*"):
        shutil.copy(path, lab.suite_folder.cases)
    code, said = regress(lab, "run", "--base", "HEAD")
    assert (code, "units-trap" in said) == (5, True)
    lab.new_version()
    lab.record()
    lab.accept("one more case")
    _commit(lab, "A case")
    code, said = regress(lab, "run", "--base", "HEAD^1")
    assert "2 cases from 2 articles" in said
    assert "note: 1 case new or changed since HEAD^1" in said
    assert code in (0, 6)


def test_removed_cases_are_accepted_with_the_rest_and_told(lab: Laboratory) -> None:
    for path in lab.suite_folder.cases.glob("twin-banks.*"):
        path.unlink()
    code, said = regress(lab, "run")
    assert (code, "twin-banks: accepted cases are gone; restore them" in said) == (
        5,
        True,
    )
    assert regress(lab, "accept")[0] == 0
    code, said = regress(lab, "run", "--base", "HEAD")
    assert (code, "note: HEAD has cases that are gone: twin-banks" in said) == (0, True)


def test_a_base_without_a_baseline_is_told_and_an_unknown_one_refused(lab: Laboratory) -> None:
    code, said = regress(lab, "run", "--base", "HEAD^1")
    assert (code, "HEAD^1 has no baseline that a model answered" in said) == (0, True)
    code, said = regress(lab, "run", "--base", "nosuch")
    assert (code, "git knows no such commit here" in said) == (2, True)
    shutil.rmtree(lab.folder / ".git")  # git says what is wrong
    code, said = regress(lab, "run", "--base", "HEAD")
    assert (code, "git: fatal: not a git repository" in said) == (2, True)
