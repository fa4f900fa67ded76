"""The Celery app for `celery -A worker worker` in this folder: the one of `rewriter.worker`."""

from __future__ import annotations

from rewriter.worker import app

__all__ = ["app"]
