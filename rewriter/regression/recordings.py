"""Recordings: the ledger that a suite commits, read without an event loop and without a socket."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from rewriter.article import Rewrite, Source, Usage, digest
from rewriter.completion import Completion, Request
from rewriter.completion.answer import read_rewrite
from rewriter.completion.asking import Asking, Spending, usable
from rewriter.errors import AnswerError, FileError, NotRecordedError
from rewriter.prompting.prompt import Prompt
from rewriter.state.ledger import Entry, FileLedger, Key

T = TypeVar("T")

# The model of a request that a person answered; no model may have this name.
REFERENCE = "reference"


class Recordings:
    """A ledger of recordings: reading only, each file once, and checked against its own name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._files = FileLedger(folder)
        self._read: dict[Key, Entry | None] = {}

    def entry(self, key: Key) -> Entry | None:
        """What is recorded at `key`.

        Raises `FileError` when the file is damaged or misnamed, or passes a person's answer for a
        model's or the reverse.
        """
        if key not in self._read:
            entry = self._files.entry(key)
            if entry is not None and (blocker := _contradiction(entry, key)):
                raise FileError(
                    f"{self._files.path(key)}: {blocker}; "
                    "restore the file, or delete it and record again"
                )
            self._read[key] = entry
        return self._read[key]

    def entries(self) -> Iterator[Entry]:
        """Every recording, by file name."""
        return self._files.entries()


def _contradiction(entry: Entry, key: Key) -> str | None:
    """What an entry says of itself that cannot be true."""
    if entry.request.digest() != key.digest:
        return "holds another request than its name says"
    asked, answered = entry.request.model, entry.completion.model
    by_hand = {entry.author == "reference", asked == REFERENCE, answered == REFERENCE}
    if len(by_hand) > 1:
        return f"its author is a {entry.author}, but {asked} was asked and {answered} answered"
    return None


@dataclass(frozen=True)
class Answered:
    """One recorded answer as production would have taken it.

    `rewrite` is None for an answer that stayed useless, with the reason in `failure`. `usage` and
    `latency` (seconds) are of all attempts, `model` is the one that answered; `digest` pins them.
    """

    rewrite: Rewrite | None
    text: str
    failure: str
    usage: Usage
    latency: float
    model: str
    digest: str


def answer(request: Request, epoch: int, recordings: Recordings) -> Answered | None:
    """The answer to `request` recorded for `epoch`, None where there is none or only half of it.

    Attempts are walked by `completion.asking`, exactly as in production.
    """
    replay = _Replay(recordings, epoch)
    try:
        rewrite, _ = replay.drive(usable(request, read_rewrite))
    except NotRecordedError:
        return None
    except AnswerError as error:
        return replay.answered(None, str(error))
    return replay.answered(rewrite, "")


def repaired(
    prompt: Prompt, source: Source, model: str, epoch: int, recordings: Recordings
) -> Answered | None:
    """What production makes of `source` from recordings alone, its repairs included.

    None where an answer is missing, the first one or a repair. The whole pipeline runs, checks and
    all: they decide what is repaired.
    """
    from rewriter.pipeline import rewriting  # late: it loads every check

    replay = _Replay(recordings, epoch)
    try:
        # A draft of the extractive engine is a draft in a replay too.
        outcome = replay.drive(rewriting(source, prompt, model, drafts=model == "extractive"))
    except NotRecordedError:
        return None
    except AnswerError as error:
        return replay.answered(None, str(error))
    if outcome.rewrite is None:  # too short to be asked about in production
        return answer(prompt.request(source, model), epoch, recordings)
    whole = replay.answered(outcome.rewrite, "")
    return replace(whole, text=outcome.rewrite.model_dump_json())


class _Replay:
    """Drives one article from recordings, without an event loop: that would open two sockets."""

    def __init__(self, recordings: Recordings, epoch: int) -> None:
        self._recordings = recordings
        self._spending = Spending(epoch)
        self._completions: list[Completion] = []

    def drive(self, asking: Asking[T]) -> T:
        """The result of `asking`. Raises `NotRecordedError` where an answer is missing."""
        try:
            request = next(asking)
            while True:
                request = asking.send(self._recorded(request))
        except StopIteration as done:
            result: T = done.value
            return result

    def _recorded(self, request: Request) -> Completion:
        key = self._spending.next_key(request)
        entry = self._recordings.entry(key)
        if entry is None:
            raise NotRecordedError(f"the request {key.digest[:12]} is not recorded")
        self._spending.add(key, entry.completion, paid=False)
        self._completions.append(entry.completion)
        return entry.completion

    def answered(self, rewrite: Rewrite | None, failure: str) -> Answered:
        """What the recordings came to."""
        completions = self._completions
        return Answered(
            rewrite=rewrite,
            text=completions[-1].text,
            failure=failure,
            usage=self._spending.total.usage,
            latency=sum(completion.latency for completion in completions),
            model=completions[-1].model,
            digest=digest([completion.model_dump(mode="json") for completion in completions]),
        )
