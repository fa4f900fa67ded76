"""Everything that a ledger holds."""

from __future__ import annotations

from rewriter.state.ledger import Entry, FileLedger, MemoryLedger


def stored_in(ledger: FileLedger | MemoryLedger) -> list[Entry]:
    """Every entry by file name, or in the order in which they were stored."""
    if isinstance(ledger, MemoryLedger):
        return list(ledger._entries.values())
    files = sorted(ledger.folder.glob("??/*.json"))
    return [Entry.model_validate_json(file.read_bytes()) for file in files]
