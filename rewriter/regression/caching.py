"""A cache of cleaned sources and scores, keyed by everything that they depend on.

The digest of the package's whole code belongs to each key: after a changed cleaner or check nothing
comes from the cache.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rewriter.errors import FileError
from rewriter.files import atomic

# These libraries also decide how an article is cleaned and divided into sentences.
_LIBRARIES = ("sentencex", "py3langid", "trafilatura", "ftfy", "resiliparse")


class Cache:
    """JSON values by key, in one file that the next run reads."""

    def __init__(self, folder: Path, name: str) -> None:
        self._path = folder / f"{name}.json"
        self._values = self._load()
        self._changed = False

    def get(self, key: str) -> Any:
        """The value of `key`, None where there is none."""
        return self._values.get(key)

    def put(self, key: str, value: Any) -> None:
        """Set the value of `key`; `save` writes it."""
        self._values[key] = value
        self._changed = True

    def save(self) -> None:
        """Write the file if a value was put. A folder that cannot be written is not an error."""
        if not self._changed:
            return
        kept = {"code": code_digest(), "values": self._values}
        with contextlib.suppress(OSError, FileError):
            atomic.write(self._path.parent / ".gitignore", b"*\n")
            atomic.write(self._path, json.dumps(kept, ensure_ascii=False).encode())

    def _load(self) -> dict[str, Any]:
        try:
            kept = json.loads(self._path.read_bytes())
            values = kept["values"] if kept["code"] == code_digest() else {}
        except (OSError, ValueError, KeyError, TypeError):
            return {}
        return values if isinstance(values, dict) else {}


@cache
def code_digest() -> str:
    """SHA-256 (hex) of the package's code and data, and of the versions of the libraries."""
    package = Path(__file__).parent.parent
    total = hashlib.sha256()
    for path in sorted(package.rglob("*")):
        if path.suffix in (".py", ".toml"):
            total.update(path.relative_to(package).as_posix().encode())
            total.update(path.read_bytes())
    for library in _LIBRARIES:
        total.update(f"{library} {version(library)}".encode())
    return total.hexdigest()
