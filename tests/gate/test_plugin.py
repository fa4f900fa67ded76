"""`pytest --regress`: cases are tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from rewriter.regression.suite_folder import READER
from tests.gate.planted import SUITE, Laboratory, laboratory


def _pytest(lab: Laboratory, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:asyncio", *args],
        capture_output=True,
        text=True,
        check=False,
        cwd=lab.folder,
        env=os.environ | {"REWRITER_PROMPTS_DIR": str(lab.folder)},
        timeout=120,
    )


def test_cases_and_the_verdict_are_tests_and_fail_with_their_reason(tmp_path: Path) -> None:
    lab = laboratory(tmp_path, ("short-quake", "twin-banks"))
    lab.record()
    lab.accept()
    done = _pytest(lab, "--regress", "suite")
    assert done.returncode == 0, done.stdout
    assert "3 passed" in done.stdout
    lab.new_version()
    lab.record(lambda case, epoch, answer: answer | {"overview": "It was a magnitude of 9.9."})
    done = _pytest(lab, "--regress", "suite")
    assert done.returncode == 1
    assert 'must say "4.6"' in done.stdout
    assert "WORSE: rewrite v2" in done.stdout
    assert "Traceback" not in done.stdout
    assert _pytest(lab, "suite").returncode == 5  # without the option there is nothing to collect


def test_unit_tests_beside_the_suite_do_not_run_and_the_readers_gate_does(tmp_path: Path) -> None:
    lab = laboratory(tmp_path, ("short-quake",))
    lab.record()
    lab.accept()
    (lab.suite_folder.path / "test_unit.py").write_text("raise SystemExit('imported')")
    shutil.copytree(SUITE.path / READER, lab.suite_folder.path / READER)
    done = _pytest(lab, "--regress", "suite")
    assert done.returncode == 1
    assert "2 passed" in done.stdout
    assert "second-reader - INCOMPLETE" in done.stdout
