"""A writer that is killed at any moment leaves every file whole, and a rerun finishes the job.

The full trial is 50 kills over 1,000 files:

    KILLS=50 KILL_FILES=1000 python -m pytest tests/test_killed_writers.py -s
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

from rewriter import frontmatter
from rewriter.state import State, originals

KILLS = int(os.environ.get("KILLS", "5"))
FILES = int(os.environ.get("KILL_FILES", "150"))
CHANGES = {"ai": {"rewritten": True, "version": 2}}

# Sweeps, then edits each file that is not edited yet, as a run with `--in-place` does.
WRITER = """
import sys
from pathlib import Path
from rewriter.files import atomic
from rewriter import frontmatter
from rewriter.state import originals
from rewriter.state import State
from tests.test_killed_writers import CHANGES
root = Path(sys.argv[1])
print("ready", flush=True)
atomic.sweep(root)
for path in sorted(root.glob("*.md")):
    data = path.read_bytes()
    if "ai" not in frontmatter.read(data).metadata:
        originals.keep(State(root), path.name, data)
        atomic.replace(path, frontmatter.edit(data, CHANGES), data)
"""


def source(number: int) -> bytes:
    return f"---\ntitle: Article {number}\n---\n{f'Line {number}. ' * 800}\n".encode()


def start(root: Path) -> subprocess.Popen[bytes]:
    writer = subprocess.Popen([sys.executable, "-c", WRITER, root], stdout=subprocess.PIPE)
    assert writer.stdout is not None
    assert writer.stdout.readline() == b"ready\n"
    return writer


def finish(writer: subprocess.Popen[bytes]) -> int:
    with writer:
        return writer.wait()


def make(root: Path) -> None:
    for number in range(FILES):
        (root / f"{number:04}.md").write_bytes(source(number))


def count_finished(root: Path) -> int:
    """How many files are edited; fails where one is neither its source nor its edit."""
    finished = 0
    for number in range(FILES):
        data = (root / f"{number:04}.md").read_bytes()
        if data != source(number):
            assert data == frontmatter.edit(source(number), CHANGES)
            finished += 1
    return finished


def test_killed_at_random_moments_every_file_is_whole(tmp_path: Path) -> None:
    chance = random.Random(4)
    for _ in range(2):  # the first run also stores the originals, which takes longer
        make(tmp_path)
        writer = start(tmp_path)
        started = time.monotonic()
        assert finish(writer) == 0
        seconds = time.monotonic() - started
    in_the_middle = left_behind = 0
    for _ in range(KILLS):
        make(tmp_path)
        writer = start(tmp_path)
        time.sleep(chance.uniform(0, seconds))
        writer.kill()
        finish(writer)
        in_the_middle += 0 < count_finished(tmp_path) < FILES
        left_behind += sum(1 for _ in tmp_path.rglob(".rewriter-*"))
        assert finish(start(tmp_path)) == 0
        assert count_finished(tmp_path) == FILES
        assert not list(tmp_path.rglob(".rewriter-*"))
        number = chance.randrange(FILES)
        assert originals.latest(State(tmp_path), f"{number:04}.md") == source(number)
    print(f"{KILLS} kills, {in_the_middle} in the middle, {left_behind} temporary files swept")  # noqa: T201
    assert in_the_middle > 0
