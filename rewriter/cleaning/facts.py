"""What is said of an article, made fit to print: titles, publishers and people as names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from rewriter.cleaning import phrases
from rewriter.cleaning.page import Page, PageFacts
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

_BY = re.compile(
    r"(?:(?:article|words|story|text|written|posted|reported|published|review) )?"
    r"(?:by|von|por|par|di|door|автор|autor|auteur|author)(?:\s?:\s?|\s)(?=\S)",
    re.IGNORECASE,
)
# "(Reuters)", "@ruth", "Photos by Per Holm", "Editing by Per Holm": no author.
_BESIDE_NAME = re.compile(
    r"\s*\([^()]{0,60}\)|\s@[\w.]{1,40}|[|;,·]\s*(?:photos?|pictures?|images?|video|graphics?|fotos?"
    r"|bilder|illustrations?|photographs?|edit(?:ing|ed)|translat(?:ion|ed)|additional reporting)\b"
    r"[^|;,·]{0,80}",
    re.IGNORECASE,
)
_AND = re.compile(r"\s*(?:[,;&|]|\b(?:and|und|et|y|e|и|en)\b)\s*", re.IGNORECASE)
# "ANA RUIZ AND TOM HALL": a word for and between two whole names, also one that may be a particle.
_TWO_NAMES = re.compile(r"\S\s\S+\s(?:[Yyeи]|AND|UND|ET|EN|E|И)\s\S+\s\S")
_PARTICLES = frozenset(
    "al bin da das de del den der di do dos du e el ibn la le ten ter van von y zu".split()  # noqa: SIM905 - a list of forty lines
)
_NAME_WORD = re.compile(r"[^\W\d_][\w.'’-]*")
# "Ruth Adeyemi March 25, 2026": a date that stood behind two names or more.
_DATED = re.compile(
    r"^(?P<name>\S+\s\S+(?:\s\S+)?)\s(?:january|february|march|april|may|june|july|august|september"
    r"|october|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b.*",
    re.IGNORECASE,
)
_HAN_NAME = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af·・]{2,8}")
_MOST_NAME_WORDS = 5
# Words of accounts, offices and agencies; the languages' own words for staff are in the phrases.
_NOBODY = frozenset(
    "admin administrator agencies agency author associated bureau contributor contributors"  # noqa: SIM905
    " correspondent desk developers editor editorial editors guest information network news"
    " newsroom online org press redaktion redacción redaction reporter reuters rédaction service"
    " staff team updated user username webmaster website wire writer ap afp ansa dpa efe tass"
    " xinhua bloomberg media group articles posts stories writers authors profile view".split()
)


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


# --- people ------------------------------------------------------------------------------------


def people(said: str | None, publisher: str | None = None) -> str | None:
    """The persons in a byline, with commas between them; None where it names none."""
    text = _BESIDE_NAME.sub("", " ".join((said or "").split()))
    text = _BY.sub("", text, count=1)
    names: dict[str, str] = {}
    for part in [text] if is_person(text) else _AND.split(_in_order(text)):
        name = _once(_DATED.sub(r"\g<name>", part.strip(" .,:;|-–—")))
        if is_person(name) and key(name) != key(publisher or ""):
            names.setdefault(key(name), name)
    return ", ".join(names.values()) or None


def _in_order(text: str) -> str:
    """ "Adeyemi, Ruth" as "Ruth Adeyemi"."""
    last, comma, first = text.partition(",")
    swapped = comma and " " not in last.strip() and "," not in first
    return f"{first.strip()} {last.strip()}" if swapped else text


def is_person(name: str) -> bool:
    """True for two to five capitalised words, none of which is an account's or an office's."""
    if _HAN_NAME.fullmatch(name):
        return True
    words = name.split()
    if not 2 <= len(words) <= _MOST_NAME_WORDS or is_address(name) or _TWO_NAMES.search(name):
        return False
    plain = {word.casefold().strip(".'’") for word in words}
    if plain & _NOBODY or not phrases.PUBLISHER_WORDS.isdisjoint(plain):
        return False
    if phrase(name) in phrases.CATEGORY or all(word in phrases.ANONYMOUS for word in plain):
        return False
    return words[0][0].isupper() and all(
        _NAME_WORD.fullmatch(word) and (not word[0].islower() or word.casefold() in _PARTICLES)
        for word in words
    )


def _once(name: str) -> str:
    """A name that stands twice in a row, once."""
    words = name.split()
    half = len(words) // 2
    return " ".join(words[:half]) if half and words[:half] == words[half:] else name
