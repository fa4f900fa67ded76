"""The node tree of YAML front matter as a flat list: no recursion, and no values are built."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

import yaml

from rewriter.frontmatter.fences import Misfit
from rewriter.frontmatter.yaml_text import plain_value

try:  # libyaml, as in PyYAML's wheels; its pure parser refuses tabs between tokens
    from yaml import CSafeLoader as _Loader
except ImportError:
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

# Real front matter nests 8 deep. PyYAML's composer, and any walk over a value, recurses.
_MAX_DEPTH = 100
# Values that aliases may add by repetition; "billion laughs" and chains of merge keys pass it.
_MAX_REPEATED = 100_000

# libyaml, which reads YAML 1.1, takes these for line ends; YAML 1.2 takes them for text. They are
# read as text under the name of a noncharacter each (Unicode keeps those for internal use).
_ALIEN = re.compile("[\x85\u2028\u2029\ufdd0-\ufdd2]")
_RESERVED = re.compile("[\ufdd0-\ufdd2]")
_MASK = str.maketrans("\x85\u2028\u2029", "\ufdd0\ufdd1\ufdd2")
_UNMASK = str.maketrans("\ufdd0\ufdd1\ufdd2", "\x85\u2028\u2029")

_MERGE = ("scalar", "<<", None, None, "")

# What YAML does not allow; libyaml says of it neither the line nor, in bytes or characters, where.
_CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Kind = Literal["scalar", "mapping", "list", "alias", "end"]
_STEPS: dict[str, int] = {"mapping": 1, "list": 1, "end": -1}


class Node(NamedTuple):
    """A scalar, an alias, or the start or end of a collection.

    `start:end` is its text, anchor and tag included; for a collection that of its first mark.
    `value` is a scalar's text or an alias's name. `style` is a quote, `|` or `>`, "" for a plain
    scalar or a block collection, `{` for one in braces or brackets.
    """

    start: int
    end: int
    column: int
    kind: Kind
    value: str
    anchor: str | None
    tag: str | None
    style: str

    @property
    def content(self) -> tuple[object, ...]:
        """All but the place."""
        return self[3:]

    @property
    def plain(self) -> object:
        """The value of a scalar; quotes or a tag make it text."""
        text = unmask(self.value)
        return text if self.style or self.tag else plain_value(text)


class Entry(NamedTuple):
    """A pair of a mapping: where its key and value stand in the tree."""

    key: int
    value: int


class Tree:
    """The nodes of a block of YAML in the order of their text; a node is named by its index.

    Raises Misfit for text that is not one mapping, that nests over 100 levels, or whose aliases
    repeat over 100,000 values.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.nodes = _parse(mask(text))
        self._closing = _closing(self.nodes)
        self._targets = _targets(self.nodes)
        if self.nodes and self.nodes[0].kind != "mapping":
            reason = "the front matter is not a mapping of keys to values"
            raise Misfit(reason, self.nodes[0].start)

    @property
    def root(self) -> int | None:
        """The root mapping, None for a block that is empty."""
        return 0 if self.nodes else None

    def after(self, node: int) -> int:
        """The index that follows a node and all that it holds."""
        return self._closing.get(node, node) + 1

    def items(self, collection: int) -> Iterator[int]:
        """The nodes right inside a collection: items, or keys and values in turn."""
        at, end = collection + 1, self.after(collection) - 1
        while at < end:
            yield at
            at = self.after(at)

    def entries(self, mapping: int) -> Iterator[Entry]:
        """The pairs of a mapping."""
        items = self.items(mapping)
        return (Entry(key, value) for key, value in zip(items, items, strict=True))

    def find(self, mapping: int, key: str) -> list[Entry]:
        """The pairs of a mapping that have this key."""
        nodes = self.nodes
        return [
            entry
            for entry in self.entries(mapping)
            if nodes[entry.key].value == key and nodes[entry.key].kind == "scalar"
        ]

    def last(self, node: int) -> Node:
        """The last part of a node that has text of its own: ends of block collections have none."""
        last = self.after(node) - 1
        while self.nodes[last].kind == "end" and not self.nodes[last].style:
            last -= 1
        return self.nodes[last]

    def value(self, node: int) -> object:
        """What a node holds, aliases and merge keys resolved; of duplicate keys the last."""
        kind = self.nodes[node].kind
        if kind == "alias":
            return self.value(self._targets[node])
        if kind == "list":
            return [self.value(item) for item in self.items(node)]
        if kind == "mapping":
            return self._mapping(node)
        return self.nodes[node].plain

    def _mapping(self, mapping: int) -> dict[Any, object]:
        values: dict[Any, object] = {}
        merged: dict[Any, object] = {}
        for key, value in self.entries(mapping):
            if self.nodes[key].content == _MERGE:
                merged = self._merged(value) | merged
                continue
            name = self.value(key)
            if isinstance(name, list | dict):
                raise Misfit("a key that is a list or a mapping", self.nodes[key].start)
            values[name] = self.value(value)
        return merged | values

    def _merged(self, node: int) -> dict[Any, object]:
        """What a merge key brings: a mapping, or several of which the first ones win."""
        value = self.value(node)
        merged: dict[Any, object] = {}
        for source in value if isinstance(value, list) else [value]:
            if not isinstance(source, dict):
                raise Misfit("a merge key (<<) that brings no mapping", self.nodes[node].start)
            merged = source | merged
        return merged


