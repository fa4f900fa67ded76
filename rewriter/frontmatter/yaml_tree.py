"""The node tree of YAML front matter as a flat list: no recursion, and no values are built."""

from __future__ import annotations

import re
from functools import partial
from typing import Any, Literal, NamedTuple

import yaml

from rewriter.frontmatter.values import Unsupported
from rewriter.frontmatter.yaml_text import plain_value
from rewriter.remembering import remembered

try:  # libyaml, as in PyYAML's wheels; its pure parser refuses tabs between tokens
    from yaml import CSafeLoader as _Loader
except ImportError:
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

# Front matter of public sites nests at most 7 deep; a walk over values recurses.
_MAX_DEPTH = 100
# Values that aliases may add by repetition. "Billion laughs" and chains of merge keys exceed it.
_MAX_REPEATED = 100_000

# libyaml reads YAML 1.1 and takes these for line ends; YAML 1.2 takes them for text. Each is
# replaced by a noncharacter (kept by Unicode for internal use) while libyaml reads the text.
_ALIEN = re.compile("[\x85\u2028\u2029]")
_RESERVED = re.compile(r"[\ufdd0-\ufdd2]|\\(?:u|U0000)[fF][dD][dD][0-2]")
_MASK = str.maketrans("\x85\u2028\u2029", "\ufdd0\ufdd1\ufdd2")
_UNMASK = str.maketrans("\ufdd0\ufdd1\ufdd2", "\x85\u2028\u2029")

_MERGE = ("scalar", "<<", None, None, "")

# Characters that YAML does not allow. libyaml does not report their places.
_CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

NodeKind = Literal["scalar", "mapping", "list", "alias", "end"]


class Node(NamedTuple):
    """A scalar, an alias, or the start or end of a collection.

    `start:end` is its text, anchor and tag included; for a collection that of its first mark.
    `value` is a scalar's text or an alias's name. `style` is a quote, `|` or `>`, "" for a plain
    scalar or a block collection, `{` for one in braces or brackets.
    """

    start: int
    end: int
    column: int
    kind: NodeKind
    value: str
    anchor: str | None
    tag: str | None
    style: str

    @property
    def plain(self) -> object:
        """The value of a scalar; quotes or a tag make it text."""
        return self.value if self.style or self.tag else plain_value(self.value)


PairNodes = tuple[int, int]  # a pair of a mapping: the nodes of its key and value


