"""What many articles ask Redis for within a moment is asked in one call."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


class Collected(Generic[Asked, Answer]):
    """Collects what is asked within `seconds`, and has `ask` answer at most `most` of it at a time.

    An error of `ask` is raised to all who asked with it.
    """

    def __init__(
        self,
        ask: Callable[[Sequence[Asked]], Awaitable[Sequence[Answer]]],
        *,
        seconds: float,
        most: int,
    ) -> None:
        self._ask = ask
        self._seconds = seconds
        self._most = most
        self._waiting: list[tuple[Asked, asyncio.Future[Answer]]] = []
        self._asking: asyncio.Task[None] | None = None

    async def __call__(self, asked: Asked) -> Answer:
        """The answer to one of the questions."""
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
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
            except Exception as error:  # noqa: BLE001 - whatever it is, it is theirs
                for _, future in some:
                    if not future.done():
                        future.set_exception(error)
                continue
            for (_, future), answer in zip(some, answers, strict=True):
                if not future.done():
                    future.set_result(answer)
