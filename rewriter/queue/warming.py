"""What a process's first article would wait for, loaded once before a worker's processes fork."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from rewriter.cleaning import clean
from rewriter.completion import choosing
from rewriter.completion.asking import Asker, Backend
from rewriter.completion.connection import import_client
from rewriter.completion.extractive import ExtractiveCompleter
from rewriter.errors import RewriterError
from rewriter.pipeline import rewrite
from rewriter.prompting import prompt_file
from rewriter.settings import Settings
from rewriter.state.ledger import NoLedger

# Enough sentences for the default prompt, and the kinds of facts that are checked.
_SAMPLE = b"""The city council of Northport approved a plan for the harbor on Tuesday, 3 March 2026.

The plan sets aside $4.2 million for two piers, said Anna Berg, who leads the council. "We have
waited for ten years," she said. Work begins in June and will take about 18 months.

Fishing companies welcomed the plan. They expect 15 % more visitors and some 120 new jobs. Critics
say that traffic along Quay Street will double. The council will publish a study in the autumn.
"""


def warm_up(settings: Settings) -> None:
    """Work on a sample, so that processes forked afterwards find loaded what an article needs.

    Modules, tables and the model that tells languages take each process more than a second of CPU,
    in which it holds articles already.
    """
    prompt = prompt_file.load(settings.prompt, settings.prompts_dir)
    name = ExtractiveCompleter.name
    backend = Backend(name, name, NoLedger(), ExtractiveCompleter(prompt.rules))
    with suppress(RewriterError):  # a prompt may ask for more than the sample has
        asyncio.run(rewrite(clean(_SAMPLE), prompt, Asker(backend)))
    if choosing.engine(settings) == "openai":
        import_client()
