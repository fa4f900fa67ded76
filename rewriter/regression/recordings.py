"""Recordings: the ledger of a suite, read without an event loop and without a socket."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from rewriter.article import Rewrite, Source, Usage, digest
from rewriter.checks.reader import ReaderReport
from rewriter.completion import Completion, Request
from rewriter.completion.answer import read_rewrite
from rewriter.completion.asking import Asking, Spending, usable
from rewriter.errors import AnswerError, FileError
from rewriter.prompting.prompt import Prompt
from rewriter.state.ledger import Entry, FileLedger, Key, Ledger

T = TypeVar("T")

# The model name of requests that a person answered. No model may have it.
REFERENCE = "reference"
# Whose answers are the same whatever the prompt says.
PROMPT_UNREAD = {"extractive": "the extractive engine", REFERENCE: "people"}


async def record_by_hand(ledger: Ledger, request: Request, text: str) -> None:
    """Record `text` as the answer of a person to `request`. Raises `FileError`."""
    completion = Completion(text=text, model=REFERENCE)
    entry = Entry(request=request, completion=completion, author="reference")
    await ledger.put(Key(request.digest(), epoch=1), entry)


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

    It is a `rewrite` or a second reader's `report`. Both are None for an answer that cannot be
    used, and `failure` has the reason. `usage` and `latency` (seconds) are sums over all attempts.
    `model` is the model that answered, "" where nothing was asked. `digest` is the SHA-256 (hex) of
    all attempts.
    """

    text: str
    usage: Usage
    latency: float
    model: str
    digest: str
    rewrite: Rewrite | None = None
    report: ReaderReport | None = None
    failure: str = ""


def answer(request: Request, epoch: int, recordings: Recordings) -> RecordedAnswer | None:
    """The answer to `request` recorded for `epoch`, None where an attempt of it is missing.

    `completion.asking` takes the attempts in order, exactly as in production. Raises `FileError`
    for a damaged recording.
    """
    asking = usable(request, read_rewrite)
    return replayed(asking, epoch, recordings, lambda found: {"rewrite": found[0]})


def repaired(
    prompt: Prompt, source: Source, model: str, epoch: int, recordings: Recordings
) -> RecordedAnswer | None:
    """The rewrite of `source` with its repairs, from recordings alone.

    None where the first answer or a repair is missing. The whole pipeline runs, because the checks
    decide what is repaired. Raises `FileError` for a damaged recording.
    """
    from rewriter.pipeline import rewriting  # late: it loads every check

    # The extractive engine makes drafts in a replay too.
    asking = rewriting(source, prompt, model, drafts=model == "extractive")
    found = replayed(asking, epoch, recordings, lambda outcome: {"rewrite": outcome.rewrite})
    if found and not found.model:  # the source is too short for a request in production
        return answer(prompt.request(source, model), epoch, recordings)
    if found and found.rewrite:
        return replace(found, text=found.rewrite.model_dump_json())
    return found


def replayed(
    asking: Asking[T], epoch: int, recordings: Recordings, kept: Callable[[T], Mapping[str, Any]]
) -> RecordedAnswer | None:
    """The answer that `asking` makes of recordings alone, None where an attempt is missing.

    `kept` gives the fields of its result. Raises `FileError` for a damaged recording.
    """
    spending, completions = Spending(epoch), list[Completion]()
    found: Mapping[str, Any]
    try:
        request = next(asking)
        while True:
            key = spending.next_key(request)
            entry = recordings.entry(key)
            if entry is None:
                return None
            spending.add(key, entry.completion, paid=False)
            completions.append(entry.completion)
            request = asking.send(entry.completion)
    except StopIteration as done:
        found = kept(done.value)
    except AnswerError as error:
        found = {"failure": str(error)}
    return RecordedAnswer(
        text=completions[-1].text if completions else "",
        usage=spending.total.usage,
        latency=sum(completion.latency for completion in completions),
        model=completions[-1].model if completions else "",
        digest=digest([completion.model_dump(mode="json") for completion in completions]),
        **found,
    )
