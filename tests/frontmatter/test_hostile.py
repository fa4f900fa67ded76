"""Known ways to hurt a reader of front matter are survived, quickly and in little memory."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from rewriter import frontmatter
from rewriter.errors import FrontMatterError
from rewriter.frontmatter.fences import MAX_BYTES

CHANGES = {"ai": {"version": 2}}
SECONDS = 2.0
MEGABYTES = 300


def laughs(levels: int, times: int) -> str:
    lines = ["a0: &a0 [x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * times)}]" for n in range(1, levels)]
    return "\n".join(lines)


def merges(levels: int) -> str:
    lines = ["a0: &a0 {x: 1}"]
    lines += [f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}" for n in range(1, levels)]
    return "\n".join(lines)


REFUSED = {
    "flow lists": "a: " + "[" * 20_000 + "]" * 20_000,
    "flow lists, never closed": "a: " + "[" * 500_000,
    "flow mappings": "a: " + "{a: " * 20_000 + "}" * 20_000,
    "block lists": "a:\n  " + "- " * 20_000 + "x",
    "question marks": "? " * 20_000 + "x",
    "billion laughs": laughs(10, 9),
    "chained merge keys, 400 bytes": merges(18),
    "chained merge keys, 800 bytes": merges(36),
    "alias of itself": "a: &a [*a]",
    "quote, never closed": 'a: "' + "x " * 200_000,
    "undefined aliases": "\n".join(f"a{n}: *x{n}" for n in range(1_000)),
    "many documents": "--- a\n" * 80_000,
    "binary": "a: \x00\x01",
}
SURVIVED = {
    "many keys": "\n".join(f"key{n}: value" for n in range(30_000)),
    "many anchors": "\n".join(f"key{n}: &a{n} value" for n in range(20_000)),
    "many aliases of one": "k: &k v\nlist: [" + ", ".join(["*k"] * 50_000) + "]",
    "merge keys, few": merges(10),
    "long line": "a: " + "x" * 500_000,
    "long key": "? " + "x" * 100_000 + "\n: 1",
    "long number": "a: " + "9" * 100_000,
    "line separators": "a: '" + "\u2028" * 100_000 + "'",
    "blank lines": "a: 1\n" + "\n" * 500_000,
    "comments": "a: 1\n" + "# x\n" * 100_000,
    "brackets in text": "a: '" + "[" * 100_000 + "'",
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_in_time(name: str) -> None:
    data = f"---\n{REFUSED[name]}\n---\nBody\n".encode()
    for attempt in (frontmatter.read, lambda data: frontmatter.edit(data, CHANGES)):
        started = time.process_time()
        with pytest.raises(FrontMatterError):
            attempt(data)
        assert time.process_time() - started < SECONDS


@pytest.mark.parametrize("name", SURVIVED)
def test_it_is_edited_in_time(name: str) -> None:
    data = f"---\n{SURVIVED[name]}\n---\nBody\n".encode()
    started = time.process_time()
    edited = frontmatter.edit(data, CHANGES)
    assert time.process_time() - started < SECONDS
    assert edited == data.replace(b"\n---\nBody", b"\nai:\n  version: 2\n---\nBody")
    assert frontmatter.read(edited).metadata["ai"] == {"version": 2}


@pytest.mark.parametrize(
    "data",
    [
        b"+++\na = " + b"[" * 20_000 + b"]" * 20_000 + b"\n+++\n",
        b"+++\na = " + b"{a=" * 20_000 + b"\n+++\n",
        b"+++\n" + b"a." * 20_000 + b"a = 1\n+++\n",
        b"+++\na = " + b"9" * 5_000 + b"\n+++\n",
        b'{"a": ' + b"[" * 20_000 + b"]" * 20_000 + b"}\n",
        b'{"a": ' + b'{"a": ' * 20_000,
        b'{"a": ' + b"9" * 5_000 + b"}\n",
        b'{"a": "' + b"\\" * 100_001 + b'"}\n',
    ],
    ids=lambda data: data[:12].decode(),
)
def test_other_languages_refuse_their_own_in_time(data: bytes) -> None:
    started = time.process_time()
    with pytest.raises(FrontMatterError):
        frontmatter.edit(data, CHANGES)
    assert time.process_time() - started < SECONDS


def test_front_matter_over_the_limit_is_refused() -> None:
    data = b"---\na: " + b"x" * MAX_BYTES + b"\n---\n"
    with pytest.raises(FrontMatterError, match=f"of over {MAX_BYTES:,} bytes"):
        frontmatter.edit(data, CHANGES)


def test_front_matter_of_just_the_limit_is_edited() -> None:
    data = b"---\na: " + b"x" * (MAX_BYTES - 4) + b"\n---\n"
    assert frontmatter.edit(data, CHANGES).endswith(b"\nai:\n  version: 2\n---\n")


@pytest.mark.slow
def test_none_of_them_takes_more_memory_than_allowed(tmp_path: Path) -> None:
    """Run in a process of its own, whose peak is that of the worst case."""
    script = tmp_path / "worst.py"
    script.write_text(
        "import re\n"
        "from pathlib import Path\n"
        "from contextlib import suppress\n"
        "from rewriter import errors, frontmatter\n"
        "from tests.frontmatter.test_hostile import CHANGES, REFUSED, SURVIVED\n"
        "for text in (*REFUSED.values(), *SURVIVED.values()):\n"
        "    with suppress(errors.FrontMatterError):\n"
        "        frontmatter.edit(f'---\\n{text}\\n---\\n'.encode(), CHANGES)\n"
        "    with suppress(errors.FrontMatterError):\n"
        "        frontmatter.read(f'---\\n{text}\\n---\\n'.encode())\n"
        # Not `ru_maxrss`, which a child inherits from the process that started it.
        "print(re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1])\n"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, script],
        capture_output=True,
        check=True,
        text=True,
        cwd=root,
        env={"PYTHONPATH": str(root)},
    )
    kilobytes = int(done.stdout) / (1024 if sys.platform == "darwin" else 1)
    assert kilobytes < MEGABYTES * 1024
