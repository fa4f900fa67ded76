"""`rewriter worker`: a worker of the queue with one process a core."""

from __future__ import annotations

from typing import Any

import click

from rewriter.cli.options import TEXT, queue_settings, root_option


@click.command("worker")
@click.option("--processes", type=int, help="Number of processes. Default: one for each core.")
@click.option("--in-flight", type=int, help="Most calls in progress in each process.")
@root_option
@click.option(
    "--name", type=TEXT, help="Name of the worker. A second worker on the same machine needs one."
)
@click.option("--metrics-address", help="HOST:PORT that serves /metrics, /healthz and /readyz.")
@click.option(
    "--loglevel",
    type=click.Choice(["DEBUG", "INFO", "WARNING", "ERROR"]),
    default="INFO",
    show_default=True,
    help="Lowest level that is logged. DEBUG adds each call to the provider.",
)
def command(name: str | None, loglevel: str, **given: Any) -> int:
    """Run a worker of the queue until SIGTERM. Articles in progress end first.

    It starts one process for each core, and restarts a process that ends. Each process is what
    `celery -A worker worker` starts. Settings that could lose or duplicate work are refused.
    """
    from rewriter import tasks

    return tasks.supervise(queue_settings(given), name or "rewriter", loglevel)
