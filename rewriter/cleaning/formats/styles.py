"""What the style sheets inside of a page, and its `style` attributes, declare for an element.

A rule hides an element only where no weightier one shows it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from rewriter.cleaning.formats.animations import Frames, added_frames, read_animations
from rewriter.cleaning.formats.concealment import (
    EXTENTS,
    OFFSETS,
    Colour,
    are_alike,
    background,
    colour_of,
    hides,
    text_colour,
)
from rewriter.cleaning.formats.selectors import (
    Matcher,
    key_of,
    read_selector,
    split_selectors,
    unescaped,
)
from rewriter.remembering import looked_up

if TYPE_CHECKING:
    from lxml.etree import _Element

# The properties that can make text unseen, or seen again.
PROPERTIES = frozenset([
    "display", "visibility", "content-visibility", "opacity", "filter", "zoom", "scale",
    "transform", "translate", "font", "font-size", "color", "-webkit-text-fill-color",
    "background", "background-color", "text-indent", "position", "left", "right", "top", "bottom",
    "margin", "margin-left", "margin-top", "clip", "clip-path", "width", "height", "max-width",
    "max-height", "overflow", "overflow-x", "overflow-y", "line-height", "letter-spacing",
    "word-spacing", "rotate", "mask", "mask-image", "-webkit-mask", "-webkit-mask-image",
    "mask-size", "-webkit-mask-size",
    "z-index", "isolation", "will-change", "perspective", "mix-blend-mode", *OFFSETS, *EXTENTS,
])  # fmt: skip
_NOTHING: Mapping[str, str] = {}
# Words without which no declaration hides, and what must stand at one of them; a set of simple
# searches costs a tenth of one search for all. Of colours those near white are looked for.
_HIDING = tuple((word, re.compile(pattern)) for word, pattern in (
    ("none", r"display\s*:\s*none"),
    ("hidden", r"visibility\s*:\s*hidden|(?:height|width)\s*:\s*[01](?:px|\D|$)"),
    ("collapse", r"visibility\s*:\s*collapse"),
    ("opacity", r"opacity\s*[:(]\s*0?\.?0"),
    ("indent", r"text-indent\s*:\s*(?:-|\d{2})"),
    ("-", r"-\s*\d{3}"),
    (":", r":\s*\d{4}"),
    ("clip", r"clip(?:-path)?\s*:\s*(?:rect|inset|circle|polygon)|overflow(?:-[xy])?\s*:\s*clip"),
    ("blur", r"blur\("),
    ("rotate", r"rotate(?:[xy]\(|\s*:\s*[xy])"),
    ("matrix", r"matrix\(\s*0"),
    ("spacing", r"spacing\s*:\s*-"),
    ("z-index", r"z-index\s*:\s*-"),
    ("block-size", r"block-size\s*:\s*[01](?:px|\D|$)"),
    ("inline-size", r"inline-size\s*:\s*[01](?:px|\D|$)"),
    ("mask", r"mask(?:-image)?\s*:\s*linear|mask-size\s*:\s*0"),
    ("calc(0", r"calc\(0"),
    ("min(0", r"min\(0"),
    ("var", r":\s*var\("),
    ("scale", r"scale(?:[xy3d]{0,2}\(|\s*:)\s*0?\.?0"),
    ("translate", r"translate(?:[xy3d]{0,2}\(|\s*:)\s*-?\d{3}"),
    ("zoom", r"zoom\s*:\s*0?\.?0"),
    ("font", r"font(?:-size)?\s*:\s*(?:[a-z]+\s+)*(?:[0-3](?:\.\d+)?(?:px|pt|\s|/|;|$)"
             r"|0?\.[01]\d*r?em|0r?em|\d%)"),
    ("color", r"(?<![-\w])color\s*:\s*(?:#f|#[def]\w{5}|white|snow|ivory|transparent|\w{3,5}\()"),
    ("background", r"(?<![-\w])color\s*:"),
    ("fill-color", r"fill-color\s*:\s*(?:#f|white|transparent|\w{3,5}\()"),
    ("\\", r"\\"),
))  # fmt: skip
_ROOTS = frozenset(("html", "body", ":root"))
# Red, green and blue of letters that are unseen on white.
_LIGHT = 230.0
_NAMED = re.compile(r"[.#]((?>(?:[\w\x80-\U0010ffff-]++|\\.)+))")
# The longest sheets inside of real pages; what comes after is not read.
_MOST_CSS = 1_000_000
# Frames of animations that are tried for an element: a stranger may write thousands.
_MOST_TRIED = 200
# A screen of this width in pixels is looked at, as wide as most that articles are read on.
_SCREEN = 1_280

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?")
_CONDITION = re.compile(r"(@[^{};@]*+)\{((?>(?:[^{}]++|\{[^{}]*+\})*))\}")
# Conditions inside of conditions, and brackets inside of brackets.
_NESTED = 3
_MEDIA = re.compile(r"@media\b", re.IGNORECASE)
_WIDTH = re.compile(r"\(\s*(min|max)-width\s*:\s*([\d.]+)(px|em|rem)\s*\)")
_RANGE = re.compile(r"\(\s*width\s*([<>])=?\s*([\d.]+)(px|em|rem)\s*\)")
_VARIABLE = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,([^()]*))?\)")
_ROOT = re.compile(r":root\s*\{([^{}]*)\}")
_DECLARES = re.compile(r"(--[\w-]+)\s*:\s*([^;{}]{1,200})")
_OTHER_MEDIA = re.compile(r"print|speech|aural|\bnot\b|\(", re.IGNORECASE)


class _Rule(NamedTuple):
    selector: str
    place: int
    body: str


class _Block(NamedTuple):
    selectors: tuple[str, ...]
    body: str
    place: int


T = TypeVar("T")
_RuleIndex = dict[str, list[_Rule]]


class Styles:
    """The declarations that hold for the elements of one page."""

    def __init__(self, tree: _Element) -> None:
        """Read the `style` elements of `tree`."""
        sheets = [s for s in tree.iter("style") if _applies(f"@media {s.get('media') or 'all'}")]
        css = "\n".join(str(sheet.text or "") for sheet in sheets)[:_MOST_CSS]
        css = css.replace("&gt;", ">")  # programs that save pages escape it
        self.elsewhere = any(
            "stylesheet" in (link.get("rel") or "").lower() for link in tree.iter("link")
        )
        self._matcher = Matcher()
        self._whole: dict[_Element, Mapping[str, str]] = {}
        self._nearest: dict[Callable[..., Any], dict[_Element, Any]] = {}
        self._blocks: list[_Block] = []
        self._hiding: _RuleIndex = {}
        self._by_names: dict[tuple[object, ...], Sequence[_Rule]] = {}
        self._speaking: dict[tuple[str, ...], _RuleIndex] = {}
        self._animations: dict[str, Frames] = {}
        if css:
            css = _with_root(css)
            self._animations = read_animations(css)
            names = (one.get(name) for one in tree.iter("*") for name in ("class", "id"))
            own = frozenset(" ".join(filter(None, names)).split())
            self._blocks = list(_blocks(css, own, self._animations))
            dark = list(_dark_grounds(self._blocks))
            hiding = (
                block
                for block in self._blocks
                if any(word in block.body and hint.search(block.body) for word, hint in _HIDING)
                or (dark and "color" in block.body)
            )
            wanted = _hides if self.elsewhere else partial(_may_hide, dark=dark)
            self._hiding = _indexed(hiding, wanted)

    def of(self, element: _Element, attributes: Sequence[str]) -> Mapping[str, str]:
        """The declarations that may hide `element`, by property, the weightiest of each.

        Empty where none can hide it. `attributes` are the names of its own.
        """
        index = self._hiding
        if index and self._named(element, index) and any(self._fitting(element, index)):
            return self.whole(element)
        said = element.get("style") if "style" in attributes else None
        return _plain(declarations(_animated(said, self._animations))) if said else _NOTHING

    def whole(self, element: _Element) -> Mapping[str, str]:
        """The declarations of `element`, by property, the weightiest of each."""
        if element not in self._whole:
            rules = sorted(self._fitting(element, self._index), key=lambda rule: rule[0])
            found: dict[str, str] = {}
            own = _animated(element.get("style") or "", self._animations)
            for body in (*(body for _, body in rules), own):
                for name, value in declarations(body).items():
                    if "!important" in value or "!important" not in found.get(name, ""):
                        found[name] = value
            self._whole[element] = _plain(found)
        return self._whole[element]

    def nearest(self, element: _Element, judge: Callable[[_Element, Styles], T | None]) -> T | None:
        """What `judge` makes of the nearest element around this one of which it makes anything.

        It is asked once about each element of the page.
        """
        known = self._nearest.setdefault(judge, {})
        passed: list[_Element] = []
        found: T | None = None
        for around in element.iterancestors():
            if around in known:
                found = known[around]
                break
            passed.append(around)
            if (found := judge(around, self)) is not None:
                break
        known.update(dict.fromkeys(passed, found))
        return found

    def speaking_of(self, element: _Element, words: tuple[str, ...]) -> bool:
        """True where the declarations of `element` may have one of these words."""
        if element.get("style"):
            return True
        if words not in self._speaking:
            blocks = (b for b in self._blocks if any(word in b.body for word in words))
            self._speaking[words] = _indexed(blocks)
        index = self._speaking[words]
        return bool(index) and any(self._fitting(element, index))

    @cached_property
    def _index(self) -> _RuleIndex:
        return _indexed(self._blocks)

    def _named(self, element: _Element, index: _RuleIndex) -> Sequence[_Rule]:
        """The rules that may name the element, by what most elements of a page have in common."""
        attributes = element.keys()
        own = (id(index), element.tag, element.get("class"), element.get("id"), *attributes)
        if own not in self._by_names:
            names = self._matcher.names(element)
            keys = ("", str(element.tag), *names, *map("[".__add__, attributes))
            self._by_names[own] = [rule for key in keys for rule in index.get(key, ())]
        return self._by_names[own]

    def _fitting(
        self, element: _Element, index: _RuleIndex
    ) -> Iterator[tuple[tuple[int, ...], str]]:
        """The rules that name the element: weight and declarations."""
        rules = self._named(element, index)
        around = self._matcher.around(element, len(rules)) if rules else 0
        for rule in rules:
            selector = read_selector(rule.selector)
            if selector is None or selector.around & ~around:
                continue
            if self._matcher.fits(element, selector):
                yield (*selector.weight, rule.place), rule.body


def _dark_grounds(blocks: Iterable[_Block]) -> Iterator[Colour]:
    """The colours of the whole page's ground that letters of light colours are seen on."""
    for block in blocks:
        if not _ROOTS.isdisjoint(block.selectors):
            ground = colour_of(background(_plain(declarations(block.body))))
            if ground is not None and min(ground[:3]) < _LIGHT:
                yield ground


