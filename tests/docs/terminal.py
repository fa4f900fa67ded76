"""A reader at a terminal: a checkout of their own, bash, a provider and a Redis on the loopback."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Self

from tests.docs.blocks import ROOT

_SUITE = ("baselines", "cases", "recordings", "reader", "references")
_COPIED = (
    "examples",
    "prompts",
    "tests/provider",
    *(f"tests/regression/{name}" for name in _SUITE),
)
_COPIED_FILES = (
    "Makefile",
    "pyproject.toml",
    "requirements.lock",
    "worker.py",
    "tests/__init__.py",
)
_DONE = "--- exit code"
_SECONDS = 180


def make_checkout(folder: Path) -> None:
    """Copy what a reader's commands use into a git repository, with this environment as `.venv`."""
    for name in _COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in _COPIED_FILES:
        shutil.copy(ROOT / name, folder / name)
    (folder / "tests/__init__.py").touch()
    (folder / ".venv").mkdir()
    for entry in Path(sys.prefix).iterdir():
        if entry.name != ".ready":
            (folder / ".venv" / entry.name).symlink_to(entry)
    (folder / ".venv/.ready").touch()
    (folder / ".gitignore").write_text("/.venv\n")
    committer = ("-c", "user.name=reader", "-c", "user.email=reader@example.org")
    for arguments in (("init", "--quiet"), ("add", "."), ("commit", "--quiet", "--message", "all")):
        subprocess.run(["/usr/bin/env", "git", *committer, *arguments], cwd=folder, check=True)


class Terminal:
    """Bash in a folder; the provider answers once a key is set."""

    def __init__(self, folder: Path, base_url: str, path: str, *, log: Path | None = None) -> None:
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("OPENAI_", "REWRITER_", "PYTHON", "PYTEST_", "GITHUB_"))
        }
        identity = {"NAME": "reader", "EMAIL": "reader@example.org"}
        environment |= {
            f"GIT_{role}_{part}": value
            for role in ("AUTHOR", "COMMITTER")
            for part, value in identity.items()
        }
        environment |= {"PATH": path, "HOME": str(folder), "COLUMNS": "120", "LC_ALL": "C.UTF-8"}
        # In a checkout the shipped prompts are the checkout's own.
        environment["REWRITER_PROMPTS_DIR"] = str(folder / "prompts")
        self._log = log.open("w") if log else None
        self._bash = subprocess.Popen(
            ["/bin/bash", "--noprofile", "--norc"],
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=self._log or subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.type(f"trap '[ -z \"$OPENAI_API_KEY\" ] || export OPENAI_BASE_URL={base_url}' DEBUG")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        """End what runs in it, as closing the window would."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._bash.pid, signal.SIGTERM)
        try:
            self._bash.wait(30)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._bash.pid, signal.SIGKILL)
            for stream in (self._bash.stdin, self._bash.stdout, self._log):
                if stream:
                    with contextlib.suppress(BrokenPipeError):
                        stream.close()

    def type(self, command: str) -> None:
        """Enter a command and go on."""
        assert self._bash.stdin
        self._bash.stdin.write(f"{command}\n")
        self._bash.stdin.flush()

    def run(self, command: str) -> tuple[int, str]:
        """Enter a command and wait for its end; returns its exit code and what it printed."""
        assert self._bash.stdout
        self.type(f"{{ {command}\n}} </dev/null; printf '\\n%s %s\\n' '{_DONE}' $?")
        watch = threading.Timer(_SECONDS, os.killpg, (self._bash.pid, signal.SIGKILL))
        watch.start()
        printed = ""
        for line in self._bash.stdout:
            if line.startswith(_DONE):
                watch.cancel()
                return int(line.removeprefix(_DONE)), printed
            printed += line
        watch.cancel()
        raise AssertionError(f"{command} took longer than {_SECONDS} s:\n{printed}")
