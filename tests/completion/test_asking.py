from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from rewriter.article import Usage
from rewriter.completion import Completion, Request
from rewriter.completion.asking import MOST_ANSWERS, Spending, Spent
from rewriter.completion.limits import Reservation, RunBudget
from rewriter.completion.reading import read_json
from rewriter.errors import (
    BudgetSpentError,
    ConfigurationError,
    FileError,
    MalformedAnswerError,
    ProviderUnavailableError,
    RefusedError,
    RewriterError,
    TruncatedError,
)
from rewriter.prices import PRICES
from rewriter.state.ledger import Entry, FileLedger, FreshLedger, Key, MemoryLedger, NoLedger
from tests.asking import ask
from tests.completion.conftest import HURRIED, Connect, request
from tests.ledgers import stored_in
from tests.provider import Provider

USELESS = ["empty", "null", "page-content", "cut-json", "violation"]


def parse(text: str) -> dict[str, object]:
    """What the pipeline does, in small: JSON, then a schema."""
    value = read_json(text)
    if not isinstance(value, dict) or not isinstance(value.get("headline"), str):
        raise MalformedAnswerError("headline: must be a string")
    return value


@pytest.fixture
def ledger(tmp_path: Path) -> FileLedger:
    return FileLedger(tmp_path / "ledger")


def stored(ledger: FileLedger) -> list[str]:
    """Epoch and attempt of each entry, by digest."""
    return [path.name.split(".", 1)[1] for path in sorted(ledger.folder.glob("*/*"))]


async def test_an_answer_is_stored_before_its_cost_is_booked(
    provider: Provider, connect: Connect, ledger: FileLedger
) -> None:
    """The fleet's money is in Redis, which may be away: a kill meanwhile would lose the answer."""

    class Books(RunBudget):
        stored_before = 0

        @asynccontextmanager
        async def reserve(self, request: Request) -> AsyncIterator[Reservation]:
            async with super().reserve(request) as reservation:
                yield reservation
                self.stored_before = len(stored(ledger))

    books = Books(1.0, PRICES)
    await ask(request(), connect(provider.base_url), ledger, parse, budget=books)
    assert (books.stored_before, books.spent > 0) == (1, True)


async def test_an_answer_is_paid_once_and_a_second_run_costs_nothing(
    provider: Provider, connect: Connect, ledger: FileLedger
) -> None:
    completer = connect(provider.base_url)

    first = await ask(request(), completer, ledger, parse)
    second = await ask(request(), completer, FileLedger(ledger.folder), parse)

    assert len(provider.calls) == 1
    assert second.value == first.value
    assert (first.spent.attempts, first.spent.replayed) == (1, 0)
    assert (second.spent.attempts, second.spent.replayed) == (1, 1)
    assert first.spent.paid == first.spent.usage == second.spent.usage
    assert second.spent.paid == Usage()
    assert first.spent.request_digests == (request().digest(),)


@pytest.mark.parametrize("fault", USELESS)
async def test_a_useless_answer_is_stored_counted_and_asked_for_again(
    fault: str, provider: Provider, connect: Connect, ledger: FileLedger
) -> None:
    provider.script([fault])

    answer = await ask(request(), connect(provider.base_url), ledger, parse)

    assert answer.spent.attempts == 2
    assert answer.spent.usage.output_tokens > answer.completion.usage.output_tokens
    assert stored(ledger) == ["0.1.json", "0.2.json"]


@pytest.mark.parametrize("fault", ["fenced", "prose-around"])
async def test_json_in_a_fence_or_among_prose_is_used_as_it_is(
    fault: str, provider: Provider, connect: Connect, ledger: FileLedger
) -> None:
    provider.script([fault])

    answer = await ask(request(), connect(provider.base_url), ledger, parse)

    assert answer.spent.attempts == 1


