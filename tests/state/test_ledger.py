from __future__ import annotations

import asyncio
import errno
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest

from rewriter.article import Usage
from rewriter.errors import FileError, LedgerError, NoRoomError
from rewriter.files import atomic
from rewriter.request import ChatMessage, Completion, Request
from rewriter.state.ledger import Entry, FileLedger, FreshLedger, Key, Ledger, MemoryLedger
from tests import articles

REQUEST = Request(
    messages=(ChatMessage(role="user", content="Привет, «мир» 你好"),),
    model="gpt-4.1-mini",
    json_schema={"type": "object"},
    parameters={"temperature": 0.3},
    cache_key="rewrite-v1-ru",
    source=articles.source(),
)
ENTRY = Entry(
    request=REQUEST,
    completion=Completion(
        text='{"headline": "Привет"}',
        model="gpt-4.1-mini-2025-04-14",
        usage=Usage(input_tokens=9, output_tokens=4, cached_tokens=1, cost=None),
        request_id="req-1",
        latency=1.25,
    ),
)
NEWER = ENTRY.model_copy(
    update={"completion": ENTRY.completion.model_copy(update={"text": "newer"})}
)
KEY = Key(REQUEST.digest())


@pytest.fixture(params=["file", "memory"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> FileLedger | MemoryLedger:
    return FileLedger(tmp_path / "ledger") if request.param == "file" else MemoryLedger()


async def completion(ledger: Ledger) -> Completion | None:
    """The completion stored at `KEY`; what is read again lacks the article beside the request."""
    entry = await ledger.get(KEY)
    return entry.completion if entry else None


async def test_what_is_put_is_got_and_nothing_else(ledger: Ledger) -> None:
    assert await ledger.get(KEY) is None

    await ledger.put(KEY, ENTRY)

    assert await completion(ledger) == ENTRY.completion
    assert await ledger.get(KEY._replace(attempt=2)) is None
    assert await ledger.get(KEY._replace(epoch=1)) is None


async def test_a_second_put_replaces_the_first(ledger: Ledger) -> None:
    await ledger.put(KEY, ENTRY)
    await ledger.put(KEY, NEWER)

    assert await completion(ledger) == NEWER.completion


async def test_an_entry_is_one_small_readable_file_without_source_or_address(
    tmp_path: Path,
) -> None:
    ledger = FileLedger(tmp_path)
    await ledger.put(KEY, ENTRY)

    (path,) = tmp_path.rglob("*.json")

    assert path == tmp_path / KEY.digest[:2] / f"{KEY.digest}.0.1.json"
    text = path.read_text(encoding="utf-8")
    assert "«мир» 你好" in text
    assert text.endswith("}\n")
    assert set(json.loads(text)["request"]) == {"messages", "model", "json_schema", "parameters"}


@pytest.mark.parametrize(
    "damaged", [b"", b"{", b'{"request": {}}', b"\xff\xfe", b'{"a":' * 50_000, b"null"]
)
async def test_a_damaged_entry_is_an_error_that_names_the_file(
    damaged: bytes, tmp_path: Path
) -> None:
    ledger = FileLedger(tmp_path)
    path = ledger.path(KEY)
    path.parent.mkdir()
    path.write_bytes(damaged)

    with pytest.raises(FileError) as caught:
        await ledger.get(KEY)

    assert str(path) in str(caught.value)
    assert "delete the file" in str(caught.value)


async def test_an_entry_that_cannot_be_read_or_written_is_an_error_that_names_the_file(
    tmp_path: Path,
) -> None:
    ledger = FileLedger(tmp_path / "ledger")
    (tmp_path / "ledger").write_text("in the way")

    with pytest.raises(LedgerError, match=str(tmp_path)):
        await ledger.put(KEY, ENTRY)
    with pytest.raises(FileError, match=str(tmp_path)):
        await ledger.get(KEY)


async def test_where_an_answer_could_not_be_stored_nothing_is_asked(tmp_path: Path) -> None:
    """The room of an answer is taken before the call, and given to the answer afterwards."""
    ledger = FileLedger(tmp_path / "ledger")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, before[1]))
        async with ledger.one_at_a_time(KEY.digest):
            with pytest.raises(NoRoomError, match=r"no room for an answer: .* nothing was asked"):
                await ledger.reserve(KEY.digest, ENTRY.request)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    open_before = set(Path("/dev/fd").iterdir())
    async with ledger.one_at_a_time(KEY.digest):
        await ledger.reserve(KEY.digest, ENTRY.request)
        assert set(Path("/dev/fd").iterdir()) - open_before, "the room is held during the call"
        left = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert left == [], "no kill leaves it behind"
    assert set(Path("/dev/fd").iterdir()) == open_before, "no answer came"


async def test_a_room_is_kept_where_the_answer_is_stored(tmp_path: Path) -> None:
    """Its folder may be somebody else's, or have a quota of its own."""
    ledger = FileLedger(tmp_path)
    ledger.path(KEY).parent.write_text("in the way")
    with pytest.raises(NoRoomError, match="nothing was asked or paid"):
        await ledger.reserve(KEY.digest, REQUEST)


