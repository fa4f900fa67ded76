"""The prompt by which a finished article is checked: that of the run that wrote it."""

from __future__ import annotations

from contextlib import suppress

from rewriter.errors import ConfigurationError
from rewriter.prompting import prompt_file
from rewriter.prompting.prompt import Prompt
from rewriter.settings import Settings
from rewriter.state.records import Record


def prompt_of(record: Record | None, settings: Settings) -> Prompt:
    """The prompt that the record names, by path or by name; that of the settings otherwise.

    Raises `PromptError` where that of the settings cannot be used.
    """
    for name in (record.prompt_path, record.prompt) if record else ():
        if name:
            with suppress(ConfigurationError):
                return prompt_file.load(name, settings.prompts_dir)
    return prompt_file.load(settings.prompt, settings.prompts_dir)
