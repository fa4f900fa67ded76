"""Turns: one at a time, what leads to a call first, and none is lost to a cancelled one."""

from __future__ import annotations

import asyncio

from rewriter.runs.concurrency import Scheduler


async def _in_order(turn: Scheduler) -> list[str]:
    done: list[str] = []

    async def work(name: str, *, before_call: bool = False, urgent: bool = False) -> None:
        await turn(before_call=before_call, urgent=urgent)
        done.append(name)

    names = [work("a"), work("b"), work("c"), work("call 1", before_call=True)]
    await asyncio.gather(*names, work("call 2", before_call=True), work("now", urgent=True))
    return done


def test_what_is_urgent_or_leads_to_a_call_goes_first_and_else_who_came_first() -> None:
    assert asyncio.run(_in_order(Scheduler())) == ["a", "now", "call 1", "call 2", "b", "c"]


async def _with_a_cancelled_one(turn: Scheduler) -> list[str]:
    done: list[str] = []

    async def work(name: str) -> None:
        await turn()
        done.append(name)

    tasks = [asyncio.create_task(work(name)) for name in "abcd"]
    await asyncio.sleep(0)
    tasks[1].cancel()
    await asyncio.sleep(0)
    tasks[2].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await work("e")
    return done


def test_a_cancelled_article_passes_its_turn_on() -> None:
    done = asyncio.run(asyncio.wait_for(_with_a_cancelled_one(Scheduler()), 5))
    assert done[-1] == "e"
    assert "d" in done
    assert "b" not in done
