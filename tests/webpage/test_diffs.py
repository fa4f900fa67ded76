"""Changes between two texts: both come back whole, and findings stay in their places."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rewriter.article import Finding
from rewriter.webpage import diffs
from rewriter.webpage.diffs import DiffPiece

TEXT = st.text("ab1 ,.$%日本\n", max_size=30)


@given(before=TEXT, after=TEXT, start=st.integers(0, 30), length=st.integers(1, 9))
def test_a_diff_gives_both_texts_back(before: str, after: str, start: int, length: int) -> None:
    finding = Finding(
        code="G102", severity="error", section="overview", message="x", span=(start, start + length)
    )
    left, right = diffs.side_by_side(before, after, [], [finding])
    assert "".join(piece.text for piece in left) == before
    assert "".join(piece.text for piece in right) == after
    pointed = "".join(piece.text for piece in right if piece.findings)
    assert pointed == after[start : start + length]


def test_words_and_figures_change_whole() -> None:
    before, after = "The price rose by 3% to $4.05.", "The price fell by 3% to $4.50."
    left, right = diffs.side_by_side(before, after, [], [])
    assert [piece.text for piece in left if piece.side == "removed"] == ["rose ", "$4.05"]
    assert [piece.text for piece in right if piece.side == "added"] == ["fell ", "$4.50"]
    assert [p.text for p in diffs.words("日本語です", "日本人です") if p.side == "removed"] == [
        "語"
    ]


def test_a_finding_across_a_change_is_marked_whole_and_named_once() -> None:
    finding = Finding(
        code="G102", severity="error", section="overview", message='not "here"', span=(8, 17)
    )
    _, right = diffs.side_by_side("It costs 3 million.", "It costs 4 million.", [], [finding])
    assert [piece.ending for piece in right if piece.ending] == ["G102"]
    assert DiffPiece("added", "4 ", (finding,)) in right
    assert {(piece.severity, piece.said) for piece in right if piece.findings} == {
        ("error", 'G102: not "here"')
    }
