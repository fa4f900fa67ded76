"""What a page declares of itself: linked data (JSON-LD), `meta`, `link`, `time` and `itemprop`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from rewriter.cleaning.dates import is_day, parse_instant
from rewriter.cleaning.facts import publisher_name
from rewriter.cleaning.formats.item_facts import facts_of, short_text
from rewriter.cleaning.page import PageFacts
from rewriter.cleaning.people import people
from rewriter.items.fields import META, is_address, read_item

if TYPE_CHECKING:
    from lxml.etree import _Element

# What plugins of content systems put above a name in previews of links.
_WRITTEN_BY = frozenset([
    "written by", "author", "autor", "auteur", "verfasst von", "geschrieben von", "escrito por",
    "écrit par", "rédigé par", "scritto da", "geschreven door", "автор", "napisane przez",
])  # fmt: skip
_LAST_COMMA = re.compile(
    r",(\s*[}\]])(?=(?>(?:[^\"\\]|\\.|\"(?>(?:[^\"\\]|\\.)*)\")*)$)", re.DOTALL
)
_MOST_LINKED_DATA = 1_000_000
_DEPTH = 4
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def declared_facts(tree: _Element) -> PageFacts:
    """What linked data says, otherwise what the other declarations say; None where they do not."""
    said = _said(tree)
    nodes = [node for script in _scripts(tree) for node in _nodes(script, _DEPTH)]
    article = next((node for node in nodes if _is_article(node)), None)
    linked = _linked(article, nodes)
    kinds = [map(str, _listed(node.get("@type"))) for node in nodes]
    pages = [any(kind.endswith("Page") for kind in own) for own in kinds]
    own = [node for node, page in zip(nodes, pages, strict=True) if page or node is article]
    titles = (*said.get("og:title", ()), *said.get("twitter:title", ()), tree.findtext(".//title"))
    # The headline of linked data may be a description (Wikipedia's is).
    title = next(filter(None, map(short_text, titles)), linked.title)
    address = _canonical(tree) or next(filter(is_address, said.get("og:url", ())), None)
    published, updated = (
        [*(node.get(name) for node in own), *(v for one in names for v in said.get(one, ()))]
        for name, names in (("datePublished", META["published"]), ("dateModified", META["updated"]))
    )
    linked = replace(
        linked,
        title=title,
        published_at=_with_clock(linked.published_at, published),
        updated_at=_with_clock(linked.updated_at, updated),
    )
    return linked.filled(
        published_at=_with_clock(_first_time(said, META["published"]), published)
        or _time_element(tree),
        updated_at=_with_clock(_first_time(said, META["updated"]), updated),
        author=next((v for name in META["author"] for v in said.get(name, ()) if people(v)), None)
        or _labelled_author(said),
        publisher=next(
            (v for name in META["publisher"] for v in said.get(name, ()) if publisher_name(v)), None
        ),
        url=address,
        image=_image(said, address or linked.url),
        lang=tree.get("lang") or tree.get("xml:lang") or _language(said),
    )


def _said(tree: _Element) -> dict[str, list[str]]:
    """The contents of `meta` and of elements with `itemprop`, by name in lower case."""
    found: dict[str, list[str]] = {}
    for element in tree.iter("meta", "time", "span", "a", "div", "link", "address"):
        if element.tag != "meta" and not element.get("itemprop"):
            continue
        names = map(element.get, ("property", "name", "itemprop", "http-equiv"))
        value = element.get("content") or element.get("datetime")
        if not value and element.tag != "meta":
            value = " ".join("".join(element.itertext()).split())[:200]
        for name in filter(None, names):
            if text := short_text(value):
                found.setdefault(str(name).strip().lower(), []).append(text)
    return found


def _first_time(said: Mapping[str, list[str]], names: Sequence[str]) -> datetime | None:
    values = (value for name in names for value in said.get(name, ()))
    return next((when for value in values if (when := parse_instant(value)) is not None), None)


def _with_clock(day: datetime | None, values: Sequence[object]) -> datetime | None:
    """The instant that the page declares elsewhere for the same day with its time, else `day`."""
    if day is None or not is_day(day):
        return day
    same = (parse_instant(v) for v in values if isinstance(v, str) and _is_of_day(v, day))
    return next((when for when in same if when is not None and not is_day(when)), day)


def _is_of_day(value: str, day: datetime) -> bool:
    """True for an instant of this calendar day in its own zone."""
    if iso := _ISO_DAY.match(value.strip()):
        return iso[0] == day.date().isoformat()
    when = parse_instant(value)
    return when is not None and when.date() == day.date()


def _time_element(tree: _Element) -> datetime | None:
    """The time that an article's only, or marked, `time` element gives."""
    times = [one for one in tree.iter("time") if one.get("datetime")]
    marked = [
        one
        for one in times
        if one.get("pubdate") is not None or "publish" in (one.get("class") or "").lower()
    ]
    for one in marked or (times if len({t.get("datetime") for t in times}) == 1 else []):
        if (when := parse_instant(one.get("datetime"))) is not None:
            return when
    return None


