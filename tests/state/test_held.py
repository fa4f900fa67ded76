"""A held rewrite goes where it was meant to, over what it was to replace and over nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from rewriter import document, frontmatter
from rewriter.article import Finding
from rewriter.errors import FileChangedError, FileError
from rewriter.files import atomic
from rewriter.runs.checking.texts import left_to_accept
from rewriter.settings import Settings
from rewriter.state import State, held, originals, records
from tests.articles import RAW_WITH_FRONT_MATTER
from tests.runs.test_publishing import GOOD, PROMPT, TWICE, work

WRONG = {"from_author": [GOOD.overview]}
HELD = (TWICE, WRONG, WRONG)
NEWER = PROMPT.model_copy(
    update={"header": PROMPT.header.model_copy(update={"version": PROMPT.version + 1})}
)


@pytest.fixture
def state(raw: Path) -> State:
    return State(root=raw.parent)


async def test_a_finished_article_can_be_replaced_by_its_held_rewrite(
    raw: Path, state: State
) -> None:
    await work(raw, GOOD, in_place=True)
    first = raw.read_bytes()
    await work(raw, *HELD, in_place=True, prompt=NEWER)
    assert raw.read_bytes() == first

    assert held.publish(state, raw, "checked by phone").address == str(raw)

    assert f"version: {PROMPT.version + 1}" in raw.read_text()
    assert originals.latest(state, raw.name) == RAW_WITH_FRONT_MATTER.encode()
    assert originals.history(state, raw.name)[-2].digest == atomic.digest(first)


@pytest.mark.parametrize("in_place", [True, False])
async def test_what_was_edited_since_is_not_overwritten(
    raw: Path, out: Path, state: State, in_place: bool
) -> None:
    where: dict[str, Any] = {"in_place": True} if in_place else {"out": out}
    await work(raw, GOOD, **where)
    await work(raw, *HELD, prompt=NEWER, **where)
    target = raw if in_place else out / "ferries.md"
    edited = target.read_text() + "\nAn editor's line.\n"
    target.write_text(edited)

    with pytest.raises(FileChangedError, match=r"ferries\.md: changed since its rewrite was held"):
        held.publish(state, raw, "fine")

    assert target.read_text() == edited


async def test_a_damaged_record_of_another_article_is_in_nobodys_way(
    raw: Path, state: State
) -> None:
    await work(raw, *HELD, in_place=True)
    (state.held / "a.json").write_text("{")
    assert held.publish(state, raw, "fine").address == str(raw)


async def test_a_target_is_not_written_where_the_record_cannot_be(raw: Path, state: State) -> None:
    await work(raw, *HELD, in_place=True)
    before = raw.read_bytes()
    path = records.path_of(state.records, raw.name)
    path.unlink()
    path.mkdir()
    with pytest.raises(FileError, match="not a file"):
        held.publish(state, raw, "fine")
    assert raw.read_bytes() == before


async def test_what_cannot_be_removed_is_an_error_of_its_file(raw: Path, state: State) -> None:
    await work(raw, *HELD, in_place=True)
    path = records.path_of(state.held, raw.name)
    path.unlink()
    path.mkdir()
    with pytest.raises(FileError, match=r"cannot remove it"):
        records.discard(state.held, raw.name)


async def test_a_person_who_publishes_can_be_noted(raw: Path, state: State) -> None:
    await work(raw, *HELD, in_place=True)
    now = datetime(2026, 3, 2, tzinfo=UTC)
    held.publish(
        state, raw, "read", edit=partial(document.reviewed, rules=PROMPT.rules, by="MW", now=now)
    )
    ai = frontmatter.read(raw.read_bytes()).metadata["ai"]
    assert ai["reviewed"] == {"at": "2026-03-02T00:00:00.000Z", "by": "MW"}
    record = records.load(state.records, raw.name)
    assert record is not None
    assert record.output_digest == atomic.digest(raw.read_bytes())


async def test_publishing_goes_on_where_a_killed_process_stopped(raw: Path, state: State) -> None:
    await work(raw, *HELD, in_place=True)
    record = records.load(state.held, raw.name)
    assert record is not None
    document = (state.held / f"{raw.name}.md").read_bytes()
    held.publish(state, raw, "fine")
    held.keep(state, record, document)

    held.publish(state, raw, "fine")

    assert raw.read_bytes() == document
    assert originals.latest(state, raw.name) == RAW_WITH_FRONT_MATTER.encode()


async def test_a_hold_without_a_rewrite_leaves_no_document_of_an_earlier_one(
    raw: Path, state: State
) -> None:
    await work(raw, *HELD, in_place=True)
    raw.write_text("---\ntitle: x\n---\nToo little to say.\n")
    await work(raw, in_place=True)

    with pytest.raises(FileError, match=r"held without a rewrite \(S\d+\).*rewriter rewrite"):
        held.publish(state, raw, "fine")


async def test_a_document_that_a_person_edits_is_not_written_over(raw: Path, state: State) -> None:
    await work(raw, *HELD, in_place=True)
    document = state.held / f"{raw.name}.md"
    document.write_text(document.read_text() + "\nAn editor's line.\n")
    edited = document.read_bytes()

    again = await work(raw, *HELD, in_place=True)
    assert (again.result.status, again.asked) == ("skipped", 0)
    assert "its document edited" in again.result.reason
    assert document.read_bytes() == edited

    forced = await work(raw, *HELD, in_place=True, force=True)
    assert forced.result.status == "held"
    assert document.read_bytes() != edited
    assert originals.get(state, raw.name, atomic.digest(edited)) == edited


async def test_that_nobody_read_the_article_is_accepted_on_publishing(
    raw: Path, state: State
) -> None:
    await work(raw, *HELD, in_place=True)
    unread = Finding(code="R199", severity="error", section="source", message="not read")
    record = records.load(state.held, raw.name)
    assert record is not None
    records.save(state.held, record.model_copy(update={"findings": (unread,)}))
    held.publish(state, raw, "read", judge=partial(left_to_accept, Settings(root=raw.parent)))
    published = records.load(state.records, raw.name)
    assert published is not None
    assert unread in published.findings


async def test_an_edited_document_is_what_is_published(raw: Path, state: State) -> None:
    await work(raw, *HELD, in_place=True)
    document = state.held / f"{raw.name}.md"
    document.write_text(document.read_text() + "\nAn editor's line.\n")
    held.publish(state, raw, "mended by hand")
    assert raw.read_text().endswith("An editor's line.\n")
    assert not document.exists()


async def test_a_hold_does_not_forget_what_was_written_before(raw: Path, state: State) -> None:
    await work(raw, GOOD, in_place=True)
    await work(raw, *HELD, in_place=True, prompt=NEWER)
    raw.write_text(raw.read_text() + "\nAn editor's line.\n")

    left = await work(raw, GOOD, in_place=True, prompt=NEWER)

    assert left.result.status == "skipped"
    assert "edited since" in left.result.reason
