"""RSS, Atom and RDF as items under the names of JSON Feed, and the choice of a reader for XML."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

from rewriter.errors import SourceError
from rewriter.items.agencies import NEWSML, NITF, read_newsml, read_nitf

# Nothing but declarations, instructions and comments stands above the root of a document.
_ABOVE_ROOT = re.compile(
    r"(?:\s|<\?[^>]{0,2000}\?>|<!--(?:(?!-->).){0,20000}-->|<!DOCTYPE[^>\[]{0,2000}(?:\[[^\]]{0,20000}\]\s{0,9})?>){0,50}",
    re.DOTALL | re.IGNORECASE,
)
_ROOT = re.compile(r"<(?:[\w.-]{1,40}:)?([A-Za-z][\w.-]{0,60})[\s/>]")
_FEEDS = frozenset(("rss", "feed", "rdf", "entry"))
# A page may begin with an XML declaration, too.
_PAGES = frozenset(("html", "head", "body", "main", "article", "section", "div", "p", "h1"))
_START = 40_000
_ENTRY = re.compile(r"<(?:[\w.-]{1,40}:)?(?:item|entry)[\s>]", re.IGNORECASE)
# Where an item begins and where it ends. Text in CDATA and comments is passed over.
_BOUND = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
    r"|<(?P<end>/?)(?:[\w.-]{1,40}:)?(?:item|entry)(?:\s[^<>]*)?>",
    re.IGNORECASE | re.DOTALL,
)
# An agency's document that is whole has an end tag last of all these.
_AGENCY_BOUND = re.compile(
    r"<(/?)(?:[\w.-]{1,40}:)?(?:nitf|newsitem)(?:\s[^<>]*)?(?<!/)>", re.IGNORECASE
)
# The field of an item that says where its XML breaks off.
BROKEN = "_broken_xml"
NO_END = "the XML is cut off behind its last item: more may follow; get the file again"
# Parsing takes a second for each 2,000. Feeds have some dozens, archives of a site some thousands.
_MOST_ENTRIES = 5_000
# An item has some 15 elements; 80,000 take two seconds.
_ELEMENT = re.compile(r"<[A-Za-z]")
_MOST_ELEMENTS = 80_000
_KNOWN = "RSS, Atom, RDF, NITF and NewsML are read"


def root_of(text: str) -> str | None:
    """The name of an XML document's root in lower case, None for any other text."""
    start = text[:_START].lstrip("\ufeff")
    above = _ABOVE_ROOT.match(start)
    found = _ROOT.match(start, above.end() if above else 0)
    return found[1].lower() if found else None


def is_xml(text: str) -> bool:
    """True for feeds and agencies' documents, and for other XML that says so and is no page."""
    root = root_of(text)
    declared = text[:_START].lstrip("\ufeff \n\r\t").startswith("<?xml")
    return root in _FEEDS | NEWSML | {NITF} or (declared and root not in _PAGES | {None})


def read_xml(text: str) -> list[dict[str, Any]]:
    """The items of a feed or an agency's document. Raises `SourceError` for other XML.

    Where it was cut off between two items, the last item only says so.
    """
    root = root_of(text)
    if root in _FEEDS | NEWSML | {NITF}:
        _refuse_large(text)
        found = list(_feed(text)) if root in _FEEDS else _agency(text, root)
        if has_no_end(text) and not any(BROKEN in item for item in found):
            found.append({"title": "end of the feed", "content_html": NO_END, BROKEN: NO_END})
        return found
    if root in ("urlset", "sitemapindex"):
        raise SourceError("a sitemap, which lists pages and holds no article")
    raise SourceError(f"XML of an unknown kind (<{root}>); {_KNOWN}")


def has_no_end(text: str) -> bool:
    """Whether the end tag of an XML document's root is missing behind its last item."""
    bounds = (bound.start() for bound in _BOUND.finditer(text) if bound["end"] is not None)
    end = rf"</(?:[\w.-]{{1,40}}:)?{root_of(text)}\s*>"
    return not re.search(end, text[max(bounds, default=0) :], re.IGNORECASE)


