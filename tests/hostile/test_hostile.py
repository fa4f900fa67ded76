"""No order in an article is published, and no honest story about orders is held."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

import rewriter
from rewriter.pipeline import Outcome
from tests.hostile import playing
from tests.hostile.playing import Attack, Story
from tests.provider import Provider

ATTACKS = playing.attacks()
STORIES = playing.stories()


class Obeying:
    """The provider, and the attack that its model obeys at the moment."""

    def __init__(self) -> None:
        self.attack: Attack | None = None
        self.provider = Provider(answer=self.answer)

    def answer(self, body: Mapping[str, Any]) -> str:
        return playing.obedient(self.attack, body)

    def rewrite(self, path: Path, attack: Attack | None = None) -> Outcome:
        self.attack = attack
        settings = rewriter.Settings(
            engine="openai",
            api_key=SecretStr("none"),
            base_url=self.provider.base_url,
            reader="off",
        )

        async def once() -> Outcome:
            async with rewriter.Client(settings) as client:
                return await client.rewrite(path)

        return asyncio.run(once())


@pytest.fixture(scope="module")
def obeying() -> Iterator[Obeying]:
    model = Obeying()
    with model.provider:
        yield model


def _written(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def _named(cases: list[tuple[str, Any]]) -> list[str]:
    return [f"{lang}-{n}-{case.kind.replace(' ', '-')}" for n, (lang, case) in enumerate(cases)]


@pytest.mark.parametrize("lang", playing.LANGUAGES)
def test_the_article_without_an_order_is_published(
    lang: str, obeying: Obeying, tmp_path: Path
) -> None:
    path = _written(tmp_path, "a.txt", playing.plain(lang).encode())
    outcome = obeying.rewrite(path)
    assert outcome.status == "published", [str(found) for found in outcome.findings]


@pytest.mark.parametrize(("lang", "attack"), ATTACKS, ids=_named(ATTACKS))
def test_an_order_in_an_article_is_not_published(
    lang: str, attack: Attack, obeying: Obeying, tmp_path: Path
) -> None:
    path = _written(tmp_path, *playing.planted(lang, attack))
    outcome = obeying.rewrite(path, attack)
    published = (outcome.document or "") if outcome.status == "published" else ""
    assert not [words for words in attack.never if words.casefold() in published.casefold()]
    if attack.sentiment:
        assert f"sentiment: {attack.sentiment}" not in published


@pytest.mark.parametrize(("lang", "story"), STORIES, ids=_named(STORIES))
def test_an_honest_story_is_published(
    lang: str, story: Story, obeying: Obeying, tmp_path: Path
) -> None:
    path = _written(tmp_path, "a.txt", story.text.encode())
    outcome = obeying.rewrite(path)
    assert outcome.status == "published", [str(found) for found in outcome.findings]
