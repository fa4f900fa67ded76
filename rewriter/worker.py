"""The Celery app of an installed rewriter, for `celery -A rewriter.worker worker`.

It is `rewriter worker` for those who start all their workers with Celery's own command. Settings
are read when this module is imported; wrong ones end the process with a message and exit code 2.
"""

from __future__ import annotations

import sys

from rewriter import escaping, settings, tasks
from rewriter.errors import RewriterError
from rewriter.queue.embedded import with_redis

escaping.install()
try:
    configured, notice = with_redis(settings.load())
    if notice:
        sys.stderr.write(f"rewriter: {escaping.line(notice)}\n")
    app = tasks.build(configured)
    tasks.own_log(configured)
except RewriterError as error:
    # Celery would print a traceback.
    sys.stderr.write(f"rewriter: {escaping.message_of(error)}\n")
    raise SystemExit(error.exit_code) from error
