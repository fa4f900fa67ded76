"""Names are remembered exactly, in a bounded amount of memory."""

from __future__ import annotations

import subprocess
import sys

from hypothesis import given, settings
from hypothesis import strategies as st

from rewriter.files.disk_set import DiskSet

# Paths of a real tree, bytes that are no UTF-8 among them.
NAMES = st.lists(st.binary(max_size=6).map(lambda raw: raw.decode("utf-8", "surrogateescape")))
ROW = """
import resource
from rewriter.files.disk_set import DiskSet
with DiskSet() as seen:
    seen.add("first")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for n in range(50_000):
        assert seen.add(f"news/section/article-{n:09}.txt", "its owner" * 10)
    assert not seen.add("news/section/article-000000000.txt")
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@settings(max_examples=60)
@given(NAMES)
def test_each_name_is_new_once_and_keeps_its_first_owner(names: list[str]) -> None:
    kept: dict[str, str] = {}
    with DiskSet() as seen:
        for n, name in enumerate(names):
            assert seen.owner(name) == kept.get(name)
            assert seen.add(name, str(n)) is (name not in kept)
            kept.setdefault(name, str(n))
        assert {name: seen.owner(name) for name in kept} == kept


def test_fifty_thousand_names_take_less_than_6_mb() -> None:
    """As a dictionary they take 14 MB."""
    done = subprocess.run([sys.executable, "-c", ROW], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 6_000, "KB"
