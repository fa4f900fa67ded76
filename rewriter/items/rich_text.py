"""Rich text that content systems keep as JSON, read as lines of Markdown.

Read are the trees of Portable Text (Sanity), Contentful, Strapi, ProseMirror (TipTap), Slate,
Lexical, Editor.js, Draft.js, Notion, Arc and the like. They differ in the names of their keys: a
node has text, or nodes inside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_INSIDE = ("root", "document", "blocks", "children", "paragraphs", "content_elements", "nodes",
           "content", "rich_text", "text", "items", "data", "model", "bodyModel")  # fmt: skip
_TEXTS = ("text", "plain_text", "value", "content")
_KINDS = ("type", "nodeType", "_type", "kind")
# A node of text, and what stands inside of a sentence.
_INLINE = re.compile(
    r"(?:text|span|run|link|a|hyperlink|inline|entry-hyperlink|mention|strong|em|fragment"
    r"|autolink|url[-_]?link)",
    re.IGNORECASE,
)
_BREAK = re.compile(r"hard-?break|line-?break|br", re.IGNORECASE)
_NOT_TEXT = re.compile(
    r"image|picture|photo|video|audio|media|embed|gallery|asset|figure|advert|\bad\b|promo|related"
    r"|newsletter|social|tweet|divider|separator|interstitial|button|form|iframe|caption|credit",
    re.IGNORECASE,
)
_HEADING = re.compile(r"h([1-6])|head(?:ing|er)(?:[-_ ]?([1-6]))?|subhead(?:ing)?", re.IGNORECASE)
_LEVELS = frozenset("123456")
_ITEM = re.compile(r"list-?item|li|(?:un)?ordered-list-item|(?:bulleted|numbered)-?list-?item",
                   re.IGNORECASE)  # fmt: skip
_LIST = re.compile(r"(?:un)?(?:ordered|bullet(?:ed)?|numbered)?[-_]?list", re.IGNORECASE)
# An object with a title is an item of a list.
_TITLES = frozenset(("title", "headline"))
_DEPTH = 30
# Levels below a node that are looked at to tell what it is: the rest is looked at from below.
_LOOK = 3
_STOPS = (".", "!", "?", "…", "”", '"', "。", "؟")


def rich_text(value: object) -> str:
    """The text of a tree of nodes, its paragraphs parted by blank lines; empty for other values."""
    if not isinstance(value, list | Mapping) or not _is_tree(value):
        return ""
    return "\n\n".join(line for line in _lines(value, _DEPTH) if line.strip())


def _is_tree(value: object, depth: int = _LOOK) -> bool:
    """True for nodes, which have a kind or nodes inside; items of a list have neither."""
    if depth == 0:
        return isinstance(value, list | Mapping)
    if isinstance(value, list):
        return any(isinstance(one, Mapping) for one in value) and all(
            _is_node(one, depth) for one in value
        )
    return _is_node(value, depth)


def _is_node(value: object, depth: int) -> bool:
    if isinstance(value, str):
        return True
    return (
        isinstance(value, Mapping)
        and (
            bool(_kind(value))
            or _inside(value, depth - 1) is not None
            or isinstance(value.get("text"), str)
        )
        and _TITLES.isdisjoint(value)
    )


def _lines(value: object, depth: int, mark: str = "") -> Iterator[str]:
    if depth == 0:
        return
    if isinstance(value, str):
        yield mark + value
    elif isinstance(value, list):
        if all(map(_is_inline, value)) and not _are_paragraphs(value):
            yield mark + "".join(_inline(one, depth) for one in value)
        else:
            for one in value:
                yield from _lines(one, depth - 1, mark)
    elif isinstance(value, Mapping) and not _NOT_TEXT.search(_kind(value)):
        yield from _block(value, depth, mark)


def _are_paragraphs(nodes: list[Any]) -> bool:
    """True for nodes without a kind that are whole sentences."""
    texts = [_said(node).rstrip() for node in nodes if isinstance(node, Mapping)]
    untyped = len(texts) == len(nodes) and not any(map(_kind, nodes))
    return untyped and sum(text.endswith(_STOPS) for text in texts) >= max(len(texts) - 1, 2)


def _block(node: Mapping[str, Any], depth: int, mark: str) -> Iterator[str]:
    kind = _kind(node)
    own = _mark(node, kind) or mark
    inside = _inside(node)
    if inside is None and isinstance(node.get(kind), Mapping):  # Notion
        inside = node[kind]
    if _is_inline(node):
        yield own + _inline(node, depth)
    elif inside is not None:
        yield from _lines(inside, depth - 1, "- " if _LIST.fullmatch(kind) else own)
    elif said := _said(node):
        yield own + said


def _mark(node: Mapping[str, Any], kind: str) -> str:
    """The Markdown mark of a heading or of an item of a list."""
    for name in (str(node.get("style") or ""), kind, str(node.get("tag") or "")):
        if found := _HEADING.fullmatch(name):
            level = found[1] or found[2] or _level(node)
            return "#" * int(level) + " "
    return "- " if node.get("listItem") or _ITEM.fullmatch(kind) else ""


def _level(node: Mapping[str, Any]) -> str:
    about = node.get("attrs") if isinstance(node.get("attrs"), Mapping) else node.get("data")
    level = node.get("level") or (about.get("level") if isinstance(about, Mapping) else None)
    return str(level) if str(level) in _LEVELS else "2"


def _is_inline(node: object, depth: int = _LOOK) -> bool:
    """True for a run of text, and for a link or a break between two."""
    if isinstance(node, str):
        return True
    if not isinstance(node, Mapping):
        return False
    kind = _kind(node)
    if _INLINE.fullmatch(kind) or _BREAK.fullmatch(kind):
        said = _said(node)
        inside = _inside(node)
        whole = "\n" in said.strip() or "<p" in said.lower()
        return not whole and (
            inside is None or isinstance(inside, str) or _all_inline(inside, depth)
        )
    return not kind and isinstance(node.get("text"), str)


def _all_inline(inside: object, depth: int) -> bool:
    return depth > 0 and isinstance(inside, list) and all(_is_inline(o, depth - 1) for o in inside)


def _inline(node: object, depth: int) -> str:
    if isinstance(node, str) or depth == 0:
        return node if isinstance(node, str) else ""
    if not isinstance(node, Mapping):
        return ""
    if _BREAK.fullmatch(_kind(node)):
        return " "
    inside = _inside(node)
    if isinstance(inside, list):
        return "".join(_inline(one, depth - 1) for one in inside)
    return _inline(inside, depth - 1) if isinstance(inside, Mapping) else _said(node)


def _said(node: Mapping[str, Any]) -> str:
    return next((node[name] for name in _TEXTS if isinstance(node.get(name), str)), "")


def _inside(node: Mapping[str, Any], depth: int = _LOOK) -> object:
    """The nodes inside of a node, None where there are none."""
    for name in _INSIDE:
        inside = node.get(name)
        if inside and isinstance(inside, list | Mapping) and _is_tree(inside, depth):
            return inside
    return None


def _kind(node: Mapping[str, Any]) -> str:
    return next((node[name] for name in _KINDS if isinstance(node.get(name), str)), "")
