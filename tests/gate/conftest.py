"""One laboratory that was recorded and accepted, copied for each test that changes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.gate.planted import Laboratory, laboratory

# Enough articles for a verdict on a metric: 2 to the -13 is below every threshold.
NAMES = (
    "rail-freight",
    "twin-banks",
    "copper-sale",
    "wire-update",
    "harbour-crane",
    "lending-pool",
    "two-column",
    "grain-tariff",
    "solar-roofs",
    "units-trap",
    "aceite",
    "chip-zh",
    "tramway",
    "wasserstoff",
)


@pytest.fixture(scope="session")
def accepted(tmp_path_factory: pytest.TempPathFactory) -> Laboratory:
    """A laboratory whose prompt was recorded and accepted; tests work on copies."""
    lab = laboratory(tmp_path_factory.mktemp("accepted"), NAMES, epochs=2)
    lab.record()
    lab.accept()
    lab.run()
    return lab


@pytest.fixture
def lab(accepted: Laboratory, tmp_path: Path) -> Laboratory:
    """A copy of the accepted laboratory."""
    return accepted.copy(tmp_path / "lab")
