"""The supervisor of a worker's processes goes on, whatever the system does to it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from rewriter.queue.supervisor import Supervisor
from tests.queue.servers import wait_until

_TROUBLED = """
import errno, logging, os, signal
from rewriter.queue import supervisor

logging.basicConfig()
supervisor._SOON_SECONDS = 0.1
signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # as some starters leave it
signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
fork, forks = os.fork, []

def refused_once():
    forks.append(1)
    if len(forks) == 1:
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")
    return fork()

os.fork = refused_once
signal.setitimer(signal.ITIMER_REAL, 2)
supervisor.Supervisor(1, lambda number: 3).run()
print(len(forks) > 2)
"""


@pytest.mark.slow
def test_it_outlasts_a_refused_fork_and_an_ignored_sigchld() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _TROUBLED], capture_output=True, text=True, timeout=30, check=False
    )
    assert "cannot start process 0: Resource temporarily unavailable" in done.stderr
    assert "process 0 has ended (3); it is started again" in done.stderr
    assert (done.returncode, done.stdout) == (0, "True\n"), done.stderr


def _pause(supervisor: Supervisor) -> float:
    """In how many seconds a process that has just ended is started again."""
    supervisor._due[0] = 0.0
    supervisor._start(0)
    wait_until(lambda: not supervisor._note_ended() and 0 in supervisor._due, 10)
    return supervisor._due[0] - time.monotonic()


@pytest.mark.slow
def test_a_process_that_ends_at_once_is_started_after_ever_longer_pauses() -> None:
    def kill_itself(number: int) -> int:
        os.kill(os.getpid(), signal.SIGKILL)
        return 0

    supervisor = Supervisor(1, lambda number: 3)
    for seconds in (1.0, 2.0, 4.0):
        assert seconds - 0.9 < _pause(supervisor) <= seconds
    supervisor._work = kill_itself
    assert _pause(supervisor) <= 0, "one that was killed is no mistake of the program"


def test_a_process_is_started_again_once_a_trouble_is_over_which_is_told_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    troubles = ["Redis is away", "Redis is away", ""]
    supervisor = Supervisor(1, lambda number: 0, lambda: troubles.pop(0))
    assert supervisor._may_start(0), "for the first time in any case"
    supervisor._begun[0] = 0.0
    assert [supervisor._may_start(0) for _ in range(3)] == [False, False, True]
    assert [record.getMessage() for record in caplog.records] == ["Redis is away; waiting for it"]
    assert supervisor._due[0] > time.monotonic()
