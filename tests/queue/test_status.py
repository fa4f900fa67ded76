"""A batch's name and state are shown whole, however narrow the terminal."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from rich.console import Console

from rewriter.cli.status import shown
from rewriter.queue.batches import Batch, Standing

QUEUE = Standing(processes=2)
NAME = "20260101-101010-abcd"
REASON = 'model unknown; set [prices."model"] in rewriter.toml, or requeue'


def printed(width: int, queued: int, held: int = 0, dead: int = 0) -> str:
    batch = Batch(
        id=NAME,
        priority="normal",
        submitted_at=datetime.now(UTC),
        state="paused",
        reason=REASON,
        submitted=queued + held + dead,
        queued=queued,
        running=0,
        held=held,
        dead=dead,
        input_tokens=1_234_567,
        cost=0.0314159,
        seconds_left=61,
    )
    out = io.StringIO()
    console = Console(file=out, width=width)
    console.print(shown([batch], QUEUE, console))
    return out.getvalue()


def test_a_pause_of_all_work_says_what_ends_it() -> None:
    out = io.StringIO()
    console = Console(file=out, width=200)
    console.print(
        shown([], Standing(processes=1, paused="the key is refused", pause_seconds=59.6), console)
    )
    told = " ".join(out.getvalue().split())
    assert "paused: the key is refused; one article tries again in 60 s" in told
    assert "at once after `rewriter requeue ID`" in told


@pytest.mark.parametrize("width", [60, 80, 100, 160])
def test_nothing_is_cut(width: int) -> None:
    text = printed(width, queued=12_345, held=4, dead=3)
    assert "…" not in text
    assert all(len(line.rstrip()) <= width for line in text.splitlines())
    for told in (NAME, "paused:", "12,345", "1,234,567", "$0.0314", "0:01:01", '[prices."model"]'):
        assert told in text


def test_a_wide_terminal_has_a_table_and_a_narrow_one_leaves_out_noughts() -> None:
    assert "published" in printed(120, queued=5).splitlines()[1]
    narrower = printed(100, queued=5).splitlines()[1]
    assert "queued" in narrower
    assert "published" not in narrower
    assert "  5 queued, 0 a minute, 1,234,567 tokens" in printed(60, queued=5)
