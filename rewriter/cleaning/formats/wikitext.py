"""Wikitext, as MediaWiki writes it, rewritten as Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from rewriter.cleaning.formats.leftovers import Read
from rewriter.cleaning.page import Block
from rewriter.cleaning.reasons import Reason

_LINK = re.compile(r"\[\[:?(?:[^\[\]|\n]{1,300}\|)?([^\[\]|\n]{1,300})\]\]")
_HEADING = re.compile(r"^(={1,6})[ \t]*([^=\n].{0,300}?)[ \t]*\1[ \t]*$", re.MULTILINE)
_EMPHASIS = re.compile(r"'{2,5}")
_TEMPLATE = re.compile(r"\{\{([^{}]{0,5000})\}\}")
# What only wikitext has; Markdown may have links in double brackets, and templates have braces.
_SIGNS = (_LINK, _HEADING, re.compile(r"'''[^'\n]+'''"), _TEMPLATE, re.compile(r"<ref[\s>]"))
# Templates inside of templates.
_DEPTH = 6
# Templates that stand for their text: the number of the part that is it, and how many belong to it.
_SPOKEN = {"convert": (1, 2), "cvt": (1, 2), "lang": (2, 1), "nowrap": (1, 1), "small": (1, 1)}
_REFERENCE = re.compile(r"<ref(?:\s[^<>]{0,300})?(?:/>|>.{0,1000}?</ref>)", re.DOTALL)
_FILE = re.compile(
    r"\[\[(?:file|image|datei|bild|fichier|archivo|imagen|ficheiro|файл|文件)\s?:"
    r"(?:[^\[\]]|\[\[[^\[\]]{0,300}\]\]|\[[^\[\]]{0,300}\]){0,1000}+\]\]",
    re.IGNORECASE,
)
_CATEGORY = re.compile(
    r"\[\[(?:category|kategorie|catégorie|categoría|categoria|категория)\s?:[^\[\]]{0,300}\]\]"
    r"|__[A-Z]{3,20}__|^#REDIRECT\b.{0,300}$",
    re.IGNORECASE | re.MULTILINE,
)
_OUTSIDE = re.compile(r"\[https?://\S{1,2000}(?:[ \t]+([^\[\]\n]{1,500}))?\]")
_TABLE = re.compile(r"^[ \t]*(?:\{\|.*|\|\}|\|-.*)$", re.MULTILINE)
_CELL = re.compile(
    r"^[ \t]*[|!]\+?[ \t]*(?:(?:[a-z]{1,20}=\"[^|\"\n]{0,200}\"[ \t]*){1,9}\|(?!\|))?", re.MULTILINE
)
_CELLS = re.compile(r"[ \t]*(?:\|\||!!)[ \t]*")
_ITEM = re.compile(r"^(?:\*+|#+)[ \t]*(?=\S)", re.MULTILINE)
_INDENT = re.compile(r"^[:;]+[ \t]*", re.MULTILINE)


class _Cut(NamedTuple):
    pattern: re.Pattern[str]
    reason: Reason


_CUTS = (
    _Cut(_REFERENCE, Reason.MARK),
    _Cut(_FILE, Reason.IMAGE),
    _Cut(_CATEGORY, Reason.SHORTCODE),
)


def is_wikitext(text: str) -> bool:
    """True where the text has two signs of wikitext, one of them a link or emphasis."""
    if "[[" not in text and "'''" not in text:
        return False
    return sum(sign.search(text) is not None for sign in _SIGNS) > 1


def read_wikitext(text: str) -> Read:
    """The text as Markdown, and its references, templates, pictures and categories as cut."""
    taken: list[Block] = []
    for pattern, reason in _CUTS:
        text = pattern.sub(_into(taken, reason), text)
    for _ in range(_DEPTH):
        text, found = _TEMPLATE.subn(lambda one: _spoken(one, taken), text)
        if not found:
            break
    text = _HEADING.sub(lambda one: f"\n\n{'#' * len(one[1])} {one[2]}\n\n", _ITEM.sub("- ", text))
    text = _OUTSIDE.sub(lambda one: one[1] or "", _LINK.sub(r"\1", text))
    if "{|" in text:
        text = _CELLS.sub(" | ", _CELL.sub("", _TABLE.sub("", text)))
    return Read(_EMPHASIS.sub("", _INDENT.sub("", text)), tuple(taken))


def _into(taken: list[Block], reason: Reason) -> Callable[[re.Match[str]], str]:
    def cut(found: re.Match[str]) -> str:
        taken.append(Block(" ".join(found[0].split()), reason=reason))
        return ""

    return cut


def _spoken(template: re.Match[str], taken: list[Block]) -> str:
    """The text that the template stands for; one that stands for none is cut."""
    parts = [part.strip() for part in template[1].split("|")]
    first, number = _SPOKEN.get(parts[0].lower(), (0, 0))
    if number and len(parts) > first:
        return " ".join(parts[first : first + number])
    return _into(taken, Reason.SHORTCODE)(template)
