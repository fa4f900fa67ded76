"""Changes that mean nothing change nothing, and the same model asked again is no alarm."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rewriter.regression.reports import terminal
from tests.gate.conftest import NAMES
from tests.gate.planted import Costs, Laboratory, Mutation, laboratory

Change = Callable[[Laboratory], None]


def _edit(old: str, new: str) -> Change:
    return lambda lab: lab.edit(old, new)


def _edit_case(old: str, new: str) -> Change:
    def apply(lab: Laboratory) -> None:
        path = lab.suite_folder.cases / "rail-freight.toml"
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))

    return apply


def _crlf(lab: Laboratory) -> None:
    """As a checkout with git's `core.autocrlf` has all files."""
    for path in (lab.prompt, *lab.suite_folder.path.rglob("*.*")):
        if path.is_file() and ".cache" not in path.parts:
            path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    shutil.rmtree(lab.suite_folder.cache)


def _mark(lab: Laboratory) -> None:
    lab.prompt.write_bytes(b"\xef\xbb\xbf" + lab.prompt.read_bytes())


def _spread(lab: Laboratory) -> None:
    text = lab.prompt.read_text()
    for section in ("# system", "# user", "# repair"):
        text = text.replace(f"\n{section}\n", f"\n\n\n{section}   \n\n\n")
    lab.prompt.write_text(text + "\n\n")


def _compact(lab: Laboratory) -> None:
    for path in lab.files().values():
        path.write_text(json.dumps(json.loads(path.read_text())))


def _damage_cache(lab: Laboratory) -> None:
    (lab.suite_folder.cache / "scores.json").write_text("{")


def _touch(lab: Laboratory) -> None:
    for path in lab.suite_folder.path.rglob("*.*"):
        path.touch()


NO_OPS: dict[str, Change] = {
    "another description": _edit("description: Rewrites one", "description: Turns one"),
    "a comment in the front matter": _edit("rules:\n", "rules:  # the format\n"),
    "a comment removed": _edit(
        "# `source`: the article's own language; or a code such as `en`", ""
    ),
    "another way to write a list": _edit("tags: [2, 6]", "tags:\n    - 2\n    - 6"),
    "keys in another order": _edit(
        "  temperature: 0.3\n  max_completion_tokens: 3000",
        "  max_completion_tokens: 3000\n  temperature: 0.3",
    ),
    "quotation marks around a name": _edit("name: rewrite", "name: 'rewrite'"),
    "blank lines around the sections": _spread,
    "Windows line ends": _crlf,
    "a byte-order mark": _mark,
    "another note on a case": _edit_case("Long and clean", "Clean, long"),
    "another tag on a case": _edit_case('"control"', '"easy"'),
    "a comment in a case": _edit_case("must_not", "# never\nmust_not"),
    "recordings without line ends": _compact,
    "all files touched": _touch,
    "no cache": lambda lab: shutil.rmtree(lab.suite_folder.cache),
    "a damaged cache": _damage_cache,
}


@pytest.mark.parametrize("name", NO_OPS)
def test_a_harmless_change_changes_nothing(name: str, lab: Laboratory) -> None:
    NO_OPS[name](lab)
    comparison = lab.run()
    assert comparison.verdict == "SAME", terminal.text(comparison)
    assert all(result.change == 0 for result in comparison.metrics)


def _restless(seed: int) -> Mutation:
    """A model that says a bullet more or less from one answer to the next."""

    def mutate(name: str, epoch: int, answer: dict[str, Any]) -> dict[str, Any]:
        dice = random.Random(f"{seed} {name} {epoch}")
        least = min(len(answer["impact"]["bullets"]), 4)
        if dice.random() < 0.3:
            answer["impact"]["bullets"] = answer["impact"]["bullets"][:least]
        return answer

    return mutate


def test_the_same_model_asked_again_is_never_an_alarm(tmp_path: Path) -> None:
    lab = laboratory(tmp_path, NAMES, epochs=2)
    lab.record(_restless(0))
    lab.accept()
    lab.new_version()
    for seed in range(1, 6):
        lab.record(_restless(seed), Costs(latency=1 + seed * 1e-6))
        comparison = lab.run()
        assert comparison.verdict != "WORSE", terminal.text(comparison)
        assert comparison.broken == ()
