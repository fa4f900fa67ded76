"""Questions on their way, kept as files in the state directory until they are answered."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from rewriter.article import Value
from rewriter.completion.capabilities import Capabilities, encode
from rewriter.errors import FileError
from rewriter.files import atomic, opening
from rewriter.request import Request


class Question(Value):
    """A request and its cache key; `run` is the batch that wants a fresh answer, if one does."""

    request: Request
    cache_key: str = ""
    run: str | None = None

    def whole(self) -> Request:
        """The request as the direct call would send it."""
        return self.request.model_copy(update={"cache_key": self.cache_key})


class Questions:
    """A folder of questions, one JSON file for each digest; several processes may share it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, question: Question) -> int:
        """Keep a question; returns the bytes of its line. Raises `FileError`."""
        request = question.whole()
        digest = request.digest()
        if question.run or self.load(digest) is None:  # a fresh answer will do for all
            data = question.model_dump_json().encode()
            atomic.write(self._path(digest), data, self.folder)
        return len(line(request, Capabilities()))

    def load(self, digest: str) -> Question | None:
        """The question of that digest, None where it is not kept. Raises `FileError`."""
        path = self._path(digest)
        try:
            return Question.model_validate_json(opening.read(path, self.folder))
        except (FileNotFoundError, ValidationError):
            return None
        except OSError as error:
            raise FileError(f"{path}: cannot read it: {error.strerror}") from error

    def forget(self, digests: Iterable[str]) -> None:
        """Remove questions that nobody waits for any more."""
        for digest in digests:
            with suppress(OSError):  # a file left behind costs nothing but its place
                self._path(digest).unlink(missing_ok=True)

    def _path(self, digest: str) -> Path:
        return self.folder / digest[:2] / f"{digest}.json"


class Load(NamedTuple):
    """A file for the provider: the digests of its lines, and US dollars that they cost at most."""

    data: bytes
    digests: frozenset[str]
    highest_cost: float


def load_of(
    questions: Questions,
    digests: Iterable[str],
    capabilities: Capabilities,
    highest_cost: Callable[[Request], float],
) -> Load:
    """The file with the questions that are kept of `digests`. Raises `FileError`.

    Requests take several times the memory of their lines, so only one is there at a time.
    """
    lines, cost = {}, 0.0
    for digest in digests:
        if (kept := questions.load(digest)) is None:
            continue
        request = kept.whole()
        lines[digest] = line(request, capabilities)
        cost += highest_cost(request)
    return Load(b"".join(lines.values()), frozenset(lines), cost)


def line(request: Request, capabilities: Capabilities) -> bytes:
    """A line of the file: the body is what the direct call would send."""
    entry: dict[str, Any] = {
        "custom_id": request.digest(),
        "method": "POST",
        "url": "/v1/chat/completions",
        "body": encode(request, capabilities),
    }
    return json.dumps(entry, ensure_ascii=False).encode() + b"\n"
