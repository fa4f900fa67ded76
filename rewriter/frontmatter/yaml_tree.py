"""The node tree of YAML front matter as a flat list: no recursion, and no values are built."""

from __future__ import annotations

import re
from functools import lru_cache, partial
from typing import Any, Literal, NamedTuple

import yaml

from rewriter.frontmatter.splicing import Misfit
from rewriter.frontmatter.yaml_text import plain_value

try:  # libyaml, as in PyYAML's wheels; its pure parser refuses tabs between tokens
    from yaml import CSafeLoader as _Loader
except ImportError:
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

# Front matter of public sites nests at most 7 deep; a walk over values recurses.
_MAX_DEPTH = 100
# Values that aliases may add by repetition; "billion laughs" and chains of merge keys pass it.
_MAX_REPEATED = 100_000

# libyaml, which reads YAML 1.1, takes these for line ends; YAML 1.2 takes them for text. They are
# read as text under the name of a noncharacter each (Unicode keeps those for internal use).
_ALIEN = re.compile("[\x85\u2028\u2029]")
_RESERVED = re.compile(r"[\ufdd0-\ufdd2]|\\(?:u|U0000)[fF][dD][dD][0-2]")
_MASK = str.maketrans("\x85\u2028\u2029", "\ufdd0\ufdd1\ufdd2")
_UNMASK = str.maketrans("\ufdd0\ufdd1\ufdd2", "\x85\u2028\u2029")

_MERGE = ("scalar", "<<", None, None, "")

# What YAML does not allow; libyaml says of it neither the line nor, in bytes or characters, where.
_CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Kind = Literal["scalar", "mapping", "list", "alias", "end"]


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
    def plain(self) -> object:
        """The value of a scalar; quotes or a tag make it text."""
        return self.value if self.style or self.tag else plain_value(self.value)


Entry = tuple[int, int]  # a pair of a mapping: the nodes of its key and value


class Tree:
    """The nodes of a block of YAML in the order of their text; a node is named by its index.

    `targets` has for each alias the node that it repeats. Raises Misfit for text that is not one
    mapping, that nests over 100 levels, or whose aliases repeat over 100,000 values.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        masked = _mask(text)
        self.nodes, self._closing = _parse(masked)
        if masked is not text:
            self.nodes = [n._replace(value=n.value.translate(_UNMASK)) for n in self.nodes]
        self.targets = _targets(self.nodes) if "*" in text else {}
        self._entries: dict[int, list[Entry]] = {}
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

    def items(self, collection: int) -> list[int]:
        """The nodes right inside a collection: items, or keys and values in turn."""
        items: list[int] = []
        closing = self._closing
        at, end = collection + 1, closing[collection]
        while at < end:
            items.append(at)
            at = closing.get(at, at) + 1
        return items

    def entries(self, mapping: int) -> list[Entry]:
        """The pairs of a mapping."""
        if mapping not in self._entries:
            items = self.items(mapping)
            self._entries[mapping] = list(zip(items[::2], items[1::2], strict=True))
        return self._entries[mapping]

    def find(self, mapping: int, key: str) -> list[Entry]:
        """The pairs of a mapping that have this key."""
        nodes = self.nodes
        return [
            entry
            for entry in self.entries(mapping)
            if nodes[entry[0]].value == key and nodes[entry[0]].kind == "scalar"
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
        """A key is text, whatever it looks like."""
        node = self.targets.get(node, node)
        if self.nodes[node].kind == "scalar":
            return self.nodes[node].value
        # A list or mapping, as an unfilled `{{ template }}` has.
        return self.text[self.nodes[node].start : self.last(node).end]

    def _merged(self, node: int) -> dict[str, object]:
        """What a merge key brings: a mapping, or several of which the first ones win."""
        value = self.value(node)
        merged: dict[str, object] = {}
        for source in value if isinstance(value, list) else [value]:
            if not isinstance(source, dict):
                raise Misfit("a merge key (<<) that brings no mapping", self.nodes[node].start)
            merged = source | merged
        return merged


# One article's front matter is read by the decision, the cleaner, the trial edit and the edit. Few
# trees are kept: those of all articles in flight would take more memory than reading them again
# takes time.
@lru_cache(maxsize=64)
def tree_of(text: str) -> Tree:
    """The tree of `text`, kept for those that ask again soon. Nobody may change it."""
    return Tree(text)


def _mask(text: str) -> str:
    """The text with U+0085, U+2028 and U+2029 out of libyaml's sight, character for character."""
    if text.isascii() or not (alien := _ALIEN.search(text)):
        return text
    if reserved := _RESERVED.search(text):
        reason = f"U+{ord(alien[0]):04X} beside a noncharacter, U+FDD0 to U+FDD2"
        raise Misfit(reason, reserved.start())
    masked = text.translate(_MASK)
    if _is_ambiguous(text, masked):
        reason = f"U+{ord(alien[0]):04X} ends a line for some readers of YAML, not for others"
        raise Misfit(reason, alien.start())
    return masked


def _is_ambiguous(text: str, masked: str) -> bool:
    """Whether a reader of YAML 1.1 finds other nodes in the text; it may also find an error."""
    try:
        nodes, _ = _parse(text)
    except Misfit:
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
                    raise Misfit(f"nested over {_MAX_DEPTH} levels", nodes[-1].start)
            elif nodes and isinstance(event, yaml.DocumentStartEvent):
                raise Misfit("a second YAML document", _end(event).start)
    except yaml.YAMLError as error:
        raise _misfit(error, text) from None
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
    kind: Kind = "mapping" if isinstance(event, yaml.MappingStartEvent) else "list"
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
        reason = ", ".join(filter(None, (error.context, error.problem)))
        marks = [mark.index for mark in (error.problem_mark, error.context_mark) if mark]
        end = len(text.rstrip())
        if marks and marks[0] >= end:  # noticed at the end, but it began where the context is
            return Misfit(f"not YAML: {reason}", min(marks[-1], end - 1))
        return Misfit(f"not YAML: {reason}", next(iter(marks), 0))
    if found := _CONTROL.search(text):
        return Misfit(f"not YAML: the control character U+{ord(found[0]):04X}", found.start())
    return Misfit(f"not YAML: {error}")
