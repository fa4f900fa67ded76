"""What `regress plan` says about the smallest change that it would find."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from rewriter.regression import planning


@pytest.mark.parametrize(("second", "known"), [(0.5, 0), (0.7, 1)])
def test_equal_answers_show_no_noise(second: float, known: int) -> None:
    metric = type("Metric", (), {"name": "coverage", "kind": "difference"})()
    scores = {("a", n): SimpleNamespace(values={"coverage": v}) for n, v in ((1, 0.5), (2, second))}
    suite = SimpleNamespace(metrics=(metric,), measure=lambda *_: None, score=lambda *_: scores)
    experiment = SimpleNamespace(accepted="baseline", epochs=2, suite=suite)
    assert len(planning._reach(cast(Any, experiment), 2, 1)) == known
