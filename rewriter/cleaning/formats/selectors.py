"""Selectors of style sheets: which elements of a page they name.

Read are tags, classes, ids, attributes and places among siblings, alone, inside of one another and
beside one another. What holds in a state of the page (hovered, opened) holds for no element.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from itertools import islice, pairwise
from operator import or_
from typing import TYPE_CHECKING, NamedTuple

from rewriter.errors import SourceError
from rewriter.remembering import looked_up

if TYPE_CHECKING:
    from lxml.etree import _Element

_NAME = r"(?>(?:[\w\x80-\U0010ffff-]++|\\.)+)"
_INSIDE = r"(?>(?:[^()]++|\([^()]*+\))*)"
_PARTS = rf"[.#]{_NAME}|\[[^\]]*+\]|::?[\w-]+(?:\({_INSIDE}\))?"
_COMPOUND = re.compile(rf"(?:\*|{_NAME})?(?>(?:{_PARTS})*)")
_PART = re.compile(_PARTS)
_COMBINATOR = re.compile(r"\s*+([>+~])\s*|\s+")
_BESIDE = re.compile(r"[\s>+~]")
_ONE = re.compile(rf"(?>(?:[^,(\[]++|\({_INSIDE}\)|\[[^\]]*+\])+)")
_ATTRIBUTE = re.compile(
    r"\[\s*([\w-]+)\s*(?:([~|^$*]?=)\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'\]]+))\s*(?:[is]\s*)?)?\]",
    re.IGNORECASE,
)
_PSEUDO = re.compile(rf":([\w-]+)(?:\(({_INSIDE})\))?")
_PLACE = re.compile(r"(?:([+-]?\d{0,6})n\s*)?([+-]?\s*\d{1,6})?")
# Places without an argument, as "nth" says them.
_PLACES = {"first-child": "nth-child", "first-of-type": "nth-of-type",
           "last-child": "nth-last-child", "last-of-type": "nth-last-of-type"}  # fmt: skip
_SAYS: Mapping[str, Callable[[str, str], bool]] = {
    "=": str.__eq__,
    "^=": str.startswith,
    "$=": str.endswith,
    "*=": str.__contains__,
    "~=": lambda said, value: value in said.split(),
    "|=": lambda said, value: f"{said}-".startswith(f"{value}-"),
}
_MANY = ("is", "where", "matches", "any", "-webkit-any", "not")
# Farther siblings are not looked at.
_SIBLINGS = 100
# Bits of the sets of names in which a name is looked for first, as browsers do.
_BITS = 512

# Elements looked at for all rules together, a second of work; of 70 real pages none needs 31,000.
_MOST_ASKED = 400_000


class _Test(NamedTuple):
    """An attribute (`name`, `sign`, `value`) or a pseudo-class (`name`, "(" and its argument)."""

    name: str
    sign: str
    value: str


class _Compound(NamedTuple):
    """`tag.class#id[name=value]:place`; `beside` is how it stands to the one on its left."""

    tag: str
    names: frozenset[str]  # with their signs
    tests: tuple[_Test, ...]
    beside: str = ""


class Selector(NamedTuple):
    """Its compounds from right to left; `weight` counts ids, classes and tags.

    `around` are the bits of what the elements around the one that it names must have.
    """

    compounds: tuple[_Compound, ...]
    weight: tuple[int, int, int]
    around: int


def split_selectors(text: str) -> tuple[str, ...]:
    """The selectors of a list that is parted by commas."""
    if "(" not in text and "[" not in text:
        return tuple(text.split(","))
    return tuple(_ONE.findall(text))


@looked_up(8192, longest=1_000)
def read_selector(text: str) -> Selector | None:
    """The selector; None where it is not understood."""
    compounds: list[_Compound] = []
    text, at, beside = text.strip(), 0, ""
    while (found := _COMPOUND.match(text, at)) and found[0]:
        compounds.append(_compound(found[0])._replace(beside=beside))
        if (at := found.end()) == len(text):
            break
        if (combinator := _COMBINATOR.match(text, at)) is None:
            return None
        beside, at = combinator[1] or " ", combinator.end()
    else:
        return None
    names = [name for one in compounds for name in one.names]
    ids = sum(name.startswith("#") for name in names)
    others = len(names) - ids + sum(len(one.tests) for one in compounds)
    tags = sum(bool(one.tag) for one in compounds)
    compounds.reverse()
    around = (one for near, one in pairwise(compounds) if near.beside not in ("+", "~"))
    bits = _bits(name for one in around for name in (*one.names, one.tag) if name)
    return Selector(tuple(compounds), (ids, others, tags), bits)


def _bits(names: Iterable[str]) -> int:
    """A set of names as a number: a name whose bit is not set is not among them."""
    return reduce(or_, (1 << hash(name) % _BITS for name in names), 0)


def key_of(text: str) -> str:
    """A name, tag or attribute that an element must have for the selector; "" for any."""
    if "[" in text or ":" in text:
        selector = read_selector(text)
        return _key(selector.compounds[0]) if selector else "?"
    return _key(_compound(_BESIDE.split(text.strip())[-1]))


def _key(compound: _Compound) -> str:
    attribute = next((f"[{test.name}" for test in compound.tests if test.sign != "("), "")
    return min(compound.names, default=compound.tag or attribute)


@looked_up(8192, longest=1_000)
def _compound(text: str) -> _Compound:
    parts = _PART.findall(text)
    names = frozenset(part[0] + unescaped(part[1:]) for part in parts if part[0] in ".#")
    tag = text[: len(text) - sum(map(len, parts))]
    tests = (_test(part) for part in parts if part[0] in "[:")
    return _Compound(unescaped(tag).lower().replace("*", ""), names, tuple(tests))


def _test(part: str) -> _Test:
    if part[0] == "[":
        name, sign, *values = ((found := _ATTRIBUTE.fullmatch(part)) and found.groups()) or ("", "")
        return _Test((name or "").lower(), sign or "", next(filter(None, values), ""))
    found = _PSEUDO.fullmatch(part)
    name, inside = (found[1].lower(), found[2] or "") if found else ("", "")
    return _Test(_PLACES.get(name, name), "(", "1" if name in _PLACES else inside)


def unescaped(name: str) -> str:
    """A name as attributes spell it."""
    return re.sub(r"\\(.)", r"\1", name) if "\\" in name else name


@looked_up(4096, longest=1_000)
def _classes(text: str) -> frozenset[str]:
    return frozenset(f".{name}" for name in text.split())


class Matcher:
    """Tells which elements of one page a selector names; remembers their places."""

    def __init__(self) -> None:
        """Without any element."""
        self._placed: dict[_Element, dict[str, int]] = {}
        self._inside: dict[_Element, int] = {}  # bits of the names of an element and those around
        self._asked = 0

    def names(self, element: _Element) -> frozenset[str]:
        """Classes and id of an element with the signs of a selector."""
        names = _classes(element.get("class") or "")
        own = element.get("id")
        return names if own is None else names | {f"#{own}"}

    def around(self, element: _Element, asked: int) -> int:
        """The bits of the names of all elements around this one, which `asked` selectors ask."""
        self._count(asked)
        bits, new = 0, []
        for around in element.iterancestors():
            if around in self._inside:
                bits = self._inside[around]
                break
            new.append(around)
        for around in reversed(new):
            bits |= _bits((around.tag, *self.names(around)))
            self._inside[around] = bits
        return bits

    def _count(self, asked: int) -> None:
        self._asked += asked
        if self._asked > _MOST_ASKED:
            raise SourceError(
                "the style sheets inside of the page have too many rules for its elements; "
                "save the article alone"
            )

    def fits(self, element: _Element, selector: Selector) -> bool:
        """True where the element, and those around it, are what the selector names."""
        last, *around = selector.compounds
        if not self._is(element, last):
            return False
        beside = last.beside
        for compound in around:
            near = _near(element, beside)
            at = next((one for one in near if self._is(one, compound)), None)
            if at is None:
                return False
            element, beside = at, compound.beside
        return True

    def _is(self, element: _Element, compound: _Compound) -> bool:
        self._count(1)
        if compound.tag and element.tag != compound.tag:
            return False
        if compound.names and not compound.names <= self.names(element):
            return False
        return not compound.tests or all(self._passes(element, test) for test in compound.tests)

    def _passes(self, element: _Element, test: _Test) -> bool:
        if test.sign != "(":
            return _has(element, test)
        if test.name in _MANY:
            inside = (_compound(one.strip()) for one in split_selectors(test.value))
            return any(self._is(element, one) for one in inside) != (test.name == "not")
        if test.name == "has":
            return any(self._has_inside(element, one) for one in split_selectors(test.value))
        if test.name == "lang":
            return self._speaks(element, test.value)
        if test.name == "only-child":
            ways = ("nth-child", "nth-last-child")
            return all(self._place(element, way) == 1 for way in ways)
        if test.name == "root":
            return element.getparent() is None
        return test.name.startswith("nth-") and _is_at(self._place(element, test.name), test.value)

    def _has_inside(self, element: _Element, relative: str) -> bool:
        """True where something inside of the element, or behind it, is what `relative` names."""
        relative = relative.strip()
        beside = relative[:1] if relative[:1] in ("+", "~", ">") else ""
        selector = read_selector(relative.removeprefix(beside))
        if selector is None:
            return False
        near: Iterable[_Element] = element.iterdescendants("*")
        if beside == ">":
            near = element.iterchildren("*")
        elif beside:
            near = islice(element.itersiblings("*"), 1 if beside == "+" else _SIBLINGS)
        return any(self.fits(one, selector) for one in near)

    def _speaks(self, element: _Element, languages: str) -> bool:
        around = (element, *element.iterancestors())
        said = next((lang for one in around if (lang := one.get("lang"))), "").lower()
        wanted = (one.strip(" \"'").lower() for one in languages.split(","))
        return any(f"{said}-".startswith(f"{one}-") for one in wanted)

    def _place(self, element: _Element, name: str) -> int:
        """The number of the element among its siblings, as `name` counts them."""
        parent = element.getparent()
        if element not in self._placed:
            for among in (True, False):
                self._number(list(parent if parent is not None else (element,)), last=among)
        return self._placed[element].get(name, 0)

    def _number(self, siblings: list[_Element], *, last: bool) -> None:
        counts: dict[object, int] = {}
        way = "nth-last" if last else "nth"
        for number, one in enumerate(reversed(siblings) if last else siblings, 1):
            counts[one.tag] = counts.get(one.tag, 0) + 1
            places = {f"{way}-child": number, f"{way}-of-type": counts[one.tag]}
            self._placed.setdefault(one, {}).update(places)


def _near(element: _Element, beside: str) -> Iterable[_Element]:
    """The elements that may stand so to `element`, the nearest first."""
    if beside in ("+", "~"):
        reach = 1 if beside == "+" else _SIBLINGS
        return islice(element.itersiblings(preceding=True), reach)
    return islice(element.iterancestors(), 1 if beside == ">" else None)


def _has(element: _Element, test: _Test) -> bool:
    """True where the element has the attribute with such a value."""
    said = element.get(test.name) if test.name else None
    if said is None or not test.sign:
        return said is not None
    return _SAYS[test.sign](str(said), test.value) and (test.sign == "=" or bool(test.value))


def _is_at(place: int, said: str) -> bool:
    """True for a place that "odd", "3" or "2n+1" names."""
    text = {"odd": "2n+1", "even": "2n"}.get(said.strip().lower(), said.strip().lower())
    found = _PLACE.fullmatch(text)
    if not found or not text:
        return False
    first = int((found[2] or "0").replace(" ", ""))
    if found[1] is None:
        return place == first
    step = int(found[1] + "1") if found[1] in ("", "+", "-") else int(found[1])
    steps = place - first
    return steps == 0 if step == 0 else steps % step == 0 and steps // step >= 0
