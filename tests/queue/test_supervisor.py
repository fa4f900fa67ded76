"""The supervisor of a worker's processes goes on, whatever the system does to it."""

from __future__ import annotations

import subprocess
import sys

import pytest

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
