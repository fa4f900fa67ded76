"""First names, to tell persons from other names; the lists are in `given_names.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path


@cache
def given_names(*languages: str) -> frozenset[str]:
    """The first names of these languages, case folded; of all without any."""
    lists = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return frozenset(name for lang in languages or lists for name in lists[lang])
