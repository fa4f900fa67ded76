"""Settings of the commands that use the queue: they name a Redis, an embedded one where none is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rewriter.cli.output import echo

if TYPE_CHECKING:
    from rewriter.settings import Settings


def queue_settings(overrides: Mapping[str, object] | None = None) -> Settings:
    """The settings of this run; a line on standard error says when no Redis is configured."""
    from rewriter import settings
    from rewriter.queue.embedded import with_redis

    configured, notice = with_redis(settings.load(overrides))
    if notice:
        echo(f"rewriter: {notice}", err=True)
    return configured
