"""How a worker's processes learn that it is told to stop, or is dead: a pipe that closes.

The main process holds one end. It closes when the worker is told to stop, and the operating system
closes it when the worker is killed: either way the processes see the end of the pipe at once.
"""

from __future__ import annotations

import asyncio
import os


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
        """An event of the running loop that is set once the line is cut."""
        cut = asyncio.Event()
        loop = asyncio.get_running_loop()

        def see() -> None:
            loop.remove_reader(self._reader)
            cut.set()

        loop.add_reader(self._reader, see)
        return cut
