"""Signs the records of this user's runs, so that a record in a copied folder is recognised.

A record says where its rewrite is to be written. Inside of the content root anybody may say so.
For a place outside of it (`--out`) the record is signed with a key of the user (HMAC-SHA-256, RFC
2104), which lies in `$XDG_STATE_HOME/rewriter/` and never in a content root.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from pathlib import Path

from rewriter.errors import FileChangedError, FileError
from rewriter.files import atomic, opening

_KEY_BYTES = 32


def signature(name: str, target: str) -> str:
    """The signature of where the article called `name` is to be written; "" without a key."""
    key = _key()
    if key is None:
        return ""
    return hmac.new(key, f"{name}\0{target}".encode(), hashlib.sha256).hexdigest()


def is_signed(name: str, target: str, signed: str | None) -> bool:
    """Whether a run of this user has signed where the article is to be written."""
    return bool(signed) and hmac.compare_digest(signature(name, target), signed or "")


def _key() -> bytes | None:
    """The user's key, made at the first use; None where it can be neither made nor read."""
    state_home = os.environ.get("XDG_STATE_HOME") or Path("~/.local/state").expanduser()
    path = Path(state_home, "rewriter", "key")
    try:
        if not path.exists():
            with suppress(FileChangedError):  # another process has made it at the same time
                atomic.create(path, secrets.token_bytes(_KEY_BYTES))
                path.chmod(0o600)
        key = opening.read(path, most_bytes=_KEY_BYTES)
    except (OSError, FileError, RuntimeError):
        return None
    return key if len(key) == _KEY_BYTES else None
