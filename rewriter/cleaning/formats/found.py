"""What an HTML page does not declare, looked for in what its reader sees: facts, a standfirst."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice, takewhile
from typing import TYPE_CHECKING

from rewriter.article import count_words
from rewriter.cleaning import phrases
from rewriter.cleaning.byline import Line, read_line
from rewriter.cleaning.dates import is_day, parse_date
from rewriter.cleaning.decode import mend
from rewriter.cleaning.facts import site_behind
from rewriter.cleaning.page import Block, PageFacts
from rewriter.cleaning.people import people
from rewriter.cleaning.shapes import is_prose, key
from rewriter.remembering import looked_up

if TYPE_CHECKING:
    from lxml.etree import _Element
    from lxml.html import HtmlElement

_WORD = re.compile(r"\w{3,60}")
_CLOCK = re.compile(r"\d\s?[:.h時时点點]\s?\d\d|\d\s?[ap]\.?m\b", re.IGNORECASE)
# Fewer words are a site's name or a section.
_TITLE_WORDS = 3
# Share of the words of a declared title that a reader of the page must see in it.
_SEEN = 0.5
# A heading that is less than this part of the declared title is a part of the text's.
_LEAST_PART = 4
# Above this many blocks of a page stands its date line.
_HEAD = 80
_LINE_CHARACTERS = 200
_BYLINE_CHARACTERS = 80
# `/2026/01/29/ferries`
_DAY_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)/(\d{1,2})/(\d{1,2})/")
# The attributes in which trafilatura looks for an author, and what it looks for.
_AUTHOR_MARKS = ("class", "id", "rel", "itemprop", "data-testid", "data-component")
_AUTHOR_MARK = re.compile(
    r"uthor|yline|username|byl|BBL|channel-name|zuozhe|bianji|xiaobian|submitted-by|posted-by"
    r"|journalist-name|screenname|writer"
)
_MOST_AUTHOR_MARKS = 300
# Words of links to all that an author wrote, which are no name.
_NO_NAME = re.compile(phrases.pattern("no_names"), re.IGNORECASE)
# A line of the page and the day in the article's address may differ by so much.
_SAME_ARTICLE = timedelta(days=2)


def found_facts(tree: _Element, declared: PageFacts, seen: Sequence[Block]) -> PageFacts:
    """What the page declares, filled up from its text: the heading and a date.

    `tree` is without what its reader does not see, and `seen` are its blocks. A declared title that
    the page does not show is not taken.
    """
    title = _title(tree, declared.title, seen)
    found = replace(declared, title=title)
    if found.publisher is None and title and declared.title:
        found = found.filled(publisher=site_behind(declared.title, title))
    date = found.published_at or _dated(seen, found.url or "")
    date = date or parse_date(_date(tree) or "")
    if date is None:
        return found
    return replace(found, published_at=_with_time(date, seen) if is_day(date) else date)


def found_author(tree: _Element, seen: Sequence[Block]) -> str | None:
    """The author that the page names below its title, or where trafilatura looks for one."""
    names = {people(line.name) for line in _lines(seen) if line.label == "by"}
    byline = names.pop() if len(names) == 1 else None  # the only one in the page's head
    return byline or _author(tree)


def _title(tree: _Element, declared: str | None, seen: Sequence[Block]) -> str | None:
    """The longest heading of which the declared title is a part, or the other way round.

    Without one the declared title counts where most of its words are seen, otherwise the first
    heading.
    """
    found = (text for text in _headings(tree) if key(text) and not text.endswith(":"))
    headings = list(dict.fromkeys(found))
    whole = key(declared or "")
    keys = {text: key(text) for text in headings}
    same = [
        text
        for text, letters in keys.items()
        if whole
        and (whole in letters or (letters in whole and len(letters) * _LEAST_PART >= len(whole)))
    ]
    if same:
        best = max(same, key=lambda text: len(keys[text]))
        below_kicker = keys[best] != whole and keys[best].endswith(whole)
        return declared if below_kicker else best
    first = next((text for text in headings if len(text.split()) >= _TITLE_WORDS), None)
    named = " ".join((tree.findtext(".//title") or "").split())
    if declared and named and not _is_seen(declared, (named,)):
        declared = mend(named)
    if declared is None or not _is_seen(declared, (named, *headings, *(b.text for b in seen))):
        return first
    return first if first and len(declared.split()) < _TITLE_WORDS else declared


def _is_seen(title: str, texts: Sequence[str]) -> bool:
    words = set(_WORD.findall(title.casefold()))
    least, shown = len(words) * _SEEN, set[str]()
    for text in texts if words else ():
        shown |= words.intersection(_WORD.findall(text.casefold()))
        if len(shown) >= least:
            break
    return len(shown) >= least


def _headings(tree: _Element) -> Iterator[str]:
    for heading in sorted(tree.iter("h1", "h2"), key=lambda heading: str(heading.tag)):
        yield " ".join(mend("".join(map(str, heading.itertext()))).split())


def _date(tree: _Element) -> str | None:
    from htmldate import find_date

    # The extensive search takes any year on the page, a copyright line's too, for its date.
    return find_date(tree, extensive_search=False, original_date=True)


def _dated(seen: Sequence[Block], url: str) -> datetime | None:
    """What a labelled line says, unless the day in the address shows that it is another's."""
    said = next((n.published for n in _lines(seen) if n.label == "date" and n.published), None)
    found = _DAY_IN_ADDRESS.search(url)
    day = parse_date(f"{found[1]}-{found[2]:0>2}-{found[3]:0>2}") if found else None
    return day if said is None or (day and abs(said - day) > _SAME_ARTICLE) else said


