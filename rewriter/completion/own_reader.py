"""A second reader by another provider or under another key: its errors name its own settings."""

from __future__ import annotations

from rewriter.completion import Completer, Completion, Request
from rewriter.errors import RewriterError
from rewriter.settings import Settings


class OwnReader:
    """Asks `completer`, whose errors say what to do by the settings of the one that writes."""

    def __init__(self, completer: Completer, settings: Settings) -> None:
        self.name = completer.name
        self._completer = completer
        self._settings = settings

    async def complete(self, request: Request) -> Completion:
        """As the completer does."""
        try:
            return await self._completer.complete(request)
        except RewriterError as error:
            advise(error, self._settings)
            raise

    async def aclose(self) -> None:
        """Close the completer."""
        await self._completer.aclose()


def advise(error: RewriterError, settings: Settings) -> None:
    """Put the second reader's settings in place of the writer's into an error's advice."""
    said = str(error.args[0])
    for given, writers, own in (
        (settings.reader_base_url, "--base-url", "reader_base_url"),
        (settings.reader_base_url or settings.reader_api_key, "OPENAI_API_KEY", "reader_api_key"),
        (settings.reader_model, "--model", "reader_model"),
    ):
        said = said.replace(writers, own) if given else said
    error.args = (said, *error.args[1:])
