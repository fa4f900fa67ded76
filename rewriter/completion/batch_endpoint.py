"""A provider's Batch API: it answers a file of requests within a day, at half price."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AliasPath, BeforeValidator, ConfigDict, Field, ValidationError

from rewriter.article import Value
from rewriter.completion.connection import connect, host_of
from rewriter.completion.failures import from_network, from_status
from rewriter.errors import NoBatchEndpointError, ProviderUnavailableError
from rewriter.settings import OPENAI_URL

if TYPE_CHECKING:
    from openai import AsyncOpenAI

CALL_SECONDS = 20.0
# The largest file that the provider accepts has 200 MB, which takes 1,600 s at 1 Mbit/s.
_FILE_SECONDS = 1800.0
# The provider promises to end a batch within this time, and accepts no other.
WINDOW_HOURS = 24
# 50,000 requests, the most of a batch, with 20 KB each; what is beyond is asked again.
_MOST_RESULT_BYTES = 1_000_000_000
_CHUNK_BYTES = 1 << 16
_log = logging.getLogger(__name__)
# The metadata key that finds a batch again after a crash before its id was stored.
_TAG = "rewriter_job"
_MOST_A_PAGE = 100
_MISSING = frozenset({404, 405, 501})


class _FromProvider(Value):
    """What is read of a provider's answer; the client itself accepts any JSON."""

    model_config = ConfigDict(from_attributes=True)


def _texts(problems: object) -> tuple[str, ...]:
    known = problems if isinstance(problems, list) else ()
    return tuple(f"{getattr(p, 'code', '')}: {getattr(p, 'message', '')}" for p in known)


def _count(name: str) -> Any:
    return Field(default=0, validation_alias=AliasPath("request_counts", name))


class BatchJob(_FromProvider):
    """A batch at the provider: its progress, and the files with its results.

    `status` is the provider's word. `total`, `completed` and `failed` count requests. `problems`
    are the reasons why the whole batch was refused, each as `code: message`. `created_at` is in
    Unix seconds.
    """

    id: str
    status: str
    total: int = _count("total")
    completed: int = _count("completed")
    failed: int = _count("failed")
    output_file: str | None = Field(default=None, validation_alias="output_file_id")
    error_file: str | None = Field(default=None, validation_alias="error_file_id")
    problems: Annotated[tuple[str, ...], BeforeValidator(_texts)] = Field(
        default=(), validation_alias=AliasPath("errors", "data")
    )
    metadata: dict[str, str] | None = None
    created_at: float = 0.0

    @property
    def ended(self) -> bool:
        """Whether the provider has finished with it."""
        return self.status in ("completed", "failed", "expired", "cancelled")


class _File(_FromProvider):
    id: str
    filename: str = ""


class _Batches(_FromProvider):
    data: list[BatchJob]


class _Files(_FromProvider):
    data: list[_File]


