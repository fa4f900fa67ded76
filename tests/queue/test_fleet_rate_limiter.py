"""One gate for the fleet: its limits hold for all processes together."""

from __future__ import annotations

import asyncio
import contextlib
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from rewriter.article import Usage
from rewriter.completion import Completion, Request
from rewriter.errors import QueueError, RateLimitedError
from rewriter.queue.connection import Connection
from rewriter.queue.fleet_rate_limiter import FleetRateLimiter, urgent
from rewriter.request import ChatMessage
from tests.queue.servers import RedisServer, free_port

REQUEST = Request(
    messages=(ChatMessage(role="user", content="x" * 3_500),),
    model="m",
    json_schema={},
    parameters={"max_completion_tokens": 1_000},
)


def gate(
    connection: Connection, requests: int | None = None, tokens: int | None = None
) -> FleetRateLimiter:
    return FleetRateLimiter(connection, requests_per_minute=requests, tokens_per_minute=tokens)


async def seconds_for(calls: int, *gates: FleetRateLimiter, used: int = 0) -> float:
    """How long it takes until so many calls have passed the gates together."""
    count = 0
    usage = Usage(input_tokens=used)
    began = time.monotonic()

    async def call_again_and_again(one: FleetRateLimiter) -> None:
        nonlocal count
        while count < calls:
            async with one.permit(REQUEST) as permit:
                permit.settle(Completion(text="", model="m", usage=usage))
                count += 1

    async with asyncio.timeout(30):
        await asyncio.gather(*map(call_again_and_again, gates))
    return time.monotonic() - began


async def test_requests_a_minute_hold_for_several_processes_together(
    connection: Connection,
) -> None:
    gates = [gate(connection, requests=1200) for _ in range(3)]
    # 3 % of them at once, and 92 % spread over the minute: 36 and 18.4 a second.
    assert (72 - 36 - 2) / 18.4 <= await seconds_for(72, *gates) < 72 / 18.4


async def test_tokens_that_were_reserved_and_not_used_come_back(connection: Connection) -> None:
    # 9,200 tokens a second; 2,000 reserved a call, 500 used: the burst of 9 and 18.4 a second.
    assert await seconds_for(40, gate(connection, tokens=600_000), used=500) < (40 - 9 - 1) / 4.6


async def test_tokens_a_minute_hold_when_all_are_used(connection: Connection) -> None:
    assert await seconds_for(15, gate(connection, tokens=600_000), used=2_000) >= (15 - 9 - 1) / 4.6


async def test_a_call_larger_than_the_limit_passes_alone(connection: Connection) -> None:
    async with asyncio.timeout(10):  # saving up for its 2,000 tokens would take twenty minutes
        async with gate(connection, tokens=100).permit(REQUEST):
            pass


@pytest.mark.parametrize(("seconds_ago", "passes"), [(60, False), (64, True)])
async def test_large_calls_too_keep_to_the_limit_in_every_minute_and_on_their_way(
    connection: Connection, seconds_ago: int, passes: bool
) -> None:
    """Four calls of 30 % each keep the pace in 59 s, and are 120 % of a minute's limit."""
    now = (await connection.client.time())[0]
    for later in (0, 20, 40):
        at = min(now - seconds_ago + later, now)
        await connection.client.hincrby(connection.keys.fleet + "window:tokens", str(at), 2_000)
    with contextlib.suppress(TimeoutError):
        async with (
            asyncio.timeout(10.0 if passes else 0.1),
            gate(connection, tokens=6_700).permit(REQUEST),
        ):
            assert passes
            return
    assert not passes


async def test_what_a_call_did_not_use_leaves_the_minute(connection: Connection) -> None:
    usage = Usage(input_tokens=500)
    one = gate(connection, tokens=6_700)
    async with one.permit(REQUEST) as permit:
        permit.settle(Completion(text="", model="m", usage=usage))
    async with asyncio.timeout(10):
        while await _in_window(connection) != ["500"]:
            await asyncio.sleep(0.01)


async def test_an_answer_does_not_wait_for_a_redis_that_is_away(tmp_path: Path) -> None:
    """It is stored next, and a kill would lose it until then."""
    with RedisServer(tmp_path) as server:
        async with Connection(server.url, "root", patience=float("inf")) as connection:
            async with asyncio.timeout(4):
                async with gate(connection, tokens=6_700).permit(REQUEST) as permit:
                    permit.settle(Completion(text="", model="m", usage=Usage(input_tokens=500)))
                    server.kill()
            server.start()
            async with asyncio.timeout(30):
                while await _in_window(connection) != ["500"]:
                    await asyncio.sleep(0.01)


