"""Reference answers: a good answer passes every check, and nobody takes it for a model's."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path

import pytest

from rewriter.errors import ConfigurationError, FileError
from rewriter.regression import recorder
from rewriter.regression.comparison import Comparison, compare_variants
from rewriter.regression.experiment import read_experiment
from rewriter.regression.recorder import ReferenceAnswer
from rewriter.regression.recordings import REFERENCE
from rewriter.regression.reports import github, html_page, junit, terminal
from rewriter.regression.suite import ArticleSuite
from rewriter.state.ledger import Entry
from tests.gate.planted import SUITE, Laboratory, laboratory

_WRITTEN = tuple(sorted(path.stem for path in SUITE.references.glob("*.json")))


@pytest.fixture
def lab(tmp_path: Path) -> Laboratory:
    """Two cases with their references."""
    lab = laboratory(tmp_path, ("short-quake", "tramway"), epochs=1)
    lab.suite_folder.references.mkdir()
    for name in ("short-quake", "tramway"):
        shutil.copy(SUITE.references / f"{name}.json", lab.suite_folder.references)
    return lab


def record(lab: Laboratory, *only: str) -> list[ReferenceAnswer]:
    variant = lab.variant(REFERENCE)
    return asyncio.run(recorder.record_references(lab.suite, variant, lab.suite_folder, only))


def change(path: Path, **parts: object) -> None:
    """Write other sections into a reference."""
    path.write_text(json.dumps(json.loads(path.read_text()) | parts), encoding="utf-8")


def test_good_answers_raise_no_false_alarm(tmp_path: Path) -> None:
    """Written by people who know the rules: an error in one of them is a mistake of a check."""
    lab = laboratory(tmp_path, _WRITTEN, epochs=1)
    shutil.copytree(SUITE.references, lab.suite_folder.references)
    assert {reference.broken for reference in record(lab)} == {()}
    suite, variant = lab.experiment().suite, lab.variant(REFERENCE)
    scores = suite.score(suite.measure(variant, range(1, 2)), variant)
    assert {case for case, _ in scores} == set(_WRITTEN)
    for score in scores.values():
        assert (score.values["coverage"] or 0) > 0.9
        assert (score.values["copying"] or 0) < 0.1


def test_references_are_of_several_languages() -> None:
    found = (read_experiment(SUITE, "rewrite", [case]).suite for case in _WRITTEN)
    sources = [suite.sources for suite in found if isinstance(suite, ArticleSuite)]
    langs = {source.lang for one in sources for source in one.values()}
    assert len(langs) >= 4


def test_a_recording_and_every_report_say_who_wrote_it(lab: Laboratory) -> None:
    assert [reference.broken for reference in record(lab)] == [(), ()]
    for path in lab.files().values():
        entry = Entry.model_validate_json(path.read_bytes())
        assert (entry.author, entry.request.model, entry.completion.model) == (REFERENCE,) * 3
    lab.record()
    comparison = compare_variants(lab.experiment(), lab.variant(), lab.variant(REFERENCE), 1)
    for text in _reports(comparison, lab):
        assert "author: reference" in text


def test_a_broken_answer_beside_a_reference_is_annotated(lab: Laboratory) -> None:
    record(lab)
    lab.record(lambda _case, _epoch, said: json.loads(json.dumps(said).replace("4.6", "5.6")))
    variants = lab.variant(REFERENCE), lab.variant()
    comparison = compare_variants(lab.experiment(), *variants, 1)
    annotated = "\n".join(github.commands(comparison, lab.prompt))
    assert "::" in annotated
    assert "case short-quake" in annotated


def _reports(comparison: Comparison, lab: Laboratory) -> list[str]:
    assert comparison.metrics
    return [
        terminal.text(comparison),
        junit.xml(comparison),
        html_page.html(comparison),
        github.markdown(comparison),
    ]


@pytest.mark.parametrize(
    ("parts", "broken"),
    [
        ({"overview": "A magnitude 4.6 earthquake cost 90 million euros."}, "G102 in overview"),
        ({"overview": "An earthquake shook the Tarsk valley."}, 'must say "4.6"'),
    ],
)
def test_a_reference_that_fails_a_check_is_not_recorded(
    parts: dict[str, object], broken: str, lab: Laboratory
) -> None:
    change(lab.suite_folder.references / "short-quake.json", **parts)
    (refused,) = record(lab, "short-quake")
    assert broken in refused.broken
    assert not lab.files()


def test_a_reference_is_only_for_the_prompt_that_it_was_recorded_with(lab: Laboratory) -> None:
    record(lab)
    lab.new_version()
    measured = lab.experiment().suite.measure(lab.variant(REFERENCE), range(1, 2))
    assert set(measured.gaps) == {"short-quake", "tramway"}


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("short-quake", "No.", "short-quake.json: not an answer"),
        ("short-quake", '{"overview": "It shook."}', "headline"),
        ("nosuch", "{}", "no case is called nosuch"),
    ],
)
def test_what_is_no_reference_is_refused_with_its_file(
    name: str, text: str, complaint: str, lab: Laboratory
) -> None:
    (lab.suite_folder.references / f"{name}.json").write_text(text)
    with pytest.raises(ConfigurationError, match=complaint):
        record(lab)


def test_a_reference_that_nobody_wrote_is_named(lab: Laboratory) -> None:
    (lab.suite_folder.references / "tramway.json").unlink()
    with pytest.raises(ConfigurationError, match=r"there is no tramway\.json"):
        record(lab, "tramway")
    shutil.rmtree(lab.suite_folder.references)
    with pytest.raises(ConfigurationError, match=r"there is no NAME\.json"):
        record(lab)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"author": "reference"', '"author": "model"'),
        ('"model": "reference",\n  "finish_reason"', '"model": "gpt-9",\n  "finish_reason"'),
    ],
)
def test_a_persons_answer_does_not_pass_for_a_models(old: str, new: str, lab: Laboratory) -> None:
    record(lab)
    path = next(iter(lab.files().values()))
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(FileError, match="its author is a"):
        lab.experiment().suite.measure(lab.variant(REFERENCE), range(1, 2))


def test_a_models_answer_does_not_pass_for_a_persons(lab: Laboratory) -> None:
    lab.record()
    path = next(iter(lab.files().values()))
    body = json.loads(path.read_text(encoding="utf-8")) | {"author": "reference"}
    path.write_text(json.dumps(body), encoding="utf-8")
    with pytest.raises(FileError, match="made-up-1 was asked and made-up-1 answered"):
        lab.experiment().suite.measure(lab.variant(), range(1, 2))
