"""Recordings: the ledger of a suite, read without an event loop and without a socket."""

from __future__ import annotations

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

# The model name of requests that a person answered. No model may have it.
REFERENCE = "reference"
# Whose answers are the same whatever the prompt says.
PROMPT_UNREAD = {"extractive": "the extractive engine", REFERENCE: "people"}


class Recordings:
    """A ledger of recordings for reading. Each file is read once and checked against its name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._files = FileLedger(folder)
        self._read: dict[Key, Entry | None] = {}

    def entry(self, key: Key) -> Entry | None:
        """The recording at `key`, None where there is none.

        Raises `FileError` when the file is damaged or has another request's name, or when its
        author and its model names disagree.
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


def _contradiction(entry: Entry, key: Key) -> str | None:
    """The contradiction in an entry, None where there is none."""
    if entry.request.digest() != key.digest:
        return "holds another request than its name says"
    asked, answered = entry.request.model, entry.completion.model
    by_hand = {entry.author == "reference", asked == REFERENCE, answered == REFERENCE}
    if len(by_hand) > 1:
        return f"its author is a {entry.author}, but {asked} was asked and {answered} answered"
    return None


@dataclass(frozen=True)
class RecordedAnswer:
    """One recorded answer as production would read it.

    `rewrite` is None for an answer that cannot be used, and `failure` has the reason. `usage` and
    `latency` (seconds) are sums over all attempts. `model` is the model that answered. `digest` is
    the SHA-256 (hex) of all attempts.
    """

    rewrite: Rewrite | None
    text: str
    failure: str
    usage: Usage
    latency: float
    model: str
    digest: str


def answer(request: Request, epoch: int, recordings: Recordings) -> RecordedAnswer | None:
    """The answer to `request` recorded for `epoch`, None where an attempt of it is missing.

    `completion.asking` takes the attempts in order, exactly as in production. Raises `FileError`
    for a damaged recording.
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
) -> RecordedAnswer | None:
    """The rewrite of `source` with its repairs, from recordings alone.

    None where the first answer or a repair is missing. The whole pipeline runs, because the checks
    decide what is repaired. Raises `FileError` for a damaged recording.
    """
    from rewriter.pipeline import rewriting  # late: it loads every check

    replay = _Replay(recordings, epoch)
    try:
        # The extractive engine makes drafts in a replay too.
        outcome = replay.drive(rewriting(source, prompt, model, drafts=model == "extractive"))
    except NotRecordedError:
        return None
    except AnswerError as error:
        return replay.answered(None, str(error))
    if outcome.rewrite is None:  # the source is too short for a request in production
        return answer(prompt.request(source, model), epoch, recordings)
    whole = replay.answered(outcome.rewrite, "")
    return replace(whole, text=outcome.rewrite.model_dump_json())


def replayed(asking: Asking[T], epoch: int, recordings: Recordings) -> tuple[T, str]:
    """The result of `asking` from recordings alone, and the digest of the answers.

    Raises `NotRecordedError` where an answer is missing, and what `asking` raises.
    """
    replay = _Replay(recordings, epoch)
    result = replay.drive(asking)
    return result, replay.digest()


class _Replay:
    """Answers the requests of one article from recordings, without an event loop."""

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

    def answered(self, rewrite: Rewrite | None, failure: str) -> RecordedAnswer:
        """The answer that the recorded attempts make."""
        completions = self._completions
        return RecordedAnswer(
            rewrite=rewrite,
            text=completions[-1].text,
            failure=failure,
            usage=self._spending.total.usage,
            latency=sum(completion.latency for completion in completions),
            model=completions[-1].model,
            digest=self.digest(),
        )

    def digest(self) -> str:
        """SHA-256 (hex) of all answers so far."""
        return digest([completion.model_dump(mode="json") for completion in self._completions])
