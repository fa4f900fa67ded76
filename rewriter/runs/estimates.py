"""Estimates of tokens, time and money, from the recorded articles of the same model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from rewriter.article import Value
from rewriter.completion import choosing
from rewriter.completion.limits import most_tokens
from rewriter.errors import FileError
from rewriter.escaping import counted
from rewriter.prices import Price, in_batches, price_of
from rewriter.prompting.reader_prompt import Reader
from rewriter.request import Request
from rewriter.settings import Settings
from rewriter.state import State, records
from rewriter.state.ledger import Entry, FileLedger, Key
from rewriter.state.records import Record

# Most articles that an estimate rests on. If articles differ by 30 %, the mean of 200 has an error
# of 2 %.
_SAMPLE = 200
# Most records that are read, those of other models included; reading them takes 0.25 s.
_MOST_RECORDS = 2_000
# Assumed, not measured, where no article is recorded: the share of its token limit that an answer
# takes, and tokens a second. A plan says so.
_SHARE_OF_LIMIT = 0.5
_SHARE_OF_READING = 0.1  # an empty list is the usual report
_TOKENS_A_SECOND = 50.0


class Experience(Value):
    """What one article took with all its calls, as a mean over `articles` recorded ones.

    `input_share` is the provider's count of input tokens divided by our estimate for the first
    request; repairs make it larger. `seconds` is the time spent waiting for answers.
    """

    articles: int
    calls: float
    input_share: float
    output_tokens: float
    seconds: float


class Estimate(Value):
    """What one article will take; `cost` is in US dollars, None for a model without a price.

    `readings` and `reading_cost` are the second reader's part of `calls` and `cost`.
    """

    calls: float = 0.0
    input_tokens: int = 0
    output_tokens: int = 0
    seconds: float = 0.0
    cost: float | None = 0.0
    readings: float = 0.0
    reading_cost: float | None = 0.0

    def __add__(self, other: Estimate) -> Estimate:
        return Estimate(
            calls=self.calls + other.calls,
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            seconds=self.seconds + other.seconds,
            cost=_sum(self.cost, other.cost),
            readings=self.readings + other.readings,
            reading_cost=_sum(self.reading_cost, other.reading_cost),
        )


def _sum(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else round(one + other, 9)


def _estimate(
    request: Request, experience: Experience | None, share: float, more_input: int = 0
) -> Estimate:
    """What an article with this request will take, without the cost.

    Without `experience` the answer is taken for a `share` of its limit of tokens.
    """
    most_input, most_output = most_tokens(request)
    past = experience or _assumed(most_output, share)
    return Estimate(
        calls=past.calls,
        input_tokens=round((most_input + more_input) * past.input_share),
        output_tokens=round(past.output_tokens),
        seconds=past.seconds,
    )


@dataclass(frozen=True)
class ReadingEstimator:
    """Estimates second readings by `experience`, or by assumption where that is None."""

    reader: Reader
    price: Price | None
    experience: Experience | None = None

    def estimate(self, request: Request, written: int = 0) -> Estimate:
        """What the readings of an article take, from its first request or from a reading.

        `written` are the tokens of the rewrite, which the reader is shown with the source.
        """
        if request.role != "reader" and request.source is not None:
            request = self.reader.prompt.request(request.source, (), self.reader.model)
        one = _estimate(request, self.experience, _SHARE_OF_READING, written)
        cost = self.price and self.price.cost(one.input_tokens, one.output_tokens)
        return one.model_copy(update={"cost": cost, "readings": one.calls, "reading_cost": cost})

    def assumptions(self) -> str:
        """What the estimates rest on, for people."""
        if self.experience is None:
            return (
                f"no reading by {self.reader.model} is recorded: one reading an article, whose "
                "answer is taken to be a tenth of its limit of tokens"
            )
        past = self.experience
        return (
            f"{counted(past.articles, 'article')} read by {self.reader.model} took "
            f"{past.calls:.2f} readings and {past.output_tokens:,.0f} tokens of answer each"
        )


@dataclass(frozen=True)
class Estimator:
    """Estimates by `experience`, or by assumption where that is None.

    `price` is None where it is unknown. With a `batch_price` the first call of each article costs
    that price, by the batch API, and its repairs cost `price`.
    `reading` estimates what a second reader takes, where there is one.
    """

    price: Price | None
    experience: Experience | None = None
    batch_price: Price | None = None
    reading: ReadingEstimator | None = None

    def estimate(self, request: Request) -> Estimate:
        """What an article will take whose next request is `request`."""
        if self.reading and request.role == "reader":
            return self.reading.estimate(request)
        one = _estimate(request, self.experience, _SHARE_OF_LIMIT)
        writing = one.model_copy(update={"cost": self._cost(one)})
        if self.reading is None:
            return writing
        return writing + self.reading.estimate(request, writing.output_tokens)

    def _cost(self, one: Estimate) -> float | None:
        if self.price is None:
            return None
        tokens = one.input_tokens, one.output_tokens
        direct = self.price.cost(*tokens)
        if self.batch_price is None:
            return direct
        # All calls count as equally long: a repair has a longer request and a shorter answer.
        return (self.batch_price.cost(*tokens) + (one.calls - 1) * direct) / one.calls

    def assumptions(self, model: str) -> str:
        """What the estimates rest on, as a sentence for people."""
        if self.experience is None:
            return (
                f"nothing is recorded of {model}: one call an article, whose answer is taken to be "
                f"half of its limit of tokens, at {_TOKENS_A_SECOND:g} tokens a second"
            )
        past = self.experience
        return (
            f"{past.articles} recorded articles of {model} took {past.calls:.2f} calls, "
            f"{past.output_tokens:,.0f} tokens of answer and {past.seconds:.1f} s each"
        )


def _assumed(most_output: int, share: float) -> Experience:
    output = most_output * share
    return Experience(
        articles=0,
        calls=1.0,
        input_share=1.0,
        output_tokens=output,
        seconds=output / _TOKENS_A_SECOND,
    )


# --- from settings and the state directory -----------------------------------------------------


def estimator(settings: Settings, state: State, *, by_batch: bool = False) -> Estimator:
    """The estimator for the configured model, with the experience of `state`."""
    model, prices = choosing.model(settings), choosing.prices(settings)
    at_half = price_of(model, in_batches(prices)) if by_batch else None
    past, reading = learn(state, model), None
    if reader := choosing.reader(settings):
        by_batch = by_batch and not choosing.has_own_reader(settings)
        price = price_of(reader.model, in_batches(prices) if by_batch else prices)
        reading = ReadingEstimator(reader, price, learn(state, reader.model, reading=True))
    return Estimator(price_of(model, prices), past, at_half, reading)


class _Taken(NamedTuple):
    """What one recorded article took."""

    calls: int
    expected_input: int
    input_tokens: int
    output_tokens: int
    seconds: float


def learn(state: State, model: str, *, reading: bool = False) -> Experience | None:
    """What articles of `model` took, from records and ledger; None where none is recorded.

    With `reading` it is what the readings by `model` took.
    """
    ledger = FileLedger(state.ledger)
    seen = islice(records.every(state.records), _MOST_RECORDS)
    asked = (_readings(one, model) if reading else _writings(one, model) for one in seen)
    known = (taken for digests in asked if (taken := _taken(digests, ledger)))
    found = list(islice(known, _SAMPLE))
    if not found:
        return None
    number = len(found)
    output_tokens = sum(one.output_tokens for one in found) / number
    timed = [one.seconds for one in found if one.seconds]  # the batch API has no waiting time
    return Experience(
        articles=number,
        calls=sum(one.calls for one in found) / number,
        input_share=sum(one.input_tokens for one in found)
        / sum(one.expected_input for one in found),
        output_tokens=output_tokens,
        seconds=sum(timed) / len(timed) if timed else output_tokens / _TOKENS_A_SECOND,
    )


def _writings(record: Record, model: str) -> tuple[str, ...]:
    if record.model_asked != model:
        return ()
    return tuple((Counter(record.request_digests) - Counter(record.reading_digests)).elements())


def _readings(record: Record, model: str) -> tuple[str, ...]:
    asked = record.reading and record.reading.model_asked == model
    return record.reading_digests if asked else ()


def _taken(digests: tuple[str, ...], ledger: FileLedger) -> _Taken | None:
    """What the requests of these digests took, None where an answer is missing."""
    if not digests:
        return None
    try:
        entries = list(_entries(digests, ledger))
    except FileError:
        return None
    if len(entries) < len(digests):
        return None  # some answers were removed, or are in another ledger
    usages = [entry.completion.usage for entry in entries]
    return _Taken(
        calls=len(entries),
        expected_input=most_tokens(entries[0].request)[0],
        input_tokens=sum(usage.input_tokens for usage in usages),
        output_tokens=sum(usage.output_tokens for usage in usages),
        seconds=sum(entry.completion.latency for entry in entries),
    )


def _entries(digests: tuple[str, ...], ledger: FileLedger) -> Iterator[Entry]:
    for digest, answers in Counter(digests).items():
        for attempt in range(1, answers + 1):
            entry = ledger.entry(Key(digest, 0, attempt))
            if entry is not None:
                yield entry
