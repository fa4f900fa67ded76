"""A worker that starts its processes again at once, however soon they have ended."""

from __future__ import annotations

from rewriter.cli import main
from rewriter.queue import supervisor

if __name__ == "__main__":
    supervisor._SOON_SECONDS = 0.0
    main()
