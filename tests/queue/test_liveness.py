"""Who is dead on this machine: only who ran here, and only once it has ended for certain."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from rewriter.queue import liveness
from rewriter.queue.liveness import dead_among, process_name

_SLEEPER = """
import time
from rewriter.queue.liveness import process_name
print(process_name(), flush=True)
time.sleep(60)
"""


@pytest.fixture
def sleeper() -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Another process of this machine, and its name."""
    command = [sys.executable, "-c", _SLEEPER]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process, process.stdout.readline().strip()
        process.kill()


def test_a_process_is_dead_as_soon_as_it_is_killed_and_not_before(
    sleeper: tuple[subprocess.Popen[str], str],
) -> None:
    process, name = sleeper
    assert dead_among([name, process_name()]) == []
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # it stays a zombie
    assert dead_among([name]) == [name]
    process.wait()
    assert dead_among([name]) == [name]


def test_a_process_that_stands_still_is_not_dead(
    sleeper: tuple[subprocess.Popen[str], str],
) -> None:
    process, name = sleeper
    process.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, process.pid, os.WSTOPPED)
    assert dead_among([name]) == []


def test_a_process_that_ended_long_ago_is_dead() -> None:
    *here, chance = process_name().split(":")
    earlier = ":".join((*here, chance[::-1]))
    assert dead_among([earlier]) == [earlier]


@pytest.mark.parametrize(
    ("host", "place"),
    [
        pytest.param("elsewhere", None, id="another machine"),
        pytest.param(None, "0123456789ab", id="another container, or before the machine restarted"),
        pytest.param(None, "nowhere", id="a system that cannot tell"),
    ],
)
def test_who_ran_elsewhere_is_not_judged(host: str | None, place: str | None) -> None:
    own_host, own_place, *_ = process_name().split(":")
    assert dead_among([f"{host or own_host}:{place or own_place}:999999:{'cafe' * 8}"]) == []


def test_where_nobody_can_tell_nobody_is_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(liveness, "_place", lambda: "nowhere")
    name = process_name()
    assert name.split(":")[1] == "nowhere"
    assert dead_among([name]) == []
    assert process_name() != name


@pytest.mark.parametrize("rest", ["", "1", "a:b", "1:2", "1:../3", f"{10**30}:{'a' * 32}"])
def test_a_name_that_no_process_gave_itself_tells_nothing(rest: str) -> None:
    name = process_name().rsplit(":", 2)[0] + ":" + rest
    assert dead_among([name]) == []