def _may_hide(declared: Mapping[str, str], dark: Iterable[Colour] = ()) -> bool:
    """True for declarations that hide text on a ground of their own, a light or a `dark` one."""
    colour = text_colour(_plain(declared))
    light = colour is not None and min(colour[:3]) >= _LIGHT
    return light or any(are_alike(colour, ground) for ground in dark) or _hides(declared)


def _hides(declared: Mapping[str, str]) -> bool:
    """True for declarations that hide text alone, or with a place or a frame from elsewhere."""
    said = _plain(declared)
    if are_alike(text_colour(said), colour_of(background(said))):
        return True
    behind = said.get("z-index", "").startswith("-")
    return behind or hides({"overflow": "hidden", **said, "position": "absolute"}) is not None


def _names_only(text: str, names: frozenset[str]) -> bool:
    """True for a selector of which the page has all classes and ids."""
    if "(" in text or "\\" in text:
        return names.issuperset(map(unescaped, _NAMED.findall(text.split("(")[0])))
    first = _NAMED.search(text)  # on most rules of a site's sheet this tells
    return first is None or (first[1] in names and names.issuperset(_NAMED.findall(text)))


def _indexed(
    blocks: Iterable[_Block], wanted: Callable[[Mapping[str, str]], bool] | None = None
) -> _RuleIndex:
    """The wanted rules by what they name last."""
    found: _RuleIndex = {}
    for block in blocks:
        if wanted is None or wanted(declarations(block.body)):
            for text in block.selectors:
                found.setdefault(key_of(text), []).append(_Rule(text, block.place, block.body))
    return found


