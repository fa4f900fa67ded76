"""Meaning that stands in tags alone, written into the text before the tags go.

Powers and fractions keep their places, deleted text goes and inserted text stays, and quotes and
code inside a sentence do not break it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rewriter.cleaning.page import Block
from rewriter.cleaning.reasons import Reason

if TYPE_CHECKING:
    from lxml.etree import _Element

_RAISED = str.maketrans("0123456789+-−–n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻ⁿ")
_LOWERED = str.maketrans("0123456789+-−–", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋")
_POWER = re.compile(r"[+−–-]?\d{1,3}|n")
_NOTE = re.compile(r"[\[(]?(?:\d{1,3}|[*†‡§]{1,3}|[a-z])[\])]?")
_NOTE_NAME = re.compile(r"footnote|reference|\bfn|cite|noteref", re.IGNORECASE)
_SIMPLE = re.compile(r"\w+")
_SLASHES = ("/", "\u2044", "\u2215")
_CONTENTS = re.compile(
    r"(?:^|[\s_-])(?:toc|ez-toc\S*|table-?of-?contents|tableofcontents|inhaltsverzeichnis)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
# A list of this many links to places of the page is its table of contents.
_CONTENTS_LINKS = 3
# The name of elements of which the text alone stays.
_WRITTEN_AS_TEXT = "written-as-text"
_HOLDERS = ("div", "nav", "ul", "ol", "aside", "section", "details")


def settle(tree: _Element) -> list[Block]:
    """Rewrite the tree's tags as text; gives what was taken out, as blocks that are cut."""
    from lxml.etree import strip_tags

    taken: list[Block] = []
    contents = _contents(tree)
    for element in list(tree.iter(*_SETTLED, *(one.tag for one in contents))):
        reason = Reason.CONTENTS if element in contents else _reason(element)
        if reason is not None and (text := " ".join(" ".join(_pieces(element)).split())):
            taken.append(Block(text, reason=reason))
        if reason is not None:
            _replace(element, "")
        elif element.tag in _WRITTEN:
            _replace(element, _WRITTEN[element.tag](element))
        elif element.tag in ("q", "code") and _is_inline(element):
            _open(element)
    strip_tags(tree, _WRITTEN_AS_TEXT)  # together: one by one each copies the text behind
    return taken


def _reason(element: _Element) -> Reason | None:
    if element.tag in ("del", "s", "strike"):
        return Reason.DELETED
    if element.tag == "figcaption":
        return Reason.IMAGE
    if element.tag == "sup" and _is_note(element):
        return Reason.MARK
    return None


def _is_note(element: _Element) -> bool:
    """True for a mark that leads to a footnote."""
    text = _text(element)
    named = _NOTE_NAME.search(f"{element.get('class')} {element.get('id')}")
    return _NOTE.fullmatch(text) is not None and (
        text.startswith("[") or element.find(".//a") is not None or bool(named)
    )


def _contents(tree: _Element) -> set[_Element]:
    """The tables of contents, told by their names or by their links to places of the page."""
    links: dict[_Element, list[int]] = {}
    for link in [one for one in tree.iter("a") if (one.get("href") or "").startswith("#")]:
        length = len(_text(link))
        for around in link.iterancestors(*_HOLDERS):
            links.setdefault(around, []).append(length)
    told = {element for element, found in links.items() if _is_contents(element, found)}
    return {element for element in told if told.isdisjoint(element.iterancestors())}


def _is_contents(element: _Element, links: list[int]) -> bool:
    """True for an element that is little else than links of these lengths."""
    if len(links) < _CONTENTS_LINKS:
        return False
    named = _CONTENTS.search(f"{element.get('class') or ''} {element.get('id') or ''}")
    if not named and element.tag not in ("nav", "ul", "ol"):
        return False
    return sum(links) * 10 >= len(_text(element)) * (5 if named else 8)


def _placed(element: _Element) -> str:
    text = _text(element)
    if _is_part_of_fraction(element):
        return f" {text}" if element.tag == "sup" and _before(element)[-1:].isdigit() else text
    table = _RAISED if element.tag == "sup" else _LOWERED
    return text.translate(table) if _POWER.fullmatch(text) else text


def _is_part_of_fraction(element: _Element) -> bool:
    """True for each half of `<sup>1</sup>/<sub>2</sub>`."""
    if element.tag == "sup":
        return (element.tail or "").strip() in _SLASHES
    return _before(element).rstrip().endswith(_SLASHES)


def _formula(element: _Element) -> str:
    """MathML as one line: fractions with a slash, powers raised, roots with their sign."""
    parts = [_formula(part) for part in element if part.tag not in ("annotation", "annotation-xml")]
    own = (element.text or "").strip()
    if element.tag == "mfrac" and len(parts) == 2:
        return "/".join(part if _SIMPLE.fullmatch(part) else f"({part})" for part in parts)
    if element.tag in ("msup", "msub") and len(parts) == 2:
        raised = element.tag == "msup"
        sign, table = ("^", _RAISED) if raised else ("_", _LOWERED)
        small = parts[1].translate(table) if _POWER.fullmatch(parts[1]) else f"{sign}{parts[1]}"
        return parts[0] + small
    text = own + "".join(parts)
    return f"√({text})" if element.tag == "msqrt" else text


_WRITTEN = {"sup": _placed, "sub": _placed, "math": _formula}
_SETTLED = ("del", "s", "strike", "figcaption", "q", "code", *_WRITTEN)


def _before(element: _Element) -> str:
    """The text right before the element, also where it opens a `span`."""
    previous, parent = element.getprevious(), element.getparent()
    while previous is not None and previous.tag == _WRITTEN_AS_TEXT:
        if text := (previous.text or "") + (previous.tail or ""):
            return text
        previous = previous.getprevious()
    if previous is not None:
        return previous.tail or ""
    if parent is None:
        return ""
    return parent.text or (_before(parent) if parent.tag == "span" else "")


def _is_inline(element: _Element) -> bool:
    parent = element.getparent()
    return (
        parent is not None and parent.tag != "pre" and "\n" not in _text(element, keep=True).strip()
    )


def _open(element: _Element) -> None:
    """Put the element's content in its place; a quote gets its marks."""
    marks = ("“", "”") if element.tag == "q" else ("", "")
    element.text = marks[0] + (element.text or "")
    if len(element):
        element[-1].tail = (element[-1].tail or "") + marks[1]
    else:
        element.text += marks[1]
    element.tag = "span"


def _replace(element: _Element, text: str) -> None:
    element.clear(keep_tail=True)
    element.tag, element.text = _WRITTEN_AS_TEXT, text


def _text(element: _Element, *, keep: bool = False) -> str:
    text = "".join(_pieces(element))
    return text if keep else " ".join(text.split())


def _pieces(element: _Element) -> Iterator[str]:
    yield from map(str, element.itertext())
