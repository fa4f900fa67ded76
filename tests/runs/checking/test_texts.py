"""Checking files on disk: every complaint names the file that it is about."""

from __future__ import annotations

from pathlib import Path

import pytest

from rewriter import document
from rewriter.article import Finding
from rewriter.errors import FileError, FrontMatterError, SourceError
from rewriter.runs.checking import texts
from rewriter.runs.checking.positions import EditorDecision
from rewriter.state import State, held
from tests import articles
from tests.runs.test_publishing import GOOD, work
from tests.state.test_held import HELD

RULES = articles.rules()
HEADER = "---\ntitle: Ferries\nai:\n  rewritten: true\n---\n"
BODY = document.render(articles.rewrite(), RULES.headings["en"])


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "raw.txt"
    path.write_text(articles.RAW)
    return path


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "done.md"
    path.write_text(HEADER + BODY)
    return path


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_faithful_article_has_no_error(source: Path, article: Path, newline: str) -> None:
    article.write_bytes((HEADER + BODY).replace("\n", newline).encode())
    found = texts.judge_file(str(article), str(source), RULES).placed().findings
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
        texts.judge_file(str(article), str(source), RULES).placed()


def test_a_comment_that_silences_nothing_is_told_with_its_line(source: Path, article: Path) -> None:
    text = HEADER + BODY + "\n<!-- rewriter: ignore G101 -->\n"
    article.write_text(text)
    checked = texts.judge_file(str(article), str(source), RULES).placed()
    assert checked.unheeded == (text.count("\n"),)


@pytest.mark.parametrize(
    ("comment", "decision"),
    [
        (
            '<!-- rewriter: ignore G101 "17" counted by hand -->',
            EditorDecision("silenced", "counted by hand"),
        ),
        ("<!-- rewriter: ignore G101 -->", None),
    ],
)
def test_a_comment_in_plain_text_is_heeded_and_not_read(
    source: Path, tmp_path: Path, comment: str, decision: EditorDecision | None
) -> None:
    text = tmp_path / "text.txt"
    text.write_text(f"Harbour Freight Lines carried\n{comment}\n17 passengers.\n")
    checked = texts.judge_file(str(text), str(source), RULES).placed()
    (found,) = checked.findings
    assert (found.line, found.column, found.finding.code) == (3, 1, "G101")
    assert found.decision == decision
    assert checked.unheeded == (() if decision else (2,))


def test_a_text_that_is_longer_than_an_article_is_refused(source: Path, tmp_path: Path) -> None:
    text = tmp_path / "text.txt"
    text.write_text("$1." * 200_000)
    with pytest.raises(SourceError, match=r"text\.txt: 600,000 characters in 1 lines are too many"):
        texts.judge_file(str(text), str(source), RULES).placed()


def _errors(path: Path) -> list[Finding]:
    found = texts.judge_file(str(path), None, RULES).placed().findings
    return [one.finding for one in found if one.finding.severity == "error" and not one.decision]


@pytest.fixture
def state(raw: Path) -> State:
    return State(root=raw.parent)


async def test_a_held_rewrite_is_checked_against_its_article(raw: Path, state: State) -> None:
    await work(raw, *HELD, in_place=True)
    document = state.held / f"{raw.name}.md"
    assert {finding.code for finding in _errors(document)} == {"S201"}
    raw.write_text("Something else.")
    with pytest.raises(FileError, match=r"ferries\.md has changed or is gone"):
        texts.judge_file(str(document), None, RULES).placed()


async def test_a_held_rewrite_of_a_finished_article_is_checked_against_the_original(
    raw: Path, state: State
) -> None:
    await work(raw, GOOD, in_place=True)
    await work(raw, *HELD, in_place=True, force=True)
    assert {finding.code for finding in _errors(state.held / f"{raw.name}.md")} == {"S201"}


async def test_a_held_rewrite_without_its_record_is_named(raw: Path, state: State) -> None:
    await work(raw, *HELD, in_place=True)
    (state.held / f"{raw.name}.json").unlink()
    with pytest.raises(FileError, match=r"it has no record next to it"):
        texts.judge_file(str(state.held / f"{raw.name}.md"), None, RULES).placed()


async def test_records_are_no_articles(raw: Path, state: State) -> None:
    await work(raw, *HELD, in_place=True)
    assert list(texts.files([str(state.held)])) == [state.held / f"{raw.name}.md"]


@pytest.mark.parametrize("in_place", [True, False])
async def test_what_was_accepted_on_publishing_stands_no_more_and_what_is_new_does(
    raw: Path, out: Path, state: State, in_place: bool
) -> None:
    await work(raw, *HELD, in_place=in_place, out=None if in_place else out)
    target = Path(held.publish(state, raw, "said twice on purpose").address)
    accepted = texts.judge_file(str(target), None, RULES, state.root).placed().findings
    decisions = [one.decision for one in accepted if one.finding.severity == "error"]
    assert decisions == [EditorDecision("accepted", "said twice on purpose")]

    target.write_text(target.read_text().replace("3.1 million", "1.3 million"))
    edited = texts.judge_file(str(target), None, RULES, state.root).placed().findings
    standing = {one.finding.code for one in edited if one.decision is None}
    assert "G101" in standing
    assert "S201" not in standing


async def test_what_was_accepted_is_known_in_another_checkout(raw: Path, state: State) -> None:
    await work(raw, *HELD, in_place=True)
    target = Path(held.publish(state, raw, "said twice on purpose").address)
    checkout = raw.parent.rename(raw.parent.with_name("checkout"))
    assert _errors(checkout / target.name) == []


async def test_a_raw_article_is_not_checked_against_itself(raw: Path) -> None:
    await work(raw, GOOD, out=raw.parent / "out")
    with pytest.raises(SourceError, match="it is the raw article itself; check its rewrite"):
        texts.judge_file(str(raw), None, RULES)


def test_a_file_without_a_source_is_named(article: Path) -> None:
    with pytest.raises(SourceError, match=r"done\.md: no source of it is kept"):
        texts.judge_file(str(article), None, RULES).placed()


def test_a_source_that_cannot_be_read_is_named(source: Path, article: Path) -> None:
    source.write_bytes(b"\x00\x01\x02")
    with pytest.raises(SourceError, match=r"raw\.txt: "):
        texts.judge_file(str(article), str(source), RULES).placed()
