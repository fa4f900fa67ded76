"""A section that a person asks for again on the page is read by the second reader, and counted."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from examples.editor import RAW
from rewriter.article import Section
from rewriter.files import atomic
from rewriter.review import articles, decisions
from rewriter.settings import Settings
from rewriter.state.records import Record
from tests.provider import Provider
from tests.review.conftest import load

HELD = "raw/stablecoin-reserves.txt"


def _ask(site: Path, settings: Settings, section: Section, note: str) -> Record:
    """Ask again for a section of the held article; its record afterwards."""
    (entry,) = articles.entries([str(site.parent / HELD)], settings)
    seen = atomic.digest(entry.path.read_bytes())
    asyncio.run(decisions.ask_again(entry, seen, section, note, settings))
    (entry,) = articles.entries([str(site.parent / HELD)], settings)
    return entry.record


def test_an_answer_is_read_with_all_that_was_not_read_yet(
    site: Path, settings: Settings, provider: Provider
) -> None:
    before = len(provider.calls)
    record = _ask(site, settings, "details", "Name the auditor.")
    asked, read = provider.calls[before:]
    note = str(asked.body["messages"][-1]["content"])
    assert "<note>\nName the auditor.\n</note>" in note
    assert "E000" not in note
    assert "automatic check" not in note
    shown = str(read.body["messages"][-1]["content"])
    assert "1.6 billion" in shown  # the overview, of which the checks held the article
    assert record.reading
    assert record.reading.readings == 1
    assert [d.code for d in record.decisions[-1].findings] == []

    again = _ask(site, settings, "details", "Name the bank.")
    assert len(provider.calls) == before + 3  # the same words were read before
    assert again.reading == record.reading


def test_the_paid_calls_are_counted(site: Path, settings: Settings) -> None:
    (entry,) = articles.entries([str(site.parent / HELD)], settings)
    before = entry.record
    after = _ask(site, settings, "impact", "Name the token.")
    assert after.attempts == before.attempts + 2
    paid = after.decisions[-1].usage
    assert paid
    assert paid.cost
    assert after.usage == before.usage + paid
    assert len(after.request_digests) == len(before.request_digests) + 2


@pytest.mark.parametrize("action", ["publish", "ask"])
def test_an_answer_that_nobody_read_is_named(
    site: Path, settings: Settings, provider: Provider, action: str
) -> None:
    answer = (RAW.parent / "answers" / "stablecoin-reserves.json").read_text("utf-8")
    impact = json.dumps({"impact": json.loads(answer)["impact"]})
    provider.script([{"content": impact}, *[{"content": "no report"}] * 3])
    _ask(site, settings, "impact", "Name the token.")
    raw = site.parent / HELD
    (entry,) = articles.entries([str(raw)], settings)
    seen = atomic.digest(entry.path.read_bytes())
    assert "R199" in [one.finding.code for one in load(raw, settings).findings]
    if action == "publish":
        decisions.publish(entry, seen, "read by a person", settings)
        (entry,) = articles.entries([str(raw)], settings)
        assert "R199" in [finding.code for finding in entry.record.findings]
    else:
        provider.script([{"content": impact.replace('."', ' now."', 1)}])
        _ask(site, settings, "impact", "Name the bank.")
        assert "R199" not in [one.finding.code for one in load(raw, settings).findings]
