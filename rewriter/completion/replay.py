"""The completer that answers from a ledger of recordings only, and asks no model."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cached_property
from itertools import takewhile
from typing import NamedTuple

from rewriter.completion import Completion, Request
from rewriter.errors import NotRecordedError
from rewriter.state.ledger import Entry, Ledger

_SHOWN = 60  # characters of each side of a difference


class ReplayCompleter:
    """Stands behind a ledger and says what changed when a request is not in it.

    `completion.asking` finds the recorded answers in the ledger, attempt by attempt. Only a request
    that is not recorded comes here.
    """

    name = "replay"

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def complete(self, request: Request) -> Completion:
        """Raises `NotRecordedError` with the differences to the nearest recorded request."""
        raise NotRecordedError(
            f"the request {request.digest()[:12]} is not recorded: "
            f"{explain(request, self._recorded)}; record it again, or choose another --engine"
        )

    async def aclose(self) -> None:
        """Nothing is held open."""

    @cached_property
    def _recorded(self) -> tuple[Entry, ...]:
        return tuple(self._ledger.entries())


class _Part(NamedTuple):
    """One part of a request, in a form that can be compared and shown."""

    name: str
    text: str


def explain(request: Request, recorded: tuple[Entry, ...]) -> str:
    """How `request` differs from the most similar of the recorded ones."""
    if not recorded:
        return "the ledger is empty"
    nearest = max(recorded, key=lambda entry: _likeness(request, entry.request)).request
    found = [_difference(name, now, then) for name, now, then in _differences(request, nearest)]
    if not found:
        return "it is recorded, but not for this epoch or attempt"
    return f"compared with the nearest, {nearest.digest()[:12]}, " + "; ".join(found)


def _likeness(request: Request, other: Request) -> tuple[int, int]:
    """Equal parts first, then the common words of the article."""
    equal = -len(list(_differences(request, other)))
    mine, theirs = (set(_last(r).split()) for r in (request, other))
    return equal, len(mine & theirs)


def _last(request: Request) -> str:
    return request.messages[-1].content if request.messages else ""


def _differences(request: Request, other: Request) -> Iterator[tuple[str, str, str]]:
    now, then = dict(_parts(request)), dict(_parts(other))
    for name in sorted(now | then):
        if now.get(name) != then.get(name):
            yield name, now.get(name, ""), then.get(name, "")


def _parts(request: Request) -> Iterator[_Part]:
    yield _Part("model", request.model)
    yield _Part("schema", json.dumps(request.json_schema, sort_keys=True))
    for name, value in request.parameters.items():
        yield _Part(f"parameter {name}", json.dumps(value))
    for n, message in enumerate(request.messages, 1):
        yield _Part(f"message {n} ({message.role})", message.content)


def _difference(name: str, now: str, then: str) -> str:
    if not then or not now:
        return f"{name} is {'new' if now else 'gone'}"
    if max(len(now), len(then)) <= _SHOWN:
        return f'{name}: "{then}" became "{now}"'
    same = takewhile(lambda pair: pair[0] == pair[1], zip(now, then, strict=False))
    start = sum(1 for _ in same)
    shown = f'"{then[start:][:_SHOWN]}" became "{now[start:][:_SHOWN]}"'
    return f"{name} from character {start}: {shown}"
