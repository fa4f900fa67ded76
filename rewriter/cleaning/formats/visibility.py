"""What a reader of an HTML page does not see: taken out of the tree before anything reads it.

Attributes, inline styles and the class names that frameworks share are looked at. Style sheets are
not: a rule may hold for one width of the screen only, or until a script has run.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

_CLASSES = frozenset([
    "sr-only", "screen-reader-text", "screen-reader", "screenreader", "screen-reader-only",
    "visually-hidden", "visuallyhidden", "visuallyHidden", "visually_hidden", "a11y-hidden",
    "is-visually-hidden", "u-visually-hidden", "u-hiddenVisually", "element-invisible",
    "assistive-text", "offscreen", "off-screen", "show-for-sr", "cdk-visually-hidden",
    "hidden", "d-none", "is-hidden", "hide", "display-none", "invisible", "uk-hidden",
])  # fmt: skip
# "hidden md:block", "d-none d-lg-flex": seen on a wider screen.
_RESPONSIVE = re.compile(r"(?:sm|md|lg|xl|2xl|print):|d-(?:sm|md|lg|xl|xxl|print)-|show-for-")
_ZERO = r"\s*0+(?:\.0*)?(?:px|pt|em|rem|%|vh|vw)?\s*(?:!important)?\s*(?:;|$)"
_STYLE = re.compile(
    r"(?:^|;)\s*(?:"
    r"display\s*:\s*none"
    r"|visibility\s*:\s*(?:hidden|collapse)"
    r"|content-visibility\s*:\s*hidden"
    rf"|(?:opacity|font-size|zoom)\s*:{_ZERO}"
    r"|opacity\s*:\s*0?\.0\d*\s*(?:;|$)"
    r"|font-size\s*:\s*(?:0?\.\d+|1)px"
    r"|font\s*:[^;]{0,60}\s0(?:px|pt|em)?(?:/|\s)"
    r"|text-indent\s*:\s*-\s*\d{3,}"
    r"|(?:left|top|right|bottom|margin-left|margin-top)\s*:\s*-\s*\d{3,}"
    r"|transform\s*:[^;]{0,60}(?:scale[xy]?\(\s*0\s*[,)]|translate[xy]?\(\s*-\s*\d{4,})"
    r"|clip\s*:\s*rect\(\s*(?:0|1px)"
    r"|clip-path\s*:\s*(?:inset\(\s*(?:100|50)%|circle\(\s*0)"
    r"|color\s*:\s*transparent"
    r")",
    re.IGNORECASE,
)
_NO_SIZE = re.compile(rf"(?:^|;)\s*(?:max-)?(?:height|width)\s*:{_ZERO}", re.IGNORECASE)
_CLIPPED = re.compile(r"overflow(?:-[xy])?\s*:\s*(?:hidden|clip)", re.IGNORECASE)
_COLOUR = re.compile(r"(?:^|;)\s*color\s*:\s*([^;!]{1,40})", re.IGNORECASE)
_BACKGROUND = re.compile(r"(?:^|;)\s*background(?:-color)?\s*:\s*([^;!]{1,200})", re.IGNORECASE)
_SHORT_HEX = re.compile(r"#([0-9a-f])([0-9a-f])([0-9a-f])")
_WHITE = "#ffffff"
_NAMED = {"white": _WHITE, "black": "#000000", "rgb(255,255,255)": _WHITE, "rgb(0,0,0)": "#000000"}
# Words in the classes of elements that a style sheet makes dark: white text on them is seen.
_DARK = re.compile(
    r"dark|hero|banner|cover|overlay|black|bg-|background|footer|header|inverse|btn|button"
)


def take_hidden(tree: _Element) -> list[str]:
    """Take what a reader does not see out of `tree`; gives the texts, in reading order."""
    hidden = [element for element in tree.iter() if _is_hidden(element)]
    return [text for element in hidden if (text := _taken(element))]


def _taken(element: _Element) -> str:
    """The element's text; the element leaves its tree, and the text behind it stays."""
    parent = element.getparent()
    if parent is None:
        return ""
    text = " ".join(" ".join(map(str, element.itertext())).split())
    before = element.getprevious()
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)
    return text


def _is_hidden(element: _Element) -> bool:
    if not isinstance(element.tag, str) or element.tag in ("html", "body", "head"):
        return False
    return (
        element.tag == "template"
        or (element.tag == "dialog" and element.get("open") is None)
        or _is_closed(element)
        or element.get("hidden") is not None
        or (element.get("aria-hidden") or "").strip().lower() == "true"
        or _has_hidden_class(element.get("class") or "")
        or _has_hidden_style(element)
    )


def _is_closed(element: _Element) -> bool:
    """True for what stands in a closed `details` besides its summary."""
    parent = element.getparent()
    closed = parent is not None and parent.tag == "details" and parent.get("open") is None
    return closed and element.tag != "summary"


def _has_hidden_class(classes: str) -> bool:
    return not _CLASSES.isdisjoint(classes.split()) and not _RESPONSIVE.search(classes)


def _has_hidden_style(element: _Element) -> bool:
    style = element.get("style") or ""
    if _STYLE.search(style) or (_NO_SIZE.search(style) and _CLIPPED.search(style)):
        return True
    colour = _COLOUR.search(style)
    named = colour[1] if colour else element.get("color") if element.tag == "font" else None
    return named is not None and _colour(named) == _ground(element)


def _ground(element: _Element) -> str | None:
    """The colour behind the element, where attributes tell it; a page without any is white."""
    for around in (element, *element.iterancestors()):
        style = _BACKGROUND.search(around.get("style") or "")
        if style or around.get("bgcolor"):
            return _colour(style[1] if style else around.get("bgcolor") or "")
        if around.tag != "body" and _DARK.search((around.get("class") or "").lower()):
            return None
    return _WHITE


def _colour(value: str) -> str:
    name = "".join(value.lower().split())
    name = _NAMED.get(name, name)
    return _SHORT_HEX.sub(r"#\1\1\2\2\3\3", name) if len(name) == len("#fff") else name
