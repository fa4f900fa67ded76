"""A content root with three examples: one repaired, one held, one Markdown file."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from examples.demo import HELD, REPAIRED
from examples.editor import RAW, Editor
from rewriter.review import articles
from rewriter.review.articles import Reviewed
from rewriter.runs import setup
from rewriter.runs.publishing import process
from rewriter.settings import Settings
from tests.provider import Provider


@pytest.fixture
def provider() -> Iterator[Provider]:
    with Provider(answer=Editor([REPAIRED, HELD])) as running:
        yield running


@pytest.fixture(scope="session")
def shared_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site that tests only read."""
    with Provider(answer=Editor([REPAIRED, HELD])) as provider:
        return _made(tmp_path_factory.mktemp("shared"), provider)


@pytest.fixture
def site(provider: Provider, tmp_path: Path) -> Path:
    """The folder of finished articles; the raw ones lie in `raw` beside it."""
    return _made(tmp_path, provider)


@pytest.fixture
def settings(provider: Provider) -> Settings:
    return _settings(provider)


def _settings(provider: Provider, root: Path | None = None) -> Settings:
    return Settings(
        engine="openai",
        model="gpt-4.1-mini",
        base_url=provider.base_url,
        api_key=SecretStr("test-key"),
        root=root,
    )


def _made(root: Path, provider: Provider) -> Path:
    raw, out = root / "raw", root / "site"
    raw.mkdir()
    for name in ("exchange-fees.json", "stablecoin-reserves.txt", "quantum-clock.md"):
        shutil.copy(RAW / name, raw)
    rewrite(raw, _settings(provider, root), out=out)
    return out


def rewrite(path: Path, settings: Settings, **place: Any) -> None:
    """Rewrite what lies at or below a path; the browser's event loop has this thread."""
    items, job = setup.prepare([str(path)], settings, **place)

    async def run() -> None:
        for item in items:
            await process(item, job)
        await job.backend.aclose()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, run()).result()


def load(path: Path, settings: Settings) -> Reviewed:
    """The one article at or below a path, as the page shows it."""
    (entry,) = articles.entries([str(path)], settings)
    return articles.load(entry, settings)