def _labelled_author(said: Mapping[str, list[str]]) -> str | None:
    """The name below "Written by" in the preview of a link."""
    for number in ("1", "2"):
        label = next(iter(said.get(f"twitter:label{number}", ())), "")
        name = next(iter(said.get(f"twitter:data{number}", ())), None)
        if label.casefold() in _WRITTEN_BY and people(name):
            return name
    return None


def _image(said: Mapping[str, list[str]], address: str | None) -> str | None:
    """The address of the picture, whole where the page's own is known."""
    images = (
        _joined(address or "https:", value) for n in META["image"] for value in said.get(n, ())
    )
    return next(filter(is_address, images), None)


def _language(said: Mapping[str, list[str]]) -> str | None:
    found = (value for name in META["language"] for value in said.get(name, ()))
    return next((value.replace("_", "-") for value in found), None)


def _canonical(tree: _Element) -> str | None:
    base = next((one.get("href") for one in tree.iter("base") if one.get("href")), None)
    for link in tree.iter("link"):
        if (link.get("rel") or "").lower() == "canonical":
            address = _joined(base or "https:", (link.get("href") or "").strip())
            if address:
                return address
    return None


def _joined(base: str, address: str) -> str:
    """The whole address; empty where its host is not known."""
    try:
        whole = urljoin(base, address)
        return whole if urlsplit(whole).hostname else ""
    except ValueError:
        return ""


# --- linked data -------------------------------------------------------------------------------


def _linked(article: Mapping[str, Any] | None, nodes: Sequence[Mapping[str, Any]]) -> PageFacts:
    """The facts of an article in the page's linked data, of which `nodes` are all parts."""
    if article is None:
        return PageFacts()
    by_id = {str(node["@id"]): node for node in nodes if "@id" in node and len(node) > 1}
    whole = {name: _resolved(value, by_id) for name, value in article.items()}
    whole["author"] = [
        one
        for one in _listed(whole.get("author"))
        if not (isinstance(one, Mapping) and "Organization" in str(one.get("@type")))
    ]
    facts = facts_of(read_item(whole))
    return PageFacts(
        title=facts.title,
        published_at=facts.published_at,
        updated_at=facts.updated_at,
        publisher=publisher_name(facts.publisher),
        author=people(facts.author),
        url=facts.url,
        image=facts.image,
        category=facts.category,
    )


def _scripts(tree: _Element) -> Iterator[Any]:
    for script in tree.iter("script"):
        text = script.text or ""
        if (script.get("type") or "").lower() != "application/ld+json":
            continue
        if len(text) > _MOST_LINKED_DATA:
            continue
        try:
            plain = text.strip().removeprefix("<![CDATA[").removesuffix("]]>")
            yield json.loads(_LAST_COMMA.sub(r"\1", plain), strict=False)
        except (ValueError, RecursionError):
            continue


def _nodes(value: object, depth: int) -> Iterator[Mapping[str, Any]]:
    if depth == 0:
        return
    if isinstance(value, list):
        for one in value:
            yield from _nodes(one, depth - 1)
    elif isinstance(value, Mapping):
        yield value
        for name in ("@graph", "mainEntity", "hasPart"):
            yield from _nodes(value.get(name), depth - 1)


def _is_article(node: Mapping[str, Any]) -> bool:
    kinds = " ".join(map(str, _listed(node.get("@type"))))
    return any(kind in kinds for kind in ("Article", "Posting", "Reportage"))


def _resolved(value: object, by_id: Mapping[str, Any]) -> object:
    """The node that a mere reference (`{"@id": ...}`) means."""
    if isinstance(value, list):
        return [_resolved(one, by_id) for one in value]
    if isinstance(value, Mapping) and set(value) <= {"@id", "@type"}:
        return by_id.get(str(value.get("@id")), value)
    return value


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
