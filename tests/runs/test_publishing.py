"""From file to file: what is due is rewritten, and what is not is left as it was."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rewriter import frontmatter
from rewriter.completion import Completion, Request
from rewriter.completion.asking import Backend
from rewriter.errors import LedgerError, ProviderUnavailableError
from rewriter.files import atomic
from rewriter.files.inputs import items
from rewriter.offload import ending
from rewriter.prompting.prompt import Prompt
from rewriter.prompting.prompt_file import load
from rewriter.runs.publishing import Result, process
from rewriter.runs.setup import Job
from rewriter.state import State, held, originals, records
from rewriter.state.ledger import Entry, Key, MemoryLedger
from tests import articles
from tests.articles import RAW, RAW_WITH_FRONT_MATTER
from tests.completers import PlayedCompleter, Step

PROMPT = load()
_NEWER = f"prompt version {PROMPT.version} -> {PROMPT.version + 1}"
GOOD = articles.rewrite()
TWICE = articles.rewrite(from_author=(GOOD.overview,))
Work = Callable[..., "Done"]


class Done:
    """A result, with the completer that was asked."""

    def __init__(self, result: Result, completer: PlayedCompleter) -> None:
        self.result = result
        self.asked = len(completer.requests)


def _newer() -> Prompt:
    header = PROMPT.header.model_copy(update={"version": PROMPT.version + 1})
    return PROMPT.model_copy(update={"header": header})


async def work(
    path: Path,
    *steps: Step,
    out: Path | None = None,
    in_place: bool = False,
    prompt: Prompt = PROMPT,
    engine: str = "openai",
    **options: Any,
) -> Done:
    completer = PlayedCompleter(steps, name=engine)
    job = Job(
        prompt,
        Backend(completer.name, "m", MemoryLedger(), completer),
        State(root=path.parent),
        in_place=in_place,
        **options,
    )
    (item,) = items([str(path)], path.parent, out=out, in_place=in_place)
    return Done(await process(item, job), completer)


async def test_a_published_article_is_written_with_its_record(raw: Path, out: Path) -> None:
    done = await work(raw, GOOD, out=out)
    assert (done.result.status, done.result.exit_code) == ("published", 0)
    text = (out / "ferries.md").read_text()
    assert text.startswith("---\ntitle:  'Kept'   # as it is\nid: 007\n")
    assert frontmatter.read(text.encode()).metadata["ai"]["rewritten"] is True
    record = records.load(raw.parent / ".rewriter" / "records", "ferries.md")
    assert record is not None
    assert (record.status, record.rewrite, record.usage.output_tokens) == ("published", GOOD, 50)


async def test_nothing_is_asked_for_an_article_that_begins_after_a_stop(
    raw: Path, out: Path
) -> None:
    stop = asyncio.Event()
    stop.set()
    ending.set(stop)
    done = await work(raw, out=out)
    assert (done.result.status, done.result.exit_code, done.asked) == ("left", 0, 0)
    assert not out.exists()


async def test_a_large_article_answered_before_a_stop_goes_on_in_the_next_run_for_nothing(
    raw: Path, out: Path
) -> None:
    raw.write_text(RAW_WITH_FRONT_MATTER + "\nThe council paid for the ferry.\n" * 2_000)
    stop = asyncio.Event()
    completer = PlayedCompleter([GOOD])
    answer = completer.complete

    async def answer_and_stop(request: Request) -> Completion:
        stop.set()
        return await answer(request)

    completer.complete = answer_and_stop  # type: ignore[method-assign]
    backend = Backend(completer.name, "m", MemoryLedger(), completer)
    job = Job(PROMPT, backend, State(root=raw.parent))
    ending.set(stop)
    (item,) = items([str(raw)], raw.parent, out=out)
    assert (await process(item, job)).status == "left"
    stop.clear()
    assert (await process(item, job)).attempts == 1
    assert len(completer.requests) == 1


async def test_a_second_run_asks_nothing(raw: Path, out: Path) -> None:
    await work(raw, GOOD, out=out)
    before = (out / "ferries.md").read_bytes()
    done = await work(raw, out=out)
    assert (done.result.status, done.result.reason, done.asked) == ("skipped", "current", 0)
    assert (out / "ferries.md").read_bytes() == before


async def test_what_makes_an_article_due_again(raw: Path, out: Path) -> None:
    await work(raw, GOOD, out=out)
    newer = await work(raw, GOOD, out=out, prompt=_newer())
    assert (newer.result.status, newer.result.reason) == ("published", _NEWER)
    raw.write_text(RAW_WITH_FRONT_MATTER + "\nA port in the north asked for more ships.\n")
    changed = await work(raw, GOOD, out=out, prompt=_newer())
    assert (changed.result.status, changed.result.reason) == ("published", "source changed")
    forced = await work(raw, GOOD, out=out, prompt=_newer(), force=True)
    assert (forced.result.status, forced.result.reason) == ("published", "forced")


async def test_a_held_article_is_not_written_and_its_findings_are_kept(
    raw: Path, out: Path
) -> None:
    wrong = {"from_author": [GOOD.overview]}
    done = await work(raw, TWICE, wrong, wrong, out=out)
    assert (done.result.status, done.result.exit_code) == ("held", 1)
    assert "S201" in done.result.reason
    assert not out.exists()
    held = records.load(raw.parent / ".rewriter" / "held", "ferries.md")
    assert held is not None
    assert held.rewrite == TWICE
    again = await work(raw, GOOD, out=out)
    assert (again.result.status, again.result.reason) == ("published", "held before")
    assert records.load(raw.parent / ".rewriter" / "held", "ferries.md") is None


async def test_in_place_keeps_the_original_and_never_takes_the_result_for_a_source(
    raw: Path,
) -> None:
    await work(raw, GOOD, in_place=True)
    assert "## Overview" in raw.read_text()
    newer = await work(raw, GOOD, in_place=True, prompt=_newer())
    assert newer.result.status == "published"
    record = records.load(raw.parent / ".rewriter" / "records", "ferries.md")
    assert record is not None
    first = records.load(raw.parent / ".rewriter" / "records", "ferries.md")
    assert first is not None
    assert record.source_digest == first.source_digest


async def test_html_in_place_is_refused_and_stays_as_it_was(raw: Path) -> None:
    page = raw.with_suffix(".html")
    page.write_text("<p>" + "</p><p>".join(articles.PARAGRAPHS) + "</p>")
    before = page.read_bytes()
    done = await work(page, GOOD, in_place=True)
    assert (done.result.status, done.result.exit_code) == ("failed", 4)
    assert "use --out" in done.result.reason
    assert page.read_bytes() == before


async def test_front_matter_below_a_comment_is_refused_before_anything_is_asked(raw: Path) -> None:
    before = f"<!-- lint -->\n{RAW_WITH_FRONT_MATTER}".encode()
    raw.write_bytes(before)
    done = await work(raw, GOOD, in_place=True)
    assert (done.result.status, done.result.attempts) == ("failed", 0)
    assert "not at the top" in done.result.reason
    assert raw.read_bytes() == before


async def test_what_is_left_out_is_told_and_a_lead_picture_kept(raw: Path) -> None:
    head, body = RAW_WITH_FRONT_MATTER.split("007\n---\n")
    raw.write_text(f"{head}007\n---\n![A ship](s.jpg)\n\n{body}\n![Another](t.jpg)\n")
    done = await work(raw, GOOD, in_place=True)
    assert (done.result.status, done.result.reason) == ("published", "new; leaves out 1 image")
    assert "S114" in [finding.code for finding in done.result.findings]
    assert "---\n![A ship](s.jpg)\n\n## Overview\n" in raw.read_text()


async def test_a_finished_article_without_its_original_is_refused(raw: Path, out: Path) -> None:
    await work(raw, GOOD, out=out)
    finished = out / "ferries.md"
    current = await work(finished, in_place=True)
    assert (current.result.status, current.result.reason) == ("skipped", "current")
    refused = await work(finished, in_place=True, prompt=_newer())
    assert (refused.result.status, refused.result.exit_code) == ("failed", 4)
    assert "never taken for a source" in refused.result.reason
    assert refused.asked == 0


async def test_a_raw_article_in_place_was_never_written_whatever_its_own_keys_say(
    raw: Path, out: Path
) -> None:
    raw.write_text(f'---\ntitle: Ferries\nai:\n  rewritten: "yes"\n---\n\n{RAW}')
    assert (await work(raw, GOOD, out=out)).result.status == "published"
    done = await work(raw, GOOD, in_place=True)
    assert (done.result.status, done.result.reason) == ("published", "not rewritten yet")


async def test_an_article_edited_since_is_left_alone_unless_forced(raw: Path) -> None:
    await work(raw, GOOD, in_place=True)
    raw.write_text(raw.read_text() + "\nAn editor's line.\n")
    left = await work(raw, in_place=True, prompt=_newer())
    assert left.result.status == "skipped"
    assert "edited since" in left.result.reason
    forced = await work(raw, GOOD, in_place=True, prompt=_newer(), force=True)
    assert forced.result.status == "published"


async def test_a_run_killed_before_its_write_is_made_up_for(
    raw: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await work(raw, GOOD, out=out)

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(originals, "write_over", killed)
    with pytest.raises(KeyboardInterrupt):
        await work(raw, GOOD, out=out, prompt=_newer())
    monkeypatch.undo()
    again = await work(raw, GOOD, out=out, prompt=_newer())
    assert (again.result.status, again.result.reason) == ("published", _NEWER)


async def test_a_file_of_somebody_else_is_not_overwritten(raw: Path, out: Path) -> None:
    out.mkdir()
    (out / "ferries.md").write_text("A person's notes.\n")
    done = await work(raw, out=out)
    assert (done.result.status, done.result.exit_code) == ("failed", 4)
    assert "was not written by this program" in done.result.reason
    assert (out / "ferries.md").read_text() == "A person's notes.\n"


async def test_a_draft_never_replaces_a_rewrite(raw: Path, out: Path) -> None:
    draft = await work(raw, GOOD, out=out, engine="extractive")
    assert draft.result.status == "drafted"
    again = await work(raw, out=out, engine="extractive")
    assert (again.result.status, again.result.reason) == ("skipped", "current")
    real = await work(raw, GOOD, out=out)
    assert (real.result.status, real.result.reason) == ("published", "only a draft so far")
    back = await work(raw, out=out, engine="extractive", force=True)
    assert (back.result.status, back.result.reason) == (
        "skipped",
        "a draft never replaces a rewrite",
    )


async def test_where_nothing_can_be_written_nothing_is_asked(raw: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = await work(raw, GOOD, out=tmp_path / "file" / "out")
    assert (done.result.status, done.result.exit_code, done.asked) == ("failed", 4, 0)
    assert "cannot be written" in done.result.reason


async def test_a_write_that_fails_tells_what_was_paid(raw: Path, out: Path) -> None:
    class Vandal(PlayedCompleter):
        async def complete(self, request: Request) -> Completion:
            out.write_text("in the way")
            return await super().complete(request)

    backend = Backend("openai", "m", MemoryLedger(), Vandal([GOOD]))
    job = Job(PROMPT, backend, State(root=raw.parent))
    (item,) = items([str(raw)], raw.parent, out=out)
    result = await process(item, job)
    assert (result.status, result.usage.output_tokens, result.attempts) == ("failed", 50, 1)


async def test_an_article_with_the_longest_name_is_published_and_held_like_any_other(
    raw: Path, out: Path
) -> None:
    longest = raw.rename(raw.with_name(f"{'n' * 252}.md"))
    state = State(root=raw.parent)

    published = await work(longest, GOOD, out=out)
    before = (out / longest.name).read_bytes()
    again = await work(longest, TWICE, TWICE, TWICE, out=out, force=True)

    assert (published.result.status, again.result.status) == ("published", "held")
    assert held.publish(state, longest, "read by a person").address == str(out / longest.name)
    assert (out / longest.name).read_bytes() != before


async def test_a_preview_writes_nothing(raw: Path) -> None:
    before = sorted(raw.parent.rglob("*"))
    done = await work(raw, GOOD)
    assert done.result.status == "previewed"
    assert done.result.document is not None
    assert "## Overview" in done.result.document
    assert sorted(raw.parent.rglob("*")) == before


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"\x00\x01\x02\xff", ""),
        (b"", ""),
        (b"---\ntitle: x\nai: mine\n---\n" + RAW.encode(), ":3: "),
    ],
)
async def test_what_cannot_be_worked_on_is_a_result_that_says_why(
    raw: Path, content: bytes, complaint: str
) -> None:
    raw.write_bytes(content)
    done = await work(raw, GOOD, in_place=True)
    assert (done.result.status, done.result.exit_code) == ("failed", 4)
    assert complaint in done.result.reason
    assert raw.read_bytes() == content
    assert done.asked == 0


async def test_a_ledger_that_cannot_keep_an_answer_ends_the_run(raw: Path, out: Path) -> None:
    class Full(MemoryLedger):
        async def put(self, key: Key, entry: Entry) -> None:
            raise LedgerError("no space left on device")

    backend = Backend("openai", "m", Full(), PlayedCompleter([GOOD]))
    job = Job(PROMPT, backend, State(root=raw.parent))
    (item,) = items([str(raw)], raw.parent, out=out)
    result = await process(item, job)
    assert (result.status, result.ends_run, result.usage.cost) == ("failed", True, 0.01)


async def test_a_name_that_is_not_utf_8_is_refused_before_anything_is_asked(
    raw: Path, out: Path
) -> None:
    path = raw.rename(raw.with_name(os.fsdecode(b"caf\xe9.md")))
    done = await work(path, GOOD, out=out)
    assert (done.result.status, done.result.exit_code, done.asked) == ("failed", 4, 0)
    assert "its name is not UTF-8" in json.loads(done.result.model_dump_json())["reason"]


async def test_an_article_in_utf_16_is_previewed_and_once_finished_no_source(raw: Path) -> None:
    raw.write_bytes(RAW_WITH_FRONT_MATTER.encode("utf-16"))
    preview = await work(raw, GOOD)
    assert (preview.result.document or "").startswith("---\ntitle:  'Kept'")
    await work(raw, GOOD, in_place=True)
    state = State(root=raw.parent)
    first = records.load(state.records, raw.name)
    await work(raw, GOOD, in_place=True, prompt=_newer())
    second = records.load(state.records, raw.name)
    assert first is not None
    assert second is not None
    assert (first.prompt_version, second.prompt_version) == (PROMPT.version, PROMPT.version + 1)
    assert first.source_digest == second.source_digest


async def test_a_failing_provider_is_a_result(raw: Path, out: Path) -> None:
    done = await work(raw, ProviderUnavailableError("down"), out=out)
    assert (done.result.status, done.result.exit_code) == ("failed", 3)
    assert done.result.reason == "down"


async def test_a_file_changed_meanwhile_is_kept_and_so_is_the_new_text(raw: Path) -> None:
    class Editor(PlayedCompleter):
        async def complete(self, request: Request) -> Completion:
            raw.write_text("Changed by an editor.\n")
            return await super().complete(request)

    job = Job(
        PROMPT,
        Backend("openai", "m", MemoryLedger(), Editor([GOOD])),
        State(root=raw.parent),
        in_place=True,
    )
    (item,) = items([str(raw)], raw.parent, in_place=True)
    result = await process(item, job)
    assert (result.status, result.exit_code) == ("failed", 4)
    assert result.usage.cost == 0.01, "it was paid for all the same"
    assert raw.read_text() == "Changed by an editor.\n"
    (kept,) = (raw.parent / ".rewriter" / "conflicts").iterdir()
    assert str(kept) in result.reason
    assert "## Overview" in kept.read_text()


@pytest.mark.parametrize("in_place", [True, False])
async def test_of_two_runs_at_once_the_second_finds_the_article_current(
    raw: Path, out: Path, in_place: bool
) -> None:
    place = {"in_place": True} if in_place else {"out": out}

    class Slow(PlayedCompleter):
        async def complete(self, request: Request) -> Completion:
            first = await work(raw, GOOD, **place)
            assert first.result.status == "published"
            return await super().complete(request)

    backend = Backend("openai", "m", MemoryLedger(), Slow([GOOD]))
    job = Job(PROMPT, backend, State(root=raw.parent), in_place=in_place)
    (item,) = items([str(raw)], raw.parent, **place)
    second = await process(item, job)
    assert (second.status, second.reason, second.exit_code) == ("skipped", "current", 0)
    assert second.usage.cost == 0.01
    assert not (raw.parent / ".rewriter" / "conflicts").exists()
    record = records.load(job.state.records, item.name)
    assert record is not None
    assert item.result is not None
    assert record.output_digest == atomic.digest(item.result.read().data)


async def test_an_edited_prompt_of_the_same_version_is_told(raw: Path, out: Path) -> None:
    await work(raw, GOOD, out=out)
    rules = PROMPT.rules.model_copy(update={"tags": (1, 3)})
    header = PROMPT.header.model_copy(update={"rules": rules})
    edited = await work(raw, out=out, prompt=Prompt(header=header, templates=PROMPT.templates))
    assert edited.result.status == "skipped"
    assert "was edited under the same version" in edited.result.reason
    other = header.model_copy(update={"name": "other"})
    told = await work(raw, out=out, prompt=Prompt(header=other, templates=PROMPT.templates))
    assert f"made by the prompt {PROMPT.name}; --force" in told.result.reason


@pytest.mark.parametrize("engine", ["extractive", "openai"])
async def test_a_result_or_a_draft_is_never_taken_for_a_source(
    engine: str, raw: Path, out: Path
) -> None:
    await work(raw, GOOD, out=out, engine=engine)
    done = await work(out / "ferries.md", out=out / "again")
    assert (done.result.status, done.asked) == ("failed", 0)
    assert "is never taken for a source" in done.result.reason
