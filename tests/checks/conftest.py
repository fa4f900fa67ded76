from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def findings_page() -> str:
    """The reference page of all findings."""
    root = Path(__file__).parent.parent.parent
    return (root / "docs" / "reference" / "findings.md").read_text("utf-8")
