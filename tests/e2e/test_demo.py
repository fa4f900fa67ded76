"""What `make demo` shows: good rewrites, one that is repaired, one that is held."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from examples.demo import HELD, REPAIRED
from examples.editor import ANSWERS, RAW
from rewriter.checks import Evidence, check_headline, check_rewrite
from rewriter.cleaning import clean
from rewriter.completion.answer import to_rewrite
from rewriter.prompting.prompt_file import load

ROOT = Path(__file__).parents[2]


def test_every_example_has_an_answer() -> None:
    assert {path.stem for path in ANSWERS.iterdir()} == {path.stem for path in RAW.iterdir()}


@pytest.mark.parametrize("raw", sorted(RAW.iterdir()), ids=lambda path: path.stem)
def test_a_stored_answer_passes_the_checks(raw: Path) -> None:
    source, rules = clean(raw.read_bytes(), name=raw.name), load().rules
    rewrite = to_rewrite(json.loads((ANSWERS / f"{raw.stem}.json").read_bytes()))
    evidence = Evidence(source)
    findings = [
        *check_rewrite(rewrite, source, rules, evidence),
        *check_headline(rewrite.headline, rules, evidence),
    ]
    assert [str(finding) for finding in findings if finding.severity == "error"] == []


def test_the_demo_publishes_repairs_and_holds(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "examples.demo"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    examples = {path.stem for path in RAW.iterdir()}
    rewrites = tmp_path / "demo-out" / "rewrites"
    assert {path.stem for path in rewrites.iterdir()} == examples - {HELD.name}
    repaired = (rewrites / f"{REPAIRED.name}.md").read_text(encoding="utf-8")
    assert REPAIRED.right in repaired
    assert REPAIRED.wrong not in repaired
    assert f"repaired: G102 overview, paragraph 1: '{REPAIRED.wrong}'" in done.stdout
    held = tmp_path / "demo-out" / ".rewriter" / "held"
    assert {path.name.partition(".")[0] for path in held.iterdir()} == {HELD.name}
    assert re.search(rf"^held +\S*{HELD.name}", done.stdout, re.MULTILINE)
    assert "## Overview" in done.stdout