class BatchEndpoint:
    """One provider's files and batches. Each call is tried once and raises a `RewriterError`."""

    def __init__(self, base_url: str | None, api_key: str | None) -> None:
        self._base_url = base_url or OPENAI_URL
        self._api_key = api_key
        self._opened: AsyncOpenAI | None = None

    @property
    def host(self) -> str:
        """The endpoint's host and port, for messages."""
        return host_of(self._base_url)

    async def aclose(self) -> None:
        """Close the connections."""
        if self._opened is not None:
            await self._opened.close()
            self._opened = None

    async def check(self) -> None:
        """Ask for the lists of batches and of files, which costs nothing.

        Raises `NoBatchEndpointError` where the provider has no Batch API.
        """
        async with self._translated():
            _Batches.model_validate(await self._client.batches.list(limit=1))
            _Files.model_validate(await self._client.files.list(purpose="batch", limit=1))

    async def upload(self, name: str, data: bytes) -> str:
        """Upload a file of requests, one JSON object a line; returns its id."""
        async with self._translated(_FILE_SECONDS):
            file = (name, data, "application/jsonl")
            made = await self._client.files.create(file=file, purpose="batch")
            return _File.model_validate(made).id

    async def find_file(self, name: str) -> str | None:
        """The id of an uploaded file of that name, None where there is none."""
        async with self._translated():
            page = await self._client.files.list(purpose="batch", limit=_MOST_A_PAGE)
            files = _Files.model_validate(page).data
            return next((file.id for file in files if file.filename == name), None)

    async def create(self, file: str, tag: str) -> BatchJob:
        """Start a batch for an uploaded file. The provider bills its requests from now on."""
        async with self._translated():
            made = await self._client.batches.create(
                input_file_id=file,
                endpoint="/v1/chat/completions",
                completion_window="24h",  # WINDOW_HOURS
                metadata={_TAG: tag},
            )
            return BatchJob.model_validate(made)

    async def find(self, tag: str, since: float) -> BatchJob | None:
        """The batch that was created with `tag` after `since` (Unix seconds), None without one."""
        from openai import omit

        after = ""
        while True:
            async with self._translated():
                page = await self._client.batches.list(limit=_MOST_A_PAGE, after=after or omit)
                batches = _Batches.model_validate(page).data
            for batch in batches:
                if (batch.metadata or {}).get(_TAG) == tag:
                    return batch
            if not batches or batches[-1].created_at < since:  # the newest come first
                return None
            after = batches[-1].id

    async def get(self, batch: str) -> BatchJob:
        """The progress of a batch."""
        async with self._translated():
            return BatchJob.model_validate(await self._client.batches.retrieve(batch))

    async def cancel(self, batch: str) -> BatchJob:
        """Cancel a batch. The requests that are already answered are billed and can be read."""
        async with self._translated():
            return BatchJob.model_validate(await self._client.batches.cancel(batch))

    async def download(self, file: str, path: Path) -> None:
        """Write the content of a file to `path`, up to what a batch can bring back."""
        left = _MOST_RESULT_BYTES
        client = connect(self._base_url, self._api_key, most_bytes=None)
        content = client.files.with_streaming_response.content
        async with self._translated(_FILE_SECONDS), client, content(file) as response:
            with path.open("wb") as written:
                async for chunk in response.iter_bytes(_CHUNK_BYTES):
                    written.write(chunk[:left])
                    left -= len(chunk)
                    if left <= 0:
                        _log.warning("%s sent more than a batch can bring back", self.host)
                        return

    async def delete(self, file: str) -> None:
        """Delete a file."""
        async with self._translated():
            await self._client.files.delete(file)

    @property
    def _client(self) -> AsyncOpenAI:
        if self._opened is None:
            self._opened = connect(self._base_url, self._api_key)
        return self._opened

    @asynccontextmanager
    async def _translated(self, seconds: float = CALL_SECONDS) -> AsyncIterator[None]:
        """Bound the time of the calls made inside, and translate their errors."""
        import aiohttp
        import httpx2
        import openai

        try:
            async with asyncio.timeout(seconds):
                yield
        except openai.APIStatusError as error:
            if error.status_code in _MISSING:
                raise NoBatchEndpointError(
                    f"{self.host} has no batches, or not this one ({error.status_code} for "
                    f"{error.request.url.path}); use --api direct"
                ) from error
            raise from_status(error, self.host) from error
        except ValidationError as error:
            raise ProviderUnavailableError(
                f"{self.host} answered something else than was asked for; check that the base URL "
                "is the address of an OpenAI-compatible API, mostly ending in /v1"
            ) from error
        except TimeoutError as error:
            raise ProviderUnavailableError(
                f"{self.host} did not answer within {seconds:g} s; try again later"
            ) from error
        except (openai.OpenAIError, httpx2.HTTPError, aiohttp.ClientError, OSError) as error:
            raise from_network(error, self.host) from error
