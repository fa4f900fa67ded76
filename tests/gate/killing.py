"""Records a suite in children that are killed at random moments; run as a process of its own.

    python -m tests.gate.killing SUITE PROMPT EPOCHS KILLS

Prints how many recordings there were after each kill. Forking needs a process with one thread.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
import time
from pathlib import Path

from rewriter.completion import Completion, Request
from rewriter.regression.experiment import Experiment, make_variant, read_experiment
from rewriter.regression.recorder import Recorder
from rewriter.regression.suite_folder import SuiteFolder
from rewriter.regression.variants import Variant

MODEL = "slow"


class Slow:
    """A model that takes two milliseconds to decline."""

    name = MODEL

    async def complete(self, request: Request) -> Completion:
        await asyncio.sleep(0.002)
        return Completion(text="No. " * 2_000, model=MODEL, finish_reason="refusal")

    async def aclose(self) -> None:
        """Nothing is held open."""


def record(experiment: Experiment, variant: Variant, epochs: int) -> None:
    """Record what is missing."""

    async def recorded() -> None:
        async for _ in Recorder(Slow(), concurrency=2).record(experiment.suite, variant, epochs):
            continue

    asyncio.run(recorded())


def main() -> None:
    folder, prompt, epochs, kills = sys.argv[1:]
    experiment = read_experiment(SuiteFolder(Path(folder)), "rewrite")
    dice = random.Random(7)
    for _ in range(int(kills)):
        variant = make_variant(experiment.folder, prompt, None, MODEL)
        child = os.fork()
        if child == 0:
            record(experiment, variant, int(epochs))
            os._exit(0)
        # A few answers, however slow the machine is, and then in the middle of the next.
        wanted = _recorded(experiment) + dice.randrange(3)
        while _recorded(experiment) < wanted:
            time.sleep(0.002)
        time.sleep(dice.uniform(0, 0.02))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        sys.stdout.write(f"{_recorded(experiment)}\n")


def _recorded(experiment: Experiment) -> int:
    return len(list(experiment.folder.recordings.glob("??/*.json")))


if __name__ == "__main__":
    main()
