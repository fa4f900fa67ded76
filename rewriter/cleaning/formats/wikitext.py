"""Wikitext, as MediaWiki writes it, rewritten as Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from rewriter.cleaning.formats.leftovers import Read
from rewriter.cleaning.formats.pairs import without_pairs
from rewriter.cleaning.page import Block
from rewriter.cleaning.reasons import Reason
from rewriter.errors import SourceError

_LINK = re.compile(r"\[\[:?(?:[^\[\]|\n]{1,300}\|)?([^\[\]|\n]{1,300})\]\]")
_HEADING = re.compile(
    r"^(={1,6})[ \t]*+([^=\s](?:[^\n]{0,299}[^\s=])?)[ \t]*+\1[ \t]*+$", re.MULTILINE
)
_EMPHASIS = re.compile(r"'{2,5}")
_TEMPLATE = re.compile(r"\{\{([^{}]{0,5000})\}\}")
# What neither Markdown nor templates of programs have, and what they may have, too: links in double
# brackets and braces.
_OWN_SIGNS = (
    re.compile(r"'''[^'\n]+'''"),
    re.compile(r"^(={2,6})[ \t]*+[^=\s][^\n]{0,300}(?<=[^=])\1[ \t]*+$", re.MULTILINE),
    re.compile(r"<ref[\s>]"),
)
_SHARED_SIGNS = (_LINK, _TEMPLATE)
# Templates inside of templates.
_DEPTH = 6
# Templates that stand for one of their arguments, by its number.
_SPOKEN = {
    "lang": 1, "nowrap": 0, "small": 0, "nobr": 0, "abbr": 0, "ill": 0, "interlanguage link": 0,
    "big": 0,
}  # fmt: skip
_QUOTATIONS = frozenset(("quote", "blockquote", "cquote", "zitat"))
_MEASURES = frozenset(("convert", "cvt"))
_RANGES = {"to": " to ", "-": "–", "–": "–", "and": " and ", "or": " or ", "by": " by ", "x": " × "}
_WITH_TEXT = _QUOTATIONS | _MEASURES | frozenset(_SPOKEN)
_CURRENCIES = {"usd": "$", "us$": "US$", "gbp": "£", "£": "£", "eur": "€", "euro": "€", "€": "€"}
_SIGNS = {
    "nbsp": " ",
    "ndash": "–",
    "snd": " – ",
    "spaced ndash": " – ",
    "mdash": "—",
    "dash": " – ",
}
_DATES = re.compile(r"(?:start|end|birth|death|film) date(?: and age)?|dts")
_AMOUNT = re.compile(r"[-−+]?\d[\d.,]*(?:/\d+)?")
_ARGUMENT_NAME = re.compile(r"[\w -]{1,40}")
_NUMBER = re.compile(r"\d{1,4}")
# Templates inside of a sentence that say nothing in it.
_SILENT = re.compile(
    r"cite(?: \w+)?|citation(?: needed)?|cn|fact|sfn|efn|refn?|rp|r|notelist|reflist|coord|sic"
    r"|clarify|when|who|which|by whom|dubious|dead link|webarchive|clear|anchor"
    r"|short description|use \w+ \w+"
)
_REFERENCE = re.compile(r"<ref(?:\s[^<>]{0,300})?>")
_MOST_REFERENCE = 5_000
_BRACES = re.compile(r"\{\{|\}\}")
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
_OUTSIDE = re.compile(r"\[https?://[^\s\[\]]{1,2000}+(?:[ \t]++([^\[\]\n]{1,500}+))?\]")
_TABLE = re.compile(r"^[ \t]*+(?:\{\|.*|\|\}|\|-.*)$", re.MULTILINE)
_CELL = re.compile(
    r"^[ \t]*+[|!]\+?[ \t]*+(?:(?:[a-z]{1,20}=\"[^|\"\n]{0,200}\"[ \t]*+){1,9}\|(?!\|))?",
    re.MULTILINE,
)
_CELLS = re.compile(r"(?<![ \t])[ \t]*+(?:\|\||!!)[ \t]*+")
_ITEM = re.compile(r"^(?:\*+|#+)[ \t]*(?=\S)", re.MULTILINE)
_INDENT = re.compile(r"^[:;]+[ \t]*", re.MULTILINE)


def is_wikitext(text: str) -> bool:
    """True where the text has two signs of wikitext, one of which nothing else has."""
    own = sum(sign.search(text) is not None for sign in _OWN_SIGNS)
    return own > 0 and own + sum(sign.search(text) is not None for sign in _SHARED_SIGNS) > 1


def read_wikitext(text: str) -> Read:
    """The text as Markdown, and its references, templates, pictures and categories as cut.

    Raises `SourceError` for a template inside of a sentence whose text is not known: a fact could
    be in it.
    """
    taken: list[Block] = []
    text = without_pairs(
        text,
        _REFERENCE,
        lambda one: "" if one[0].endswith("/>") else "</ref>",
        lambda part: taken.append(_block(part, Reason.MARK)),
        most=_MOST_REFERENCE,
    )
    for pattern, reason in ((_FILE, Reason.IMAGE), (_CATEGORY, Reason.SHORTCODE)):
        text = pattern.sub(_into(taken, reason), text)
    text = _OUTSIDE.sub(lambda one: one[1] or "", _LINK.sub(r"\1", text))
    text = _without_boxes(text, taken)
    for _ in range(_DEPTH):
        text, found = _TEMPLATE.subn(lambda one: _spoken(one, taken), text)
        if not found:
            break
    text = _HEADING.sub(lambda one: f"\n\n{'#' * len(one[1])} {one[2]}\n\n", _ITEM.sub("- ", text))
    if "{|" in text:
        text = _CELLS.sub(" | ", _CELL.sub("", _TABLE.sub("", text)))
    return Read(_EMPHASIS.sub("", _INDENT.sub("", text)), tuple(taken))


def _block(text: str, reason: Reason) -> Block:
    return Block(" ".join(text.split()), reason=reason)


def _into(taken: list[Block], reason: Reason) -> Callable[[re.Match[str]], str]:
    def cut(found: re.Match[str]) -> str:
        taken.append(_block(found[0], reason))
        return ""

    return cut


# --- templates ---------------------------------------------------------------------------------


def _without_boxes(text: str, taken: list[Block]) -> str:
    """The text without the templates that stand alone in their lines, but for those with text."""
    pieces: list[str] = []
    at = 0
    for start, end in _outermost(text):
        if _stands_alone(text, start, end) and _name(text[start + 2 : end - 2]) not in _WITH_TEXT:
            taken.append(_block(text[start:end], Reason.SHORTCODE))
            pieces.append(text[at:start])
            at = end
    return "".join((*pieces, text[at:]))


def _outermost(text: str) -> Iterator[tuple[int, int]]:
    """Where the templates stand that are in no other one."""
    open_at: list[int] = []
    for brace in _BRACES.finditer(text):
        if brace[0] == "{{":
            open_at.append(brace.start())
        elif open_at and (start := open_at.pop(), not open_at)[1]:
            yield start, brace.end()


def _stands_alone(text: str, start: int, end: int) -> bool:
    before, after = (
        text[max(start - 20, 0) : start].rstrip(" \t"),
        text[end : end + 20].lstrip(" \t"),
    )
    return before[-1:] in ("", "\n") and after[:1] in ("", "\n")


def _name(inside: str) -> str:
    return inside.split("|", 1)[0].strip().lower()


def _spoken(template: re.Match[str], taken: list[Block]) -> str:
    """The text that the template stands for; one that stands for none is cut."""
    name = _name(template[1])
    text = _said(name, _arguments(template[1]))
    if text is not None:
        return text
    alone = _stands_alone(template.string, *template.span())
    if not alone and not _SILENT.fullmatch(name):
        raise SourceError(
            f"{{{{{' '.join(template[1].split())[:60]}}}}}: a template whose text is not known; "
            "write its text, or save the page as HTML"
        )
    return _into(taken, Reason.SHORTCODE)(template)


def _arguments(inside: str) -> dict[str, str]:
    """The arguments by their names; those without one are named by their numbers from 1."""
    found: dict[str, str] = {}
    count = 0
    for part in inside.split("|")[1:]:
        name, equals, value = part.partition("=")
        named = equals and _ARGUMENT_NAME.fullmatch(name.strip())
        count += not named
        found[name.strip().lower() if named else str(count)] = (value if named else part).strip()
    return found


def _said(name: str, given: dict[str, str]) -> str | None:
    """The text of a template that is known; None for any other."""
    plain = [given[number] for number in sorted(filter(str.isdecimal, given), key=int)]
    if name in _SPOKEN and len(plain) > _SPOKEN[name]:
        return plain[_SPOKEN[name]]
    if name in _QUOTATIONS:
        quoted = given.get("text") or given.get("1")
        said_by = given.get("author") or given.get("sign") or given.get("2")
        return " — ".join(filter(None, (quoted, said_by))) if quoted else None
    if name in _MEASURES:
        return _measure(plain)
    if name in _SIGNS:
        return _SIGNS[name]
    if name.startswith("formatnum:"):
        return name.partition(":")[2].strip()
    if name in _CURRENCIES and len(plain) == 1:
        return _CURRENCIES[name] + plain[0]
    if name in ("frac", "fraction", "sfrac") and 1 <= len(plain) <= 3:
        whole = f"{plain[0]} " if len(plain) > 2 else ""
        return f"{whole}{'1' if len(plain) == 1 else plain[-2]}/{plain[-1]}"
    return _day(plain) if _DATES.fullmatch(name) else None


def _day(plain: list[str]) -> str | None:
    numbers = 1 <= len(plain) <= 3 and all(map(_NUMBER.fullmatch, plain))
    return "-".join(f"{part:0>2}" for part in plain) if numbers else None


def _measure(plain: list[str]) -> str | None:
    """ "22|km|mi" as "22 km", "5|to|10|km" as "5 to 10 km", "6|ft|2|in" as "6 ft 2 in"."""
    if len(plain) > 3 and plain[1] in _RANGES:
        return f"{plain[0]}{_RANGES[plain[1]]}{plain[2]} {plain[3]}"
    if len(plain) > 3 and _AMOUNT.fullmatch(plain[2]) and not _AMOUNT.fullmatch(plain[3]):
        return " ".join(plain[:4])
    known = len(plain) > 1 and _AMOUNT.fullmatch(plain[0]) and not _AMOUNT.fullmatch(plain[1])
    return " ".join(plain[:2]) if known else None