@pytest.mark.parametrize("fault", USELESS)
async def test_useless_answers_end_after_three_and_a_rerun_walks_them_for_nothing(
    fault: str, provider: Provider, connect: Connect, ledger: FileLedger
) -> None:
    provider.script([fault] * 9)
    completer = connect(provider.base_url)

    for _ in range(2):
        spending = Spending()
        with pytest.raises(MalformedAnswerError, match="3 answers could not be used"):
            await ask(request(), completer, ledger, parse, spending=spending)

    assert len(provider.calls) == MOST_ANSWERS
    spent = spending.total
    assert (spent.attempts, spent.replayed, spent.paid) == (3, 3, Usage())
    assert spent.usage.input_tokens > 0


async def test_an_interrupted_walk_goes_on_where_it_stopped(
    provider: Provider, connect: Connect, ledger: FileLedger
) -> None:
    provider.script(["empty", "unauthorized"])
    completer = connect(provider.base_url)

    spending = Spending()
    with pytest.raises(RewriterError):
        await ask(request(), completer, ledger, parse, spending=spending)
    answer = await ask(request(), completer, ledger, parse)

    assert spending.total.attempts == 1, "the first answer was paid for"
    assert (answer.spent.attempts, answer.spent.replayed) == (2, 1)
    assert provider.answered == ["empty", "unauthorized", "ok"]


@pytest.mark.parametrize(
    ("fault", "words"),
    [("refusal", "the model declined.*\"I can't help"), ("content-filter", "the content filter")],
)
async def test_a_refusal_is_final_paid_for_and_stored(
    fault: str, words: str, provider: Provider, connect: Connect, ledger: FileLedger
) -> None:
    provider.script([fault])

    spending = Spending()
    with pytest.raises(RefusedError, match=words):
        await ask(request(), connect(provider.base_url), ledger, parse, spending=spending)

    assert len(provider.calls) == 1
    assert spending.total.paid.input_tokens > 0
    assert stored(ledger) == ["0.1.json"]


async def test_a_truncated_answer_raises_the_limit_once(
    provider: Provider, connect: Connect, ledger: FileLedger
) -> None:
    provider.script(["length"])

    answer = await ask(request(), connect(provider.base_url), ledger, parse)

    assert [call.body["max_completion_tokens"] for call in provider.calls] == [500, 1000]
    assert answer.spent.attempts == 2
    assert len(set(answer.spent.request_digests)) == 2


async def test_an_answer_truncated_twice_fails_and_is_never_mended(
    provider: Provider, connect: Connect, ledger: FileLedger
) -> None:
    provider.script(["length"] * 5)

    with pytest.raises(TruncatedError, match="raise max_completion_tokens"):
        await ask(request(), connect(provider.base_url), ledger, parse)

    assert len(provider.calls) == 2


async def test_an_answer_cut_below_its_raised_limit_is_asked_for_again(
    provider: Provider, connect: Connect, ledger: FileLedger
) -> None:
    provider.script(["cut-short", "cut-short"])

    answer = await ask(request(), connect(provider.base_url), ledger, parse)

    assert [call.body["max_completion_tokens"] for call in provider.calls] == [500, 1000, 1000]
    assert answer.spent.attempts == 3


async def test_whole_json_that_ended_at_its_limit_is_still_truncated(ledger: FileLedger) -> None:
    """A model cut right after a closing brace may have meant to say more."""
    completer = Scripted(Completion(text='{"headline": "x"}', model="m", finish_reason="length"))

    with pytest.raises(TruncatedError):
        await ask(request(parameters={}), completer, ledger, parse)


async def test_fresh_asks_again_and_keeps_the_new_answer(
    provider: Provider, connect: Connect, ledger: FileLedger
) -> None:
    completer = connect(provider.base_url)
    provider.script([{"content": '{"headline": "old"}'}, {"content": '{"headline": "new"}'}])

    await ask(request(), completer, ledger, parse)
    fresh = await ask(request(), completer, FreshLedger(ledger), parse)
    after = await ask(request(), completer, ledger, parse)

    assert fresh.value == after.value == {"headline": "new"}
    assert len(provider.calls) == 2


