"""`rewriter worker`: Celery's worker with our settings."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("worker")
@click.option("--processes", type=int, help="Processes; one for each core by default.")
@click.option("--in-flight", type=int, help="Calls in flight in each process.")
@click.option(
    "--root",
    type=click.Path(file_okay=False, path_type=Path),
    help="Content root, which holds inputs, outputs and .rewriter/.",
)
@click.option("--name", help="The worker's name; needed for a second one on the same machine.")
@click.option(
    "--loglevel", type=click.Choice(["DEBUG", "INFO", "WARNING", "ERROR"]), default="INFO"
)
def command(
    processes: int | None, in_flight: int | None, root: Path | None, name: str | None, loglevel: str
) -> None:
    """Work on the queue until SIGTERM, which lets the articles in flight end.

    It is `celery -A worker worker`, wherever it is started, and refuses settings that could lose or
    duplicate work.
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
