"""The state directory `.rewriter/`: what is kept on disk next to the content.

`directory` says where; `ledger` keeps paid completions (with `locking` between processes),
`records` the trace of each run, `originals` whole sources, `held` rewrites that await a decision.
"""

from __future__ import annotations

from rewriter.state.directory import (
    NAME,
    State,
    find_root,
    kept_at,
    kept_name,
    note_root,
    unwritable,
)

__all__ = ["NAME", "State", "find_root", "kept_at", "kept_name", "note_root", "unwritable"]
