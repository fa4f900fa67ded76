"""The torture set: each case comes out byte for byte, or is refused as it must be."""

from __future__ import annotations

import sys

import pytest

from rewriter import frontmatter
from rewriter.errors import FrontMatterError
from tests.frontmatter.cases import FOLDER, Case, load_all

CASES = load_all()
# Where the words are Python's, and newer versions have better ones.
_SAID_SINCE_3_13 = {
    "json/trailing-comma": "line 2: not JSON: Illegal trailing comma before end of object",
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_case_comes_out_as_promised(case: Case) -> None:
    if case.after is None:
        with pytest.raises(FrontMatterError) as caught:
            frontmatter.edit(case.before, case.changes)
        newer = _SAID_SINCE_3_13.get(case.name, case.refusal)
        refusal = newer if sys.version_info >= (3, 13) else case.refusal
        assert str(caught.value) == refusal, case.promise
    else:
        assert frontmatter.edit(case.before, case.changes) == case.after, case.promise
        assert frontmatter.edit(case.after, case.changes) == case.after, "edited twice"


@pytest.mark.parametrize("case", [c for c in CASES if c.after], ids=lambda case: case.name)
def test_an_edited_file_keeps_its_body(case: Case) -> None:
    before = frontmatter.read(case.before)
    after = frontmatter.read(case.after or b"")
    assert (after.body, after.encoding, after.language) == (
        before.body,
        before.encoding,
        before.language,
    )


def test_the_set_has_at_least_120_cases_and_no_stray_file() -> None:
    assert len(CASES) >= 120
    assert len(CASES) == sum(1 for path in FOLDER.rglob("*") if path.is_file())
