"""What counts as a command of a page, and what as the output that it promises."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.blocks import Block, blocks, commands, matches


@pytest.mark.parametrize(
    ("expected", "fits"),
    [
        ("published a.txt", True),
        ("published ...", True),
        ("published a.txt\n...\ndone", True),
        ("published b.txt", False),
        ("published a.txt\ndone", False),
        ("done\n...\npublished a.txt", False),
        ("", True),
    ],
)
def test_an_output_is_compared_line_by_line(expected: str, fits: bool) -> None:
    assert matches(expected, "rewriter: begin\npublished a.txt\nheld b.txt\ndone  \n") is fits


def test_a_console_block_has_commands_and_their_output() -> None:
    found = list(
        commands(Block(1, "console", "", "$ one \\\n  --two # exit code 1, 3 or 6\nout\n$ three"))
    )
    assert [(c.text, c.exit_codes, c.output) for c in found] == [
        ("one \\\n  --two # exit code 1, 3 or 6", (1, 3, 6), "out"),
        ("three", (0,), ""),
    ]


def test_a_block_has_its_place_its_terminal_and_its_file(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        '```sh title="Terminal 2"\nrun\n```\n\n  ```toml title="a.toml"\n  x = 1\n  ```\n'
    )
    shell, file = blocks(page)
    assert (shell.line, shell.terminal, shell.file, shell.text) == (2, 2, "", "run")
    assert (file.line, file.terminal, file.file, file.text) == (6, 1, "a.toml", "x = 1")