@pytest.mark.parametrize(
    ("number", "is_full"),
    [
        (errno.ENOSPC, True),
        (errno.EDQUOT, True),
        (errno.EFBIG, True),
        (errno.EACCES, False),
        (errno.EROFS, False),
        (errno.EMFILE, False),
    ],
)
async def test_only_a_full_disk_asks_for_room(
    number: int, is_full: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(tempfile, "TemporaryFile", fail)
    with pytest.raises(NoRoomError) as caught:
        await FileLedger(tmp_path).reserve(KEY.digest, REQUEST)
    assert os.strerror(number) in str(caught.value)
    assert "nothing was asked or paid" in str(caught.value)
    assert ("make room" in str(caught.value)) is is_full
    assert ("cannot write" in str(caught.value)) is not is_full


async def test_no_other_article_takes_the_room_of_an_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is given back on a full disk only, and nobody takes room until the answer is written."""
    ledger = FileLedger(tmp_path)
    write, tries = atomic.write, list[bool]()
    other = threading.Thread(target=ledger._reserve, args=("cd" * 32, REQUEST))

    def full_at_first(path: Path, data: bytes, beneath: Path) -> None:
        tries.append(KEY.digest in ledger._rooms)
        if tries == [True]:
            full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            raise FileError("no space") from full
        other.start()
        other.join(0.1)
        assert other.is_alive()
        write(path, data, beneath)

    monkeypatch.setattr(atomic, "write", full_at_first)
    await ledger.reserve(KEY.digest, REQUEST)
    await ledger.put(KEY, ENTRY)
    other.join()
    assert tries == [True, False]
    assert list(ledger._rooms) == ["cd" * 32]
    assert await completion(ledger) == ENTRY.completion
    ledger._release("cd" * 32)


async def test_the_room_of_a_task_that_is_cancelled_is_given_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger, reserve = FileLedger(tmp_path), FileLedger._reserve
    began, goes_on, ended = threading.Event(), threading.Event(), threading.Event()

    def slowly(self: FileLedger, digest: str, request: Request) -> None:
        began.set()
        assert goes_on.wait(5)
        reserve(self, digest, request)
        ended.set()

    async def ask() -> None:
        async with ledger.one_at_a_time(KEY.digest):
            await ledger.reserve(KEY.digest, REQUEST)

    monkeypatch.setattr(FileLedger, "_reserve", slowly)
    asking = asyncio.create_task(ask())
    await asyncio.to_thread(began.wait, 5)
    asking.cancel()
    asyncio.get_running_loop().call_later(0.05, goes_on.set)
    with pytest.raises(asyncio.CancelledError):
        await asking
    await asyncio.to_thread(ended.wait, 5)
    assert ledger._rooms == {}


async def test_a_fresh_ledger_knows_its_own_answers_only_and_replaces_older_ones(
    ledger: Ledger,
) -> None:
    await ledger.put(KEY, ENTRY)
    fresh = FreshLedger(ledger)

    assert await fresh.get(KEY) is None
    await fresh.put(KEY, NEWER)

    assert await completion(fresh) == await completion(ledger) == NEWER.completion
    assert await FreshLedger(ledger).get(KEY) is None, "another run asks again"


async def test_a_batch_finds_its_fresh_answers_again_after_a_kill(ledger: Ledger) -> None:
    await FreshLedger(ledger, "monday").put(KEY, ENTRY)

    assert await completion(FreshLedger(ledger, "monday")) == ENTRY.completion
    assert await FreshLedger(ledger, "tuesday").get(KEY) is None


@pytest.mark.parametrize(("since", "counts"), [(-60, True), (60, False), (None, False)])
async def test_an_answer_that_another_batch_got_after_this_one_began_is_fresh_for_it(
    ledger: Ledger, since: float | None, counts: bool
) -> None:
    await FreshLedger(ledger, "monday").put(KEY, ENTRY)
    began = None if since is None else time.time() + since
    found = await FreshLedger(ledger, "tuesday", began).get(KEY)

    assert (found is not None) is counts


async def test_an_answer_without_a_time_is_old(ledger: Ledger) -> None:
    await ledger.put(KEY, ENTRY)
    assert await FreshLedger(ledger, "tuesday", 0.001).get(KEY) is None


async def test_waiting_for_a_turn_is_by_request() -> None:
    ledger = MemoryLedger()
    order: list[str] = []

    async def take(name: str, digest: str) -> None:
        async with ledger.one_at_a_time(digest):
            order.append(f"{name} begins")
            await asyncio.sleep(0.01)
            order.append(f"{name} ends")

    await asyncio.gather(take("first", "a"), take("second", "a"), take("other", "b"))

    assert order.index("second begins") > order.index("first ends")
    assert order.index("other begins") < order.index("first ends")


@pytest.mark.slow
def test_processes_that_write_the_same_entry_at_once_leave_it_whole(tmp_path: Path) -> None:
    script = (
        "import asyncio, pathlib, sys\n"
        "from tests.state.test_ledger import ENTRY, KEY, FileLedger, completion\n"
        "ledger = FileLedger(pathlib.Path(sys.argv[1]))\n"
        "async def main():\n"
        "    for _ in range(40):\n"
        "        await ledger.put(KEY, ENTRY)\n"
        "        assert await completion(ledger) == ENTRY.completion\n"
        "asyncio.run(main())\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    running = [subprocess.Popen(command, env=os.environ) for _ in range(2)]

    assert [process.wait(60) for process in running] == [0, 0]
    assert len(list(tmp_path.rglob("*.*"))) == 1, "no temporary file is left"
