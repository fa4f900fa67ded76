"""A stranger's repository runs no program of its own when its history is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from rewriter.errors import ConfigurationError
from rewriter.regression.git import git
from tests.gate.test_commands import git as made


def test_without_git_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ConfigurationError, match="this reads the git history, and there is no git"):
        git(tmp_path, "status")


@pytest.mark.slow
@pytest.mark.parametrize(
    "words", [("show", "HEAD"), ("log", "-p", "HEAD"), ("status",)], ids=lambda words: words[0]
)
def test_no_program_of_its_configuration_runs(tmp_path: Path, words: tuple[str, ...]) -> None:
    ran = tmp_path / "ran"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {ran}\ncat $1\n")
    program.chmod(0o700)
    folder = tmp_path / "repository"
    folder.mkdir()
    made(folder, "init", "-q")
    (folder / ".gitattributes").write_text("*.md diff=own\n")
    (folder / "a.md").write_text("text\n")
    made(folder, "add", ".")
    made(folder, "commit", "-q", "-m", "One")
    for name in ("diff.own.textconv", "diff.own.command", "core.fsmonitor"):
        made(folder, "config", name, str(program))
    assert "text" in (git(folder, *words) or "") or words == ("status",)
    assert not ran.exists()
