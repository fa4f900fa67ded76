"""What is said of an article, made fit to print: titles and publishers as names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from rewriter.cleaning import phrases
from rewriter.cleaning.page import Page, PageFacts
from rewriter.cleaning.people import people
from rewriter.cleaning.shapes import key, phrase
from rewriter.items.fields import is_address

_SEPARATOR = re.compile(r"\s+(?:[|·•»«–—❘│¦]|-{1,2}|::|&[lr]aquo;)\s+")
# Any sign may part a headline from a name that is known to be the site's.
_SIGN = re.compile(r"\s*(?:[^\w\s\"'“”‘’„‚.,;!?()\[\]&%+#$€£-]{1,3}|-{1,3}(?=\s))\s*")
# A bar parts a headline from a site's name; a dash may also stand inside of a headline.
_BAR = re.compile(r"\s+[|»❘│¦]\s+")
_SITE_WORDS = 4
_TITLE_WORDS = 3
_SHORTEST_SITE = 3
_TAGLINE_WORDS = 3
_PUBLISHER_WORDS = 6
_CATEGORY_WORDS = 5
_ARTICLE = re.compile(r"^the\s", re.IGNORECASE)
_SHORTCODE = re.compile(r"\[/?[a-z][\w-]{1,30}(?:[\s_=][^\[\]]{0,200})?\]|\{[{%].{0,200}[}%]\}")


def tidied(page: Page) -> Page:
    """The page with its facts as names: no site in the title, no domain or account as a name."""
    facts = page.facts
    publisher = publisher_name(facts.publisher)
    title = bare_title(facts.title, publisher, facts.url)
    author = people(facts.author, publisher)
    metadata = facts.metadata
    if facts.publisher and publisher is None and isinstance(metadata.get("source"), dict):
        metadata = {
            **metadata,
            "source": {k: v for k, v in metadata["source"].items() if k != "name"},
        }
    category = facts.category
    if category and len(category.split()) > _CATEGORY_WORDS:
        category = None
    found = replace(
        facts,
        title=title,
        publisher=publisher,
        author=author,
        category=category,
        metadata=metadata,
    )
    return replace(page, facts=found).noted(*_notes(facts, found))


def _notes(before: PageFacts, after: PageFacts) -> Iterator[str]:
    if before.author and after.author is None:
        yield f"“{before.author[:80]}” names no person; no author was filled in."


def publisher_name(said: str | None) -> str | None:
    """A publisher's name; None for an address, a domain, an account or a number."""
    name = (said or "").strip()
    if not name or is_address(name) or name[0] in "@#/" or not any(map(str.isalpha, name)):
        return None
    parts = _SEPARATOR.split(name, maxsplit=1)
    # "Harbor Ledger - News of the coast and the islands"
    if len(parts) > 1 and len(parts[1].split()) >= _TAGLINE_WORDS:
        name = parts[0]
    return name if len(name.split()) <= _PUBLISHER_WORDS else None


def site_behind(declared: str, title: str) -> str | None:
    """The site's name in "The title | The Harbor Ledger", where the page shows the title alone."""
    part = _SEPARATOR.split(declared)[-1]
    alone = key(declared) == key(title) + key(part)
    return publisher_name(part) if alone and len(part.split()) <= _SITE_WORDS else None


def bare_title(said: str | None, publisher: str | None, url: str | None) -> str | None:
    """The title without the site's name in front of or behind it.

    None for what is no title: a shortcode, a domain, the site's name alone.
    """
    title = (said or "").strip()
    sites = set(_site_names(publisher, url))
    while parts := _outer_parts(title, sites):
        title = parts
    if _SHORTCODE.fullmatch(title) or is_address(title) or key(title) in sites:
        return None
    if any(phrase(part) in phrases.HOME for part in _SEPARATOR.split(title)[:1]):
        return None
    return title or None


def _outer_parts(title: str, sites: set[str]) -> str:
    """The title without its last or first part where that is the site; empty where neither is."""
    if rest := _beside_site(title, sites):
        return rest
    parts = list(_SEPARATOR.finditer(title))
    if not parts:
        return ""
    last, first = parts[-1], parts[0]
    before, site = title[: last.start()], title[last.end() :]
    bar = _BAR.fullmatch(last[0]) and len(site.split()) <= _SITE_WORDS
    long_enough = len(before.split()) >= _TITLE_WORDS or not before.isascii()
    if _is_site(site, sites) or (bar and long_enough):
        return before
    site, after = title[: first.start()], title[first.end() :]
    section = _BAR.fullmatch(first[0]) and phrase(site) in phrases.MENU | phrases.CATEGORY
    in_front = section and len(after.split()) >= _TITLE_WORDS
    return after if in_front or _is_site(site, sites) else ""


def _beside_site(title: str, sites: set[str]) -> str:
    """The title without the site's very name at its end or its beginning."""
    signs = list(_SIGN.finditer(title))
    for name, rest in [
        *((title[sign.end() :], title[: sign.start()]) for sign in signs[-1:]),
        *((title[: sign.start()], title[sign.end() :]) for sign in signs[:1]),
    ]:
        long_enough = len(rest.split()) >= _TITLE_WORDS or not rest.isascii()
        if long_enough and key(_ARTICLE.sub("", name)) in sites:
            return rest
    return ""


def _site_names(publisher: str | None, url: str | None) -> Iterator[str]:
    if publisher:
        yield key(_ARTICLE.sub("", publisher))
    try:
        host = urlsplit(url or "").hostname or ""
    except ValueError:
        return
    labels = [label for label in host.removeprefix("www.").split(".")[:-1] if len(label) > 2]
    yield from map(key, labels)


def _is_site(text: str, sites: set[str]) -> bool:
    part = key(_ARTICLE.sub("", text))
    if is_address(text) or part in sites:
        return True
    short = len(text.split()) <= _SITE_WORDS and len(part) >= _SHORTEST_SITE
    return short and any(
        len(site) >= _SHORTEST_SITE and (part.startswith(site) or site.startswith(part))
        for site in sites
    )
