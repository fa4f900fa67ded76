"""Which processes of this machine are dead: known at once, without waiting for their leases.

A process's name says where it runs and since when. Whoever runs in the same place can look it up,
and takes nothing for dead that another machine or container, or a later process with the same
number, could explain. Elsewhere than on Linux nobody knows, and leases alone decide.
"""

from __future__ import annotations

import hashlib
import os
import socket
import uuid
from collections.abc import Iterable
from functools import cache
from pathlib import Path

_NOWHERE = "nowhere"
_ENDED = "ZXx"  # a zombie has ended too: only its parent has not asked yet


def process_name() -> str:
    """A name that no other process has or will have: host, place, process id, start, chance."""
    chance = uuid.uuid4().hex[:8]
    if _place() == _NOWHERE:
        return f"{socket.gethostname()}:{_NOWHERE}:{os.getpid()}:0:{chance}"
    pid = os.getpid()
    return f"{socket.gethostname()}:{_place()}:{pid}:{_start_of(pid)}:{chance}"


def dead_among(names: Iterable[str]) -> list[str]:
    """Those of the names that belong to processes which ran here and have ended for certain."""
    if _place() == _NOWHERE:
        return []
    return [name for name in _of_this_place(names) if _has_ended(name.removeprefix(_here()))]


def siblings(names: Iterable[str]) -> list[str]:
    """Those of the names that belong to running processes with the parent of this one.

    Where nobody can tell, all of this machine are taken for such.
    """
    here = _of_this_place(names)
    return here if _place() == _NOWHERE else [name for name in here if _is_sibling(name)]


def _is_sibling(name: str) -> bool:
    try:
        number, start, _ = name.removeprefix(_here()).split(":")
        return _start_of(int(number)) == start and _parent_of(int(number)) == os.getppid()
    except (OSError, ValueError):  # somebody else may have put a name into Redis
        return False


def _of_this_place(names: Iterable[str]) -> list[str]:
    """Those of the names that belong to processes of this machine or container."""
    return [name for name in names if name.startswith(_here())]


def _here() -> str:
    return f"{socket.gethostname()}:{_place()}:"


def _has_ended(rest: str) -> bool:
    """Whether a process of this place has ended, by the rest of its name."""
    try:
        number, start, _ = rest.split(":")
        pid = int(number)
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except (ValueError, OverflowError):
        return False  # no name of ours
    except PermissionError:
        pass  # somebody else has the number, or the process itself has changed its user
    try:
        return _start_of(pid) != start
    except OSError:
        return False  # hidden, or gone just now: the next look will tell


@cache
def _place() -> str:
    """What tells this boot of this machine, and in it this container, from all others.

    Containers number their processes anew. The number of a namespace is given to another one only
    after all processes of the first have ended.
    """
    try:
        if str(Path("/proc/self").readlink()) != str(os.getpid()):
            return _NOWHERE  # a container that sees the processes of its host
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii")
        namespace = Path("/proc/self/ns/pid").readlink()
    except OSError:
        return _NOWHERE
    return hashlib.sha256(f"{boot}{namespace}".encode()).hexdigest()[:12]


def _start_of(pid: int) -> str:
    """When a process began, in clock ticks since its machine did; '' once it has ended.

    From /proc/<pid>/stat, whose second field, a name in parentheses, may hold anything: proc(5).
    Raises `OSError` where it cannot be read.
    """
    state, *fields = _stat_of(pid)
    return "" if state in _ENDED else fields[18]


def _parent_of(pid: int) -> int:
    """The process id of a process's parent. Raises `OSError` where it cannot be read."""
    return int(_stat_of(pid)[1])


def _stat_of(pid: int) -> list[str]:
    stat = Path(f"/proc/{pid}/stat").read_text("utf-8", errors="replace")
    return stat.rpartition(") ")[2].split()
