"""Checks of the installation. Each result is a value that says what to do."""

from __future__ import annotations

from rewriter.doctor import limits, machine, provider, queue
from rewriter.doctor.check import Check, CheckStatus, failed, ok
from rewriter.errors import PromptError
from rewriter.prompting import prompt_file
from rewriter.prompting.prompt import Prompt
from rewriter.settings import Settings
from rewriter.state import State

__all__ = ["Check", "CheckStatus", "examine"]


async def examine(settings: Settings, state: State) -> list[Check]:
    """Check everything that a run needs. Never raises: a failure is the result of its check.

    The state directory is not created. A remote or local model is asked one short question, which
    may cost a fraction of a cent, and a second reader of its own another one. A provider is asked
    for its lists of batches and files, which costs nothing.
    """
    prompt, about_prompt = _prompt(settings)
    return [
        *await provider.checks(settings, prompt),
        about_prompt,
        *machine.checks(settings, state),
        *limits.checks(settings, prompt),
        *await queue.checks(settings, state),
    ]


def _prompt(settings: Settings) -> tuple[Prompt, Check]:
    """The configured prompt, or the shipped one where the configured one cannot be loaded."""
    try:
        prompt = prompt_file.load(settings.prompt, settings.prompts_dir)
    except PromptError as error:
        return prompt_file.load(), failed("prompt", error)
    return prompt, ok("prompt", f"{prompt.name}, version {prompt.version}")
