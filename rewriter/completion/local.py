"""The completer that runs a GGUF file with llama.cpp in this process: no text leaves it."""

from __future__ import annotations

import asyncio
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from rewriter.completion import Completion, Request
from rewriter.completion.limits import Limits
from rewriter.completion.remote import RemoteCompleter
from rewriter.errors import ConfigurationError
from rewriter.prices import FREE

if TYPE_CHECKING:
    from xllamacpp import Server

# An article of 6,000 tokens and an answer whose limit was raised once. A model's own, longer
# context would take gigabytes of memory that nothing here uses.
_CONTEXT_TOKENS = 16_384
# llama.cpp's threads wait for each other by spinning, so that one thread more than there are idle
# cores slows all of them: 60 tokens took 12 s with two threads on two busy cores and 1 s with one.
_THREADS = max(1, (os.cpu_count() or 2) - 1)
# The token limit bounds an answer. A second call on a slow machine would only start it again. A day
# means "no limit".
_UNBOUNDED = Limits(timeout=86_400.0, deadline=86_400.0, attempts=1)


class LocalCompleter:
    """Starts llama.cpp's server on the loopback at the first request; one request at a time.

    The server accepts only a random key of this process, so that no other user of the machine can
    use it.
    """

    name = "local"

    def __init__(self, model_path: Path) -> None:
        self._path = model_path
        self._server: Server | None = None
        self._remote: RemoteCompleter | None = None
        self._one_at_a_time = asyncio.Lock()

    async def complete(self, request: Request) -> Completion:
        """Ask the model, loading it first where need be.

        Raises `ConfigurationError` when `xllamacpp` is not installed or the file is no model.
        """
        async with self._one_at_a_time:
            if self._remote is None:
                self._remote = await asyncio.to_thread(self._start, request.model)
            return await self._remote.complete(request)

    async def aclose(self) -> None:
        """Stop the server and free the model."""
        if self._remote is not None:
            await self._remote.aclose()
            self._remote = self._server = None

    def _start(self, model: str) -> RemoteCompleter:
        key = secrets.token_hex(16)
        self._server = _serve(self._path, model, key)
        return RemoteCompleter(
            limits=_UNBOUNDED,
            base_url=f"{self._server.listening_address}/v1",
            api_key=key,
            prices={model: FREE},
        )


def _serve(path: Path, model: str, key: str) -> Server:
    """llama.cpp's server on a free port, which calls the model in `path` by the name `model`."""
    if not os.path.isfile(path):
        raise ConfigurationError(f"{path}: no such model file; local_model names a GGUF file")
    try:
        import xllamacpp
    except ImportError as error:
        raise ConfigurationError(
            "the engine local needs llama.cpp: pip install 'rewriter[local]'"
        ) from error
    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.model_alias = {model}
    params.n_ctx = _CONTEXT_TOKENS
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = _THREADS
    params.port = 0
    params.api_keys = [key]
    params.verbosity = -1
    try:
        return xllamacpp.Server(params)
    except RuntimeError as error:
        raise ConfigurationError(
            f"{path}: llama.cpp cannot load it; local_model names a GGUF file"
        ) from error
