"""The Celery app for `celery -A worker worker`; `rewriter worker` is the same."""

from __future__ import annotations

from rewriter import settings, tasks

app = tasks.build(settings.load())
