"""What a command cannot do is refused in words that say what to do instead."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from rewriter.cli import group
from rewriter.errors import ConfigurationError, FileError, RewriterError


@pytest.mark.parametrize(
    ("command", "kind", "said"),
    [
        ("check", ConfigurationError, "name articles to check, or a file of pairs with --jsonl"),
        ("check a.md --jsonl b", ConfigurationError, "name articles to check, or a file of pairs"),
        ("check --jsonl b --source a.md", ConfigurationError, "--jsonl names its sources itself"),
        ("init", FileError, "rewriter.toml: exists; it was left as it is"),
        ("explain H101", ConfigurationError, "no finding has the code 'H101'; did you mean "),
        ("explain nonsense", ConfigurationError, "`rewriter explain` lists all"),
        ("review a.md", ConfigurationError, "with --out, or give --serve"),
        ("review a.md --serve --out b", ConfigurationError, "with --out, or give --serve"),
        (
            "rewrite a.md --in-place --engine local",
            ConfigurationError,
            "or local_model in rewriter.toml",
        ),
        ("rewrite s3://b/a a.md --out s3://b/c", ConfigurationError, "addresses and files do not"),
        ("rewrite s3://b/a --out c", ConfigurationError, "--out as s3://BUCKET/PREFIX"),
        ("frontmatter set a.md title=[1", RewriterError, "is not one value in YAML"),
        ("ingest a.xml --out a.md/raw", FileError, "a.md/raw: cannot make the folder: "),
    ],
)
@pytest.mark.usefixtures("unset")
def test_a_command_that_cannot_be_done_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, kind: type[Exception], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rewriter.toml").write_text('model = "m"\n')
    (tmp_path / "a.md").write_text("---\ntitle: A\n---\nText.\n")
    before = sorted(path.read_bytes() for path in tmp_path.iterdir())
    done = CliRunner().invoke(group, command.split(), standalone_mode=False)
    assert isinstance(done.exception, kind), done.output
    assert said in str(done.exception)
    assert sorted(path.read_bytes() for path in tmp_path.iterdir()) == before