class Tree:
    """The nodes of a block of YAML in the order of their text; a node is named by its index.

    `targets` has for each alias the node that it repeats. Raises `Unsupported` for text that is not
    one mapping, that nests over 100 levels, or whose aliases repeat over 100,000 values.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        masked = _mask(text)
        self.nodes, self._closing = _parse(masked)
        if masked is not text:
            self.nodes = [n._replace(value=n.value.translate(_UNMASK)) for n in self.nodes]
        self.targets = _targets(self.nodes) if "*" in text else {}
        self._entries: dict[int, list[PairNodes]] = {}
        if self.nodes and self.nodes[0].kind != "mapping":
            reason = "the front matter is not a mapping of keys to values"
            raise Unsupported(reason, self.nodes[0].start)

    @property
    def root(self) -> int | None:
        """The root mapping, None for a block that is empty."""
        return 0 if self.nodes else None

    def after(self, node: int) -> int:
        """The index that follows a node and all that it holds."""
        return self._closing.get(node, node) + 1

    def items(self, collection: int) -> list[int]:
        """The nodes right inside a collection: items, or keys and values in turn."""
        items: list[int] = []
        closing = self._closing
        at, end = collection + 1, closing[collection]
        while at < end:
            items.append(at)
            at = closing.get(at, at) + 1
        return items

    def entries(self, mapping: int) -> list[PairNodes]:
        """The pairs of a mapping."""
        if mapping not in self._entries:
            items = self.items(mapping)
            self._entries[mapping] = list(zip(items[::2], items[1::2], strict=True))
        return self._entries[mapping]

    def find(self, mapping: int, key: str) -> list[PairNodes]:
        """The pairs of a mapping that have this key, also by an alias."""
        named = ((self.targets.get(entry[0], entry[0]), entry) for entry in self.entries(mapping))
        nodes = self.nodes
        return [entry for n, entry in named if nodes[n].value == key and nodes[n].kind == "scalar"]

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
            return self.value(self.targets[node])
        if kind == "list":
            return [self.value(item) for item in self.items(node)]
        if kind == "mapping":
            return self._mapping(node)
        return self.nodes[node].plain

    def _mapping(self, mapping: int) -> dict[str, object]:
        values: dict[str, object] = {}
        merged: dict[str, object] = {}
        for key, value in self.entries(mapping):
            if self.nodes[key][3:] == _MERGE:
                merged = self._merged(value) | merged
                continue
            values[self._key(key)] = self.value(value)
        return merged | values if merged else values

    def _key(self, node: int) -> str:
        """The key as text, also where it looks like a number."""
        node = self.targets.get(node, node)
        if self.nodes[node].kind == "scalar":
            return self.nodes[node].value
        # A list or mapping, as an unfilled `{{ template }}` has.
        return self.text[self.nodes[node].start : self.last(node).end]

    def _merged(self, node: int) -> dict[str, object]:
        """The keys of a merge key: one mapping, or several, of which the first one wins."""
        value = self.value(node)
        merged: dict[str, object] = {}
        for source in value if isinstance(value, list) else [value]:
            if not isinstance(source, dict):
                raise Unsupported("a merge key (<<) that brings no mapping", self.nodes[node].start)
            merged = source | merged
        return merged


# One article's front matter is read by the decision, the cleaner, the trial edit and the edit. Few
# trees are kept: those of all articles in flight would take more memory than reading them again
# takes time.
@remembered(64, longest=20_000)
def tree_of(text: str) -> Tree:
    """The tree of `text`, cached for the next callers. Nobody may change it."""
    return Tree(text)


def _mask(text: str) -> str:
    """The text with U+0085, U+2028 and U+2029 replaced, one character for each.

    Raises `Unsupported` where readers of YAML 1.1 and 1.2 would find different nodes.
    """
    if text.isascii() or not (alien := _ALIEN.search(text)):
        return text
    if reserved := _RESERVED.search(text):
        reason = f"U+{ord(alien[0]):04X} together with a noncharacter, U+FDD0 to U+FDD2"
        raise Unsupported(reason, reserved.start())
    masked = text.translate(_MASK)
    if _is_ambiguous(text, masked):
        reason = f"U+{ord(alien[0]):04X} ends a line for some readers of YAML, not for others"
        raise Unsupported(reason, alien.start())
    return masked


def _is_ambiguous(text: str, masked: str) -> bool:
    """Whether a reader of YAML 1.1 finds other nodes in the text; it may also find an error."""
    try:
        nodes, _ = _parse(text)
    except Unsupported:
        return False
    return [node.kind for node in nodes] != [node.kind for node in _parse(masked)[0]]


def _parse(text: str) -> tuple[list[Node], dict[int, int]]:
    """The nodes of a text that holds one YAML document or none, and where collections end."""
    nodes: list[Node] = []
    closing: dict[int, int] = {}
    opened: list[int] = []
    try:
        next_event = _Loader(text).get_event
        while (event := next_event()) is not None:
            if type(event) is yaml.ScalarEvent:
                nodes.append(_scalar(event))
            elif isinstance(event, yaml.CollectionEndEvent):
                closing[opened.pop()] = len(nodes)
                nodes.append(_end(event))
            elif isinstance(event, yaml.NodeEvent):
                if not isinstance(event, yaml.AliasEvent):
                    opened.append(len(nodes))
                nodes.append(_start_or_alias(event))
                if len(opened) > _MAX_DEPTH:
                    raise Unsupported(f"nested over {_MAX_DEPTH} levels", nodes[-1].start)
            elif nodes and isinstance(event, yaml.DocumentStartEvent):
                raise Unsupported("a second YAML document", _end(event).start)
    except yaml.YAMLError as error:
        raise _unsupported(error, text) from None
    return nodes, closing


# PyYAML's events have attributes by their kind, which its types do not say.

# Half the time of calling the class; nearly all nodes are scalars.
_new_node = partial(tuple.__new__, Node)


def _scalar(event: Any) -> Node:
    start, end, style = event.start_mark, event.end_mark.index, event.style or ""
    value, anchor, tag = event.value, event.anchor, event.tag
    return _new_node((start.index, end, start.column, "scalar", value, anchor, tag, style))


def _start_or_alias(event: Any) -> Node:
    start, end = event.start_mark, event.end_mark
    if isinstance(event, yaml.AliasEvent):
        return Node(
            start.index, end.index, start.column, "alias", str(event.anchor), None, None, ""
        )
    kind: NodeKind = "mapping" if isinstance(event, yaml.MappingStartEvent) else "list"
    style = "{" if event.flow_style else ""
    return Node(start.index, end.index, start.column, kind, "", event.anchor, event.tag, style)


def _end(event: Any) -> Node:
    start, end = event.start_mark, event.end_mark
    style = "{" if end.index > start.index else ""
    return Node(start.index, end.index, start.column, "end", "", None, None, style)


def _targets(nodes: list[Node]) -> dict[int, int]:
    """For each alias the node that it repeats.

    Refuses aliases that lead nowhere, into themselves, or to an explosion of values.
    """
    targets: dict[int, int] = {}
    anchored: dict[str | None, tuple[int, int]] = {}  # the node and its number of values
    opened: list[tuple[int, int]] = []
    size = repeated = 0
    for index, node in enumerate(nodes):
        if node.kind == "alias":
            if node.value not in anchored:
                raise Unsupported(
                    f"the alias *{node.value} refers to nothing before it", node.start
                )
            targets[index], weight = anchored[node.value]
            size += weight
            repeated += weight
            if repeated > _MAX_REPEATED:
                raise Unsupported(f"aliases repeat over {_MAX_REPEATED:,} values", node.start)
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


def _unsupported(error: yaml.YAMLError, text: str) -> Unsupported:
    """libyaml's error as one sentence with its offset."""
    if isinstance(error, yaml.MarkedYAMLError):
        reason = ", ".join(filter(None, (error.context, error.problem)))
        marks = [mark.index for mark in (error.problem_mark, error.context_mark) if mark]
        end = len(text.rstrip())
        if marks and marks[0] >= end:  # reported at the end; the context says where it began
            return Unsupported(f"not YAML: {reason}", min(marks[-1], end - 1))
        return Unsupported(f"not YAML: {reason}", next(iter(marks), 0))
    if found := _CONTROL.search(text):
        return Unsupported(f"not YAML: the control character U+{ord(found[0]):04X}", found.start())
    return Unsupported(f"not YAML: {error}")