async def test_epochs_keep_samples_of_one_request_apart(
    provider: Provider, connect: Connect, ledger: FileLedger
) -> None:
    completer = connect(provider.base_url)
    for epoch in (0, 1, 1, 2):
        await ask(request(), completer, ledger, parse, epoch=epoch)

    assert len(provider.calls) == 3
    assert stored(ledger) == ["0.1.json", "1.1.json", "2.1.json"]


async def test_one_request_asked_twice_at_once_is_paid_once(
    provider: Provider, connect: Connect, ledger: FileLedger
) -> None:
    completer = connect(provider.base_url)

    answers = await asyncio.gather(*(ask(request(), completer, ledger, parse) for _ in range(5)))

    assert len(provider.calls) == 1
    assert sorted(answer.spent.replayed for answer in answers) == [0, 1, 1, 1, 1]


async def test_the_answer_is_stored_before_it_is_parsed(
    provider: Provider, connect: Connect, ledger: FileLedger
) -> None:
    def crash(_: str) -> None:
        raise KeyError("a bug in the reader")

    with pytest.raises(KeyError):
        await ask(request(), connect(provider.base_url), ledger, crash)

    assert stored(ledger) == ["0.1.json"]


async def test_an_answer_that_cannot_be_stored_is_an_error_and_its_cost_is_told(
    provider: Provider, connect: Connect, tmp_path: Path
) -> None:
    (tmp_path / "ledger" / request().digest()[:2]).mkdir(parents=True)
    in_the_way = FileLedger(tmp_path / "ledger").path(Key(request().digest()))
    in_the_way.mkdir()

    with pytest.raises(FileError, match=str(in_the_way)):
        await ask(request(), connect(provider.base_url), FileLedger(tmp_path / "ledger"), parse)
    spending = Spending()
    with pytest.raises(FileError):
        await ask(request(), connect(provider.base_url), FullLedger(), parse, spending=spending)

    assert len(provider.calls) == 1, "what cannot be read is not paid for"
    assert spending.total.paid.input_tokens > 0


async def test_what_useless_answers_cost_is_known() -> None:
    completer = Scripted(Completion(text="", model="m", usage=Usage(input_tokens=7)))
    spending = Spending()

    with pytest.raises(MalformedAnswerError):
        await ask(request(), completer, MemoryLedger(), parse, spending=spending)

    assert spending.total.usage.input_tokens == 21


async def test_nothing_is_kept_where_nothing_is_to_be_kept() -> None:
    completer = Scripted(Completion(text='{"headline": "x"}', model="m"))
    ledger = NoLedger()

    for _ in range(2):
        await ask(request(), completer, ledger, parse)

    assert completer.calls == 2
    assert await ledger.get(Key(request().digest())) is None


# --- money -------------------------------------------------------------------------------------


async def test_a_budget_stops_before_the_amount_is_passed(
    provider: Provider, connect: Connect
) -> None:
    """Each call may cost $0.0009; what it does cost is far less, and that is what counts."""
    budget = RunBudget(0.0012, PRICES)
    completer, ledger = connect(provider.base_url), MemoryLedger()
    asked = 0

    with pytest.raises(BudgetSpentError, match=r"raise --max-cost"):
        for asked in range(100):
            await ask(request(), completer, ledger, parse, epoch=asked, budget=budget)

    assert asked == len(provider.calls) > 1
    assert 0 < budget.spent <= budget.amount
    assert budget.spent + budget.estimate(request()) > budget.amount
    assert budget.left == pytest.approx(budget.amount - budget.spent)


