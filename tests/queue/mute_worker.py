"""A worker whose process dies once, between the table's word and Celery's.

The table knows by then how the article ended; no callback is sent and no result is stored. The file
died.log of its folder says that it has happened.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rewriter.cli import main
from rewriter.queue.claims import End, Return
from rewriter.queue.worker_process import WorkerProcess

_outcome = WorkerProcess._outcome


def _outcome_or_die(
    self: WorkerProcess, task: Any, outcome: End | Return | None
) -> Mapping[str, Any]:
    died = Path("died.log")
    if isinstance(outcome, End) and not died.exists():
        died.write_text(outcome.status)
        os.kill(os.getpid(), signal.SIGKILL)
    return _outcome(self, task, outcome)


if __name__ == "__main__":
    WorkerProcess._outcome = _outcome_or_die  # type: ignore[assignment]
    main()
