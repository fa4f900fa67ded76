"""Byline, date, publisher and section lines: they leave the text, and what they say is kept."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime

from rewriter.article import count_words
from rewriter.cleaning import phrases
from rewriter.cleaning.dates import find_dates
from rewriter.cleaning.furniture import is_counter
from rewriter.cleaning.language import declared_language, detect_language, writes_day_first
from rewriter.cleaning.page import Block, Page
from rewriter.cleaning.people import BY
from rewriter.cleaning.reasons import Reason
from rewriter.cleaning.shapes import is_headline, is_terminated, phrase

# Blocks from the top in which a head is looked for: title, standfirst and a few short lines.
HEAD_BLOCKS = 8
_LINE_CHARACTERS = 200
# What stays of a date line without dates and labels: a name, so a few words at most.
_NAME_WORDS = 5
# Behind "By" an office or a place may follow the name.
_BYLINE_WORDS = 10
# An article with this many bare dates on lines of their own is a chronicle; they are its headings.
_CHRONICLE_DATES = 3

_LABEL = re.compile(
    rf"(?:(?P<updated>{phrases.pattern('updated')})|(?P<published>{phrases.pattern('published')}))"
    r"(?:\s(?:on|at|el|a|am|le|em|il|op|den|dne))?\s?:?\s?$",
    re.IGNORECASE,
)
# "ByRuth Adeyemi": a line break of the page got lost.
_BY = re.compile(
    r"(?:(?P<staff>(?:edited|reviewed|translated|fact[- ]checked) by)"
    rf"|{BY})(?:\s?:\s?|\s)(?=\S)|(?-i:(?:[Bb]y|Von|Por|Par)(?=[A-ZÀ-Þ][a-zà-ÿ]))",
    re.IGNORECASE,
)
_CAPITALISED = r"[^\W\d_a-z][\w.'’-]{0,30}"
_WORDS_FOR_AND = r"and|und|et|en|och|og|oraz|ve"
# In capitals, a letter between two whole names is a word for and, any other one an initial.
_LETTERS_FOR_AND = r"y|e|и|і"
_AND = rf"(?:&|{_WORDS_FOR_AND}|{_WORDS_FOR_AND.upper()}|(?i:{_LETTERS_FOR_AND}))"
_PART = (
    rf"\s(?!(?:{_WORDS_FOR_AND.upper()})\s)"
    rf"(?:(?i:de|del|van|von|der|da|la|al|bin)\s){{0,2}}{_CAPITALISED}"
)
_PERSON = re.compile(
    rf"{_CAPITALISED}{_PART}"
    rf"(?:(?!\s(?i:{_LETTERS_FOR_AND})\s{_CAPITALISED}\s{_CAPITALISED}){_PART}){{0,2}}"
)
# "Ana Ruiz, Ivo Lund and Peter Holm": behind a comma alone an office or a place may stand.
_PEOPLE = re.compile(
    rf"{_PERSON.pattern}(?:(?:\s?,\s{_PERSON.pattern})*,?\s{_AND}\s{_PERSON.pattern})?"
)
_NEXT_PERSON = re.compile(rf"(?:,?\s{_AND}\s|,\s)?({_PERSON.pattern})")
_DOMAIN = re.compile(r"(?:[\w-]{1,60}\.){1,4}[A-Za-z]{2,10}")
_PARTS = re.compile(r"\s*[|·•]\s*")
_SEPARATORS = " \t|·•,;:–—-()/"


@dataclass(frozen=True, slots=True)
class Line:
    """What one line of a head says: instants, and a name.

    `label` tells what stood before: "by", "staff" (edited by), "date" (published on), or nothing.
    `unread` are its dates that name no day, or that may name two.
    """

    published: datetime | None = None
    updated: datetime | None = None
    name: str = ""
    label: str = ""
    unread: tuple[str, ...] = ()


def read_line(text: str, *, day_first: bool = False) -> Line | None:
    """What a byline or date line says; None for any other text.

    `day_first` tells how the article's language writes dates.
    """
    if len(text) > _LINE_CHARACTERS or is_terminated(text):
        return None
    line = without_dates(" ".join(text.strip("*_ ").split()), day_first)
    most = _NAME_WORDS
    if by := _BY.match(line.name):
        name = line.name[by.end() :].strip(_SEPARATORS)
        line = replace(line, name=name, label="staff" if by["staff"] else "by")
        most = _BYLINE_WORDS
        if not (_PERSON.match(name) or _is_anonymous(name)):
            return None
    elif not (line.published or line.updated or line.unread) or (
        not line.label and _is_phrase(line.name)
    ):
        return None
    return line if count_words(_PARTS.sub(" ", line.name)) <= most else None


def opens_byline(text: str) -> bool:
    """True for "By" and "Von" alone: the name stands on the next line."""
    by = _BY.match(f"{text} X")
    return by is not None and by.end() > len(text)


def _is_phrase(name: str) -> bool:
    """True for "What happened on": words that are not all capitalised are no name."""
    words = [word for word in name.split() if word[0].isalpha()]
    return len(words) > 1 and any(word[0].islower() for word in words)


def _is_anonymous(name: str) -> bool:
    """True for "Our Correspondent" and "Staff Writer", which name nobody."""
    words = phrase(name).split()
    return bool(words) and all(word in phrases.ANONYMOUS for word in words)


def without_dates(text: str, day_first: bool = False) -> Line:
    """The dates in `text`, and as its name what stands around them and their labels."""
    published = updated = None
    rest, at, label = [], 0, ""
    unread = []
    for found in find_dates(text, day_first=day_first):
        before = text[at : found.start].rstrip(_SEPARATORS.replace(":", ""))
        at = found.end
        if found.when is None:
            unread.append(text[found.start : found.end])
        named = _LABEL.search(before)
        if named and named["updated"]:
            updated = updated or found.when
        else:
            published = published or found.when
        if named:
            label, before = "date", before[: named.start()]
        rest.append(before)
    rest.append(text[at:])
    parts = (part.strip(_SEPARATORS) for piece in rest for part in _PARTS.split(piece))
    name = " | ".join(part for part in parts if part and not is_counter(part))
    return Line(published, updated, name, label, tuple(unread))


def read_byline(page: Page) -> Page:
    """Cut byline and date lines in the head with the short lines beside them; fill the facts."""
    head = list(page.kept())[:HEAD_BLOCKS]
    dated = _read_lines(head)
    if any(line.unread for line in dated.values()):
        dated = _read_lines(head, day_first=writes_day_first(_language(page)))
    if dated and _is_chronicle(page):
        dated = {i: line for i, line in dated.items() if line.label}
    if not dated:
        return page
    beside = _beside(head, set(dated))
    for i in sorted(dated):
        page = _learn(page, dated[i])
    for text in beside.values():
        page = _learn_name(page, text)
    return page.cut(dict.fromkeys((*dated, *beside), Reason.BYLINE))


def _read_lines(head: list[tuple[int, Block]], *, day_first: bool = False) -> dict[int, Line]:
    lines = ((i, read_line(block.text, day_first=day_first)) for i, block in head)
    return {i: line for i, line in lines if line is not None}


def _language(page: Page) -> str | None:
    text = "\n".join(block.text for _, block in page.kept())
    return declared_language(page.facts.lang) or detect_language(text)


def _is_chronicle(page: Page) -> bool:
    lines = (read_line(block.text) for _, block in page.kept())
    bare = sum(line is not None and not line.label and not line.name for line in lines)
    return bare >= _CHRONICLE_DATES


def _beside(head: list[tuple[int, Block]], dated: set[int]) -> dict[int, str]:
    """The short lines between title and date, and below the date those that are plainly names.

    A short line below the date may be the first subheading.
    """
    lines = [(i, block.text, _is_short(block)) for i, block in head]
    found: dict[int, str] = {}
    for order, judge in ((lines[::-1], lambda _: True), (lines, _is_known_name)):
        touches = False
        for i, text, short in order:
            touches = i in dated or (touches and short and judge(text))
            if touches and i not in dated:
                found[i] = text
    return dict(sorted(found.items()))


def is_section_or_domain(text: str) -> bool:
    """True for "Markets" and "harbor.example"."""
    return phrase(text) in phrases.CATEGORY or _DOMAIN.fullmatch(text) is not None


def _is_known_name(text: str) -> bool:
    words = text.casefold().split()
    named = not text.isupper() and not phrases.PUBLISHER_WORDS.isdisjoint(words)  # "ETH NEWS"
    return named or is_section_or_domain(text)


def _is_short(block: Block) -> bool:
    return (
        block.kind == "text"
        and count_words(block.text) <= _NAME_WORDS - 1
        and not is_terminated(block.text)
        and phrase(block.text) not in phrases.ABSTRACT
        and is_headline(block.text)
    )


def _learn(page: Page, line: Line) -> Page:
    facts = page.facts.filled(published_at=line.published, updated_at=line.updated)
    page = replace(page, facts=facts).noted(
        *(f"“{text}” cannot be read as one date; no time was filled in." for text in line.unread)
    )
    if line.label == "staff":
        return page
    for n, name in enumerate(filter(None, _PARTS.split(line.name))):
        people = _PEOPLE.match(name) if line.label == "by" and n == 0 else None
        if line.label == "by" and n == 0 and _is_anonymous(name):
            page = page.noted(f"“{name}” names no person; no author was filled in.")
        elif people is not None:
            authors = "; ".join(_NEXT_PERSON.findall(people[0]))
            page = replace(page, facts=page.facts.filled(author=authors))
        elif line.label == "date" and any(map(str.isalpha, name)) and not opens_byline(name):
            page = replace(page, facts=page.facts.filled(publisher=name))
        else:
            page = _learn_name(page, name)
    return page


def _learn_name(page: Page, name: str) -> Page:
    """Fill what a bare name is known to be; of any other name tell the editor."""
    if phrase(name) in phrases.CATEGORY:
        return replace(page, facts=page.facts.filled(category=name))
    if _is_known_name(name):
        return replace(page, facts=page.facts.filled(publisher=name))
    return page.noted(not_filled_in(name))


def not_filled_in(name: str) -> str:
    """The note about a name that nothing shows to be the author's or the publisher's."""
    return f"“{name}” stands beside the date and was not filled in as author or publisher."
