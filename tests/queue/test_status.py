"""The state of the queue and of each batch is a line, in which nothing is cut."""

from __future__ import annotations

from datetime import UTC, datetime

from rewriter.cli.status import rows
from rewriter.queue.batches import Batch, Standing


def test_a_batch_has_its_state_and_its_amounts_without_noughts() -> None:
    batch = Batch(
        id="monday",
        priority="normal",
        submitted_at=datetime.now(UTC),
        state="paused",
        reason='model\x1b unknown; set [prices."model"] in rewriter.toml, or requeue',
        submitted=12_349,
        queued=12_345,
        running=0,
        held=4,
        input_tokens=1_234_567,
        cost=0.0314159,
        seconds_left=61,
    )
    assert rows([batch], Standing(processes=2)) == [
        "2 processes at work",
        'monday: paused: model\\x1b unknown; set [prices."model"] in rewriter.toml, or requeue; '
        "nothing goes on before `rewriter requeue monday`; 12,345 queued, 4 held, 0 a minute, "
        "1,234,567 tokens, cost $0.0314, 0:01:01 left",
    ]


def test_a_pause_of_all_work_says_what_ends_it() -> None:
    (told,) = rows([], Standing(processes=1, paused="the key is refused", pause_seconds=59.6))
    assert "paused: the key is refused; one article tries again in 60 s" in told
    assert "at once after `rewriter requeue ID`" in told
