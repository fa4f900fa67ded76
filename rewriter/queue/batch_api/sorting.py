"""What a batch of the provider brought back: answers to store, and errors to judge."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, BinaryIO, Literal, NamedTuple

from rewriter.article import Usage
from rewriter.completion import Completion
from rewriter.completion.asking import MOST_ANSWERS
from rewriter.completion.capabilities import Capabilities, encode
from rewriter.completion.connection import MOST_BYTES
from rewriter.completion.decoding import Timing, decode
from rewriter.completion.failures import from_report
from rewriter.completion.remote import useless
from rewriter.completion.reported import Reported, reported
from rewriter.errors import (
    AccessDeniedError,
    QuotaExhaustedError,
    RewriterError,
    Transient,
)
from rewriter.observability import events
from rewriter.prices import Price
from rewriter.queue.batch_api.questions import Question, Questions
from rewriter.queue.claims import money
from rewriter.state.ledger import Entry, FreshLedger, Key, Ledger

# Answers that are stored at the same time, and reported together; bytes of them in memory.
_LINES, _MOST_IN_MEMORY = 50, 2 * MOST_BYTES
FateStatus = Literal["answered", "failed", "again", "back", "lost"]


class Fate(NamedTuple):
    """What becomes of the question with a digest, why, and what it took."""

    digest: str
    status: FateStatus
    reason: str = ""
    usage: Usage = Usage()

    def as_list(self) -> list[object]:
        """The form that `job_deliver.lua` takes."""
        return [self.digest, self.status, self.reason, *money(self.usage)]


@dataclass
class Sorter:
    """Sorts the lines of one job, which was written in `capabilities`.

    `fallback` are the capabilities that the server turned out to have. `refusal` is an error that
    all other questions would have too. Both may be None.
    """

    questions: Questions
    ledger: Ledger
    prices: Mapping[str, Price]
    host: str
    capabilities: Capabilities
    fallback: Capabilities | None = None
    refusal: RewriterError | None = None

    async def sort(self, line: Mapping[str, Any]) -> Fate:
        """Store the answer in `line`, or judge its error. Raises `FileError`, `LedgerError`."""
        digest = str(line["custom_id"])
        question = await asyncio.to_thread(self.questions.load, digest)
        if question is None:
            return Fate(digest, "lost")
        response = line.get("response")
        if not isinstance(response, dict):
            return Fate(digest, "again", _reason_in(line.get("error")))
        if response.get("status_code") == 200:
            return await self._answered(digest, question, response)
        status = response.get("status_code")
        if not isinstance(status, int):
            return Fate(digest, "again", f"{self.host} gave no status")
        report = reported(response.get("body"), {}, status)
        if report.about_generation:
            useless_one = useless(report, question.request.model)
            return await self._kept(digest, question, useless_one)
        return self._judged(digest, question, report)

    async def _answered(self, digest: str, question: Question, response: Mapping[str, Any]) -> Fate:
        body = json.dumps(response.get("body")).encode()
        request_id = response.get("request_id")
        timing = Timing(request_id if isinstance(request_id, str) else None, 0.0)
        try:
            completion = decode(body, question.request.model, timing, self.prices)
        except ValueError as error:
            return Fate(digest, "again", f"{self.host} answered {error}")
        if isinstance(completion, Reported):
            return self._judged(digest, question, completion)
        return await self._kept(digest, question, completion)

    async def _kept(self, digest: str, question: Question, completion: Completion) -> Fate:
        """Store a paid answer, useless ones too."""
        ledger = FreshLedger(self.ledger, question.run) if question.run else self.ledger
        key = await _place(ledger, digest, completion)
        request = question.whole()
        await ledger.put(key, Entry(request=request, completion=completion))
        events.paid(request, completion.usage, "batch")
        return Fate(digest, "answered", usage=completion.usage)

    def _judged(self, digest: str, question: Question, report: Reported) -> Fate:
        if self._can_fall_back(report, question):
            return Fate(digest, "back")
        error = from_report(report, self.host)
        match error:
            case AccessDeniedError() | QuotaExhaustedError():
                self.refusal = error
                return Fate(digest, "back", str(error))
            case Transient():
                return Fate(digest, "again", str(error))
            case _:
                return Fate(digest, "failed", str(error))

    def _can_fall_back(self, report: Reported, question: Question) -> bool:
        """Whether the question can be sent in another form, as a direct call would do."""
        body = encode(question.whole(), self.capabilities)
        lower = self.capabilities.fallback(report, body)
        self.fallback = lower or self.fallback
        return lower is not None


async def _place(ledger: Ledger, digest: str, completion: Completion) -> Key:
    """The key of an answer: after those of useless answers; after a crash its own once more."""
    for attempt in range(1, MOST_ANSWERS):
        stored = await ledger.get(Key(digest, attempt=attempt))
        if stored is None or stored.completion.request_id == completion.request_id:
            return Key(digest, attempt=attempt)
    return Key(digest, attempt=MOST_ANSWERS)


def portions(text: BinaryIO, waiting: set[str]) -> Iterator[list[dict[str, Any]]]:
    """The lines of a file that answer a question in `waiting`, some at a time.

    Each question has the first of its lines, and is taken out of `waiting`. A line that is no JSON
    object, or longer than any answer, is left out.
    """
    some, size = list[dict[str, Any]](), 0
    while line := text.readline(_MOST_IN_MEMORY):
        answer = _object(line)
        if (digest := str(answer.get("custom_id"))) in waiting:
            waiting.remove(digest)
            some.append(answer)
            size += len(line)
        if len(some) >= _LINES or size >= _MOST_IN_MEMORY:
            yield some
            some, size = [], 0
    if some:
        yield some


def _object(line: bytes) -> dict[str, Any]:
    with suppress(ValueError, RecursionError):
        found = json.loads(line)
        if isinstance(found, dict):
            return found
    return {}


def _reason_in(error: object) -> str:
    """The words of an error object."""
    if isinstance(error, dict):
        return str(error.get("message") or error.get("code") or "no reason was given")
    return str(error) if error else "no reason was given"
