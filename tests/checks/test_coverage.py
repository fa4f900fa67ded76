"""What a rewrite leaves out is named as the source writes it."""

from __future__ import annotations

import pytest

from rewriter.article import Passage
from rewriter.checks.grounding import Evidence, coverage, ground_rewrite
from rewriter.rules import GroundingRules
from rewriter.runs.checking.pairs import plain_source

SOURCE = (
    "Siemens paid $2.56 billion for Lindqvist's yard in Turku. The NDRC had to agree, and in Turku "
    "the NDRC asked Mara Lindqvist to wait. Siemens waited."
)
NOTHING = [Passage("overview", "", "Nobody knows anything.")]


@pytest.mark.parametrize("name", ["Siemens", "Lindqvist", "Turku", "NDRC", "Mara", "$2.56 billion"])
def test_a_lost_name_keeps_its_spelling(name: str) -> None:
    assert name in coverage(NOTHING, Evidence(plain_source(SOURCE))).missing


def test_a_name_is_kept_in_whatever_form_it_is_said() -> None:
    said = [Passage("overview", "", "Siemens' lawyers met the Lindqvists.")]
    missing = coverage(said, Evidence(plain_source(SOURCE))).missing
    assert not {"Siemens", "Lindqvist"} & set(missing)


def test_the_finding_shows_them_too() -> None:
    found = ground_rewrite(NOTHING, Evidence(plain_source(SOURCE)), GroundingRules())
    (message,) = (finding.message for finding in found if finding.code == "V101")
    assert "missing: $2.56 billion, " in message
    assert "Lindqvist" in message
