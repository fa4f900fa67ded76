"""Checking files on disk: every complaint names the file that it is about."""

from __future__ import annotations

from pathlib import Path

import pytest

from rewriter import checking, document
from rewriter.errors import FrontMatterError, SourceError
from tests import articles

RULES = articles.rules()
RAW = "Harbour Freight orders ferries\n\n" + "\n\n".join(articles.PARAGRAPHS) + "\n"
HEADER = "---\ntitle: Ferries\nai:\n  rewritten: true\n---\n"
BODY = document.render(articles.rewrite(), RULES.headings_for("en"))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "raw.txt"
    path.write_text(RAW)
    return path


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "done.md"
    path.write_text(HEADER + BODY)
    return path


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_faithful_article_has_no_error(source: Path, article: Path, newline: str) -> None:
    article.write_bytes((HEADER + BODY).replace("\n", newline).encode())
    found = checking.check_file(str(article), str(source), RULES).findings
    assert [located for located in found if located.finding.severity == "error"] == []


@pytest.mark.parametrize(
    ("content", "kind", "complaint"),
    [
        (HEADER + "No heading at all.\n", SourceError, r"done\.md: not a finished article"),
        ("---\ntitle: [\n---\n" + BODY, FrontMatterError, r"done\.md:2: "),
    ],
)
def test_a_file_that_is_no_rewrite_is_named(
    source: Path, article: Path, content: str, kind: type[Exception], complaint: str
) -> None:
    article.write_text(content)
    with pytest.raises(kind, match=complaint):
        checking.check_file(str(article), str(source), RULES)


def test_a_comment_that_silences_nothing_is_told_with_its_line(source: Path, article: Path) -> None:
    text = HEADER + BODY + "\n<!-- rewriter: ignore G101 -->\n"
    article.write_text(text)
    checked = checking.check_file(str(article), str(source), RULES)
    assert checked.unheeded == (text.count("\n"),)


def test_a_file_without_a_source_is_named(article: Path) -> None:
    with pytest.raises(SourceError, match=r"done\.md: no source of it is kept"):
        checking.check_file(str(article), None, RULES)


def test_a_source_that_cannot_be_read_is_named(source: Path, article: Path) -> None:
    source.write_bytes(b"\x00\x01\x02")
    with pytest.raises(SourceError, match=r"raw\.txt: "):
        checking.check_file(str(article), str(source), RULES)
