"""Which processes of this machine are dead: known at once, without waiting for their leases.

A process keeps a socket of Linux's abstract namespace, which has no files. The socket's name is
part of the process's name. The kernel frees that name when the process ends, however it ends, so a
free name means a dead process. Such names are seen within one network namespace of one boot, and
ids of processes within one PID namespace. A process judges only names that say that they are from
its own. Elsewhere than on Linux nobody knows, and leases alone decide.
"""

from __future__ import annotations

import hashlib
import os
import re
import socket
import uuid
from collections.abc import Iterable
from functools import cache
from pathlib import Path

_NOWHERE = "nowhere"


def process_name() -> str:
    """A name that no other process has: host, place, its id, chance."""
    chance, place = uuid.uuid4().hex, _place()
    if place != _NOWHERE:
        own = _socket_of(chance)
        if own is None:
            place = _NOWHERE
        else:
            own.detach()  # it stays open until this process ends
    return f"{socket.gethostname()}:{place}:{os.getpid()}:{chance}"


def dead_among(names: Iterable[str]) -> list[str]:
    """Those of the names that belong to processes which ran here and have ended for certain.

    Somebody else may have put other names into Redis.
    """
    here = re.escape(f"{socket.gethostname()}:{_place()}:")
    found = (re.fullmatch(here + r"[0-9]{1,10}:([0-9a-f]{32})", one) for one in names)
    if _place() == _NOWHERE:
        return []
    return [one.string for one in found if one and _has_ended(one[1])]


def _has_ended(chance: str) -> bool:
    """Whether no process of this place has the socket with this name any more."""
    probe = _socket_of(chance)
    if probe is None:
        return False
    probe.close()
    return True


def _socket_of(chance: str) -> socket.socket | None:
    """A socket with this name; None where a process has it, or none can be made."""
    found = None
    try:
        found = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        found.bind(f"\0rewriter-{chance}")
    except OSError:
        if found:
            found.close()
        return None
    return found


@cache
def _place() -> str:
    """What tells this boot of this machine, and in it these namespaces, from all others.

    Containers may share a network and have ids of processes of their own. The number of a namespace
    is given to another one only after all processes of the first have ended.
    """
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii")
        namespaces = [Path("/proc/self/ns", name).readlink() for name in ("net", "pid")]
    except OSError:
        return _NOWHERE
    return hashlib.sha256(f"{boot}{namespaces}".encode()).hexdigest()[:12]
