"""Commands of the queue that cannot do what they are asked say why, in few lines."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from redis.exceptions import AuthenticationError

from rewriter.cli import group
from rewriter.errors import ConfigurationError, QueueError
from rewriter.queue.refusals import failure
from tests.queue.servers import RedisServer, rewriter_process

COMMANDS = (["status"], ["status", "b"], ["dead"], ["dead", "b"], ["cancel", "b"], ["requeue", "b"])


def run(root: Path, url: str, *arguments: str) -> Result:
    """Run a command in this process."""
    environment = {
        "REWRITER_REDIS_URL": url,
        "REWRITER_ROOT": str(root),
        "REWRITER_ENGINE": "extractive",
    }
    return CliRunner().invoke(group, arguments, env=environment, standalone_mode=False)


@pytest.mark.parametrize("form", [[], ["--json"]], ids=["for people", "as json"])
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_without_redis_every_command_says_so(
    root: Path, command: Sequence[str], form: Sequence[str]
) -> None:
    done = run(root, "redis://127.0.0.1:1/0", *command, *form)
    assert isinstance(done.exception, QueueError)
    assert "cannot reach Redis at 127.0.0.1:1" in str(done.exception)
    assert done.output == ""


@pytest.mark.parametrize(
    "command", [["status"], ["submit", "raw", "--out", "site"], ["worker"], ["doctor"]]
)
def test_an_address_that_is_none_is_one_line_and_exit_code_2(
    root: Path, command: Sequence[str]
) -> None:
    done = run(root, "redis://localhost:abc/0", *command)
    assert isinstance(done.exception, ConfigurationError)
    assert "REWRITER_REDIS_URL: redis_url: an address such as redis://" in str(done.exception)
    assert "\n" not in str(done.exception)


@pytest.mark.parametrize("command", ["status", "dead", "cancel", "requeue"])
def test_a_batch_that_does_not_exist_is_named(
    server: RedisServer, root: Path, command: str
) -> None:
    done = run(root, server.url, command, "typo")
    assert isinstance(done.exception, ConfigurationError)
    assert str(done.exception).startswith("no such batch: typo")


@pytest.mark.parametrize("name", ["", "a/b", "b\n", "-b", "b" * 65])
def test_a_name_that_no_batch_can_have_is_refused(root: Path, name: str) -> None:
    done = run(root, "redis://127.0.0.1:1/0", "submit", "raw", "--out", "site", "--batch", name)
    assert isinstance(done.exception, ConfigurationError)
    assert "1 to 64 letters, digits" in str(done.exception)


def test_a_submission_tells_the_first_failures_and_how_many_more(
    server: RedisServer, root: Path
) -> None:
    missing = [str(root / f"none-{number}") for number in range(7)]
    out, raw = str(root / "site"), str(root / "raw" / "0000.txt")
    done = run(root, server.url, "submit", raw, *missing, "--out", out, "--batch", "b")
    assert done.return_value == 4
    *failures, more, counts = done.stderr.splitlines()
    assert len(failures) == 5
    assert failures[0].startswith("rewriter: failed none-0: ")
    assert "No such file" in failures[0]
    assert more == "rewriter: 2 more failed; `rewriter dead b` lists them"
    assert counts.startswith("rewriter: 1 queued, 0 current, 7 failed;")


def test_a_submission_of_paths_where_nothing_is_names_some_of_them(
    server: RedisServer, root: Path
) -> None:
    missing = [str(root / f"none-{number}") for number in range(7)]
    done = run(root, server.url, "submit", *missing, "--out", str(root / "site"))
    assert str(done.exception).endswith(" and 2 more: no such file or folder; nothing is queued")


def test_a_submission_to_a_redis_that_workers_refuse_is_warned_of(
    tmp_path: Path, root: Path
) -> None:
    out = str(root / "site")
    with RedisServer(tmp_path / "redis", "--maxmemory-policy", "allkeys-lru") as forgetful:
        done = run(root, forgetful.url, "submit", str(root / "raw"), "--out", out)
    assert done.return_value == 0
    appendonly, eviction, _ = done.stderr.splitlines()
    assert appendonly.startswith("rewriter: warning: Redis at 127.0.0.1")
    assert appendonly.endswith("; set appendonly yes")
    assert eviction.endswith("(allkeys-lru); set maxmemory-policy noeviction")


def test_a_worker_that_refuses_to_start_says_nothing_else(tmp_path: Path, root: Path) -> None:
    with RedisServer(tmp_path / "redis", "--appendonly", "no") as forgetful:
        environment = {"REWRITER_REDIS_URL": forgetful.url, "REWRITER_ROOT": str(root)}
        done = rewriter_process(environment | {"REWRITER_ENGINE": "extractive"}, root, "worker")
    assert done.returncode == 2
    first, problem = (done.stdout + done.stderr).splitlines()
    assert first.startswith("rewriter: this worker could lose")
    assert problem.endswith("set appendonly yes")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("redis://queue:6379/0", "wants a password; put it into REWRITER_REDIS_URL, as redis://:P"),
        ("redis://:pw-17@queue:6379/0", "refused user or password (WRONGPASS); correct them in"),
        ("redis://me:pw-17@queue:6379/0", "redis://:PASSWORD@HOST or redis://USER:PASSWORD@HOST"),
    ],
)
def test_a_password_that_is_missing_or_wrong_is_told_and_never_shown(url: str, said: str) -> None:
    told = str(failure(url, AuthenticationError("WRONGPASS.")))
    assert told.startswith("Redis at queue:6379 ")
    assert said in told
    assert "pw-17" not in told
