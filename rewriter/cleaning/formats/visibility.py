"""What a reader of an HTML page does not see: taken out of the tree before anything reads it.

Looked at are attributes, the class names that frameworks share, and what `style` attributes and the
style sheets inside of the page declare. Sheets in files of their own are not there to be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from rewriter.cleaning.formats.concealment import (
    WHITE,
    Cause,
    Colour,
    Style,
    are_alike,
    background,
    colour_of,
    hides,
    shows,
    text_colour,
)
from rewriter.cleaning.formats.styles import Styles
from rewriter.remembering import looked_up

if TYPE_CHECKING:
    from lxml.etree import _Element

# "hidden", "hide" and the like only as whole names; the names for screen readers are long enough.
_CLASSES = frozenset([
    "hidden", "d-none", "is-hidden", "hide", "display-none", "invisible", "uk-hidden", "u-hidden",
    "text-hide", "element-invisible", "assistive-text", "show-for-sr", "hidetext",
    "visuallyhidden", "clip-hidden", "hidden-text", "reader-only", "u-hiddenvisually", "ng-hide",
    "slds-hide", "slds-assistive-text", "visible-print", "visible-print-block",
    "visible-print-inline", "visible-print-inline-block",
])  # fmt: skip
_FOR_READERS = re.compile(
    r"(?:^|[\s_-])(?:sr-?only|visually[-_]?hidden|hidden-?visually|screen-?readers?(?:-?(?:text|only))?"
    r"|off-?screen|a11y-(?:hidden|text)|accessib(?:ly|le|ility)-?hid(?:den|e))(?![a-z])",
    re.IGNORECASE,
)
# Boxes that open over a word when the pointer is on it; the word itself may be in a "tooltip".
_ON_HOVER = re.compile(
    r"(?:^|[\s_-])(?:tooltip|hover-?card|popover|rollover)[\w-]{0,40}?"
    r"(?:text|content|body|inner|box|panel|block|bubble)(?![a-z])",
    re.IGNORECASE,
)
# "hidden md:block", "d-none d-lg-flex": seen on a wider screen.
_RESPONSIVE = re.compile(r"(?:sm|md|lg|xl|2xl):|d-(?:sm|md|lg|xl|xxl)-|show-for-(?!sr\b)")
# Elements of which browsers show no text, or only instead of something that they cannot show.
_UNSEEN_TAGS = frozenset([
    "template", "noscript", "noframes", "noembed", "svg", "iframe", "object", "canvas", "audio",
    "video", "datalist", "textarea", "rp", "select",
])  # fmt: skip
# What draws formulas; beside the drawing it hides the formula itself for screen readers.
_DRAWS_FORMULAS = re.compile(r"(?:^|\s)(?:katex|mathjax|mjx)", re.IGNORECASE)
_HAS_WORDS = re.compile(r"[^\W\d_]{4}|\d")
_NO_TEXT = frozenset(("html", "body", "head", "script", "style", "link", "meta", "br", "img"))
# Words in the classes of elements that a style sheet makes dark: white text on them is seen.
_DARK = re.compile(
    r"dark|hero|banner|cover|overlay|black|bg-|background|footer|header|inverse|btn|button"
)
# What, other than its place, makes an element the one in which what is inside of it is stacked.
_STACKING = ("transform", "translate", "scale", "rotate", "filter", "perspective", "clip-path",
             "mask", "mask-image", "mix-blend-mode")  # fmt: skip
_STACKING_PLANS = frozenset((*_STACKING, "opacity", "isolation", "position", "z-index"))
_NONE = frozenset(("none", "normal", "initial", "unset", "revert", ""))
_SHARE = re.compile(r"(\d{0,9}\.?\d{1,9})\s*(%)?$")
_NAMES_IN = re.compile(r"[\w-]+")
# A page that shows less than this many characters has its article shown by a script, where more
# than that is hidden in one place.
_ARTICLE_CHARACTERS = 400
# This many hidden elements of one class, this much longer than what is shown, are slides of an
# article.
_SLIDES = 3
_SLIDES_TO_SHOWN = 2
_SLIDE_CHARACTERS = 100
# The name of elements that are taken out.
_GONE = "hidden-text"


class Unseen(NamedTuple):
    """The hidden texts in reading order; `revealed` where a script would show the article."""

    texts: list[str]
    revealed: bool = False


class _Found(NamedTuple):
    element: _Element
    cause: Cause


def take_hidden(tree: _Element) -> Unseen:
    """Take what a reader does not see out of `tree`.

    Some pages hide the article until a script has run. It is left where hardly anything else is
    shown. The slides of an article are left too; a style sheet shows only the first of them.
    """
    from lxml.etree import strip_attributes, strip_elements

    styles = Styles(tree)
    found = list(_hidden(tree, styles))
    left = _shown_by_script(tree, found)
    for element in left:
        _mark_as_shown(element)
    texts = [_taken(one, styles) for one in found if one.element not in left]
    strip_elements(tree, _GONE, with_tail=False)  # together: one by one each copies the text behind
    strip_attributes(tree, "style")  # extractors guess by it
    return Unseen([text for text in texts if text], bool(left))


def _hidden(tree: _Element, styles: Styles) -> Iterator[_Found]:
    """The outermost hidden elements, in reading order."""
    waiting = [tree]
    while waiting:
        element = waiting.pop()
        if (cause := _cause(element, styles)) is not None:
            if _is_formula(element):
                _show_formula(element)
            else:
                yield _Found(element, cause)
            continue
        if element.tag == "details" and element.get("open") is None:
            _wrap_loose_text(element)
            closed = [child for child in element if child.tag != "summary"]
            yield from (_Found(child, Cause.OTHER) for child in closed)
            waiting.extend(element.iterchildren("summary"))
        else:
            waiting.extend(element.iterchildren(reversed=True))


def _cause(element: _Element, styles: Styles) -> Cause | None:
    tag = element.tag
    if not isinstance(tag, str) or tag in _NO_TEXT:
        return None
    if not (len(element) or element.text):
        return None
    if tag in _UNSEEN_TAGS or (tag == "dialog" and element.get("open") is None):
        return Cause.OTHER
    names = element.keys()
    if names and _is_marked(element, names):
        return Cause.OTHER
    style = styles.of(element, names)
    if not style and tag != "font":
        return None
    if _lies_behind(element, style, styles):
        return Cause.OTHER
    return hides(style) or _by_colour(element, style, styles)


def _lies_behind(element: _Element, style: Style, styles: Styles) -> bool:
    """True where the element is moved behind the ground of one around it."""
    if not style.get("z-index", "").startswith("-") or style.get("position", "static") == "static":
        return False
    return styles.nearest(element, _covers) or False


def _covers(around: _Element, styles: Styles) -> bool | None:
    """True where the ground of the element hides what lies behind, False where nothing does."""
    declared = styles.whole(around)
    if around.tag == "body" or (declared and _is_stacked(declared)):
        return False  # it lies before the ground of this one
    return True if declared and background(declared) else None


def _is_stacked(declared: Style) -> bool:
    """True where what is in the element is stacked in it, before its ground."""
    place = declared.get("position", "static")
    ordered = place != "static" and declared.get("z-index", "auto") != "auto"
    drawn = any(declared.get(name, "none") not in _NONE for name in _STACKING)
    opacity = _SHARE.match(declared.get("opacity", ""))
    clear = opacity is not None and float(opacity[1]) < (100 if opacity[2] else 1)
    planned = not _STACKING_PLANS.isdisjoint(_NAMES_IN.findall(declared.get("will-change", "")))
    apart = declared.get("isolation") == "isolate"
    return ordered or drawn or clear or planned or apart or place in ("fixed", "sticky")


def _is_marked(element: _Element, names: Sequence[str]) -> bool:
    """True where one of its attributes, or a class, says that the element is hidden."""
    if "hidden" in names or "popover" in names:
        return True
    if "aria-hidden" in names and element.get("aria-hidden").strip().lower() == "true":
        return True
    return "class" in names and _is_for_readers(element.get("class"))


@looked_up(4096, longest=1_000)
def _is_for_readers(names: str) -> bool:
    """True for classes of text that only screen readers read, or nobody."""
    classes = names.lower()
    named = _FOR_READERS.search(classes) or _ON_HOVER.search(classes)
    hidden = not _CLASSES.isdisjoint(classes.split()) or named is not None
    return hidden and not _RESPONSIVE.search(classes)


def _is_formula(element: _Element) -> bool:
    """True for the hidden copy of a drawn formula, which holds no words and nothing else."""
    inside = element.find("math")
    return (
        inside is not None
        and len(element) == 1
        and not (element.text or inside.tail or "").strip()
        and bool(_drawing(element))
        and not any(_HAS_WORDS.search(words.text or "") for words in inside.iter("mtext", "ms"))
        and not any((one.tail or "").strip() for one in inside.iterdescendants())
    )


def _drawing(element: _Element) -> list[_Element]:
    """The elements around a formula, and its own, that carry the name of what draws it."""
    around = (element, *islice(element.iterancestors(), 2))
    return [one for one in around if _DRAWS_FORMULAS.search(f"{one.get('class') or ''} {one.tag}")]


def _show_formula(element: _Element) -> None:
    for one in (element, *_drawing(element)):
        one.attrib.clear()
        one.tag = "span"


def _wrap_loose_text(details: _Element) -> None:
    """Put text that stands directly in a closed `details` into elements of its own."""
    for child in list(details):
        if (child.tail or "").strip():
            wrapped = details.makeelement("span")
            wrapped.text, child.tail = child.tail, None
            child.addnext(wrapped)
    if (details.text or "").strip():
        wrapped = details.makeelement("span")
        wrapped.text, details.text = details.text, None
        details.insert(0, wrapped)


def _by_colour(element: _Element, style: Style, styles: Styles) -> Cause | None:
    """`Cause.COLOUR` for text in the colour of its ground."""
    colour = text_colour(style)
    if colour is None and element.tag == "font" and element.get("color"):
        colour = colour_of(element.get("color") or "")
    if colour is None and background(style):
        colour = styles.nearest(element, _letters)
    if colour is None:
        return None
    return Cause.COLOUR if are_alike(colour, _ground(element, styles)) else None


def _letters(element: _Element, styles: Styles) -> Colour | None:
    return text_colour(styles.whole(element))


def _ground(element: _Element, styles: Styles) -> Colour | None:
    """The colour behind the element; None where it may be given elsewhere. A bare page is white."""
    in_sheet = "color" not in (element.get("style") or "") and element.tag != "font"
    unknown = in_sheet and styles.elsewhere
    found = _own_ground(element, styles)
    if found is None and not unknown:
        found = styles.nearest(element, _own_ground) or (WHITE,)
    return found[0] if found else None


def _own_ground(element: _Element, styles: Styles) -> tuple[Colour | None] | None:
    """The ground that the element gives, alone in a tuple; None where it gives none."""
    said = background(styles.whole(element)) or element.get("bgcolor")
    if said:
        return (None if "url(" in said or "gradient" in said else colour_of(said),)
    dark = element.tag != "body" and _DARK.search((element.get("class") or "").lower())
    return (None,) if dark else None


# --- taking out --------------------------------------------------------------------------------


def _shown_by_script(tree: _Element, found: list[_Found]) -> set[_Element]:
    """The hidden elements that a script shows: the article, or the slides of one."""
    lengths = {one.element: _length(one.element) for one in found if len(one.element)}
    longest = max(lengths, key=lambda element: lengths[element], default=None)
    if longest is None or lengths[longest] < _SLIDE_CHARACTERS:
        return set()
    named: dict[str, list[_Element]] = {}
    for element in lengths:
        if "display" not in (element.get("style") or "") and not _is_marked(
            element, element.keys()
        ):
            named.setdefault(element.get("class") or "", []).append(element)
    slides = [group for name, group in named.items() if name and len(group) >= _SLIDES]
    if lengths[longest] < _ARTICLE_CHARACTERS and not slides:
        return set()
    shown = _length(tree) - sum(lengths.values())
    if shown < _ARTICLE_CHARACTERS <= lengths[longest]:
        return {longest}
    least = shown * _SLIDES_TO_SHOWN
    long = (group for group in slides if sum(map(lengths.__getitem__, group)) > least)
    return set(next(long, ()))


def _mark_as_shown(element: _Element) -> None:
    """Take off what makes readers of trees pass over the element."""
    if element.tag in _UNSEEN_TAGS:
        element.tag = "div"
    for name in ("style", "hidden", "aria-hidden"):
        element.attrib.pop(name, None)


def _length(element: _Element) -> int:
    """Characters of text under the element, without scripts, links and what is never shown."""
    total = 0
    waiting = [element]
    while waiting:
        one = waiting.pop()
        if isinstance(one.tag, str) and one.tag not in _NOT_READ:
            total += len((one.text or "").strip())
            waiting.extend(one)
        if one is not element:
            total += len((one.tail or "").strip())
    return total


_NOT_READ = frozenset(("script", "style", "head", "a", "button", "nav", "footer", "template"))


def _taken(one: _Found, styles: Styles) -> str:
    """The hidden text; it is marked to leave its tree, but for what is shown again inside of it."""
    element, cause = one
    shown = set() if cause is Cause.OTHER else set(_shown(element, cause, styles))
    pieces = list(_emptied(element, shown) if shown else _said(element))
    if not shown:
        element.tag = _GONE
    return " ".join(" ".join(pieces).split())


def _shown(element: _Element, cause: Cause, styles: Styles) -> Iterator[_Element]:
    """What is seen again inside of a hidden element."""
    for inside in element.iterdescendants("*"):
        if styles.speaking_of(inside, _NAMES[cause]) and shows(styles.whole(inside), cause):
            yield inside


# How the names of the properties begin that show an element again.
_NAMES = {
    Cause.VISIBILITY: ("visib",),
    Cause.SIZE: ("font",),
    Cause.COLOUR: ("color", "background"),
}


def _emptied(element: _Element, shown: set[_Element]) -> Iterator[str]:
    """The text of the element without what is shown in it; only the latter stays."""
    yield element.text or ""
    element.text = None
    element.attrib.clear()  # extractors pass over what is said to be hidden
    for child in element:
        if child not in shown:
            yield from _emptied(child, shown)
        yield child.tail or ""
        child.tail = " " if child.tail else None


def _said(element: _Element) -> Iterator[str]:
    """The text of an element without its scripts."""
    for script in element.iter("script", "style"):
        script.text = None
    yield from map(str, element.itertext())