@looked_up(4096, longest=1_000)
def declarations(style: str) -> Mapping[str, str]:
    """The declarations of a `style` attribute that `PROPERTIES` names, in lower case."""
    if ":" not in style:
        return {}
    plain = _ESCAPE.sub(lambda code: chr(min(int(code[1], 16), 0x10FFFF)), _COMMENT.sub("", style))
    found: dict[str, str] = {}
    plain = plain.lower()
    if "var(" in plain:
        plain = _with_variables(plain)
    for part in plain.split(";"):
        name, colon, value = part.partition(":")
        if colon and (name := name.strip()) in PROPERTIES:
            found[name] = " ".join(value.replace("! important", "!important").split())
    return found


def _animated(style: str, known: Mapping[str, Frames]) -> str:
    """The declarations with those of the frames of their animations, seen ones where there are."""
    if not known or "animation" not in style:
        return style
    said = declarations(style)
    # No animation runs in what is not displayed, or changes what is said to be important.
    if said.get("display") == "none" or any("!important" in value for value in said.values()):
        return style
    left = _MOST_TRIED
    for frames in added_frames(style, known):
        tried = [f"{style};{frame}" for frame in frames[: max(left, 1)]]
        left -= len(tried)
        seen = (one for one in tried if hides(_plain(declarations(one))) is None)
        style = next(seen, tried[0])
    return style


