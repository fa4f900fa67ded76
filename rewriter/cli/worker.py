"""`rewriter worker`: Celery's worker with our settings."""

from __future__ import annotations

from pathlib import Path

import click

from rewriter.cli.options import root_option


@click.command("worker")
@click.option("--processes", type=int, help="Number of processes. Default: one for each core.")
@click.option("--in-flight", type=int, help="Most calls in progress in each process.")
@root_option
@click.option("--name", help="Name of the worker. A second worker on the same machine needs one.")
@click.option(
    "--loglevel",
    type=click.Choice(["DEBUG", "INFO", "WARNING", "ERROR"]),
    default="INFO",
    show_default=True,
    help="Lowest level that is logged. DEBUG adds each call to the provider.",
)
def command(
    processes: int | None, in_flight: int | None, root: Path | None, name: str | None, loglevel: str
) -> None:
    """Run a worker of the queue until SIGTERM. Articles in progress end first.

    It is the same as `celery -A worker worker`. It refuses settings that could lose or duplicate
    work.
    """
    from rewriter import settings, tasks
    from rewriter.queue import safety

    configured = settings.load({"processes": processes, "in_flight": in_flight, "root": root})
    app = tasks.build(configured)
    safety.ensure(app.conf, configured, pool="prefork")  # before Celery's banner would hide it
    arguments = ["worker", f"--loglevel={loglevel}"]
    if name:
        arguments.append(f"--hostname={name}@%h")
    app.worker_main(arguments)
