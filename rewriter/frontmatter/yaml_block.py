"""Editing and reading a block of YAML: only the text of the keys that change is replaced."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from frontmatter.default_handlers import YAMLHandler

from rewriter.frontmatter.values import (
    Changes,
    Edit,
    Unsupported,
    end_of_line,
    refuse_replacing,
    same,
    start_of_line,
)
from rewriter.frontmatter.yaml_text import block, flow, is_moment
from rewriter.frontmatter.yaml_tree import Node, PairNodes, Tree, tree_of

_BLOCK_SCALAR = re.compile(r"[|>][-+0-9]*")
_ANCHOR = re.compile(r"&\S+")


def edits(text: str, changes: Changes, newline: str) -> list[Edit]:
    """The replacements that merge `changes` in. Raises `Unsupported` for what is not understood."""
    tree = tree_of(text)
    if tree.root is None:
        return [(len(text), len(text), block(changes, 0, newline))]
    return _YamlEditor(tree, newline).merge(tree.root, changes)


def removals(text: str, keys: Collection[str]) -> list[Edit]:
    """The ranges of the keys at the top called `keys`, each with its lines."""
    tree = tree_of(text)
    return [] if tree.root is None else _YamlEditor(tree, "").removals(tree.root, keys)


def load(text: str) -> dict[str, Any]:
    """The values of the block; the last of duplicate keys wins. Raises `Unsupported`."""
    return dict(YAMLHandler().load(text, Loader=_Loader))


def new(changes: Changes, newline: str) -> str:
    """A block that holds `changes` alone."""
    return block(changes, 0, newline)


class _Loader:
    """The loader that python-frontmatter's handler asks for; `Tree` does the work.

    PyYAML's own loaders are not used: they recurse in C, read YAML 1.1's types, refuse an anchor
    that is defined twice, and spend minutes on chained merge keys.
    """

    def __init__(self, text: str) -> None:
        self.tree = tree_of(text)

    def get_single_data(self) -> object:
        """The values of the block."""
        return {} if self.tree.root is None else self.tree.value(self.tree.root)

    def dispose(self) -> None:
        """Free the tree."""
        del self.tree


class _YamlEditor:
    """Collects the replacements that bring a tree to the wanted values."""

    def __init__(self, tree: Tree, newline: str) -> None:
        self.tree = tree
        self.nodes = tree.nodes
        self.text = tree.text
        self.newline = newline
        self.aliases = {tree.nodes[alias].value for alias in tree.targets}

    def merge(self, mapping: int, changes: Changes) -> list[Edit]:
        """The replacements within one mapping, inner ones first."""
        edits: list[Edit] = []
        missing: dict[str, object] = {}
        for key, value in changes.items():
            entry = self._ours(mapping, key)
            if entry is None:
                missing[key] = value
            else:
                edits += self._change(mapping, entry, key, value)
        if missing:
            edits.append(self._add(mapping, missing))
        return edits

    def removals(self, mapping: int, keys: Collection[str]) -> list[Edit]:
        """The ranges of whole lines that keys of the root mapping and their values take."""
        edits: list[Edit] = []
        for name, held in self.tree.entries(mapping):
            key = self.nodes[name]
            if key.kind != "scalar" or key.value not in keys:
                continue
            inside = self.nodes[name : self.tree.after(held)]
            if self.nodes[mapping].style or any(node.anchor in self.aliases for node in inside):
                reason = f"'{key.value}' cannot be taken out: it is in braces or has an alias"
                raise Unsupported(reason, key.start)
            start = start_of_line(self.text, key.start)
            edits.append((start, self._below(self.tree.last(held), keep=False), ""))
        return edits

    def _ours(self, mapping: int, key: str) -> PairNodes | None:
        """The pair of a key, None where it is missing; aliases and tags are `Unsupported`."""
        found = self.tree.find(mapping, key)
        if not found:
            return None
        if len(found) > 1:
            raise Unsupported(f"the key '{key}' occurs twice", self.nodes[found[1][0]].start)
        for node in (self.nodes[index] for index in found[0]):
            if node.kind == "alias":
                raise Unsupported(f"'{key}' is written with an alias, *{node.value}", node.start)
            if node.tag is not None:
                raise Unsupported(f"a tag on '{key}': {node.tag}", node.start)
            if node.anchor in self.aliases:
                reason = f"'{key}' is repeated elsewhere by the alias *{node.anchor}"
                raise Unsupported(reason, node.start)
        return found[0]

    def _change(self, mapping: int, entry: PairNodes, key: str, value: object) -> list[Edit]:
        """The replacements for a key that is there."""
        name, held = entry
        node = self.nodes[held]
        if isinstance(value, dict) and node.kind == "mapping":
            return self.merge(held, value)
        old = self.tree.value(held)
        if same(old, value):
            return []
        refuse_replacing(key, old, value, node.start)
        if not isinstance(value, dict | list):
            # Readers of YAML 1.1 take a plain time for a date; between quotes it would be text.
            stays = not node.style and is_moment(node.value) and is_moment(value)
            is_json = self._is_json(mapping)
            return self._replace(node, str(value) if stays else flow(value, quoted=is_json))
        if self.nodes[mapping].style or not value:
            return self._replace(node, flow(value, quoted=self._is_json(mapping)))
        return self._fill(self.nodes[name].column, node, value)

    def _replace(self, node: Node, new: str) -> list[Edit]:
        """Put text in the place of a scalar's; an anchor before it stays."""
        start, end = self._span(node)
        header = _BLOCK_SCALAR.match(self.text, start)
        if header and node.style in ("|", ">"):
            # A comment may follow the mark: only mark and content go.
            content = end_of_line(self.text, start)
            return [(start, header.end(), new), (content, self._below(node, keep=False), "")]
        if start == end and self.text[start - 1] not in " \t":
            new = f" {new}"
        return [(start, end, new)]

    def _fill(self, column: int, node: Node, value: Changes | list[object]) -> list[Edit]:
        """Put the lines of a mapping or list under a key in `column` that has no value."""
        start, end = self._span(node)
        start = len(self.text[:start].rstrip(" \t"))
        below = end_of_line(self.text, end)
        return [(start, end, ""), (below, below, block(value, column + 2, self.newline))]

    def _add(self, mapping: int, missing: Changes) -> Edit:
        """Put missing keys after the last one; at the root, on the line before the fence."""
        entries = self.tree.entries(mapping)
        if self.nodes[mapping].style:
            inner = flow(missing, quoted=self._is_json(mapping))[1:-1]
            if not entries:
                return (at := self.nodes[mapping].end), at, inner
            return (at := self.tree.last(entries[-1][1]).end), at, f", {inner}"
        at = len(self.text)
        if mapping != self.tree.root:
            at = self._below(self.tree.last(entries[-1][1]), keep=True)
        # An anchor or `? ` may precede the first key: the mapping's column is the lesser one.
        column = min(self.nodes[mapping].column, self.nodes[entries[0][0]].column)
        return at, at, block(missing, column, self.newline)

    def _span(self, node: Node) -> tuple[int, int]:
        """The range of a scalar's text without its anchor."""
        if node.anchor and (anchor := _ANCHOR.match(self.text, node.start)):
            rest = self.text[anchor.end() : node.end]
            return node.end - len(rest.lstrip()), node.end
        return node.start, node.end

    def _below(self, node: Node, *, keep: bool) -> int:
        """The offset of the line after a node.

        Blank lines after a block scalar count as its own where it says so (`|+`), if `keep`.
        """
        start, end = self._span(node)
        if node.style not in ("|", ">"):
            return end_of_line(self.text, end)
        header = _BLOCK_SCALAR.match(self.text, start)
        if keep and header and "+" in header[0]:
            return end
        return end_of_line(self.text, start + len(self.text[start:end].rstrip()))

    def _is_json(self, mapping: int) -> bool:
        """Whether a mapping is written as JSON writes it: braces and double-quoted keys."""
        return bool(self.nodes[mapping].style) and self.nodes[mapping + 1].style == '"'
