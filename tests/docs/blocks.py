"""The fenced blocks of a page, and the commands in them.

A `sh` block is commands, a `console` block commands after `$ ` with what they print.
`title="Terminal 2"` says that a block is typed into another terminal, `title="NAME.SUFFIX"` that it
is a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
DOCS = ROOT / "docs"
PAGES = (ROOT / "README.md", *sorted(DOCS.rglob("*.md")))
COMMAND_LANGUAGES = ("sh", "console")

_FENCE = re.compile(r'^( *)```(\w*)(?: title="([^"]+)")?$')
_TERMINAL = re.compile(r"Terminal (\d)")
_EXIT_CODES = re.compile(r"#.*\bexit code (\d+(?:(?:, | or )\d+)*)")
_HERE_DOCUMENT = re.compile(r"<<'?(\w+)'?")


@dataclass(frozen=True)
class Block:
    """A fenced block, at its first line, without the fence and its indent."""

    line: int
    language: str
    title: str
    text: str

    @property
    def terminal(self) -> int:
        """Which terminal it is typed into; 1 unless the title says otherwise."""
        named = _TERMINAL.fullmatch(self.title)
        return int(named[1]) if named else 1

    @property
    def file(self) -> str:
        """The file that it is, or an empty string."""
        return self.title if re.fullmatch(r"[\w./-]+\.\w+", self.title) else ""


@dataclass(frozen=True)
class Command:
    """What is typed, and what comes of it; `...` in the output stands for anything."""

    text: str
    exit_codes: tuple[int, ...]
    output: str

    @property
    def bare(self) -> str:
        """What is typed, without the comment."""
        return re.sub(r" +#.*", "", self.text)


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page, in order."""
    found: list[Block] = []
    opened: tuple[int, re.Match[str]] | None = None
    inside: list[str] = []
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        fence = _FENCE.match(line)
        if opened is None and fence:
            opened, inside = (number + 1, fence), []
        elif opened and fence and not fence[2]:
            start, opening = opened
            text = "\n".join(part.removeprefix(opening[1]) for part in inside)
            found.append(Block(start, opening[2], opening[3] or "", text))
            opened = None
        else:
            inside.append(line)
    assert opened is None, f"{page}: a block is not closed"
    return found


def commands(block: Block) -> Iterator[Command]:
    """The commands of a block, in order."""
    lines = block.text.splitlines()
    while lines:
        typed = lines.pop(0)
        if block.language == "console":
            assert typed.startswith("$ "), f"a console block begins with a command: {typed}"
            typed = typed.removeprefix("$ ")
        typed += "".join(f"\n{line}" for line in _continuation(typed, lines))
        output = []
        while block.language == "console" and lines and not lines[0].startswith("$ "):
            output.append(lines.pop(0))
        if typed.strip() and not typed.startswith("#"):
            codes = _EXIT_CODES.search(typed)
            ends = tuple(map(int, re.findall(r"\d+", codes[1]))) if codes else (0,)
            yield Command(typed, ends, "\n".join(output))


def _continuation(typed: str, lines: list[str]) -> Iterator[str]:
    here = _HERE_DOCUMENT.search(typed)
    while lines and (here or typed.endswith("\\")):
        typed = lines.pop(0)
        yield typed
        if here and typed == here[1]:
            return


def matches(expected: str, printed: str) -> bool:
    """Whether these lines were printed one after another; a line `...` stands for any lines."""
    pattern = ""
    for line in expected.rstrip().splitlines():
        if line.strip() in ("...", "…"):
            pattern += r"(?:.*\n)*?"
        else:
            pieces = re.split(r"\.\.\.|…", line.rstrip())
            pattern += ".*".join(re.escape(piece) for piece in pieces) + r" *\n"
    return bool(re.search(f"^{pattern}", printed, re.MULTILINE))