@pytest.mark.parametrize(
    ("script", "answers"), [(["hang", "hang", "ok"], 1), (["hang", "hang", "hang"], 0)]
)
async def test_a_call_that_timed_out_is_booked_since_the_provider_may_have_billed_it(
    provider: Provider, connect: Connect, script: list[str], answers: int
) -> None:
    provider.script(script)
    completer = connect(provider.base_url, **({} if answers else {"limits": HURRIED}))
    budget, ledger = RunBudget(1.0, PRICES), MemoryLedger()
    asking = ask(request(), completer, ledger, parse, budget=budget)

    (done,) = await asyncio.gather(asking, return_exceptions=True)

    answered = 0.0 if isinstance(done, BaseException) else done.completion.usage.cost
    assert answered is not None
    assert budget.spent == pytest.approx((3 - answers) * budget.estimate(request()) + answered)
    assert len(stored_in(ledger)) == answers


async def test_a_call_that_was_refused_is_not_booked(provider: Provider, connect: Connect) -> None:
    provider.script(3 * ["server-error"])
    budget = RunBudget(1.0, PRICES)

    with pytest.raises(ProviderUnavailableError):
        completer = connect(provider.base_url)
        await ask(request(), completer, MemoryLedger(), parse, budget=budget)

    assert budget.spent == 0


async def test_calls_that_do_not_fit_yet_wait_for_those_in_flight(connect: Connect) -> None:
    with Provider(latency=0.05) as provider:
        completer, ledger = connect(provider.base_url), MemoryLedger()
        budget = RunBudget(1.9 * RunBudget(0, PRICES).estimate(request()), PRICES)
        answers = await asyncio.gather(
            *(ask(request(), completer, ledger, parse, epoch=n, budget=budget) for n in range(4))
        )

    assert len(answers) == 4
    assert provider.stats()["most_in_flight"] == 1


async def test_a_stored_answer_needs_no_budget(provider: Provider, connect: Connect) -> None:
    completer, ledger = connect(provider.base_url), MemoryLedger()
    await ask(request(), completer, ledger, parse)

    answer = await ask(request(), completer, ledger, parse, budget=RunBudget(0.0, PRICES))

    assert answer.spent.replayed == 1


async def test_a_failed_call_gives_its_reservation_back(
    provider: Provider, connect: Connect
) -> None:
    provider.script(["unauthorized"])
    budget = RunBudget(1.0, PRICES)

    with pytest.raises(RewriterError):
        await ask(request(), connect(provider.base_url), MemoryLedger(), parse, budget=budget)

    assert budget.left == 1.0


async def test_a_budget_needs_a_price(provider: Provider, connect: Connect) -> None:
    asked = request(model="house-model")

    with pytest.raises(ConfigurationError, match=r'\[prices."house-model"\] in rewriter.toml'):
        await ask(
            asked, connect(provider.base_url), MemoryLedger(), parse, budget=RunBudget(1.0, PRICES)
        )

    assert provider.calls == []


async def test_an_unknown_cost_books_the_estimate() -> None:
    budget = RunBudget(1.0, PRICES)
    unknown = Completion(text='{"headline": "x"}', model="m", usage=Usage(cost=None))

    await ask(request(), Scripted(unknown), MemoryLedger(), parse, budget=budget)

    assert budget.spent == pytest.approx(budget.estimate(request()))


class FullLedger(MemoryLedger):
    """A ledger on a full disk."""

    async def put(self, key: Key, entry: Entry) -> None:
        raise FileError("no space left on device")


class Scripted:
    """A completer that always answers the same."""

    name = "scripted"

    def __init__(self, completion: Completion) -> None:
        self._completion = completion
        self.calls = 0

    async def complete(self, request: Request) -> Completion:
        self.calls += 1
        return self._completion

    async def aclose(self) -> None:
        """Nothing is held open."""


async def test_a_transient_failure_keeps_its_kind(provider: Provider, connect: Connect) -> None:
    provider.script(["server-error"] * 9)

    spending = Spending()
    with pytest.raises(ProviderUnavailableError):
        await ask(request(), connect(provider.base_url), MemoryLedger(), parse, spending=spending)

    assert spending.total == Spent()
