"""What readers write below an article is cut on evidence, and kept with a note without any."""

from __future__ import annotations

import pytest

from tests.cleaning.articles import BODY, TITLE, cleaned, cuts

LINKS = (
    "Read next",
    "Why the lighthouse at Brackwater went dark for a night",
    "Fishermen ask for longer nets in the southern strait",
)


@pytest.mark.parametrize(
    "comments",
    [
        ["Comments (14)", "ferryfan77: Amazing!!", "5 minutes ago", "Reply"],
        ["2 Comments", "Old Salt", "3 hours ago", "We liked the old ones, with coal and smoke."],
        ["Kommentare", "Die alten waren mir lieber.", "Antworten", "Mir nicht.", "Antworten"],
        ["Leave a comment", "Comments", "@harbor_cat Nobody asked us about the ships at all."],
    ],
)
@pytest.mark.parametrize("below", [[], LINKS])
def test_cuts_comments_below_their_heading(comments: list[str], below: list[str]) -> None:
    source = cleaned(TITLE, *BODY, *comments, *below)
    assert source.paragraphs == BODY
    assert cuts(source)["comments"] == "\n\n".join(comments)
    assert cuts(source).get("related-articles", "") == "\n\n".join(below)


def test_the_article_goes_on_below_a_box_of_comments() -> None:
    comments = ("Comments (3)", "ferryfan77: Amazing!!", "Reply")
    source = cleaned(TITLE, *BODY[:2], *comments, *BODY[2:])
    assert source.paragraphs == BODY
    assert cuts(source) == {"comments": "\n\n".join(comments)}


def test_a_disclaimer_below_the_comments_is_none_of_them() -> None:
    line = "Disclaimer: This article is not financial advice."
    source = cleaned(TITLE, *BODY, "Comments", "ferryfan77: Amazing!!", "Reply", line)
    assert cuts(source)["disclaimer"] == line


def test_text_below_a_heading_without_evidence_is_kept_with_a_note() -> None:
    line = "Tom Arbuthnot: The ships are slower."
    source = cleaned(TITLE, *BODY, "Comments", line)
    assert line in source.paragraphs
    assert any("“Comments”" in note for note in source.notes)


def test_a_link_to_the_comments_above_the_text_opens_none() -> None:
    source = cleaned(TITLE, "12 comments", *BODY, "5 minutes ago")
    assert source.paragraphs == BODY
    assert "comments" not in cuts(source)
    assert not source.notes


@pytest.mark.parametrize("line", ["Reply", "ferryfan77: Amazing!!"])
def test_a_line_as_in_a_comment_is_kept_without_their_heading(line: str) -> None:
    source = cleaned(TITLE, *BODY[:3], line, *BODY[3:])
    assert any(line in paragraph for paragraph in source.paragraphs)
