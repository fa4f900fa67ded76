"""The provider's Batch endpoint: files, and batches that go well unless told otherwise."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from email import message_from_bytes
from itertools import count
from typing import Any

from aiohttp import web

from tests.provider.faults import FAULTS, Good, error

Answer = Callable[[dict[str, Any]], tuple[int, dict[str, Any]]]
_ENDLESS = ("validating", "in_progress", "finalizing")
_UNFINISHED = (*_ENDLESS, "cancelling")


@dataclass(frozen=True)
class Course:
    """How one batch goes.

    It ends as `status` (`validating`, `in_progress`, `finalizing`: never), with the first `share`
    of its requests answered; `faults` names how the n-th of them is answered instead, `problems`
    why a whole batch fails. One that is cancelled has answered `share` of its requests, too; a
    `deaf` one says that it is cancelling, for ever.
    """

    status: str = "completed"
    share: float = 1.0
    faults: Mapping[int, str] = field(default_factory=dict)
    problems: Sequence[str] = ()
    deaf: bool = False


@dataclass
class _Batch:
    id: str
    asked: dict[str, Any]
    lines: list[dict[str, Any]]
    course: Course
    created: float
    status: str = "in_progress"
    output: str | None = None
    errors: str | None = None
    completed: int = 0
    failed: int = 0


class Held(threading.Event):
    """An event that a call waits for; `reached` is set once it does."""

    def __init__(self) -> None:
        super().__init__()
        self.reached = threading.Event()


class BatchDesk:
    """Takes files and batches, and answers `delay` seconds after a batch was created.

    `courses` are those of the next batches. `failing` has the faults of the next calls by kind
    (`upload`, `create`, `get`, `list`, `list files`, `cancel`, `content`); `calls` has the kinds so
    far.
    """

    def __init__(self, delay: float, answer: Answer) -> None:
        self.courses: deque[Course] = deque()
        self.failing: dict[str, deque[str]] = {}
        self._held: dict[str, Held] = {}
        self.calls: list[str] = []
        self.files: dict[str, tuple[str, bytes]] = {}
        self.batches: dict[str, _Batch] = {}
        self._numbers = count(1)
        self._delay = delay
        self._answer = answer

    @property
    def requests(self) -> list[list[str]]:
        """The custom ids of each batch."""
        return [[line["custom_id"] for line in one.lines] for one in self.batches.values()]

    def hold(self, kind: str) -> Held:
        """Have the next call of a kind do its work, and answer once the event is set."""
        self._held[kind] = Held()
        return self._held[kind]

    def add_routes(self, app: web.Application) -> None:
        """The paths below `/v1/files` and `/v1/batches`."""
        for method, path, kind, handle in (
            ("POST", "/v1/files", "upload", self._upload),
            ("GET", "/v1/files", "list files", self._list_files),
            ("GET", "/v1/files/{id}/content", "content", self._content),
            ("DELETE", "/v1/files/{id}", "delete", self._delete),
            ("POST", "/v1/batches", "create", self._create),
            ("GET", "/v1/batches", "list", self._list),
            ("GET", "/v1/batches/{id}", "get", self._get),
            ("POST", "/v1/batches/{id}/cancel", "cancel", self._cancel),
        ):
            app.router.add_route(method, path, self._handler(kind, handle))

    def _handler(
        self, kind: str, handle: Callable[[web.Request], Awaitable[web.Response]]
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def respond(request: web.Request) -> web.StreamResponse:
            faults = self.failing.get(kind)
            if faults:
                return await FAULTS[faults.popleft()](request, Good({}, {}))
            response = await handle(request)
            self.calls.append(kind)
            if held := self._held.pop(kind, None):
                held.reached.set()
                while not held.is_set():
                    await asyncio.sleep(0.02)
            return response

        return respond

    async def _upload(self, request: web.Request) -> web.Response:
        # Not by `request.post()`: where a boundary meets the end of what has come, it warns.
        head = f"Content-Type: {request.headers['Content-Type']}\r\n\r\n".encode()
        form = message_from_bytes(head + await request.read())
        (sent,) = [part for part in form.walk() if part.get_filename()]
        data = sent.get_payload(decode=True)
        assert isinstance(data, bytes)
        return web.json_response(self._file(self._keep(str(sent.get_filename()), data)))

    def _keep(self, name: str, data: bytes) -> str:
        number = f"file-{next(self._numbers)}"  # never that of a file that was deleted
        self.files[number] = (name, data)
        return number

    def _file(self, number: str) -> dict[str, Any]:
        name, data = self.files[number]
        about = {"filename": name, "bytes": len(data), "purpose": "batch", "status": "processed"}
        return {"id": number, "object": "file", "created_at": int(time.time()), **about}

    async def _list_files(self, _: web.Request) -> web.Response:
        return _page([self._file(number) for number in reversed(self.files)])

    async def _content(self, request: web.Request) -> web.Response:
        return web.Response(body=self.files[request.match_info["id"]][1])

    async def _delete(self, request: web.Request) -> web.Response:
        del self.files[request.match_info["id"]]
        return web.json_response({"id": request.match_info["id"], "deleted": True})

    async def _create(self, request: web.Request) -> web.Response:
        asked = await request.json()
        data = self.files[asked["input_file_id"]][1]
        lines = [json.loads(line) for line in data.splitlines()]
        number = f"batch-{self.calls.count('create') + 1}"
        course = self.courses.popleft() if self.courses else Course()
        self.batches[number] = _Batch(number, asked, lines, course, time.time())
        return web.json_response(_described(self.batches[number]))

    async def _list(self, request: web.Request) -> web.Response:
        newest_first = [_described(batch) for batch in reversed(self.batches.values())]
        after = request.query.get("after")
        if after:
            ids = [one["id"] for one in newest_first]
            newest_first = newest_first[ids.index(after) + 1 :]
        return _page(newest_first[: int(request.query.get("limit", 20))])

    async def _get(self, request: web.Request) -> web.Response:
        batch = self.batches.get(request.match_info["id"])
        if batch is None:
            return error(404, "No such batch", code="not_found")
        if batch.status == "cancelling" and not batch.course.deaf:
            self._end(batch, "cancelled")
        elif batch.status == "in_progress" and time.time() >= batch.created + self._delay:
            self._end(batch, batch.course.status)
        return web.json_response(_described(batch))

    async def _cancel(self, request: web.Request) -> web.Response:
        batch = self.batches[request.match_info["id"]]
        if batch.status in _UNFINISHED:
            batch.status = "cancelling"
        return web.json_response(_described(batch))

    def _end(self, batch: _Batch, status: str) -> None:
        batch.status = status
        if status == "failed" or status in _ENDLESS:
            return
        served = round(batch.course.share * len(batch.lines))
        output: list[dict[str, Any]] = []
        errors: list[dict[str, Any]] = []
        for n, line in enumerate(batch.lines[:served]):
            result = self._line(n, line, batch.course.faults.get(n))
            (output if result["response"]["status_code"] == 200 else errors).append(result)
        if status == "expired":
            errors += [_expired(line) for line in batch.lines[served:]]
        batch.completed, batch.failed = len(output), len(errors)
        batch.output = self._jsonl(output)
        batch.errors = self._jsonl(errors)

    def _line(self, n: int, line: dict[str, Any], fault: str | None) -> dict[str, Any]:
        if fault:
            coroutine: Any = FAULTS[fault](None, Good({}, {}))  # type: ignore[arg-type]
            response = _result(coroutine)
            status, body = response.status, json.loads(response.body)
        else:
            status, body = self._answer(line["body"])
        told = {"status_code": status, "request_id": f"{body.get('id', 'req')}-{n}", "body": body}
        return {"id": f"r-{n}", "custom_id": line["custom_id"], "response": told, "error": None}

    def _jsonl(self, lines: Sequence[dict[str, Any]]) -> str | None:
        text = "".join(json.dumps(line) + "\n" for line in lines)
        return self._keep("results.jsonl", text.encode()) if lines else None


def _result(coroutine: Any) -> Any:
    """What a coroutine that never waits returns."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value
    raise AssertionError("only faults that answer at once can befall a line")


def _expired(line: Mapping[str, Any]) -> dict[str, Any]:
    message = "This request could not be executed before the completion window expired."
    error = {"code": "batch_expired", "message": message}
    return {"custom_id": line["custom_id"], "response": None, "error": error}


def _page(data: Sequence[dict[str, Any]]) -> web.Response:
    return web.json_response({"object": "list", "data": data, "has_more": bool(data)})


def _described(batch: _Batch) -> dict[str, Any]:
    counts = {"total": len(batch.lines), "completed": batch.completed, "failed": batch.failed}
    problems = [{"code": p.partition(": ")[0], "message": p} for p in batch.course.problems]
    return {
        "id": batch.id,
        "object": "batch",
        "created_at": int(batch.created),
        **batch.asked,
        "status": batch.status,
        "output_file_id": batch.output,
        "error_file_id": batch.errors,
        "request_counts": counts,
        "errors": {"object": "list", "data": problems} if batch.status == "failed" else None,
    }