async def _in_window(connection: Connection) -> list[str]:
    found: list[str] = await connection.call("HVALS", connection.keys.fleet + "window:tokens")
    return found


async def test_a_correction_that_comes_twice_or_after_minutes_counts_once(
    connection: Connection,
) -> None:
    window = connection.keys.fleet + "window:tokens"
    second = (await connection.client.time())[0]
    await connection.client.hset(window, str(second), 2_000)
    long_ago = second * 1000 - 601_000
    await connection.run("settle", 6_700, 2_000, 500, long_ago, "call 1")
    assert await connection.client.hvals(window) == ["2000"]
    assert await connection.client.exists(connection.keys.fleet + "settled") == 0
    for _ in range(2):
        await connection.run("settle", 6_700, 2_000, 500, second * 1000, "call 2")
        assert await connection.client.hvals(window) == ["500"]


async def test_leave_that_came_late_is_asked_for_again(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rewriter.queue.fleet_rate_limiter._FRESH_SECONDS", 0.3)
    one = gate(connection, requests=6_000)
    async with one.permit(REQUEST):
        pass
    await connection.client.client_pause(500)
    async with one.permit(REQUEST):
        pass
    assert (
        sum(map(int, await connection.client.hvals(connection.keys.fleet + "window:requests"))) == 3
    )


async def refuse(one: FleetRateLimiter, retry_after: float | None = None) -> None:
    with pytest.raises(RateLimitedError):
        async with one.permit(REQUEST):
            raise RateLimitedError("too many", retry_after)


async def test_a_refusal_pauses_all_processes_for_as_long_as_the_provider_says(
    connection: Connection,
) -> None:
    began = time.monotonic()
    await refuse(gate(connection), retry_after=1.2)
    async with gate(connection).permit(REQUEST):
        assert 1.2 <= time.monotonic() - began < 10  # a minute is the longest of its own choice


async def test_one_burst_of_refusals_is_one_pause(connection: Connection) -> None:
    one = gate(connection)

    async def call() -> None:
        with pytest.raises(RateLimitedError):
            async with one.permit(REQUEST):
                await asyncio.sleep(0.2)
                raise RateLimitedError("too many", None)

    await asyncio.gather(*(call() for _ in range(50)))
    assert await connection.call("HGET", connection.keys.fleet + "cooled", "times") == "1"


async def test_after_a_pause_calls_come_back_slowly(connection: Connection) -> None:
    one = gate(connection)
    await seconds_for(100, one)
    await refuse(one)
    # A pause of a second, then half of at most 20 a second, the first three of them at once: 1.7 s.
    # Without the latter they would pass at the pause's end, which is less than a second from here.
    assert await seconds_for(10, one) >= 1.2


@pytest.mark.parametrize(
    ("seconds_ago", "ramp_held_at", "rate"),
    [
        pytest.param(30, None, 10.0, id="it was slower since for other reasons"),
        pytest.param(30, 4.0, 2.0, id="it was held down"),
        pytest.param(90, None, 0.5, id="that was before this minute"),
    ],
)
async def test_half_the_pace_is_half_of_the_last_minutes_fastest_seconds(
    connection: Connection, seconds_ago: int, ramp_held_at: float | None, rate: float
) -> None:
    now = (await connection.client.time())[0]
    await connection.client.hset(
        connection.keys.fleet + "admitted", f"{(now - seconds_ago) // 5}", 100
    )
    if ramp_held_at:
        cooled = ("until", now * 1000, "rate", ramp_held_at)
        await connection.call("HSET", connection.keys.fleet + "cooled", *cooled)
    await refuse(gate(connection))
    said = await connection.call("HGET", connection.keys.fleet + "cooled", "rate")
    assert float(said) == pytest.approx(rate, rel=0.2)


async def test_only_one_call_of_a_process_asks_while_the_gate_is_closed(
    connection: Connection,
) -> None:
    one = gate(connection, requests=1)
    async with one.permit(REQUEST):
        pass
    callers = [asyncio.create_task(one.permit(REQUEST).__aenter__()) for _ in range(50)]
    await asyncio.sleep(0.1)
    asked = (await connection.client.info("commandstats"))["cmdstat_evalsha"]["calls"]
    await asyncio.sleep(0.5)
    later = (await connection.client.info("commandstats"))["cmdstat_evalsha"]["calls"]
    assert one.waiting == 50
    assert later - asked <= 2
    for caller in callers:
        caller.cancel()
    await asyncio.gather(*callers, return_exceptions=True)


async def test_a_bunch_of_calls_costs_one_question(connection: Connection) -> None:
    one = gate(connection)
    async with one.permit(REQUEST):
        pass
    before = (await connection.client.info("commandstats"))["cmdstat_evalsha"]["calls"]
    async with AsyncExitStack() as stack:
        await asyncio.gather(*(stack.enter_async_context(one.permit(REQUEST)) for _ in range(50)))
    asked = (await connection.client.info("commandstats"))["cmdstat_evalsha"]["calls"]
    assert asked - before <= 2
    assert one.waiting == 0


async def test_a_call_that_is_given_up_in_the_line_lets_the_others_pass(
    connection: Connection,
) -> None:
    one = gate(connection)
    callers = [asyncio.create_task(one.permit(REQUEST).__aenter__()) for _ in range(10)]
    await asyncio.sleep(0)
    for caller in callers[::2]:
        caller.cancel()
    async with asyncio.timeout(5):
        await asyncio.gather(*callers[1::2])


class _Surprising(Connection):
    """A connection that fails in a way that nobody has thought of."""

    async def run(self, name: str, *arguments: str | float) -> object:
        raise RuntimeError("readuntil() called while another coroutine is already waiting")


@pytest.mark.parametrize("kind", [Connection, _Surprising])
async def test_every_call_in_the_line_hears_what_ends_the_asking(kind: type[Connection]) -> None:
    """None waits for a question that nobody asks any more."""
    async with kind(f"redis://127.0.0.1:{free_port()}/0", "root") as away:
        one = gate(away)
        errors = await asyncio.gather(
            *(one.permit(REQUEST).__aenter__() for _ in range(3)), return_exceptions=True
        )
    assert [type(error) for error in errors] == [QueueError] * 3


async def test_an_urgent_call_goes_before_all_that_wait(connection: Connection) -> None:
    gate = FleetRateLimiter(connection, requests_per_minute=60, tokens_per_minute=None)
    passed: list[str] = []

    async def call(name: str, *, first: bool = False) -> None:
        urgent.set(first)
        async with gate.permit(REQUEST):
            passed.append(name)

    others = [asyncio.ensure_future(call("other")) for _ in range(12)]
    while not gate.waiting:
        await asyncio.sleep(0.01)
    before = len(passed)
    await asyncio.wait_for(call("urgent", first=True), 5)
    assert passed[before:].index("urgent") <= 1  # the next one may be on its way already
    for one in others:
        one.cancel()
    await asyncio.gather(*others, return_exceptions=True)


async def test_an_urgent_call_does_not_wait_for_the_pace(connection: Connection) -> None:
    one = gate(connection, requests=20)  # one call in three seconds

    async def call(*, first: bool) -> float:
        urgent.set(first)
        began = time.monotonic()
        async with one.permit(REQUEST):
            return time.monotonic() - began

    others = [asyncio.ensure_future(call(first=False)) for _ in range(3)]
    while not one.waiting:
        await asyncio.sleep(0.05)
    assert await asyncio.create_task(call(first=True)) < 1
    assert one.waiting == 2
    one.end()
    await asyncio.gather(*others, return_exceptions=True)
    with pytest.raises(asyncio.CancelledError):
        await call(first=False)


async def test_at_the_end_a_next_call_passes_where_the_limit_is_open(
    connection: Connection,
) -> None:
    one = gate(connection)
    one.end()
    assert await seconds_for(1, one) < 5


async def test_a_clock_that_is_put_back_holds_no_call_for_longer(connection: Connection) -> None:
    """What was admitted before counts for a minute from then on."""
    one = gate(connection, requests=1200, tokens=600_000)
    await seconds_for(2, one)
    hour, now = 3_600, round(time.time())
    then = (now + hour) * 1000
    later: dict[Any, Any] = {"began": then, "until": then + 500, "times": 1, "rate": 1_000}
    await connection.client.hset(connection.keys.fleet + "cooled", mapping=later)
    for limit, used in (("requests", 1_100), ("tokens", 10_000)):
        await connection.client.delete(connection.keys.fleet + f"window:{limit}")
        await connection.call("HSET", connection.keys.fleet + f"window:{limit}", now + hour, used)
        await connection.call(
            "SET", connection.keys.fleet + f"arrival:{limit}", (now + hour) * 1000
        )
    assert await seconds_for(10, one, used=1_000) < 10
    admitted = await connection.call("HVALS", connection.keys.fleet + "window:requests")
    assert sum(map(int, admitted)) >= 1_110
