"""Without a configured Redis one machine has an embedded one, from the first user to the last."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis

from tests.queue.conftest import write_articles
from tests.queue.servers import ROOT, START, Worker, rewriter_process, wait_until

pytestmark = pytest.mark.slow


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """No Redis, and no model."""
    return {
        "REWRITER_REDIS_URL": "",
        "REWRITER_ROOT": str(tmp_path),
        "REWRITER_ENGINE": "extractive",
        "REWRITER_PROCESSES": "1",
        "PYTHONPATH": str(ROOT),
    }


def drafted(environment: dict[str, str], root: Path) -> int:
    seen = rewriter_process(environment, root, "status", "b", "--json")
    return int(json.loads(seen.stdout)["drafted"])


def _wants_password(url: str) -> bool:
    with redis.Redis.from_url(url) as client:
        try:
            return not client.ping()
        except redis.exceptions.AuthenticationError:
            return True
        except redis.exceptions.ConnectionError:
            return False


def address(root: Path) -> Path:
    return root / ".rewriter" / "valkey" / "address.json"


def test_articles_wait_in_it_while_nobody_uses_it_and_a_worker_finds_them(
    environment: dict[str, str], tmp_path: Path
) -> None:
    write_articles(tmp_path, 3)
    sent = rewriter_process(environment, tmp_path, "submit", "raw", "--out", "site", "--batch", "b")
    assert sent.returncode == 0, sent.stderr
    told, counts = sent.stderr.splitlines()
    assert told.startswith("rewriter: no Redis is configured: started an embedded Valkey in ")
    assert counts.startswith("rewriter: 3 queued")
    wait_until(lambda: not address(tmp_path).exists(), START)
    with Worker("w", tmp_path, environment) as worker:
        wait_until(lambda: len(list(tmp_path.glob("site/*.md"))) == 3, START)
        seen = rewriter_process(environment, tmp_path, "status", "b", "--json")
        assert "using the embedded Valkey" in seen.stderr
        wait_until(lambda: drafted(environment, tmp_path) == 3, START)
        seen = rewriter_process(environment, tmp_path, "doctor", "--json")
        checks = [json.loads(line) for line in seen.stdout.splitlines()]
        status = {check["name"]: check["status"] for check in checks}
        assert status["Redis"] == status["workers"] == "ok"
        assert worker.terminate(within=20) == 0
    wait_until(lambda: not address(tmp_path).exists(), START)
    assert (tmp_path / ".rewriter" / "valkey").stat().st_mode & 0o077 == 0


def test_it_ends_with_a_user_that_is_killed_and_not_before_and_refuses_strangers(
    environment: dict[str, str], tmp_path: Path
) -> None:
    """A server that is killed is there again at its address, with its password."""
    # The folder is a stranger's: its modules are not imported, by the keeper either.
    (tmp_path / "signal.py").write_text("raise SystemExit('a stranger ran this')")
    needed = "import time; from rewriter import settings; from rewriter.queue import embedded"
    user = f"{needed}; embedded.with_redis(settings.load()); time.sleep(60)"
    command = [sys.executable, "-P", "-c", user]
    with subprocess.Popen(command, cwd=tmp_path, env={**os.environ, **environment}) as process:
        wait_until(address(tmp_path).exists, START)
        url = json.loads(address(tmp_path).read_text())["url"]
        open_url = f"redis://{url.rpartition('@')[2]}"
        wait_until(lambda: _wants_password(open_url), START)
        with redis.Redis.from_url(url) as client:
            os.kill(client.info()["process_id"], signal.SIGKILL)
        wait_until(lambda: _wants_password(open_url), START)
        with redis.Redis.from_url(url) as client:
            assert client.ping()
        process.kill()
    wait_until(lambda: not address(tmp_path).exists(), START)
    with redis.Redis.from_url(url) as client, pytest.raises(redis.exceptions.ConnectionError):
        client.ping()


@contextmanager
def used(environment: dict[str, str], root: Path) -> Iterator[str]:
    """The URL of a server that a process uses meanwhile."""
    user = (
        "import time; from rewriter import settings; from rewriter.queue import embedded;"
        "embedded.with_redis(settings.load()); time.sleep(120)"
    )
    command = [sys.executable, "-c", user]
    with subprocess.Popen(command, cwd=root, env={**os.environ, **environment}) as process:
        try:
            wait_until(address(root).exists, START)
            url = json.loads(address(root).read_text())["url"]
            with redis.Redis.from_url(url) as client:
                wait_until(lambda: _answers(client), START)
            yield url
        finally:
            process.kill()
    wait_until(lambda: not address(root).exists(), START)


def test_each_start_has_an_address_of_its_own(environment: dict[str, str], tmp_path: Path) -> None:
    """An app that still has the last one sends its password to whoever has the port by then."""
    with used(environment, tmp_path) as url:
        pass
    with used(environment, tmp_path) as other:
        assert other.partition("@")[0] != url.partition("@")[0]


def test_a_full_server_is_neither_started_again_nor_joined_by_a_second_one(
    environment: dict[str, str], tmp_path: Path
) -> None:
    with used(environment, tmp_path) as url, redis.Redis.from_url(url) as client:
        number = client.info()["process_id"]
        wait_until(lambda: client.info()["connected_clients"] == 1, START)
        client.config_set("maxclients", 1)
        other = (
            "from rewriter import settings; from rewriter.queue import embedded;"
            "embedded._START_SECONDS = 2; embedded.with_redis(settings.load())"
        )
        refused = subprocess.run(
            [sys.executable, "-c", other],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env={**os.environ, **environment},
        )
        assert "does not answer" in refused.stderr
        assert client.info()["process_id"] == number
        assert json.loads(address(tmp_path).read_text())["url"] == url
        client.config_set("maxclients", 100)


def test_a_server_that_cannot_start_again_is_started_once_it_can(
    environment: dict[str, str], tmp_path: Path
) -> None:
    with used(environment, tmp_path) as url, redis.Redis.from_url(url) as client:
        number = client.info()["process_id"]
        data = address(tmp_path).parent / "appendonlydir"
        data.rename(data.with_name("away"))
        data.touch()
        os.kill(number, signal.SIGKILL)
        log = address(tmp_path).parent / "valkey.log"
        wait_until(lambda: "append-only dir" in log.read_text(), START)
        data.unlink()
        data.with_name("away").rename(data)
        wait_until(lambda: _answers(client), START)
        assert client.info()["process_id"] != number


def _answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.exceptions.ConnectionError:
        return False


def test_a_folder_may_have_a_space_in_its_name_and_one_that_cannot_start_is_told_at_once(
    environment: dict[str, str], tmp_path: Path
) -> None:
    root = tmp_path / "our news"
    root.mkdir()
    environment["REWRITER_ROOT"] = str(root)
    assert rewriter_process(environment, root, "status").returncode == 0
    wait_until(lambda: not address(root).exists(), START)
    data = address(root).parent / "appendonlydir"
    data.rename(data.with_name("away"))
    data.touch()
    began = time.monotonic()
    done = rewriter_process(environment, root, "status")
    assert done.returncode == 3
    assert "valkey.log there say why" in done.stderr
    assert time.monotonic() - began < 60


def test_an_address_of_a_server_that_is_gone_is_replaced(
    environment: dict[str, str], tmp_path: Path
) -> None:
    rewriter_process(environment, tmp_path, "status")
    wait_until(lambda: not address(tmp_path).exists(), START)
    gone = {"host": os.uname().nodename, "url": "redis://:x@127.0.0.1:1/0"}
    address(tmp_path).write_text(json.dumps(gone))
    done = rewriter_process(environment, tmp_path, "status")
    assert done.returncode == 0, done.stderr
    assert "started an embedded Valkey" in done.stderr


def test_another_machine_is_told_to_use_a_redis_of_its_own(
    environment: dict[str, str], tmp_path: Path
) -> None:
    rewriter_process(environment, tmp_path, "status")
    wait_until(lambda: not address(tmp_path).exists(), START)
    far = {"host": "far-away", "url": "redis://:x@127.0.0.1:1/0"}
    address(tmp_path).write_text(json.dumps(far))
    done = rewriter_process(environment, tmp_path, "status")
    assert done.returncode == 3
    assert "runs on far-away" in done.stderr
    assert "set REWRITER_REDIS_URL" in done.stderr
