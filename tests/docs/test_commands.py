"""Every command of the README and of the pages does what the page says, in its order."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.blocks import COMMAND_LANGUAGES, PAGES, ROOT, Block, blocks, commands
from tests.docs.following import OF_A_SUITE, follow
from tests.docs.not_run import NOT_RUN

_SHOWN = ("text", "toml", "yaml", "html", "ini", "json", "python", "mermaid", "markdown")
_TYPED = re.compile(r"^ {4,}(\$ |rewriter |make |export |docker |pip |celery )", re.MULTILINE)
_WITH_COMMANDS = [
    page for page in PAGES if any(block.language in COMMAND_LANGUAGES for block in blocks(page))
]


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_block_says_what_it_is(page: Path) -> None:
    """So that no command hides in a block that is not run."""
    assert not [b for b in blocks(page) if b.language not in (*COMMAND_LANGUAGES, *_SHOWN)]
    text = page.read_text(encoding="utf-8")
    outside = re.sub(r"^ *```.*?^ *```$", "", text, flags=re.DOTALL | re.MULTILINE)
    assert not _TYPED.search(outside), "commands stand in fenced blocks"


def test_every_command_that_is_not_run_is_still_there() -> None:
    shown = {c.bare for page in _WITH_COMMANDS for b in _command_blocks(page) for c in commands(b)}
    assert not NOT_RUN.keys() - shown


@pytest.mark.slow
@pytest.mark.parametrize("page", [p for p in _WITH_COMMANDS if p not in OF_A_SUITE], ids=_name)
def test_the_commands_of_a_page_do_what_it_says(page: Path, tmp_path: Path) -> None:
    follow(page, tmp_path)


def _command_blocks(page: Path) -> list[Block]:
    return [block for block in blocks(page) if block.language in COMMAND_LANGUAGES]
