"""How a worker's processes learn that it is told to stop, or is dead: a pipe that closes.

The main process holds one end. It closes when the worker is told to stop, and the operating system
closes it when the worker is killed: either way the processes see the end of the pipe at once. Who
stops a whole group, as systemd does, sends SIGTERM to the processes as well, which means the same.
"""

from __future__ import annotations

import asyncio
import os
import signal

# After this a SIGTERM is no part of what told the process to stop. Celery sends it to end processes
# at once, when it is told to stop again, and then it does.
_TOGETHER_SECONDS = 1.0


class Lifeline:
    """A pipe between a worker and the processes that it forks afterwards."""

    def __init__(self) -> None:
        self._reader, self._writer = os.pipe()

    def cut(self) -> None:
        """Tell all processes to stop."""
        if self._writer >= 0:
            os.close(self._writer)
            self._writer = -1

    def hold_one_end(self) -> None:
        """In a forked process: leave the other end to the worker alone."""
        self.cut()

    def watch(self) -> asyncio.Event:
        """An event of the running loop that is set once the process is told to stop."""
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()

        def hear() -> None:
            loop.remove_reader(self._reader)
            loop.call_later(_TOGETHER_SECONDS, loop.remove_signal_handler, signal.SIGTERM)
            stop.set()

        loop.add_reader(self._reader, hear)
        loop.add_signal_handler(signal.SIGTERM, hear)
        return stop
