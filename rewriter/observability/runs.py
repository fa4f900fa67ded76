"""A run of the command line: its log goes to a file, and its metrics to another at the end."""

from __future__ import annotations

import errno
import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from rewriter.errors import FileError
from rewriter.observability import logs, metrics, tracing
from rewriter.settings import Settings


@contextmanager
def observed(settings: Settings) -> Iterator[None]:
    """Log what happens inside and count it, where `settings` name files for that.

    Standard error is for people: without `log_file` nothing is logged. Raises `FileError` for a
    file that cannot be written.
    """
    with ExitStack() as after:
        after.callback(tracing.end)
        if settings.log_file:
            after.enter_context(_logged(settings.log_format, settings.log_file))
        if settings.metrics_file:
            _refuse_unwritable(settings.metrics_file)
            metrics.start()
            after.callback(_write, settings.metrics_file)
        yield


@contextmanager
def _logged(form: logs.LogFormat, file: Path) -> Iterator[None]:
    root = logging.getLogger()
    before, level = [*root.handlers], root.level
    try:
        logs.configure(form, "INFO", file)
    except OSError as error:
        raise FileError(f"log_file: cannot write {file}: {error.strerror}") from error
    try:
        yield
    finally:
        own, root.handlers[:] = [*root.handlers], before
        root.setLevel(level)
        for handler in own:
            handler.close()


def _refuse_unwritable(path: Path) -> None:
    """Raise `FileError` where the file could not be written at the end of the run."""
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        with tempfile.TemporaryFile(dir=path.parent):
            pass  # the file is written beside its place, then renamed
    except OSError as error:
        raise _unwritable(path, error) from error


def _write(path: Path) -> None:
    try:
        metrics.write(path)
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> FileError:
    return FileError(
        f"metrics_file: cannot write {path}: {error.strerror}; name a file in a folder that exists "
        "and that this user may write to"
    )
