"""From sources to raw articles on disk: each story once, the best of its versions."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rewriter import document, frontmatter
from rewriter.article import Source
from rewriter.cleaning import clean
from rewriter.errors import FileError, SourceError
from rewriter.escaping import counted
from rewriter.files import atomic
from rewriter.files.inputs import PassedOver
from rewriter.frontmatter import moment
from rewriter.frontmatter.keys import KeyNames
from rewriter.ingest import journal as journals
from rewriter.ingest.addresses import is_url, untracked
from rewriter.ingest.fetching import Fetcher, Politeness, fetcher
from rewriter.ingest.journal import Journal, Story, keys_of
from rewriter.ingest.sources import FoundArticle, Ingested, SourceReader, broken
from rewriter.state import State, find_root

# Most pages in progress. Each host gets one request at a time.
_AT_A_TIME = 16
_NAME_CHARACTERS = 60
# A home page that holds a link has fewer; a brief in Korean has three.
_FEWEST_WORDS = 3
_DIGEST = 8


@dataclass(frozen=True)
class IngestPlan:
    """How sources are ingested.

    At most `limit` articles are taken of each source. With `follow` the page of an item that is an
    excerpt is fetched; None follows items of URLs only. With `duplicates` near duplicates are
    written, too. `passed_over` counts the files of other kinds in folders. `keys` are more names of
    the keys in front matter.
    """

    out: Path
    limit: int = 100
    follow: bool | None = None
    duplicates: bool = False
    politeness: Politeness = field(default_factory=Politeness)
    passed_over: PassedOver = field(default_factory=PassedOver)
    keys: KeyNames = field(default_factory=dict)


@dataclass(frozen=True)
class _NewArticle:
    """A cleaned article that is new by its id and address."""

    found: FoundArticle
    source: Source
    signature: str

    @property
    def url(self) -> str:
        return self.source.url or self.found.link

    @property
    def rank(self) -> tuple[int, float]:
        """The better of two versions is longer; of equally long ones the earlier is."""
        published = self.source.published_at
        return self.source.words, -(published.timestamp() if published else 0.0)


async def ingest(sources: Sequence[str], plan: IngestPlan) -> AsyncIterator[Ingested]:
    """Write the raw articles of `sources` under `plan.out`, and yield the result for each article.

    Raises `FileError` where the folder or the journal cannot be written.
    """
    try:
        plan.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"{plan.out}: cannot make the folder: {error.strerror}") from error
    root = find_root([str(plan.out)])
    journal = journals.load(State(root).directory / "ingested.jsonl")
    async with fetcher(plan.politeness) as web:
        try:
            reading = (_read(source, journal, web, plan) for source in sources)
            results = [one for source in await asyncio.gather(*reading) for one in source]
            for one in results:
                if isinstance(one, Ingested):
                    yield one
            candidates = [one for one in results if isinstance(one, _NewArticle)]
            for result in _written(candidates, journal, plan, root):
                yield result
        finally:
            journal.save()


async def _read(
    source: str, journal: Journal, web: Fetcher, plan: IngestPlan
) -> list[Ingested | _NewArticle]:
    """The new articles of a source, cleaned, and the results for all others."""
    reader = SourceReader(web, journal.feeds, plan.out, plan.passed_over)
    results: list[Ingested | _NewArticle] = []
    new: list[FoundArticle] = []
    addresses: set[str] = set()
    try:
        async with aclosing(reader.read(source)) as found:
            async for one in found:
                if isinstance(one, Ingested):
                    results.append(one)
                elif known := journal.known(keys_of(one.id, one.link or _address(one.place))):
                    results.append(_known(one, known))
                elif one.data is not None or one.place not in addresses:
                    new.append(one)
                    addresses.add(one.place)
                if len(new) >= plan.limit:
                    break
    except FileError as error:
        results.append(broken(source, error))
    follow = is_url(source) if plan.follow is None else plan.follow
    permits = asyncio.Semaphore(_AT_A_TIME)

    async def cleaned(found: FoundArticle) -> Ingested | _NewArticle:
        async with permits:
            return await _candidate(found, web, plan.keys, follow=follow)

    results += await asyncio.gather(*map(cleaned, new))
    # What failed is asked for again in the next run, also where its feed has not changed by then.
    if not any(isinstance(one, Ingested) and one.status == "failed" for one in results):
        for url, validators in reader.visited.items():
            journal.visit(url, validators)
    return results


def _known(one: FoundArticle, story: Story) -> Ingested:
    return Ingested(status="known", place=one.place, title=story.title, file=story.file)


def _address(place: str) -> str:
    return place if is_url(place) else ""


async def _candidate(
    found: FoundArticle, web: Fetcher, keys: KeyNames, *, follow: bool
) -> Ingested | _NewArticle:
    """The cleaned article; its page is fetched where the source has only an excerpt."""
    try:
        if found.data is None:
            source = await _of_page(found.place, web)
        else:
            if document.is_ours(found.data):
                reason = f"{document.OURS}, not a raw article"
                return Ingested(status="held", place=found.place, reason=reason)
            name = found.place.rpartition("#")[0] or found.place
            source = clean(found.data, name=name, keys=keys)
            if source.defects and follow and is_url(found.link):
                source = _joined(source, await _of_page(found.link, web))
    except FileError as error:
        return broken(found.place, error)
    if source.defects:
        reason = "; ".join(defect.message for defect in source.defects)
        return Ingested(status="held", place=found.place, title=source.title, reason=reason)
    if source.words < _FEWEST_WORDS:
        reason = f"no article: {counted(source.words, 'word')} of text"
        return Ingested(status="held", place=found.place, title=source.title, reason=reason)
    url = untracked(source.url or found.link or _address(found.place))
    source = source.model_copy(update={"url": url or None})
    return _NewArticle(found, source, journals.signature("\n".join(source.paragraphs)))


async def _of_page(url: str, web: Fetcher) -> Source:
    fetched = await web.fetch(url)
    try:
        source = clean(fetched.data or b"")
    except SourceError as error:
        raise SourceError(f"{url}: {error}") from error
    return source if source.url else source.model_copy(update={"url": fetched.url})


def _joined(item: Source, page: Source) -> Source:
    """A page's text with what its item says of it: the sender knows date and author best."""
    facts = ("published_at", "updated_at", "publisher", "author", "image")
    update = {name: said for name in facts if (said := getattr(item, name)) is not None}
    if not item.title_derived:
        update |= {"title": item.title, "title_derived": False}
    return page.model_copy(update={**update, "metadata": {**page.metadata, **item.metadata}})


