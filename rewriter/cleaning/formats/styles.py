"""What the style sheets inside of a page, and its `style` attributes, declare for an element.

Rules whose selectors are tags, classes and ids, alone or one inside of another, are read; those
with pseudo-classes or attributes hold in states of a page (hovered, opened) that no text tells.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from rewriter.cleaning.formats.concealment import (
    are_alike,
    background,
    colour_of,
    hides,
    text_colour,
)

if TYPE_CHECKING:
    from lxml.etree import _Element

# The properties that can make text unseen, or seen again.
PROPERTIES = frozenset([
    "display", "visibility", "content-visibility", "opacity", "filter", "zoom", "scale",
    "transform", "translate", "font", "font-size", "color", "-webkit-text-fill-color",
    "background", "background-color", "text-indent", "position", "left", "right", "top", "bottom",
    "margin", "margin-left", "margin-top", "clip", "clip-path", "width", "height", "max-width",
    "max-height", "overflow", "overflow-x", "overflow-y", "line-height",
])  # fmt: skip
_NO_NAMES: frozenset[str] = frozenset()
# Declarations that may hide text; of colours those near white, which most grounds are.
_MAY_HIDE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*[:(]\s*0?\.?0"
    r"|font(?:-size)?\s*:[^;]{0,40}?\b[0-3]?\.?[0-9]*(?:px|pt|r?em|%|;|/|\s|$)|text-indent\s*:"
    r"|:[^;]{0,20}-\s*\d{3}|(?:left|right|top|bottom)\s*:\s*\d{3}|clip(?:-path)?\s*:"
    r"|(?:scale|translate)|zoom\s*:|(?:height|width)\s*:\s*[01](?:px|\D|$)"
    r"|color\s*:\s*(?:#f|#[def]\w{5}|white|snow|ivory|transparent|\w{3,4}\()"
    r"|(?<!-)color\s*:[^{}]{1,200}background|background[^{}]{1,200}[;\s]color\s*:",
    re.IGNORECASE,
)
# Red, green and blue of letters that are unseen on white.
_LIGHT = 230.0
_NAMED = re.compile(r"[.#]((?:[\w-]|\\.|[^\x00-\x7f])+)")
# The longest sheets inside of real pages; what comes after is not read.
_MOST_CSS = 1_000_000
# A screen of this width in pixels is looked at, as wide as most that articles are read on.
_SCREEN = 1_280

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?")
_CONDITION = re.compile(r"(@[^{};@]*+)\{((?:[^{}]++|\{[^{}]*+\})*+)\}")
_RULE = re.compile(r"([^{};]++)\{([^{}]*+)\}")
# Conditions inside of conditions.
_NESTED = 3
_NAME = r"(?:[\w-]|\\.|[^\x00-\x7f])+"
_PART = re.compile(rf"([.#]?)({_NAME})")
_COMPOUND = re.compile(rf"(?:\*|{_NAME})?(?:[.#]{_NAME})*")
_CHILD = re.compile(r"\s*>\s*")
_MEDIA = re.compile(r"@media\b", re.IGNORECASE)
_WIDTH = re.compile(r"\(\s*(min|max)-width\s*:\s*([\d.]+)(px|em|rem)\s*\)")
_OTHER_MEDIA = re.compile(r"print|speech|aural|\bnot\b|\(", re.IGNORECASE)


class _Compound(NamedTuple):
    """`tag.class#id`; `child` is True where it must be the parent of the one to its right."""

    tag: str
    ids: frozenset[str]
    classes: frozenset[str]
    child: bool

    def fits(self, element: _Element) -> bool:
        """True where the element has the tag, the ids and the classes."""
        return (
            (not self.tag or element.tag == self.tag)
            and (not self.ids or self.ids == {element.get("id")})
            and self.classes.issubset((element.get("class") or "").split())
        )


class _Rule(NamedTuple):
    selector: tuple[_Compound, ...]  # from right to left
    weight: tuple[int, int, int, int]  # ids, classes, tags, place
    declared: Mapping[str, str]

    def fits(self, element: _Element) -> bool:
        """True where the element and those around it are what the selector names."""
        if not self.selector[0].fits(element):
            return False
        around = element.iterancestors()
        for compound in self.selector[1:]:
            near = islice(around, 1) if compound.child else around
            if not any(compound.fits(one) for one in near):
                return False
        return True


class _Block(NamedTuple):
    selectors: str
    body: str
    place: int


_Index = dict[str, list[_Rule]]


class Styles:
    """The declarations that hold for the elements of one page."""

    def __init__(self, tree: _Element) -> None:
        """Read the `style` elements of `tree`."""
        sheets = [s for s in tree.iter("style") if _applies(f"@media {s.get('media') or 'all'}")]
        css = "\n".join(str(sheet.text or "") for sheet in sheets)[:_MOST_CSS]
        self._blocks = _blocks(_COMMENT.sub("", css)) if css else []
        self._names = (
            frozenset(" ".join(tree.xpath("//@class|//@id")).split()) if css else _NO_NAMES
        )
        hiding = [block for block in self._blocks if _MAY_HIDE.search(block.body)]
        self._hiding = _indexed(hiding, self._names, _may_hide)
        self._found: dict[_Element, Mapping[str, str]] = {}
        self.elsewhere = any(
            "stylesheet" in (link.get("rel") or "").lower() for link in tree.iter("link")
        )

    def may_hide(self, element: _Element) -> bool:
        """False where no declaration for `element` can hide it."""
        if element.get("style"):
            return True
        return bool(self._hiding) and bool(_fitting(element, self._hiding))

    def of(self, element: _Element) -> Mapping[str, str]:
        """The declarations for `element` by property, the weightiest of each."""
        if not self._blocks:
            return _plain(declarations(element.get("style") or ""))
        if (known := self._found.get(element)) is None:
            known = self._found[element] = self._weighed(element)
        return known

    def _weighed(self, element: _Element) -> Mapping[str, str]:
        rules = sorted(_fitting(element, self._rules), key=lambda rule: rule.weight)
        found: dict[str, str] = {}
        for declared in (*(r.declared for r in rules), declarations(element.get("style") or "")):
            for name, value in declared.items():
                if "!important" in value or "!important" not in found.get(name, ""):
                    found[name] = value
        return _plain(found)

    @cached_property
    def _rules(self) -> _Index:
        return _indexed(self._blocks, self._names)


def _may_hide(declared: Mapping[str, str]) -> bool:
    """True for declarations that hide text alone, or with a place or a frame from elsewhere."""
    said = _plain(declared)
    colour, ground = text_colour(said), background(said)
    if colour is not None and (min(colour[:3]) >= _LIGHT or are_alike(colour, colour_of(ground))):
        return True
    return hides({"position": "absolute", "overflow": "hidden", **said}) is not None


def _indexed(
    blocks: Sequence[_Block],
    names: frozenset[str],
    wanted: Callable[[Mapping[str, str]], bool] = bool,
) -> _Index:
    """The wanted rules that name nothing which the page does not have, by what they name last."""
    found: _Index = {}
    for block in blocks:
        for text in block.selectors.split(","):
            said = {_unescaped(name) for name in _NAMED.findall(text)}
            if not said <= names or not wanted(declared := declarations(block.body)):
                continue
            if (selector := _selector(text.strip())) is not None:
                last = selector[0]
                key = next(iter((*last.ids, *last.classes)), last.tag)
                found.setdefault(key, []).append(
                    _Rule(selector, _weight(selector, block), declared)
                )
    return found


def _weight(selector: Sequence[_Compound], block: _Block) -> tuple[int, int, int, int]:
    ids = sum(len(one.ids) for one in selector)
    classes = sum(len(one.classes) for one in selector)
    return ids, classes, sum(bool(one.tag) for one in selector), block.place


def _fitting(element: _Element, index: _Index) -> list[_Rule]:
    keys = ["", str(element.tag), element.get("id") or "", *(element.get("class") or "").split()]
    return [rule for key in set(keys) for rule in index.get(key, ()) if rule.fits(element)]


@lru_cache(maxsize=1024)
def declarations(style: str) -> Mapping[str, str]:
    """The declarations of a `style` attribute that `PROPERTIES` names, in lower case."""
    if ":" not in style:
        return {}
    plain = _ESCAPE.sub(lambda code: chr(min(int(code[1], 16), 0x10FFFF)), _COMMENT.sub("", style))
    found: dict[str, str] = {}
    for part in plain.lower().split(";"):
        name, colon, value = part.partition(":")
        if colon and (name := name.strip()) in PROPERTIES:
            found[name] = " ".join(value.replace("! important", "!important").split())
    return found


def _plain(declared: Mapping[str, str]) -> Mapping[str, str]:
    return {name: value.replace("!important", "").strip() for name, value in declared.items()}


def _blocks(css: str) -> list[_Block]:
    """The rules that hold on a screen, in their order."""
    for _ in range(_NESTED):
        css, found = _CONDITION.subn(lambda rule: rule[2] if _applies(rule[1]) else "", css)
        if not found:
            break
    return [_Block(rule[1], rule[2], rule.start()) for rule in _RULE.finditer(css)]


def _applies(opening: str) -> bool:
    """True for `@media` that holds on a wide screen, and for what is no condition of a medium."""
    if not _MEDIA.match(opening):
        return opening.startswith(("@supports", "@layer", "@container"))
    return any(_holds(query) for query in opening[len("@media") :].split(","))


def _holds(query: str) -> bool:
    for side, number, unit in _WIDTH.findall(query):
        width = float(number) * (1 if unit == "px" else 16) if number.count(".") < 2 else 0.0
        if (side == "min" and width > _SCREEN) or (side == "max" and width < _SCREEN):
            return False
    return _OTHER_MEDIA.search(_WIDTH.sub("", query)) is None


def _selector(text: str) -> tuple[_Compound, ...] | None:
    """The selector from right to left; None where it is not read."""
    compounds: list[_Compound] = []
    child = False
    for part in reversed(_CHILD.sub(" > ", text).split()):
        if part == ">":
            child = True
            continue
        if not _COMPOUND.fullmatch(part):
            return None
        compounds.append(_compound(part, child))
        child = False
    return tuple(compounds) or None


def _compound(text: str, child: bool) -> _Compound:
    parts = [(sign, _unescaped(name)) for sign, name in _PART.findall(text)]
    return _Compound(
        tag=next((name.lower() for sign, name in parts if not sign), ""),
        ids=frozenset(name for sign, name in parts if sign == "#"),
        classes=frozenset(name for sign, name in parts if sign == "."),
        child=child,
    )


def _unescaped(name: str) -> str:
    return re.sub(r"\\(.)", r"\1", name) if "\\" in name else name