def _with_root(css: str) -> str:
    """The style sheet with the values of the variables that it declares for the whole page."""
    # The first counts: those of a dark scheme come later.
    known = dict(reversed(_DECLARES.findall(" ".join(_ROOT.findall(css)))))
    return _VARIABLE.sub(lambda one: known.get(one[1], one[0]), css) if known else css


def _with_variables(style: str) -> str:
    """The declarations with the values of their own variables, or else the fallbacks."""
    parts = (part.partition(":") for part in style.split(";") if part.strip().startswith("--"))
    known = {name.strip(): value for name, _, value in parts}
    return _VARIABLE.sub(lambda one: known.get(one[1], one[2] or ""), style)


def _plain(declared: Mapping[str, str]) -> Mapping[str, str]:
    return {name: value.replace("!important", "").strip() for name, value in declared.items()}


def _blocks(css: str, names: frozenset[str], known: Mapping[str, Frames]) -> Iterator[_Block]:
    """The rules that hold on a screen, in their order, for what the page has.

    `known` are the frames of animations, by their names.
    """
    css = _COMMENT.sub("", css)
    for _ in range(_NESTED):
        css, found = _CONDITION.subn(lambda rule: rule[2] if _applies(rule[1]) else "", css)
        if not found:
            break
    for place, rule in enumerate(css.split("}")):
        listed, _, body = rule.rpartition("{")
        # Declarations, or the opening of a rule around this one, may stand before it.
        listed = listed[max(listed.rfind(";"), listed.rfind("{")) + 1 :].replace("&", " ")
        if in_page := tuple(one for one in split_selectors(listed) if _names_only(one, names)):
            yield _Block(in_page, _animated(body.lower(), known), place)


@looked_up(1024, longest=1_000)
def _applies(opening: str) -> bool:
    """True for `@media` that holds on a wide screen, and for what is no condition of a medium."""
    if not _MEDIA.match(opening):
        return opening.startswith(("@supports", "@layer", "@container", "@scope")) and (
            not opening.startswith("@supports not")
        )
    return any(_holds(query) for query in opening[len("@media") :].split(","))


def _holds(query: str) -> bool:
    query = _RANGE.sub(lambda r: f"({'min' if r[1] == '>' else 'max'}-width:{r[2]}{r[3]})", query)
    for side, number, unit in _WIDTH.findall(query):
        width = float(number) * (1 if unit == "px" else 16) if number.count(".") < 2 else 0.0
        if (side == "min" and width > _SCREEN) or (side == "max" and width < _SCREEN):
            return False
    return _OTHER_MEDIA.search(_WIDTH.sub("", query)) is None
