"""Recording: killed at any moment, nothing is lost or half, and half a set never passes."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

from rewriter.regression.comparison import compare_with_baseline
from rewriter.state.ledger import Entry
from tests.gate.killing import MODEL, record
from tests.gate.planted import laboratory

_EPOCHS, _KILLS = 60, 50


def test_killed_at_fifty_random_moments_nothing_recorded_is_lost_or_half(tmp_path: Path) -> None:
    lab = laboratory(tmp_path, ("short-quake", "rail-freight", "twin-banks"))
    words = [str(lab.suite_folder.path), str(lab.prompt), str(_EPOCHS), str(_KILLS)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.gate.killing", *words],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        cwd=Path(__file__).parent.parent.parent,
    )
    counts = [int(line) for line in done.stdout.split()]
    assert len(counts) == _KILLS
    assert all(before <= after for before, after in pairwise(counts))
    assert 5 < counts[-1] < 3 * _EPOCHS, "kills before or after everything show nothing"
    for path in lab.files().values():
        Entry.model_validate_json(path.read_bytes())
    experiment, variant = lab.experiment(), lab.variant(MODEL)
    comparison = compare_with_baseline(experiment, variant, _EPOCHS)
    assert comparison.verdict == "INCOMPLETE"
    record(experiment, variant, _EPOCHS)
    assert len(lab.files()) == 3 * _EPOCHS
    assert not experiment.suite.measure(lab.variant(MODEL), range(1, _EPOCHS + 1)).gaps