def mask(text: str) -> str:
    """The text with U+0085, U+2028 and U+2029 out of libyaml's sight, character for character."""
    if text.isascii() or not (alien := _ALIEN.search(text)):
        return text
    if reserved := _RESERVED.search(text):
        raise Misfit(f"the noncharacter U+{ord(reserved[0]):04X}", reserved.start())
    masked = text.translate(_MASK)
    if _is_ambiguous(text, masked):
        reason = f"U+{ord(alien[0]):04X} ends a line for some readers of YAML, not for others"
        raise Misfit(reason, alien.start())
    return masked


def unmask(text: str) -> str:
    """The inverse of `mask`."""
    return text if text.isascii() else text.translate(_UNMASK)


def _is_ambiguous(text: str, masked: str) -> bool:
    """Whether a reader of YAML 1.1 finds other nodes in the text; it may also find an error."""
    try:
        nodes = _parse(text)
    except Misfit:
        return False
    return [node.kind for node in nodes] != [node.kind for node in _parse(masked)]


def _parse(text: str) -> list[Node]:
    """The nodes of a text that holds one YAML document, or none."""
    nodes: list[Node] = []
    depth = documents = 0
    try:
        for event in yaml.parse(text, Loader=_Loader):
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise Misfit("a second YAML document", event.start_mark.index)  # type: ignore[union-attr]
            elif isinstance(event, yaml.NodeEvent | yaml.CollectionEndEvent):
                nodes.append(_node(event))
                depth += _STEPS.get(nodes[-1].kind, 0)
                if depth > _MAX_DEPTH:
                    raise Misfit(f"nested over {_MAX_DEPTH} levels", nodes[-1].start)
    except yaml.YAMLError as error:
        raise _misfit(error, text) from None
    return nodes


def _node(event: Any) -> Node:
    """One of PyYAML's events; its attributes depend on its kind."""
    start, end = event.start_mark, event.end_mark
    place = (start.index, end.index, start.column)
    if isinstance(event, yaml.ScalarEvent):
        return Node(*place, "scalar", event.value, event.anchor, event.tag, event.style or "")
    if isinstance(event, yaml.AliasEvent):
        return Node(*place, "alias", str(event.anchor), None, None, "")
    if isinstance(event, yaml.CollectionEndEvent):
        return Node(*place, "end", "", None, None, "{" if end.index > start.index else "")
    kind: Kind = "mapping" if isinstance(event, yaml.MappingStartEvent) else "list"
    return Node(*place, kind, "", event.anchor, event.tag, "{" if event.flow_style else "")


def _closing(nodes: list[Node]) -> dict[int, int]:
    """For each collection's start the index of its end."""
    closing: dict[int, int] = {}
    opened: list[int] = []
    for index, node in enumerate(nodes):
        if node.kind == "end":
            closing[opened.pop()] = index
        elif node.kind in _STEPS:
            opened.append(index)
    return closing


def _targets(nodes: list[Node]) -> dict[int, int]:
    """For each alias the node that it repeats.

    Refuses aliases that lead nowhere, into themselves, or to an explosion of values.
    """
    targets: dict[int, int] = {}
    if not any(node.kind == "alias" for node in nodes):
        return targets
    anchored: dict[str | None, tuple[int, int]] = {}  # the node and its number of values
    opened: list[tuple[int, int]] = []
    size = repeated = 0
    for index, node in enumerate(nodes):
        if node.kind == "alias":
            if node.value not in anchored:
                raise Misfit(f"the alias *{node.value} refers to nothing before it", node.start)
            targets[index], weight = anchored[node.value]
            size += weight
            repeated += weight
            if repeated > _MAX_REPEATED:
                raise Misfit(f"aliases repeat over {_MAX_REPEATED:,} values", node.start)
        elif node.kind == "end":
            start, before = opened.pop()
            anchored[nodes[start].anchor] = start, size - before
        elif node.kind == "scalar":
            size += 1
            anchored[node.anchor] = index, 1
        else:
            anchored.pop(node.anchor, None)
            opened.append((index, size))
            size += 1
    return targets


def _misfit(error: yaml.YAMLError, text: str) -> Misfit:
    """libyaml's complaint as one sentence with its place."""
    if isinstance(error, yaml.MarkedYAMLError):
        marks = [mark.index for mark in (error.problem_mark, error.context_mark) if mark]
        # What is noticed only at the end began where the context is.
        at = marks[-1] if marks and marks[0] >= len(text.rstrip()) else next(iter(marks), 0)
        reason = ", ".join(filter(None, (error.context, error.problem)))
        return Misfit(f"not YAML: {reason}", at)
    if found := _CONTROL.search(text):
        return Misfit(f"not YAML: the control character U+{ord(found[0]):04X}", found.start())
    return Misfit(f"not YAML: {error}")
