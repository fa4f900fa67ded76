"""What a process does with one article of the queue: from a delivery to how it ended."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

from rewriter.article import OutcomeStatus
from rewriter.completion import choosing
from rewriter.completion.asking import Asker, Backend, Spending
from rewriter.completion.limits import RateLimiter
from rewriter.errors import (
    AccessDeniedError,
    FileChangedError,
    LedgerError,
    MessageError,
    NoRoomError,
    QuotaExhaustedError,
    RewriterError,
    StoppedError,
    StoreUnreachableError,
    Transient,
)
from rewriter.observability import tracing
from rewriter.offload import ending
from rewriter.prompting import prompt_file
from rewriter.prompting.prompt import Prompt
from rewriter.queue.batch_api.questions import Question, Questions
from rewriter.queue.claims import Delivery, End, Return, Ticket
from rewriter.queue.connection import Connection, state_of
from rewriter.queue.fleet_budget import (
    BUDGET_PAUSE_SECONDS,
    REFUSAL_PAUSE_SECONDS,
    CancelledBatchError,
    FleetBudget,
    FleetBudgetSpentError,
)
from rewriter.queue.fleet_rate_limiter import urgent
from rewriter.queue.message import Message, locate, parse
from rewriter.request import Request
from rewriter.runs import publishing
from rewriter.runs.concurrency import UNBOUNDED, Permit, Scheduler
from rewriter.runs.due import CURRENT
from rewriter.runs.publishing import Result
from rewriter.runs.setup import Job
from rewriter.settings import Settings
from rewriter.state import records
from rewriter.state.ledger import FreshLedger, Ledger

# The first delay of an article whose provider is down; it doubles with each further try. Before it
# the completer has retried for seconds.
FIRST_DELAY_SECONDS = 30.0
# A file that changed since is read anew at once: nothing is gained by waiting.
REREAD_SECONDS = 1.0

_log = logging.getLogger(__name__)


class ArticleHandler:
    """Works on articles, with one ledger and one completer a prompt for the whole process."""

    def __init__(
        self,
        settings: Settings,
        connection: Connection,
        rate_limiter: RateLimiter,
        process: str,
        stop: asyncio.Event | None = None,
    ) -> None:
        self._settings = settings
        self._connection = connection
        self._rate_limiter = rate_limiter
        self._process = process
        self._stop = stop
        self._state = state_of(settings)
        self._ledger = choosing.ledger(settings, self._state.ledger)
        self._questions = Questions(self._state.batch_requests)
        self._scheduler = Scheduler()
        self._tools: dict[str, tuple[Prompt, Backend]] = {}

    async def aclose(self) -> None:
        """Close the connections to the provider."""
        for _, backend in self._tools.values():
            await backend.aclose()

    async def work(self, delivery: Delivery, permit: Permit = UNBOUNDED) -> End | Return:
        """Do all that one article needs, holding `permit` while it awaits answers; never raises."""
        urgent.set(delivery.priority == "high")
        ending.set(self._stop)
        spending = Spending()
        try:
            message = parse(delivery.message, delivery.id)
            with tracing.article(message.path, message.batch, message.traceparent):
                result = await self._attempt(message, delivery, permit, spending)
        except MessageError as error:
            return End(delivery, "dead", str(error), error=type(error).__name__)
        except (CancelledBatchError, StoppedError):
            return Return(delivery, "ready")  # from there it is cancelled, or goes on elsewhere
        except RewriterError as error:
            outcome = await self._failed(delivery, error, spending)
            return outcome._replace(error=type(error).__name__)
        except Exception as error:  # noqa: BLE001 - an unexpected error of one article must not end all
            _log.exception("unexpected error on %s", delivery.id)
            reason = f"unexpected {type(error).__name__}: {error}; please report it"
            return End(delivery, "failed", reason, error=type(error).__name__)
        if isinstance(result, Ticket):
            return Return(delivery, "batch_api", ticket=result)
        return End(
            delivery,
            self._status(result, message, delivery),
            result.reason,
            result.usage,
            message.target if result.target else None,
            tuple(sorted({finding.code for finding in result.findings})),
        )

    async def _attempt(
        self, message: Message, delivery: Delivery, permit: Permit, spending: Spending
    ) -> Result | Ticket:
        """The article's result, or the ticket of the request that it sends by the batch API."""
        item = locate(message, self._state.root, self._settings.object_store)
        prompt, backend = self._tools_for(message)
        ledger: Ledger = self._ledger
        if message.fresh_from is not None:
            ledger = FreshLedger(ledger, message.run, message.fresh_from)
        budget = FleetBudget(
            self._connection,
            self._process,
            delivery,
            daily_budget=self._settings.daily_budget,
            prices=self._settings.price_list,
        )
        backend = replace(backend, ledger=ledger, budget=budget)
        if backend.drafts and message.in_place:
            raise MessageError("this worker has no model, and a draft never replaces an article")
        job = Job(
            prompt,
            backend,
            self._state,
            in_place=message.in_place,
            force=message.force,
            batch=message.run,
            redelivered=delivery.again,
            scheduler=self._scheduler,
            urgent=delivery.priority == "high",
        )
        by_batch = message.api == "batch"
        if by_batch and backend.name != "openai":
            raise MessageError("this worker's engine has no batches; requeue with --api direct")
        asker = Asker(backend, spending)
        if by_batch:  # most only look into the ledger, for which they wait for no permit
            done = await publishing.attempt(item, job, asker, asker.answer_at_once)
        else:
            done = await publishing.attempt(item, job, asker, asker.answer, permit)
        return await self._parked(done, message) if isinstance(done, Request) else done

    async def _parked(self, request: Request, message: Message) -> Ticket:
        """Keep a request for the batch API. Raises `FileError` where it cannot be kept."""
        run = None if message.fresh_from is None else message.run
        question = Question(request=request, cache_key=request.cache_key, run=run)
        size = await asyncio.to_thread(self._questions.keep, question)
        return Ticket(request.digest(), request.model, size, self._settings.batch_requests)

    def _tools_for(self, message: Message) -> tuple[Prompt, Backend]:
        """The prompt of an article, and who answers by it. Raises `MessageError`."""
        if message.prompt not in self._tools:
            prompt = prompt_file.load(message.prompt, self._settings.prompts_dir)
            backend = choosing.backend(
                self._settings, self._ledger, prompt.rules, limiter=self._rate_limiter
            )
            self._tools[message.prompt] = prompt, backend
        prompt, backend = self._tools[message.prompt]
        if prompt.version != message.prompt_version:
            raise MessageError(
                f"refused: version {message.prompt_version} of the prompt {message.prompt} was "
                f"asked for and this worker has version {prompt.version}; give all machines the "
                "same prompts, then requeue"
            )
        return prompt, backend

    def _status(self, result: Result, message: Message, delivery: Delivery) -> OutcomeStatus:
        """The outcome. What a killed process has published counts as published, not as skipped."""
        if result.status == "skipped" and result.reason.startswith(CURRENT) and delivery.again:
            record = records.load(self._state.records, message.path)
            # Without a record it died right after writing the file.
            return record.status if record else "published"
        return result.status

    async def _failed(
        self, delivery: Delivery, error: RewriterError, spending: Spending
    ) -> End | Return:
        """What an error means for the article, or for all: end, delay, park or pause."""
        match error:
            case FleetBudgetSpentError(whose="batch"):
                return Return(delivery, "parked", str(error))
            case FleetBudgetSpentError(whose="jobs"):  # they may take hours
                return Return(delivery, "money", str(error), REFUSAL_PAUSE_SECONDS)
            case FleetBudgetSpentError():
                return await self._paused(delivery, error, BUDGET_PAUSE_SECONDS)
            case QuotaExhaustedError() | AccessDeniedError() | NoRoomError():
                return await self._paused(delivery, error, REFUSAL_PAUSE_SECONDS)
            case LedgerError():  # its answer is paid: asked for again, it would be paid again
                await self._paused(delivery, error, REFUSAL_PAUSE_SECONDS)
                return End(delivery, "failed", str(error), spending.total.paid)
            case StoreUnreachableError():
                return Return(delivery, "delayed", str(error), FIRST_DELAY_SECONDS)
            case FileChangedError():
                return Return(delivery, "delayed", str(error), REREAD_SECONDS)
            case Transient():
                delay = max(FIRST_DELAY_SECONDS, error.retry_after or 0.0)
                return Return(delivery, "delayed", str(error), delay)
            case _:
                return End(delivery, "failed", str(error), spending.total.paid)

    async def _paused(self, delivery: Delivery, error: RewriterError, seconds: float) -> Return:
        await self._connection.run("pause", str(error), round(seconds * 1000))
        return Return(delivery, "ready", str(error))
