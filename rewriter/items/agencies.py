"""Documents of news agencies, NITF and NewsML (both of the IPTC), as items."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rewriter.errors import SourceError

if TYPE_CHECKING:
    from lxml.etree import _Element

# The names of the roots, in lower case.
NITF = "nitf"
NEWSML = frozenset(("newsml", "newsitem", "newsmessage"))
# What the agency does not want published (IPTC's publishing status).
_STOPPED = frozenset(("canceled", "cancelled", "withheld"))
# Pictures, their captions, and what stands below the article.
_NOT_TEXT = ("media", "body.end", "note", "alternate-code")
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def read_nitf(text: str) -> dict[str, Any]:
    """The item in a NITF document. Raises `SourceError` where it has no text."""
    tree = _tree(text)
    content = tree.find(".//body.content")
    if content is None:
        raise SourceError("the NITF document has no body.content, which holds the article")
    found = {
        "id": _attribute(tree, "doc-id", "id-string"),
        "title": _text(tree, "hl1") or _text(tree, "title"),
        "content_html": _content(content),
        "date_published": _attribute(tree, "date.issue", "norm")
        or _attribute(tree, "date.release", "norm")
        or _attribute(tree, "pubdata", "date.publication"),
        "byline": _text(tree, "byline/person") or _text(tree, "byline"),
        "source": {
            "name": _text(tree, "distributor/org")
            or _text(tree, "distributor")
            or _attribute(tree, "pubdata", "name")
            or _attribute(tree, "doc.copyright", "holder")
        },
        "tags": [k.get("key") for k in tree.iter("keyword") if k.get("key")],
        "language": tree.get(_LANGUAGE),
    }
    return {name: value for name, value in found.items() if value}


def read_newsml(text: str) -> Iterator[dict[str, Any]]:
    """The items in a document of NewsML-G2 or NewsML 1 that the agency lets be published.

    Raises `SourceError` where none has text, and where all are withheld or canceled.
    """
    tree = _tree(text)
    items = [
        item
        for item in tree.iter("newsItem", "NewsItem")
        # An item of NewsML 1 may be a package of others.
        if all(item.find(f".//{name}") is None for name in ("newsItem", "NewsItem"))
        and _newsml_content(item) is not None
    ]
    if not items:
        raise SourceError("the NewsML document has no inlineXML or DataContent with an article")
    usable = [item for item in items if not _STOPPED.intersection(_statuses(item))]
    if not usable:
        raise SourceError("the agency withholds or has canceled the article (pubStatus)")
    yield from map(_newsml, usable)


def _statuses(item: _Element) -> Iterator[str]:
    """The publishing status of an item: `stat:canceled` in NewsML-G2, "Canceled" in NewsML 1."""
    codes = [status.get("qcode") or status.get("uri") for status in item.iter("pubStatus")]
    codes += [status.get("FormalName") for status in item.iter("Status")]
    for code in codes:
        yield re.split("[:/]", code or "")[-1].lower()


def _newsml(item: _Element) -> dict[str, Any]:
    content = _newsml_content(item)
    found = {
        "id": item.get("guid") or _text(item, "NewsItemId"),
        "title": _text(item, "contentMeta/headline") or _text(item, "HeadLine"),
        "content_html": _content(content) if content is not None else "",
        "summary": _text(item, "contentMeta/description"),
        "date_published": _text(item, "itemMeta/firstCreated")
        or _text(item, "itemMeta/versionCreated")
        or _text(item, "FirstCreated"),
        "date_modified": _text(item, "itemMeta/versionCreated")
        or _text(item, "ThisRevisionCreated"),
        "byline": _text(item, "contentMeta/by")
        or _text(item, "contentMeta/creator/name")
        or _text(item, "ByLine"),
        "source": {"name": _text(item, "itemMeta/provider/name")},
        "language": _attribute(item, "contentMeta/language", "tag") or item.get(_LANGUAGE),
    }
    return {name: value for name, value in found.items() if value}


def _newsml_content(item: _Element) -> _Element | None:
    for path in ("body.content", "inlineXML//body", "inlineXML", "inlineData", "DataContent"):
        content = item.find(f".//{path}")
        if content is not None and "".join(content.itertext()).strip():
            return content
    return None


def _tree(text: str) -> _Element:
    """The document with the local names of its elements. Raises `SourceError`."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    tree: _Element | None = etree.fromstring(text.encode("utf-8", "replace"), parser)
    if tree is None:
        raise SourceError("the document cannot be read as XML")
    for element in tree.iter(etree.Element):
        name = element.tag.rpartition("}")[2].rpartition(":")[2]
        element.tag = name if name[:1].isalpha() else "_"  # "<:-" is read, too, and is no name
    return tree


def _content(content: _Element) -> str:
    """The text of an element as HTML, without pictures and what stands below the article."""
    from lxml.etree import strip_elements

    strip_elements(content, *_NOT_TEXT, with_tail=False)
    return (content.text or "") + "".join(_html(child) for child in content)


def _html(element: _Element) -> str:
    """An element as HTML: `hl2` heads a section, and `block` is a mere frame."""
    from lxml import etree

    names = {"hl2": "h2", "block": "div", "bq": "blockquote", "em": "em"}
    for inside in element.iter(etree.Element):
        inside.tag = names.get(inside.tag, inside.tag)
    return str(etree.tostring(element, encoding="unicode", method="html"))


def _text(tree: _Element, path: str) -> str:
    element = tree.find(f".//{path}")
    return "" if element is None else " ".join("".join(element.itertext()).split())


def _attribute(tree: _Element, path: str, name: str) -> str:
    element = tree.find(f".//{path}")
    return "" if element is None else str(element.get(name, ""))
