"""What comes back from a provider is judged, whatever it is."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rewriter.completion import Completion
from rewriter.completion.capabilities import Capabilities
from rewriter.prices import PRICES, in_batches
from rewriter.queue.batch_api import sorting
from rewriter.queue.batch_api.questions import Question, Questions
from rewriter.queue.batch_api.sorting import Fate, Sorter, portions
from rewriter.state.ledger import Entry, Key, MemoryLedger
from tests import articles
from tests.ledgers import stored_in

REQUEST = articles.request()
DIGEST = REQUEST.digest()
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["body", "error", "code", "message", "status_code", "choices", "type"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


def sorter_of(folder: Path, *, run: str | None = None) -> tuple[Sorter, MemoryLedger]:
    questions, ledger = Questions(folder), MemoryLedger()
    questions.keep(Question(request=REQUEST, cache_key="k", run=run))
    return Sorter(questions, ledger, in_batches(PRICES), "host", Capabilities()), ledger


def answer(text: str, request_id: str = "r-1") -> dict[str, Any]:
    body = {
        "choices": [{"message": {"content": text}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 1_000_000, "completion_tokens": 0},
    }
    told = {"status_code": 200, "request_id": request_id, "body": body}
    return {"custom_id": DIGEST, "response": told}


async def test_an_answer_is_in_the_ledger_at_half_the_price(tmp_path: Path) -> None:
    sorter, ledger = sorter_of(tmp_path)
    fate = await sorter.sort(answer("yes"))
    stored = await ledger.get(Key(DIGEST))
    assert stored is not None
    assert (fate.status, stored.completion.text) == ("answered", "yes")
    assert fate.usage.cost == stored.completion.usage.cost == PRICES["gpt-4.1-mini"].input / 2


async def test_an_answer_that_is_read_twice_is_stored_once(tmp_path: Path) -> None:
    sorter, ledger = sorter_of(tmp_path)
    await sorter.sort(answer("yes"))
    await sorter.sort(answer("yes"))
    assert len(stored_in(ledger)) == 1


@pytest.mark.parametrize(("run", "stored"), [(None, ["useless", "new"]), ("b", ["new"])])
async def test_an_answer_stands_behind_useless_ones_or_replaces_them(
    tmp_path: Path, run: str | None, stored: list[str]
) -> None:
    sorter, ledger = sorter_of(tmp_path, run=run)
    useless = Completion(text="useless", model="m", request_id="r-0")
    await ledger.put(Key(DIGEST), Entry(request=REQUEST, completion=useless))
    await sorter.sort(answer("new"))
    assert [entry.completion.text for entry in stored_in(ledger)] == stored


async def test_a_question_that_is_not_kept_any_more_is_lost(tmp_path: Path) -> None:
    sorter, _ = sorter_of(tmp_path)
    assert await sorter.sort({"custom_id": "0" * 64}) == Fate("0" * 64, "lost")


def _refused(status: object, message: str, **more: str) -> dict[str, Any]:
    return {"status_code": status, "body": {"error": {"message": message, **more}}}


@pytest.mark.parametrize(
    ("response", "error", "status", "reason"),
    [
        (None, {"message": "batch expired"}, "again", "batch expired"),
        (None, None, "again", "no reason was given"),
        (_refused(None, "nothing"), None, "again", "host gave no status"),
        (_refused(500, "try later"), None, "again", "try later"),
        (_refused(429, "slow down"), None, "again", "slow down"),
        (_refused(400, "the maximum context length is 9 tokens"), None, "failed", "too long"),
        (_refused(401, "Incorrect API key provided"), None, "back", "OPENAI_API_KEY"),
        (_refused(400, "Unsupported parameter: 'temperature'"), None, "back", ""),
        ({"status_code": 200, "body": "no answer"}, None, "again", "host answered"),
        (_refused(400, "no JSON", failed_generation="{"), None, "answered", ""),
    ],
)
async def test_a_line_without_a_usable_answer_says_what_becomes_of_its_question(
    tmp_path: Path, response: object, error: object, status: str, reason: str
) -> None:
    sorter, ledger = sorter_of(tmp_path)
    fate = await sorter.sort({"custom_id": DIGEST, "response": response, "error": error})
    assert (fate.digest, fate.status) == (DIGEST, status)
    assert reason in fate.reason
    assert (sorter.refusal is not None) == ("API key" in str(response))
    assert (sorter.fallback is not None) == ("temperature" in str(response))
    assert [entry.completion.text for entry in stored_in(ledger)] == ["{"] * (status == "answered")


@given(response=JSON, error=JSON)
@settings(max_examples=60)
async def test_no_line_is_ever_a_surprise(
    tmp_path_factory: pytest.TempPathFactory, response: object, error: object
) -> None:
    sorter, _ = sorter_of(tmp_path_factory.mktemp("ledger"))
    line: Mapping[str, Any] = {"custom_id": DIGEST, "response": response, "error": error}
    fate = await sorter.sort(line)
    assert fate.status in ("again", "failed", "back", "answered")
    json.dumps(fate.as_list())


@given(st.lists(st.binary(max_size=20) | JSON.map(lambda value: json.dumps(value).encode())))
@settings(max_examples=60)
def test_only_objects_with_a_wanted_question_are_taken_from_a_file(lines: list[bytes]) -> None:
    some = json.dumps({"custom_id": DIGEST}).encode()
    text = io.BytesIO(b"\n".join((*lines, some, some)))
    assert list(portions(text, {DIGEST})) == [[{"custom_id": DIGEST}]]


def test_no_line_and_no_portion_is_larger_than_any_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sorting, "_MOST_IN_MEMORY", 100)
    lines = [json.dumps({"custom_id": n, "a": "x" * n}).encode() for n in (1, 200, 40, 50, 2)]
    found = portions(io.BytesIO(b"\n".join(lines)), {"1", "200", "40", "50", "2"})
    assert [[one["custom_id"] for one in some] for some in found] == [[1, 40, 50], [2]]
