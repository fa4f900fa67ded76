from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rewriter.completion import ChatMessage, Completion, Request
from rewriter.completion.replay import ReplayCompleter
from rewriter.errors import MalformedAnswerError, NotRecordedError
from rewriter.state.ledger import Entry, FileLedger, Key, MemoryLedger
from tests.asking import ask
from tests.completion.conftest import request

ANSWER = Completion(text="recorded", model="gpt-4.1-mini-2025-04-14")


async def recorded(*requests: Request) -> MemoryLedger:
    ledger = MemoryLedger()
    for asked in requests:
        await ledger.put(Key(asked.digest()), Entry(request=asked, completion=ANSWER))
    return ledger


def changed(**changes: Any) -> Request:
    return request(**changes)


async def test_a_recorded_answer_is_replayed() -> None:
    ledger = await recorded(request())

    answer = await ask(request(), ReplayCompleter(ledger), ledger, str)

    assert answer.value == "recorded"
    assert answer.spent.replayed == 1


SYSTEM = ChatMessage(role="system", content="You rewrite. Briefly.")
USER = request().messages[1]


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (changed(model="gpt-5"), 'model: "gpt-4.1-mini" became "gpt-5"'),
        (
            changed(parameters={"temperature": 0.3, "max_completion_tokens": 900}),
            'parameter max_completion_tokens: "500" became "900"',
        ),
        (changed(parameters={"temperature": 0.3}), "parameter max_completion_tokens is gone"),
        (
            changed(parameters={"temperature": 0.3, "max_completion_tokens": 500, "seed": 1}),
            "parameter seed is new",
        ),
        (changed(json_schema={"type": "object"}), "schema from character"),
        (
            changed(messages=(SYSTEM, USER)),
            'message 1 (system): "You rewrite." became "You rewrite. Briefly."',
        ),
        (
            changed(messages=(request().messages[0], ChatMessage(role="user", content="Other."))),
            'message 2 (user) from character 0: "<article>',
        ),
    ],
)
async def test_a_request_that_is_not_recorded_is_told_by_what_changed(
    now: Request, words: str
) -> None:
    other = request(model="quite-another", json_schema={}, parameters={})
    ledger = await recorded(other, request())

    with pytest.raises(NotRecordedError) as caught:
        await ask(now, ReplayCompleter(ledger), ledger, str)

    assert words in str(caught.value)
    assert request().digest()[:12] in str(caught.value), "the nearest recording is named"
    assert "quite-another" not in str(caught.value)


async def test_an_empty_ledger_is_told(tmp_path: Path) -> None:
    ledger = FileLedger(tmp_path / "nothing-here")

    with pytest.raises(NotRecordedError, match="the ledger is empty"):
        await ReplayCompleter(ledger).complete(request())


async def test_a_further_attempt_that_is_not_recorded_is_told_and_nothing_is_written() -> None:
    ledger = await recorded(request())

    def reject(_: str) -> str:
        raise MalformedAnswerError("a stricter reader than at the recording")

    with pytest.raises(NotRecordedError, match="not for this epoch or attempt"):
        await ask(request(), ReplayCompleter(ledger), ledger, reject)

    assert len(list(ledger.entries())) == 1