def _lines(seen: Sequence[Block]) -> Iterator[Line]:
    """What the byline and date lines in the page's head say."""
    short = (block.text for block in seen[:_HEAD] if len(block.text) < _BYLINE_CHARACTERS)
    return (line for line in map(read_line, short) if line is not None)


def _with_time(date: datetime, seen: Sequence[Block]) -> datetime:
    """The instant of a line in the page's head that gives this day with its time."""
    for block in seen[:_HEAD]:
        if len(block.text) <= _LINE_CHARACTERS and _CLOCK.search(block.text):
            line = read_line(block.text)
            when = line.published if line is not None else None
            if when is not None and when.date() == date.date():
                return when
    return date


def _author(tree: _Element) -> str | None:
    """What trafilatura takes for the author, but for words of a link to all that one wrote."""
    from trafilatura.metadata import extract_author

    said = mend(extract_author(_marked(tree)) or "").strip()
    return said if said and not _NO_NAME.search(said) else None


def _marked(tree: _Element) -> HtmlElement:
    """The elements of the tree that may name an author, as they stand in those around them.

    trafilatura copies its tree and asks each element for some thirty patterns.
    """
    from lxml.etree import SubElement
    from lxml.html import Element

    copies: dict[_Element, _Element] = {tree: Element(tree.tag, dict(tree.attrib))}
    marked: set[_Element] = set()
    for element in islice(filter(_may_name_author, tree.iterdescendants("*")), _MOST_AUTHOR_MARKS):
        around = list(takewhile(lambda one: one is not tree, element.iterancestors()))
        if not marked.isdisjoint(around):
            continue
        marked.add(element)
        for one in reversed(around):
            if one not in copies:
                copies[one] = SubElement(copies[one.getparent()], one.tag, dict(one.attrib))
        copies[around[0] if around else tree].append(deepcopy(element))
    return copies[tree]


def _may_name_author(element: _Element) -> bool:
    said = " ".join(filter(None, map(element.get, _AUTHOR_MARKS)))
    return element.tag == "author" or bool(said and _AUTHOR_MARK.search(said))


# --- the standfirst ------------------------------------------------------------------------------

# Blocks below the title: a byline, a date and buttons may stand between.
_BELOW_TITLE = 12
# So may captions of this many paragraphs less one; below them stands the text.
_PARAGRAPHS = 3
_LEAST_WORDS = 8
_LINKED = 0.3
# Characters in which a paragraph and the page's description must agree. Descriptions are cut off.
_SAME_CHARACTERS = 80
_LEAST_CHARACTERS = 25
_DESCRIPTIONS = frozenset(["description", "og:description", "twitter:description"])
# The names that sites give to it, in several languages.
_NAMES = re.compile(
    r"(?:^|[\s_-])(?:intro(?:text)?|lead(?:text)?|lede|perex|chapo|chapeau|stand-?first|dek|vorspann"
    r"|teaser-?text|(?:article|entry|post)[_-]{0,2}(?:teaser|lead|intro|excerpt|summary)|excerpt"
    r"|summary|abstract|strapline|blurb|bajada|sumario|entradilla|epigraph|sub-?(?:title|head))"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
# Pieces of text in an element that is no more than a lead.
_TEXTS = 30


def standfirst(tree: _Element, seen: Sequence[Block], title: str | None) -> Block | None:
    """The paragraph below the title that the page gives as its description, or names as its lead.

    `seen` are all blocks of `tree`, which still has its `meta` elements.
    """
    below = islice(_below_title(seen, key(title or "")), _BELOW_TITLE)
    likely = [block for block in below if _is_likely(block)][:_PARAGRAPHS]
    if not likely:
        return None
    described = tuple({text[:_SAME_CHARACTERS] for text in _descriptions(tree)})
    found = next((b for b in likely if key(b.text).startswith(described)), None)
    if found is None:
        named = set(_named(tree, {key(block.text)[:_SAME_CHARACTERS] for block in likely}))
        found = next((b for b in likely if key(b.text)[:_SAME_CHARACTERS] in named), None)
    return None if found is None else replace(found, kind="text", mark="")


def _below_title(seen: Sequence[Block], title: str) -> Iterator[Block]:
    at = next((i for i, block in enumerate(seen) if title and key(block.text) == title), None)
    yield from () if at is None else seen[at + 1 :]


def _is_likely(block: Block) -> bool:
    return (
        block.kind != "item"
        and count_words(block.text) >= _LEAST_WORDS
        and block.linked < _LINKED
        and (block.kind == "heading" or is_prose(block.text))
        and not block.text.endswith(("...", "…"))
    )


def _descriptions(tree: _Element) -> Iterator[str]:
    for meta in tree.iter("meta"):
        describes = (meta.get("name") or meta.get("property") or "").lower() in _DESCRIPTIONS
        if describes and len(text := key(meta.get("content") or "")) >= _LEAST_CHARACTERS:
            yield text


def _named(tree: _Element, openings: set[str]) -> Iterator[str]:
    """Those of the openings that stand in an element with a name of a lead."""
    for element in tree.xpath("//*[@class or @id]"):
        if _names_lead(element.get("class") or "") or _names_lead(element.get("id") or ""):
            text = key("".join(islice(map(str, element.itertext()), _TEXTS)))
            yield from (opening for opening in openings if opening in text)


@looked_up(4096, longest=1_000)
def _names_lead(names: str) -> bool:
    return _NAMES.search(names) is not None
