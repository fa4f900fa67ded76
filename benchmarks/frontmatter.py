"""What an edit costs, beside python-frontmatter's load and dump of the same file, in one run.

    python benchmarks/frontmatter.py [FOLDER]

Without a folder, files are made up in the published format, in three sizes of front matter. The
two are timed in turn, so that a busy machine is unkind to both. Then bodies grow to 10 MB.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from operator import truediv
from pathlib import Path

# Run as a script, this file would stand before the library of the same name.
sys.path = [folder for folder in sys.path if Path(folder).resolve() != Path(__file__).parent]

import frontmatter as python_frontmatter  # noqa: E402  (see above)

from rewriter import frontmatter  # noqa: E402
from rewriter.errors import FrontMatterError  # noqa: E402

CHANGES = {
    "ai": {"rewritten": True, "expandedAt": "2026-11-22T08:30:00.000Z", "version": 2},
    "updatedAt": "2026-11-22T08:30:00.000Z",
}
PUBLISHED = """\
---
title: Quiet Weekend for the Harbour Exchange
description: 'Trading slowed to $75 million on Sunday, the least since March, as {n} members…'
publishedAt: '2026-01-26T13:01:18.000Z'
updatedAt: '2026-01-26T15:26:39.047Z'
lang: en
externalId: '{n}'
source:
  name: The Pier
  key: pier
  type: RSS
category: HBR
tags:
{tags}stickyWeight: 0
sentiment: NEGATIVE
score: 0
draft: false
coverImage:
  raw: 'https://images.example.org/photo-{n}?ixid=M3w4MjQzNjB8MHwxfHJhbmRvbXx8fHx8&ixlib=rb-4.1.0'
  full: 'https://images.example.org/photo-{n}?crop=entropy&cs=srgb&fm=jpg&ixlib=rb-4.1.0&q=85'
  thumb: 'https://images.example.org/photo-{n}?crop=entropy&cs=tinysrgb&fit=max&fm=jpg&w=200'
ai:
  rewritten: true
  expandedAt: '2026-01-26T15:26:39.047Z'
  version: 1
---
"""
SENTENCE = "The exchange said on Sunday that {n} members had traded less than in the week before. "
MEGABYTE = 1_000_000


def made_up(tags: int, number: int) -> bytes:
    lines = "".join(f"  - TAG{n}\n" for n in range(tags))
    return (PUBLISHED.format(n=number, tags=lines) + SENTENCE.format(n=number) * 40).encode()


def ours(data: bytes) -> None:
    frontmatter.read(data)
    frontmatter.edit(data, CHANGES)


def edit_only(data: bytes) -> None:
    frontmatter.edit(data, CHANGES)


def theirs(data: bytes) -> None:
    post = python_frontmatter.loads(data.decode())
    post.metadata.update(CHANGES)
    python_frontmatter.dumps(post).encode()


def seconds(action: Callable[[bytes], None], data: bytes) -> float | None:
    """The better of three, None where the action cannot take the file."""
    best = float("inf")
    for _ in range(3):
        started = time.perf_counter()
        try:
            action(data)
        except Exception:  # noqa: BLE001 - python-frontmatter raises whatever its parsers raise
            return None
        best = min(best, time.perf_counter() - started)
    return best


def compare(name: str, files: list[bytes]) -> None:
    rows = [(seconds(edit_only, d), seconds(ours, d), seconds(theirs, d)) for d in files]
    both = [row for row in rows if None not in row]
    edit, whole, other = ([row[n] * 1e3 for row in both] for n in range(3))  # type: ignore[operator]
    ratios = [statistics.median(map(truediv, column, other)) for column in (edit, whole)]
    medians = [statistics.median(column) for column in (edit, whole, other)]
    print(f"{name:<32} {len(both):>6}", *(f"{number:>10.3f}" for number in (*medians, *ratios)))


def main() -> None:
    heads = ("edit ms", "read+edit", "load+dump", "edit/l+d", "r+e/l+d")
    print(f"{'median':<32} {'files':>6}", *(f"{head:>10}" for head in heads))
    if len(sys.argv) > 1:
        found = [path.read_bytes() for path in Path(sys.argv[1]).rglob("*.md*")]
        compare(sys.argv[1], [data for data in found if has_front_matter(data)])
    else:
        for tags in (4, 40, 400):
            compare(f"published format, {tags} tags", [made_up(tags, n) for n in range(100)])
    print(f"\n{'body':<32} {'edit ms':>17} {'ms/MB':>10}")
    for megabytes in (0.1, 1, 2, 5, 10):
        data = made_up(4, 1) + SENTENCE.encode() * int(megabytes * MEGABYTE / len(SENTENCE))
        took = (seconds(edit_only, data) or 0) * 1e3
        print(f"{f'{megabytes} MB':<32} {took:>17.3f} {took / megabytes:>10.3f}")


def has_front_matter(data: bytes) -> bool:
    try:
        return frontmatter.read(data).language is not None
    except FrontMatterError:
        return False


if __name__ == "__main__":
    main()
