"""What is not the accepted experiment is red for its own reason, and never judged."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rewriter.article import Source
from rewriter.cleaning import clean
from rewriter.errors import RewriterError
from rewriter.regression.reports import terminal
from rewriter.regression.verdict import EXIT_CODES
from tests.gate.planted import MODEL, Laboratory

Change = Callable[[Laboratory], None]
_CASE = "rail-freight"
_HEADINGS = (
    "{overview: Summary, details: '{topic} Details', from_author: From author, "
    "impact: 'Impact on {field}', qa: Questions}"
)


def test_the_accepted_prompt_is_the_same_as_itself(lab: Laboratory) -> None:
    comparison = lab.run()
    assert comparison.verdict == "SAME"
    assert len(comparison.metrics) == 8
    assert EXIT_CODES[comparison.verdict] == 0


# --- changes that nothing is recorded for ------------------------------------------------------


def _edit(old: str, new: str) -> Change:
    return lambda lab: lab.edit(old, new)


def _replace_system(lab: Laboratory) -> None:
    text = lab.prompt.read_text()
    head, rest = text.split("# system", 1)
    tail = rest.split("# user", 1)[1]
    lab.prompt.write_text(f"{head}# system\n\nSummarise the article.\n\n# user{tail}")


def _new_version_unrecorded(lab: Laboratory) -> None:
    lab.new_version()
    _replace_system(lab)


STALE_PROMPTS = {
    "another word in the system section": (
        _edit("senior news editor", "junior news editor"),
        "template section '# system' changed",
    ),
    "the system section replaced": (_replace_system, "template section '# system' changed"),
    "a ground rule removed": (
        _edit("- Say each thing once.", "-"),
        "template section '# system' changed",
    ),
    "another word in the user section": (
        _edit("Write in {{ language }}.", "Please write in {{ language }}."),
        "template section '# user' changed",
    ),
    "the article's title left out": (
        _edit("<title>{{ title }}</title>", ""),
        "template section '# user' changed",
    ),
    "the repair section, without a new version": (
        _edit("Correct every numbered mistake.", "Try again."),
        "set `version: 2`",
    ),
    "a new prompt under a new version": (_new_version_unrecorded, "template section '# system'"),
    "another temperature": (_edit("temperature: 0.3", "temperature: 0.9"), "parameter temperature"),
    "a parameter added": (
        _edit("temperature: 0.3", "temperature: 0.3\n  seed: 7"),
        "parameter seed",
    ),
    "a parameter removed": (
        _edit("max_completion_tokens: 3000", ""),
        "parameter max_completion_tokens",
    ),
    "another language": (_edit("language: source", "language: en  "), "language changed"),
    "more bullets in the schema": (_edit("bullets: [0, 8]", "bullets: [0, 9]"), "rules.impact"),
    "longer headlines in the schema": (
        _edit("from: model, max_characters: 120", "from: model, max_characters: 200"),
        "schema (rules.headline)",
    ),
    "a threshold that is in no schema": (
        _edit("near_duplicate: 0.7", "near_duplicate: 0.99"),
        "set `version: 2`",
    ),
    "other headings": (
        _edit("rules:\n", f"rules:\n  headings: {{en: {_HEADINGS}}}\n"),
        "set `version: 2`",
    ),
}


@pytest.mark.parametrize("name", STALE_PROMPTS)
def test_a_changed_prompt_without_recordings_is_stale(name: str, lab: Laboratory) -> None:
    change, reason = STALE_PROMPTS[name]
    change(lab)
    comparison = lab.run()
    assert comparison.verdict == "STALE"
    assert EXIT_CODES[comparison.verdict] == 5
    assert any(reason in str(blocker) for blocker in comparison.blockers), terminal.text(comparison)
    assert not comparison.metrics


def test_another_model_is_stale_and_names_the_command(lab: Laboratory) -> None:
    comparison = lab.run(model="other-model")
    (blocker,) = comparison.blockers
    assert comparison.verdict == "STALE"
    assert f"model {MODEL} -> other-model changed" in blocker.what
    assert blocker.command.startswith("rewriter regress record --suite")
    assert blocker.command.endswith("--model other-model --epochs 2")


def test_a_set_recorded_in_part_is_incomplete_and_names_the_rest(lab: Laboratory) -> None:
    lab.new_version()
    before = set(lab.files())
    lab.record()
    path = lab.files()[next(iter(set(lab.files()) - before))]
    path.unlink()
    comparison = lab.run()
    (blocker,) = comparison.blockers
    assert comparison.verdict == "INCOMPLETE"
    assert "1 of 28 answers" in blocker.what
    assert blocker.command.endswith(f"--only {blocker.cases[0]}")


# --- recordings, cases and baseline that are not what was accepted -----------------------------


def _any(lab: Laboratory) -> Path:
    return next(iter(lab.files().values()))


def _edited(change: Callable[[dict[str, Any]], None]) -> Change:
    def apply(lab: Laboratory) -> None:
        path = _any(lab)
        entry = json.loads(path.read_text())
        change(entry)
        path.write_text(json.dumps(entry, ensure_ascii=False, indent=1, sort_keys=True) + "\n")

    return apply


def _delete_all(lab: Laboratory) -> None:
    shutil.rmtree(lab.suite_folder.recordings)


def _exchange(lab: Laboratory) -> None:
    paths = list(lab.files().values())
    shutil.copy(paths[0], paths[-1])


def _halve(lab: Laboratory) -> None:
    data = _any(lab).read_bytes()
    _any(lab).write_bytes(data[: len(data) // 2])


def _rewrite_file(name: str, old: str, new: str) -> Change:
    def apply(lab: Laboratory) -> None:
        path = lab.suite_folder.path / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))

    return apply


def _drop_case(lab: Laboratory) -> None:
    for path in lab.suite_folder.cases.glob(f"{_CASE}.*"):
        path.unlink()


def _add_case(lab: Laboratory) -> None:
    for path in lab.suite_folder.cases.glob(f"{_CASE}.*"):
        shutil.copy(path, path.with_stem("new-case"))


def _other_answer(entry: dict[str, Any]) -> None:
    text = entry["completion"]["text"]
    entry["completion"]["text"] = text.replace('"overview": "', '"overview": "Indeed, ', 1)
    assert entry["completion"]["text"] != text


def _cheaper(entry: dict[str, Any]) -> None:
    entry["completion"]["usage"]["output_tokens"] = 1


def _faster(entry: dict[str, Any]) -> None:
    entry["completion"]["latency"] = 0.001


def _other_model(entry: dict[str, Any]) -> None:
    entry["completion"]["model"] = "dearer-model"


def _other_question(entry: dict[str, Any]) -> None:
    entry["request"]["messages"][1]["content"] += " Be brief."


ALTERED: dict[str, tuple[Change, str]] = {
    "an answer edited": (_edited(_other_answer), "not those that were accepted"),
    "usage edited": (_edited(_cheaper), "not those that were accepted"),
    "latency edited": (_edited(_faster), "not those that were accepted"),
    "an answer from another model": (_edited(_other_model), "different models"),
    "the question of a recording edited": (_edited(_other_question), "holds another request"),
    "a recording deleted": (lambda lab: _any(lab).unlink(), "1 of 28 answers"),
    "all recordings deleted": (_delete_all, "28 of 28 answers"),
    "a recording under another's name": (_exchange, "holds another request"),
    "a recording cut in half": (_halve, "damaged"),
    "the article of a case edited": (
        _rewrite_file(f"cases/{_CASE}.txt", "310 million", "320 million"),
        f"case {_CASE}: its article changed since it was accepted",
    ),
    "an expectation removed": (
        _rewrite_file(f"cases/{_CASE}.toml", ', "Vasholm"', ""),
        f"case {_CASE}: what is expected of it changed",
    ),
    "a trap removed": (
        _rewrite_file("cases/harbour-crane.toml", '"safest port", ', ""),
        "case harbour-crane: what is expected of it changed",
    ),
    "a case counted with another article": (
        _rewrite_file(f"cases/{_CASE}.toml", "tags", 'cluster = "other"\ntags'),
        f"case {_CASE}: what is expected of it changed",
    ),
    "a case removed": (_drop_case, "accepted cases are gone"),
    "a case added": (_add_case, "case new-case: it is new"),
    "a case that cannot be read": (
        _rewrite_file(f"cases/{_CASE}.toml", "must =", "moist ="),
        f"{_CASE}.toml:3: moist: no such key; did you mean must?",
    ),
    "the baseline edited": (
        _rewrite_file("baselines/rewrite.json", '"epochs": 2', '"epochs": 1'),
        "was edited by hand",
    ),
    "the baseline damaged": (
        _rewrite_file("baselines/rewrite.json", "{", "["),
        "not a baseline; restore it from version control",
    ),
    "the accepted prompt edited": (
        _rewrite_file("baselines/rewrite.prompt.md", "Describe; do not", "Do"),
        "is not the prompt that was accepted",
    ),
    "the accepted prompt deleted": (
        lambda lab: lab.suite_folder.accepted_prompt("rewrite").unlink(),
        "cannot read the accepted prompt",
    ),
    "the lock damaged": (_rewrite_file("prompts.lock", "{", "["), "cannot read the lock"),
    "a version in the lock that is none": (
        _rewrite_file("prompts.lock", '"1"', '"one"'),
        "not a lock of prompts",
    ),
}


@pytest.mark.parametrize("name", ALTERED)
def test_what_was_accepted_cannot_change_in_silence(name: str, lab: Laboratory) -> None:
    change, reason = ALTERED[name]
    change(lab)
    try:
        comparison = lab.run()
    except RewriterError as error:
        assert reason in str(error)
        assert error.exit_code in (2, 4)
        return
    assert comparison.verdict in ("STALE", "INCOMPLETE")
    assert any(reason in str(blocker) for blocker in comparison.blockers), terminal.text(comparison)
    assert all(blocker.command for blocker in comparison.blockers)


def test_a_changed_cleaner_is_stale(lab: Laboratory, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(data: bytes, *, name: str) -> Source:
        source = clean(data, name=name)
        return source.model_copy(update={"paragraphs": source.paragraphs[:-1]})

    shutil.rmtree(lab.suite_folder.cache)
    monkeypatch.setattr("rewriter.cleaning.clean", cut)
    comparison = lab.run()
    assert comparison.verdict == "STALE"
    reason = f"case {_CASE}: what the cleaner leaves of its article changed since it was accepted"
    assert reason in [blocker.where_and_what for blocker in comparison.blockers]
