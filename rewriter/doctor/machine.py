"""Checks of this machine: reading each kind of input, the content root, disk and open files."""

from __future__ import annotations

import json
import os
import resource
from collections.abc import Iterator

from rewriter.doctor.check import Check, failed, judged, ok, warning, wrong
from rewriter.errors import ConfigurationError, FileError
from rewriter.files import atomic, objects, s3
from rewriter.settings import Settings
from rewriter.state import State, unwritable

# One line of each kind of input: file name and text. Each kind needs other packages.
_LINE = "The council kept the ferry fare at 2.40 euros."
_LINES = {
    "text": ("line.txt", _LINE),
    "Markdown": ("line.md", f"---\ntitle: Ferry fares\n---\n\n{_LINE}\n"),
    "HTML": ("line.html", f"<html><body><article><p>{_LINE}</p></article></body></html>"),
    "feed": (
        "line.xml",
        "<rss version='2.0'><channel><item><title>Ferry fares</title>"
        f"<description>{_LINE}</description></item></channel></rss>",
    ),
    "news item": ("line.json", json.dumps({"TITLE": "Ferry fares", "BODY": _LINE})),
}


# Below the first there is an error, below the second a warning. An article takes 20 KB and 5 files.
_BYTES = (100_000_000, 2_000_000_000)
_FILES = (1_000, 100_000)
# Files that a process has open besides the connection and the answer's room of each call: modules,
# logs, Redis, writers.
_OTHER_FILES = 200


def checks(settings: Settings, state: State) -> Iterator[Check]:
    """What this machine can read and write."""
    yield from _cleaning()
    if not os.path.isdir(state.root):  # unlike `Path.is_dir` False for what cannot be looked at
        yield wrong(
            "content root", unwritable(state), "create or mount it, or choose another --root"
        )
        return
    yield ok("content root", str(state.root))
    yield _writable(state)
    folder = state.directory if os.path.isdir(state.directory) else state.root
    yield from disk(str(folder), os.statvfs(folder))
    yield from files_to_write(settings)
    yield from _object_store(settings.object_store)
    yield from open_files(settings, resource.getrlimit(resource.RLIMIT_NOFILE)[0])


def _cleaning() -> list[Check]:
    """Whether one line of each kind of input can be cleaned."""
    problems = [check for kind, line in _LINES.items() for check in _cleaned(kind, *line)]
    return problems or [ok("cleaning", f"{', '.join(_LINES)}: one line of each was cleaned")]


def _cleaned(kind: str, name: str, text: str) -> Iterator[Check]:
    """A failed check where this kind of input cannot be cleaned."""
    try:
        from rewriter.cleaning import clean  # late: a failed import is reported

        source = clean(text.encode(), name=name)
        problem = "" if _LINE in source.paragraphs else "the line is not in what was cleaned"
    except Exception as error:  # noqa: BLE001 - a broken package may raise anything
        problem = f"{type(error).__name__}: {' '.join(str(error).split())}"
    if problem:
        yield wrong(
            f"cleaning {kind}",
            problem,
            "install rewriter again with all that it needs: pip install "
            "--force-reinstall, with the same arguments as before",
        )


def _writable(state: State) -> Check:
    return judged(
        "state directory",
        unwritable(state),
        "give this user write permission, or choose another --root",
        f"{state.directory} is writable",
    )


def disk(place: str, found: os.statvfs_result) -> Iterator[Check]:
    """The room for articles on a file system, by free bytes and free file entries."""
    free = found.f_bavail * found.f_frsize
    if not found.f_blocks:  # no disk, as /proc
        return
    yield _room("disk", f"{free / 1e9:.1f} GB free at {place}", free, _BYTES)
    if found.f_files:  # 0 where entries are made as needed, as on Btrfs
        message = f"{found.f_favail:,} file entries (inodes) free at {place}"
        yield _room("disk entries", message, found.f_favail, _FILES)


def _room(name: str, message: str, free: int, limits: tuple[int, int]) -> Check:
    if free >= limits[1]:
        return ok(name, message)
    return Check(
        name=name,
        status="error" if free < limits[0] else "warning",
        message=message,
        advice="make room: 'rewriter state prune --older-than 90d', or a larger file system",
    )


def files_to_write(settings: Settings) -> Iterator[Check]:
    """Whether the log and the metrics can be written where the settings say."""
    for name, path in (("log file", settings.log_file), ("metrics file", settings.metrics_file)):
        if path is None:
            continue
        try:
            atomic.refuse_unwritable(path)
            problem = "" if os.path.isdir(path.parent) else f"{path.parent}: no such folder"
        except FileError as error:
            problem = str(error)
        advice = f"name another file by {name.replace(' ', '_')}, or make the folder writable"
        yield judged(name, problem, advice, f"{path} can be written")


def _object_store(address: str | None) -> Iterator[Check]:
    """Whether the store takes writes, and only where their conditions hold."""
    if address is None:
        return
    try:
        s3.refuse_unwritable(*objects.parsed(address))
    except (FileError, ConfigurationError) as error:
        yield failed("object store", error)
        return
    yield ok("object store", f"{address}: conditional writes are possible")


def open_files(settings: Settings, limit: int) -> Iterator[Check]:
    """Whether a process may open what its calls in progress need."""
    queued = settings.in_flight if "redis_url" in settings.model_fields_set else 0
    needed = 2 * max(settings.concurrency, queued) + _OTHER_FILES
    if limit == resource.RLIM_INFINITY or limit >= needed:
        return
    yield warning(
        "open files",
        f"a process may open {limit:,} files, and {needed:,} may be needed",
        f"raise the limit: ulimit -n {needed}, or LimitNOFILE={needed} in systemd",
    )
