"""What `make demo` shows: good rewrites, one that is repaired, one that is held."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from examples.demo import HELD, READ, REPAIRED
from examples.editor import ANSWERS, RAW
from rewriter.checks import Evidence, check_headline, check_rewrite
from rewriter.cleaning import clean
from rewriter.completion.answer import to_rewrite
from rewriter.prompting.prompt_file import load
from tests.queue.servers import wait_until

ROOT = Path(__file__).parents[2]
_MARK = "DEMO_UNDER_TEST"


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


def test_the_demo_publishes_repairs_and_holds_directly_and_by_the_queue(tmp_path: Path) -> None:
    with _demo(tmp_path) as process:
        output, _ = process.communicate(timeout=120)
    assert process.returncode == 0, output
    for root in (tmp_path / "demo-out", tmp_path / "demo-out" / "queue"):
        published = {path.stem for path in (root / "rewrites").glob("[!.]*")}
        assert published == {path.stem for path in RAW.iterdir()} - {HELD.name}
        repaired = (root / "rewrites" / f"{REPAIRED.name}.md").read_text(encoding="utf-8")
        assert REPAIRED.right in repaired
        assert REPAIRED.wrong not in repaired
        read = (root / "rewrites" / f"{READ.name}.md").read_text(encoding="utf-8")
        assert READ.right in read
        assert READ.wrong not in read
        held = (root / ".rewriter" / "held").rglob("*.md")
        assert [path.name.partition(".")[0] for path in held] == [HELD.name]
    assert f"repaired: G102 overview, paragraph 1: '{REPAIRED.wrong}'" in output
    assert re.search(rf"^held +\S*{HELD.name}", output, re.MULTILINE)
    assert "## Overview" in output
    assert "demo: done; 12 published, 1 held" in output
    _wait_for_no_process(tmp_path)


def test_ctrl_c_leaves_no_process_of_the_demo_behind(tmp_path: Path) -> None:
    with _demo(tmp_path) as process:
        log = tmp_path / "demo-out" / "worker.log"
        wait_until(lambda: log.exists() and b"begins" in log.read_bytes(), 60)
        assert len(_processes_of(tmp_path)) > 2
        os.killpg(process.pid, signal.SIGINT)
        output, _ = process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGINT, output
    assert "Traceback" not in output
    _wait_for_no_process(tmp_path)


def _wait_for_no_process(folder: Path) -> None:
    """Valkey's keeper stops after its last user."""
    wait_until(lambda: _processes_of(folder) == [], 30)


def _demo(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "examples.demo"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), _MARK: str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def _processes_of(folder: Path) -> list[str]:
    """All processes that the demo started; they inherit its environment."""
    mark = f"{_MARK}={folder}".encode()
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended meanwhile, or is another user's
            if mark in (path / "environ").read_bytes().split(b"\0"):
                found.append((path / "cmdline").read_text())
    return found
