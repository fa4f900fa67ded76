"""How large folders of the state directory may get: flat, and fanned out by the digest's digits.

    python -m benchmarks.state_folders --files 200000 --beside /var/tmp

Makes small files under digests in three layouts: all in one folder, in 256 folders (two digits of
the digest) and in 65,536 (twice two). Prints microseconds a file for making, opening in random
order, listing and removing, and the ratio to the flat layout. The page cache is warm; nothing is
flushed, so that the folders are measured and not the disk.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import tempfile
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from rewriter.files import atomic

_LAYOUTS: dict[str, Callable[[str], str]] = {
    "one folder": lambda digest: digest,
    "256 folders": lambda digest: f"{digest[:2]}/{digest}",
    "65,536 folders": lambda digest: f"{digest[:2]}/{digest[2:4]}/{digest}",
}
_OPENED = 20_000
_BYTES = b"x" * 200


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=200_000)
    parser.add_argument("--beside", type=Path, default=Path(tempfile.gettempdir()))
    given = parser.parse_args()
    print(f"{given.files:,} files; microseconds a file (ratio to one folder)")
    print(f"{'':<16}{'make':>14}{'open':>14}{'list':>14}{'remove':>14}{'folders, MB':>14}")
    first: list[float] = []
    for name, place in _LAYOUTS.items():
        with tempfile.TemporaryDirectory(dir=given.beside, prefix="state-folders-") as folder:
            *times, size = _measured(Path(folder), place, given.files)
        first = first or times
        cells = (f"{t:.1f} ({t / f:.2f})" for t, f in zip(times, first, strict=True))
        print(f"{name:<16}" + "".join(f"{cell:>14}" for cell in cells) + f"{size / 1e6:>14.1f}")


def _measured(folder: Path, place: Callable[[str], str], files: int) -> tuple[float, ...]:
    """Microseconds a file for making, opening, listing and removing, and the folders' bytes."""
    paths = [str(folder / place(atomic.digest(b"%d" % number))) for number in range(files)]
    for parent in {os.path.dirname(path) for path in paths}:  # noqa: PTH120 - strings are faster
        os.makedirs(parent, exist_ok=True)  # noqa: PTH103 - as above
    made = _timed(lambda: deque(map(_make, paths), maxlen=0), files)
    chosen = random.Random(1).sample(paths, min(_OPENED, files))  # noqa: S311 - the same each time
    opened = _timed(lambda: deque(map(_read, chosen), maxlen=0), len(chosen))
    listed = _timed(lambda: sum(len(names) for _, _, names in os.walk(folder)), files)
    size = sum(Path(parent).stat().st_size for parent, _, _ in os.walk(folder))
    return made, opened, listed, _timed(lambda: shutil.rmtree(folder), files), size


def _timed(work: Callable[[], object], files: int) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) / files * 1e6


def _make(path: str) -> None:
    """As `atomic.write` does without its flushes: a temporary name, then a rename."""
    temporary = f"{path}.tmp"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    os.write(descriptor, _BYTES)
    os.close(descriptor)
    os.replace(temporary, path)  # noqa: PTH105 - as above


def _read(path: str) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    os.read(descriptor, 1_000)
    os.close(descriptor)


if __name__ == "__main__":
    main()
