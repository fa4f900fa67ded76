"""The head of an article: its title, and the byline, date and section lines below it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime

from rewriter.article import count_words
from rewriter.cleaning import phrases
from rewriter.cleaning.dates import find_dates
from rewriter.cleaning.page import Block, Page
from rewriter.cleaning.reasons import Reason
from rewriter.cleaning.shapes import is_headline, is_terminated, key, phrase

# Blocks from the top in which a head is looked for: title, standfirst and a few short lines.
_HEAD_BLOCKS = 8
_LINE_CHARACTERS = 200
# What stays of a date line without dates and labels: a name, so a few words at most.
_NAME_WORDS = 5
# An article with so many bare dates on lines of their own is a chronicle; they are its headings.
_CHRONICLE_DATES = 3
# A derived title is cut to what a headline field holds.
_DERIVED_CHARACTERS = 110

_UPDATED = (
    r"(?:last\s)?(?:updated|modified|edited)|actualizado|actualización|aktualisiert|mise? à jour"
    r"|atualizado|aggiornato|bijgewerkt|обновлено|оновлено|更新"
)
_PUBLISHED = (
    r"(?:first\s)?(?:published|posted)|publicado|publicación|veröffentlicht|publié|pubblicato|gepubliceerd"
    r"|опубликовано|опубліковано|opublikowano|发布|發布|公開|stand|fecha|datum|date"
)
_LABEL = re.compile(
    rf"(?:(?P<updated>{_UPDATED})|(?P<published>{_PUBLISHED}))(?:\s(?:on|at|el|am|le|em|il|op))?\s?:?\s?$",
    re.IGNORECASE,
)
_BY = re.compile(
    r"(?:written by|story by|reported by|by|von|por|par|di|door|автор|autor|auteur|author)"
    r"(?:\s?:\s?|\s)(?=\S)",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"[^\W\d_a-z][\w.'’-]{0,30}(?:\s(?:(?:de|del|van|von|der|da|la|al|bin)\s){0,2}[^\W\d_a-z][\w.'’-]{0,30}){1,3}"
)
_DOMAIN = re.compile(r"(?:[\w-]{1,60}\.){1,4}[A-Za-z]{2,10}")
_PUBLISHER = re.compile(r"\s[|–—-]\s")
_PARTS = re.compile(r"\s*[|·•]\s*")
_SEPARATORS = " \t|·•,;:–—-()/"


def read_header(page: Page) -> Page:
    """Find the title, read the lines around it, and cut them; what they say goes to the facts."""
    return _cut_repeated_title(_read_lines(_find_title(page)))


# --- title -------------------------------------------------------------------------------------


def _find_title(page: Page) -> Page:
    """Take the first headline above the text for the title, where the format gave none."""
    if page.facts.title is not None:
        return page
    head = list(page.kept())
    for at, (i, block) in enumerate(head[:_HEAD_BLOCKS]):
        if _line(block.text) is not None or _is_kicker(block.text):
            continue
        if at + 1 < len(head) and block.kind != "item" and is_headline(block.text):
            return _titled(page, i)
        break
    return page


def _is_kicker(text: str) -> bool:
    return phrase(text) in phrases.CATEGORY or _DOMAIN.fullmatch(text) is not None


def _titled(page: Page, at: int) -> Page:
    block = page.blocks[at]
    blocks = (*page.blocks[:at], replace(block, kind="title", mark=""), *page.blocks[at + 1 :])
    return replace(page, blocks=blocks, facts=page.facts.filled(title=block.text))


def derive_title(sentence: str) -> str:
    """A stand-in title: the first sentence, cut at a word boundary with an ellipsis."""
    if len(sentence) <= _DERIVED_CHARACTERS:
        return sentence.rstrip(".。")
    cut = sentence[:_DERIVED_CHARACTERS]
    return cut[: max(cut.rfind(" "), 0) or len(cut)].rstrip(_SEPARATORS) + "…"


def _cut_repeated_title(page: Page) -> Page:
    """Cut blocks that are the title once more, with or without the publisher's name behind it."""
    title = key(page.facts.title or "")
    if not title:
        return page

    def judge(block: Block) -> Reason | None:
        text, _, publisher = _PUBLISHER.sub("\n", block.text, count=1).partition("\n")
        if count_words(publisher) > _NAME_WORDS:
            return None
        return Reason.REPEATED_TITLE if title in (key(block.text), key(text)) else None

    return page.cut_where(judge)


# --- lines -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Line:
    """What one line of a head says: instants, and a name with the label that stood before it."""

    published: datetime | None = None
    updated: datetime | None = None
    name: str = ""
    label: str = ""


def _line(text: str) -> _Line | None:
    """What a byline or date line says; None for any other text."""
    if len(text) > _LINE_CHARACTERS or is_terminated(text):
        return None
    published = updated = None
    rest, at, label = [], 0, ""
    for found in find_dates(text):
        before = text[at : found.start].rstrip(_SEPARATORS.replace(":", ""))
        at = found.end
        named = _LABEL.search(before)
        if named and named["updated"]:
            updated = updated or found.when
        else:
            published = published or found.when
        if named:
            label, before = "date", before[: named.start()]
        rest.append(before)
    rest.append(text[at:])
    name = " ".join(part for r in rest if (part := r.strip(_SEPARATORS)))
    if by := _BY.match(name):
        name, label = name[by.end() :].strip(_SEPARATORS), "by"
        if not _PERSON.match(name):
            return None
    elif not at:
        return None
    if count_words(name) > _NAME_WORDS * (2 if label == "by" else 1):
        return None
    return _Line(published, updated, name, label)


def _read_lines(page: Page) -> Page:
    """Cut byline and date lines in the head with the short lines beside them; fill the facts."""
    head = list(page.kept())[:_HEAD_BLOCKS]
    dated = {i: line for i, block in head if (line := _line(block.text)) is not None}
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


def _is_chronicle(page: Page) -> bool:
    lines = (_line(block.text) for _, block in page.kept())
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


def _is_known_name(text: str) -> bool:
    return _is_kicker(text) or not phrases.PUBLISHER_WORDS.isdisjoint(text.casefold().split())


def _is_short(block: Block) -> bool:
    return (
        block.kind == "text"
        and count_words(block.text) <= _NAME_WORDS - 1
        and not is_terminated(block.text)
        and phrase(block.text) not in phrases.ABSTRACT
        and is_headline(block.text)
    )


# --- facts -------------------------------------------------------------------------------------


def _learn(page: Page, line: _Line) -> Page:
    facts = page.facts.filled(published_at=line.published, updated_at=line.updated)
    page = replace(page, facts=facts)
    if line.label == "by":
        person = _PERSON.match(line.name)
        return replace(page, facts=facts.filled(author=person[0] if person else None))
    for name in filter(None, _PARTS.split(line.name)):
        page = _learn_name(page, name)
    return page


def _learn_name(page: Page, name: str) -> Page:
    """Fill what a bare name is known to be; of any other name tell the editor."""
    words = name.casefold().split()
    if phrase(name) in phrases.CATEGORY:
        return replace(page, facts=page.facts.filled(category=name))
    if _is_known_name(name) or len(words) == 1:
        return replace(page, facts=page.facts.filled(publisher=name))
    return page.noted(
        f"“{name}” stands beside the date and was not filled in as author or publisher."
    )