def _agency(text: str, root: str | None) -> list[dict[str, Any]]:
    found = [read_nitf(text)] if root == NITF else list(read_newsml(text))
    last = max(_AGENCY_BOUND.finditer(text), key=re.Match.start, default=None)
    if last and not last[1]:
        found[-1][BROKEN] = _cut_off(text, last.start())
    return found


def _refuse_large(text: str) -> None:
    elements = len(_ELEMENT.findall(text))
    if elements > _MOST_ELEMENTS:
        raise SourceError(
            f"XML of {elements:,} elements, at most {_MOST_ELEMENTS:,} are read; split the file"
        )


def _feed(text: str) -> Iterator[dict[str, Any]]:
    import feedparser

    entries = len(_ENTRY.findall(text))
    if entries > _MOST_ENTRIES:
        raise SourceError(
            f"a feed of {entries:,} items, at most {_MOST_ENTRIES:,} are read; split the file"
        )
    # As a stream: a string would be taken for a file's name or a URL where it looks like one.
    parsed = feedparser.parse(
        io.BytesIO(text.encode("utf-8", "replace")),
        response_headers={"content-type": "application/xml; charset=utf-8"},
    )
    if not parsed.entries:
        raise SourceError(_empty(parsed))
    # RSS and RDF have one date for an item. Atom has one of the publication and one of the update.
    single = not str(parsed.version).startswith("atom")
    broken = _unclosed(text) if parsed.bozo else {}
    for number, entry in enumerate(parsed.entries):
        content = max((c.get("value", "") for c in entry.get("content", ())), key=len, default="")
        image = next((m["url"] for m in _media(entry) if m.get("url")), None)
        updated = dict.get(entry, "updated")  # its own `get` gives `published` for it
        found = {
            "id": entry.get("id"),
            "title": entry.get("title"),
            "url": entry.get("link"),
            "content_html": content,
            "summary": entry.get("summary"),
            "date_published": entry.get("published") or (updated if single else None),
            "date_modified": None if single else updated,
            "authors": [a["name"] for a in entry.get("authors", ()) if a.get("name")],
            "tags": [tag["term"] for tag in entry.get("tags", ()) if tag.get("term")],
            "image": image,
            "language": parsed.feed.get("language"),
            "source": {"name": entry.get("source", {}).get("title") or parsed.feed.get("title")},
            BROKEN: broken.get(number),
        }
        yield {name: value for name, value in found.items() if value}


def _unclosed(text: str) -> dict[int, str]:
    """By number, the items of a feed that have no end, and what to say of them."""
    starts: list[int] = []
    unclosed: set[int] = set()
    for bound in _BOUND.finditer(text):
        if bound["end"]:
            unclosed.discard(len(starts) - 1)
        elif bound["end"] is not None:
            unclosed.add(len(starts))
            starts.append(bound.start())
    return {number: _cut_off(text, starts[number]) for number in unclosed}


def _cut_off(text: str, start: int) -> str:
    line = text.count("\n", 0, start) + 1
    return (
        f"the XML is broken or cut off: the item that begins in line {line} has no end; "
        "get the file again"
    )


def _media(entry: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Pictures of an entry: Media RSS, and enclosures that say so."""
    yield from entry.get("media_thumbnail", ())
    for medium in entry.get("media_content", ()):
        if medium.get("medium", "image") == "image" and "video" not in medium.get("type", ""):
            yield medium
    for enclosure in entry.get("enclosures", ()):
        if str(enclosure.get("type", "")).startswith("image/"):
            yield {"url": enclosure.get("href")}


def _empty(parsed: Mapping[str, Any]) -> str:
    broken = parsed.get("bozo_exception")
    if parsed.get("bozo") and broken is not None:
        return f"the feed cannot be read: {broken}"
    return "the feed has no entries"
