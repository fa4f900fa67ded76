"""What a source holds: the items of feeds and answers, the pages that sitemaps and lists name."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from rewriter.article import Value
from rewriter.errors import FileError, SourceError
from rewriter.files import inputs
from rewriter.ingest.addresses import is_url, joined
from rewriter.items.feeds import BROKEN, NO_END, has_no_end, is_xml, root_of
from rewriter.items.fields import read_item
from rewriter.items.parts import is_json, read_items

if TYPE_CHECKING:
    from rewriter.ingest.fetching import Fetcher

_SITEMAPS = ("urlset", "sitemapindex")
_SITEMAP_DEPTH = 3
# Lines of a list of addresses are shorter, lines of an article longer.
_PROSE = 100
_MOST_UNPACKED = 50_000_000
_IF_URL = "; if it is an address, begin it with https:// or http://"


@dataclass(frozen=True)
class FoundArticle:
    """One article of a source, not yet cleaned; `data` is None for a page that is to be fetched.

    `link` is the address of an item's page.
    """

    place: str
    data: bytes | None
    id: str = ""
    link: str = ""


IngestStatus = Literal["written", "known", "duplicate", "held", "failed"]


class Ingested(Value):
    """The result for one article of a source.

    `file` is where it stands; for a duplicate, the file of the version that was kept, with
    `likeness` from 0 to 1.
    """

    status: IngestStatus
    place: str
    title: str = ""
    file: str = ""
    reason: str = ""
    likeness: float | None = None


def broken(place: str, reason: object) -> Ingested:
    """The result for a part of a source that cannot be read."""
    return Ingested(status="failed", place=place, reason=str(reason).removeprefix(f"{place}: "))


class SourceReader:
    """Reads the articles of a source.

    `known` are the validators of earlier answers by URL, files under `out` are left out, files
    of other kinds in folders are added to `passed_over`. `visited` fills with the validators of the
    documents that were read to their end.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        known: Mapping[str, Mapping[str, str]],
        out: Path,
        passed_over: inputs.PassedOver | None = None,
    ) -> None:
        self.visited: dict[str, Mapping[str, str]] = {}
        self._fetcher = fetcher
        self._known = known
        self._out = out
        self._passed_over = passed_over

    async def read(self, source: str) -> AsyncGenerator[FoundArticle | Ingested]:
        """The articles of a URL, a file or a folder, one by one.

        What is unchanged since an earlier run gives nothing. Raises `FileError` for a glob that
        matches nothing.
        """
        if is_url(source):
            async for one in self._of_url(source, _SITEMAP_DEPTH):
                yield one
            return
        for path in inputs.expand([source], self._out, self._passed_over):
            try:
                data = inputs.read(path, Path(source) if os.path.isdir(source) else None)
            except FileError as error:
                hint = "" if os.path.lexists(source) else _IF_URL
                yield broken(str(path), f"{error}{hint}")
                continue
            async for one in self._of_data(str(path), data, _SITEMAP_DEPTH):
                yield one

    async def _of_url(self, url: str, depth: int) -> AsyncIterator[FoundArticle | Ingested]:
        try:
            fetched = await self._fetcher.fetch(url, self._known.get(url))
        except FileError as error:
            yield broken(url, error)
            return
        if fetched.data is None:
            return
        async for one in self._of_data(fetched.url, fetched.data, depth):
            yield one
        self.visited[url] = fetched.validators

    async def _of_data(
        self, place: str, data: bytes, depth: int
    ) -> AsyncIterator[FoundArticle | Ingested]:
        """The articles of a document: a sitemap, items, a list of addresses, or one article."""
        try:
            text = _text(data)
        except (OSError, EOFError, ValueError) as error:
            yield broken(place, f"cannot be unpacked: {error}")
            return
        if root_of(text) in _SITEMAPS:
            if has_no_end(text):
                yield broken(place, NO_END)
            for address, is_map in _locations(text):
                if is_map and depth > 0:
                    async for one in self._of_url(address, depth - 1):
                        yield one
                elif not is_map:
                    yield FoundArticle(address, None)
        elif is_json(text) or is_xml(text):
            for one in _items(place, text):
                yield one
        elif addresses := _list(text):
            for address, line in addresses.items():
                if is_url(address) and not re.search(r"\s", address):
                    yield FoundArticle(address, None)
                else:
                    yield broken(f"{place}:{line}", f"not a URL: {address}")
        else:
            yield FoundArticle(place, data, _digest(data), place if is_url(place) else "")


def _text(data: bytes) -> str:
    if data.startswith(b"\x1f\x8b"):
        import io

        with gzip.open(io.BytesIO(data)) as packed:
            data = packed.read(_MOST_UNPACKED + 1)
        if len(data) > _MOST_UNPACKED:
            raise ValueError(f"more than {_MOST_UNPACKED:,} bytes")
    from rewriter.cleaning.decode import decode

    try:
        return decode(data).text
    except SourceError:
        return ""


def _items(place: str, text: str) -> list[FoundArticle | Ingested]:
    try:
        found = read_items(text)
    except SourceError as error:
        return [broken(place, str(error))]
    items: list[FoundArticle | Ingested] = []
    for fields in found:
        item = read_item(fields)
        link = joined(place, item.url) if item.url and is_url(place) else item.url or ""
        source = item.publisher_key or item.publisher or ""
        data = _encoded(fields)
        name = f"{place}#{item.title or item.id or link}"
        if reason := fields.get(BROKEN):
            items.append(broken(name, reason))
            continue
        id_ = f"{source} {item.id}" if item.id else _digest(data)
        items.append(FoundArticle(name, data, id_, link))
    return items


def _digest(data: bytes) -> str:
    """What stands for the id of an article that has none: its bytes."""
    return f"sha256 {hashlib.sha256(data).hexdigest()}"


def _encoded(fields: Mapping[str, object]) -> bytes:
    return json.dumps(fields, ensure_ascii=False, default=str).encode("utf-8", "replace")


def _locations(text: str) -> list[tuple[str, bool]]:
    """The addresses of a sitemap, the newest first, and whether each is a sitemap itself."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    tree = etree.fromstring(text.encode("utf-8", "replace"), parser)
    found = []
    for entry in tree.iter("{*}url", "{*}sitemap") if tree is not None else ():
        address = (entry.findtext("{*}loc") or "").strip()
        if is_url(address):
            found.append((entry.findtext("{*}lastmod") or "", address, "sitemap" in entry.tag[-7:]))
    found.sort(key=lambda one: one[0], reverse=True)
    return [(address, is_map) for _, address, is_map in found]


def _list(text: str) -> dict[str, int]:
    """The lines of a list of URLs and their numbers, without comments; empty for other texts.

    Some lines may be no URLs by mistake: fewer than the URLs, and none as long as prose.
    """
    numbered = ((line.strip(), number) for number, line in enumerate(text.splitlines(), 1))
    lines = [(line, number) for line, number in numbered if line and not line.startswith("#")]
    others = [line for line, _ in lines if not is_url(line) or re.search(r"\s", line)]
    is_list = 2 * len(others) <= len(lines) and all(len(line) < _PROSE for line in others)
    return dict(lines) if is_list else {}
