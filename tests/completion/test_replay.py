from __future__ import annotations

import pytest

from rewriter.completion import Completion
from rewriter.completion.choosing import ReplayCompleter
from rewriter.errors import MalformedAnswerError, NotRecordedError
from rewriter.state.ledger import Entry, Key, MemoryLedger
from tests.asking import ask
from tests.completion.conftest import request

ANSWER = Completion(text="recorded", model="gpt-4.1-mini-2025-04-14")


async def recorded() -> MemoryLedger:
    ledger = MemoryLedger()
    asked = request()
    await ledger.put(Key(asked.digest()), Entry(request=asked, completion=ANSWER))
    return ledger


async def test_a_recorded_answer_is_replayed() -> None:
    answer = await ask(request(), ReplayCompleter(), await recorded(), str)

    assert answer.value == "recorded"
    assert answer.spent.replayed == 1


async def test_a_request_that_is_not_recorded_is_named() -> None:
    other = request(model="gpt-5")

    with pytest.raises(NotRecordedError, match=f"{other.digest()[:12]} to gpt-5 is not recorded"):
        await ask(other, ReplayCompleter(), await recorded(), str)


async def test_a_further_attempt_that_is_not_recorded_is_told() -> None:
    def reject(_: str) -> str:
        raise MalformedAnswerError("a stricter reader than at the recording")

    with pytest.raises(NotRecordedError, match="an answer is missing"):
        await ask(request(), ReplayCompleter(), await recorded(), reject)
