"""The golden pairs: what must pass passes, what must fail fails, and neither gets worse unseen.

Floors are pinned in `golden_floor.json` with a digest of the pairs. `python -m
tests.grounding.test_golden` writes better floors; `--lower` is needed to write worse ones.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import pytest

from tests.grounding import golden

FLOOR = Path(__file__).parent / "golden_floor.json"
# What the figures are asked for at least, whatever was reached before.
MIN_PAIRS = 300
PINNED = json.loads(FLOOR.read_text("utf-8"))


def digest() -> str:
    """SHA-256 of all golden pairs."""
    texts = (path.read_bytes() for path in sorted(golden.FOLDER.glob("*.txt")))
    return hashlib.sha256(b"\0".join(texts)).hexdigest()


def measured() -> dict[str, list[float]]:
    """Recall and precision of every code, in percent; the code "" stands for passing."""
    return {
        code or "pass": [round(100 * score.recall, 1), round(100 * score.precision, 1)]
        for code, score in golden.scores().items()
    }


def test_the_pairs_are_those_that_the_floors_were_measured_on() -> None:
    assert PINNED.get("digest") == digest(), "run: python -m tests.grounding.test_golden"


def test_there_are_enough_pairs_of_both_kinds() -> None:
    passing = sum(not pair.code for pair in golden.pairs())
    failing = sum(bool(pair.code) for pair in golden.pairs())
    assert passing >= MIN_PAIRS
    assert failing >= MIN_PAIRS


@pytest.mark.parametrize("code", sorted(PINNED.get("floors", {})))
def test_no_code_falls_below_its_floor(code: str) -> None:
    recall, precision = measured_once()[code]
    sys.stdout.write(f"{code}: recall {recall} %, precision {precision} %\n")
    least_recall, least_precision = PINNED["floors"][code]
    assert recall >= least_recall
    assert precision >= least_precision


def measured_once() -> dict[str, list[float]]:
    if not _MEASURED:
        _MEASURED.update(measured())
    return _MEASURED


_MEASURED: dict[str, list[float]] = {}


def main() -> int:
    """Write the floors that are reached now; refuse to lower one without `--lower`."""
    floors, before = measured(), PINNED.get("floors", {})
    worse = [
        code
        for code, old in before.items()
        if any(new < was for new, was in zip(floors.get(code, [0, 0]), old, strict=True))
    ]
    if worse and "--lower" not in sys.argv:
        sys.stderr.write(f"lower than before: {', '.join(worse)}; --lower writes it anyway\n")
        return 1
    pinned = {"digest": digest(), "floors": floors}
    FLOOR.write_text(json.dumps(pinned, indent=1, sort_keys=True) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
