"""Puts the questions of many articles to Redis into one call."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Generic, TypeVar

Asked = TypeVar("Asked")


class Collected(Generic[Asked]):
    """Collects questions for `seconds`, and has `ask` answer at most `most` of them in one call.

    An answer that is an exception is raised for its question. An exception of `ask` is raised for
    all questions of the call.
    """

    def __init__(
        self,
        ask: Callable[[Sequence[Asked]], Awaitable[Sequence[Any]]],
        *,
        seconds: float,
        most: int,
    ) -> None:
        self._ask = ask
        self._seconds = seconds
        self._most = most
        self._waiting: list[tuple[Asked, asyncio.Future[Any]]] = []
        self._asking: asyncio.Task[None] | None = None

    async def __call__(self, asked: Asked) -> Any:
        """The answer to one of the questions."""
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append((asked, answer))
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask_for_all())
        return await answer

    async def _ask_for_all(self) -> None:
        while self._waiting:
            await asyncio.sleep(self._seconds)
            some, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            try:
                answers = await self._ask([asked for asked, _ in some])
                answered = list(zip(some, answers, strict=True))
            except Exception as error:  # noqa: BLE001 - it is raised for each question
                answered = [(one, error) for one in some]
            for (_, future), answer in answered:
                if future.done():  # nobody waits for it any more
                    continue
                if isinstance(answer, Exception):
                    future.set_exception(answer)
                else:
                    future.set_result(answer)
