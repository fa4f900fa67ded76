"""The torture set: one small file a case, under `cases/`, named by what it tries.

A file opens with the promise, then options, then the front matter as it comes and, behind a line of
equals signs, as it must be or why it is refused:

    A missing key is added last
    changes: {"ai": {"version": 2}}     the default
    encoding: utf-8                     the default; utf-16 and utf-8-sig with a byte-order mark
    ======== before
    ======== after                      or: refused, and then `LINE: REASON`

Characters that an editor would hide or lose are written as pictures: ␍ for a carriage return, ␀ for
NUL, ⟨U+2028⟩ for any character, ␃ for the end of a file whose last line has no line end.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent / "cases"
_MARKS = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}


class Case(NamedTuple):
    """One case: `after` is None where `refusal`, as `line N: reason`, is expected."""

    name: str
    promise: str
    changes: Mapping[str, object]
    before: bytes
    after: bytes | None
    refusal: str


def load(path: Path) -> Case:
    """Read one file of the torture set."""
    head, before, after = path.read_bytes().decode().split("======== ")
    promise, *options = head.splitlines()
    settings = dict(option.split(": ", 1) for option in options)
    encoding = settings.get("encoding", "utf-8")
    kind, expected = after.split("\n", 1)
    return Case(
        name=f"{path.parent.name}/{path.stem}",
        promise=promise,
        changes=json.loads(settings.get("changes", '{"ai": {"version": 2}}')),
        before=_bytes(before.split("\n", 1)[1], encoding),
        after=_bytes(expected, encoding) if kind == "after" else None,
        refusal=f"line {expected.strip()}" if kind == "refused" else "",
    )


def load_all() -> list[Case]:
    """The whole torture set, in the order of its names."""
    return [load(path) for path in sorted(FOLDER.glob("*/*.txt"))]


def _bytes(text: str, encoding: str) -> bytes:
    plain = re.sub(r"⟨U\+(\w+)⟩", lambda match: chr(int(match[1], 16)), text)
    plain = plain.replace("␍", "\r").replace("␀", "\0").removesuffix("␃\n").removesuffix("␃")
    return _MARKS.get(encoding, b"") + plain.encode(encoding)