# --- each story once ---------------------------------------------------------------------------


def _written(
    candidates: Sequence[_NewArticle], journal: Journal, plan: IngestPlan, root: Path
) -> list[Ingested]:
    """Write the best of each story; the results in the order of the candidates.

    The better come first, so that a story's other versions find it in the journal.
    """
    best_first = sorted(enumerate(candidates), key=lambda one: one[1].rank, reverse=True)
    results = {number: _once(one, journal, plan, root) for number, one in best_first}
    return [results[number] for number in sorted(results)]


def _once(one: _NewArticle, journal: Journal, plan: IngestPlan, root: Path) -> Ingested:
    """Write the article, unless its story is known by id, address or like text."""
    known = journal.known(keys_of(one.found.id, one.url)) or journal.alike(one.signature)
    if known is None or plan.duplicates:
        result = _write(one, plan, root)
        if result.status != "failed":
            journal.add(_story(one, result.file, one.signature))
        return result
    journal.add(_story(one, known.file, ""))  # only the kept version is compared with
    return Ingested(
        status="duplicate",
        place=one.found.place,
        title=one.source.title,
        file=known.file,
        likeness=round(journals.likeness(known.signature, one.signature), 2),
    )


def _story(one: _NewArticle, file: str, signed: str) -> Story:
    return Story(file=file, title=one.source.title, id=one.found.id, url=one.url, signature=signed)


def _write(one: _NewArticle, plan: IngestPlan, root: Path) -> Ingested:
    words = "-".join(re.findall(r"\w+", one.source.title.lower()))[:_NAME_CHARACTERS].strip("-")
    identity = one.url or one.found.id or one.source.digest()
    digest = hashlib.sha256(identity.encode("utf-8", "replace")).hexdigest()[:_DIGEST]
    path = plan.out / f"{words or 'article'}-{digest}.md"
    result = Ingested(
        status="written",
        place=one.found.place,
        title=one.source.title,
        file=os.path.relpath(path, root),
    )
    if os.path.exists(path):  # a run that was killed has written it and not its journal
        return result.model_copy(update={"status": "known"})
    try:
        atomic.create(path, raw_article(one.source))
    except FileError as error:
        return result.model_copy(update={"status": "failed", "reason": str(error)})
    return result


_KEYS = (
    *("title", "publishedAt", "updatedAt", "lang", "externalId", "source", "category", "tags"),
    *("sentiment", "coverImage"),
)


def raw_article(source: Source) -> bytes:
    """The file: front matter with what the source says of itself, then its text."""
    about = source.metadata.get("source")
    known: dict[str, Any] = {
        **source.metadata,
        "title": None if source.title_derived else source.title,
        "publishedAt": source.published_at and moment(source.published_at),
        "updatedAt": source.updated_at and moment(source.updated_at),
        "lang": source.lang,
        "source": {
            "name": source.publisher,
            **(about if isinstance(about, dict) else {}),
            "author": source.author,
            "url": source.url,
            "image": source.image,
        },
    }
    known["source"] = {key: value for key, value in known["source"].items() if value} or None
    header = {key: known[key] for key in _KEYS if known.get(key) not in (None, "", [], {})}
    return frontmatter.create(header, _body(source))


def _body(source: Source) -> str:
    blocks = list(source.paragraphs)
    for pair in source.qa:
        blocks += [f"Q: {pair.question}", f"A: {pair.answer}"]
    return "\n\n".join(blocks) + "\n"
