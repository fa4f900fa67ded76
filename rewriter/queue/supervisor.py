"""A worker's processes: forked from one that has all loaded, and started again when they end.

Each process holds one end of a pipe whose other end the supervisor holds. It closes when the
supervisor is told to stop, and the operating system closes it when the supervisor is killed: either
way the processes end by themselves.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType

# A process that ends sooner than this is not started again at once.
_SOON_SECONDS = 5.0
_LONGEST_PAUSE_SECONDS = 5.0
_LOOK_SECONDS = 0.2
_TELL_SECONDS = 60.0
_STOPS = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)
_log = logging.getLogger(__name__)


class Supervisor:
    """Keeps `count` processes at `work`, which is given their numbers and returns an exit code.

    Before a process is started again, `trouble` says what it would fail over, empty for nothing.
    """

    def __init__(
        self, count: int, work: Callable[[int], int], trouble: Callable[[], str] = str
    ) -> None:
        self._work = work
        self._trouble = trouble
        self._logged_at = -_TELL_SECONDS  # when trouble was last logged
        self._reader, self._writer = os.pipe()
        self._numbers: dict[int, int] = {}  # by process id
        self._begun: dict[int, float] = {}  # by number
        self._pause = 0.0
        self._due: dict[int, float] = dict.fromkeys(range(count), 0.0)  # by number
        self._stopping = False

    def run(self) -> int:
        """Work until SIGTERM, SIGINT or SIGQUIT and until all have ended; the exit code."""
        for one in _STOPS:
            signal.signal(one, self._stop)
        # Where whoever started this ignores it, nobody can be told how a process ended.
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        code = 0
        while not self._stopping or self._numbers:
            for number in [n for n, due in self._due.items() if time.monotonic() >= due]:
                if not self._stopping and self._may_start(number):
                    self._start(number)
            code = max(code, self._note_ended())
            time.sleep(_LOOK_SECONDS)
        return code

    def _stop(self, signum: int, frame: FrameType | None) -> None:
        self._stopping = True
        if self._writer >= 0:
            os.close(self._writer)
            self._writer = -1

    def _may_start(self, number: int) -> bool:
        trouble = self._trouble() if number in self._begun else ""
        if trouble:
            self._due[number] = time.monotonic() + _SOON_SECONDS
            if time.monotonic() >= self._logged_at + _TELL_SECONDS:
                _log.error("%s; waiting for it", trouble)
                self._logged_at = time.monotonic()
        return not trouble

    def _start(self, number: int) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        try:
            pid = os.fork()
        except OSError as error:  # no memory, or too many processes
            _log.error("cannot start process %d: %s; trying again", number, error.strerror)
            self._due[number] = time.monotonic() + _SOON_SECONDS
            return
        del self._due[number]
        self._begun[number] = time.monotonic()
        if pid:
            self._numbers[pid] = number
            return
        code = 1
        try:
            for one in _STOPS:
                signal.signal(one, signal.SIG_DFL)
            os.close(self._writer)
            end_with(self._reader)
            code = self._work(number)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def _note_ended(self) -> int:
        """Note which processes have ended; the highest of the exit codes of a stop."""
        highest = 0
        for pid, number in [*self._numbers.items()]:
            ended, status = os.waitpid(pid, os.WNOHANG)
            if not ended:
                continue
            del self._numbers[pid]
            code = os.waitstatus_to_exitcode(status)
            if self._stopping:
                highest = max(highest, code)
                continue
            soon = time.monotonic() - self._begun[number] < _SOON_SECONDS and code >= 0
            self._pause = min(max(1.0, 2 * self._pause), _LONGEST_PAUSE_SECONDS) if soon else 0.0
            self._due[number] = time.monotonic() + self._pause
            _log.warning("process %d has ended (%d); it is started again", number, code)
        return highest


def end_with(reader: int) -> None:
    """Tell this process to end as soon as nobody holds the other end of a pipe."""

    def wait() -> None:
        os.read(reader, 1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, name="supervisor", daemon=True).start()
