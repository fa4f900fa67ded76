"""Single lines of the page around the article: menus, buttons, counters, advertisements, images."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import groupby

from rewriter.article import count_words
from rewriter.cleaning import phrases
from rewriter.cleaning.page import Block, Page
from rewriter.cleaning.reasons import Reason
from rewriter.cleaning.shapes import is_headline, is_terminated, phrase

# No button, counter or notice of a page is longer; a longer line is text.
_LINE_CHARACTERS = 300
# Neighbouring short lines that make a menu: two may be a heading and a subheading.
_MENU_LINES = 3
_MENU_WORDS = 3
# "Featured image from the agency's archive, chart from ..." is about as long as credits get.
_CREDIT_WORDS = 15

_IMAGE = re.compile(
    r"!\[[^\]]{0,200}\]\([^)]{0,300}\)|"
    r"(?:\w{1,20}:?\s){0,3}[(\[!]{0,3}[\w%.:/\\-]{0,200}\.(?:png|jpe?g|gif|webp|svg|avif|bmp|heic)(?:\?\S{0,200})?[)\]\"']{0,3}",
    re.IGNORECASE,
)
_COUNTER = re.compile(
    r"\d[\d.,]{0,9}\s?[km]?\s(?:views?|comments?|shares?|likes?|reads?|claps?|replies|reactions|votes?"
    r"|vistas|comentarios|kommentare|aufrufe|vues|commentaires|просмотр\w{0,3}|комментари\w{0,3})"
    r"|(?:views?|comments?|shares?|likes?)\s?[:(]?\s?\d[\d.,]{0,9}\s?[km]?\)?"
    r"|(?:reading time|lesezeit|tiempo de lectura|temps de lecture)\s?:?\s?\d{1,3}\s?\w{1,9}\.?"
    r"|\d{1,3}[\s-]?(?:mins?|minutes?|minuten|minutos)[\s-]"
    r"(?:read|of reading|lesezeit|de lectura|de lecture)",
    re.IGNORECASE,
)
_AGE = (
    r"(?:\d{1,3}\s?(?:s|m|h|d|w|mins?|hrs?|seconds?|minutes?|hours?|days?|weeks?|months?)\sago"
    r"|hace\s\d{1,3}\s\w{1,10}|vor\s\d{1,3}\s\w{1,10}|il y a\s\d{1,3}\s\w{1,10}"
    r"|\d{1,3}\s?\w{1,8}\sназад|\d{1,3}\s?(?:分钟|小时|天|分鐘|小時)前)"
)
# A name and an age stand together, with a separator between them where the name has several words.
_FEED_LINE = re.compile(
    rf"(?:[\w.@-]{{1,40}}\s?|[\w.@ -]{{1,60}}\s?[·•|–-]\s?)?{_AGE}", re.IGNORECASE
)
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright)\s?(?:©\s?)?\d{4}.{0,150}|©.{0,60}\d{4}\.?"
    r"|.{0,80}all rights reserved\.?",
    re.IGNORECASE,
)
_SEPARATED = re.compile(r"\s[|›»•·/]\s")


def cut_furniture(page: Page) -> Page:
    """Cut the lines that belong to the page and not to the article; each is judged by itself."""
    return _cut_menus(page.cut_where(_judge))


def _judge(block: Block) -> Reason | None:
    text = block.text
    if len(text) > _LINE_CHARACTERS:
        return None
    line = phrase(text)
    if _IMAGE.fullmatch(text) or _credits_image(line):
        return Reason.IMAGE
    for says, reason in _TABLES:
        if says(line):
            return reason
    if _COUNTER.fullmatch(text):
        return Reason.COUNTER
    if _FEED_LINE.fullmatch(text):
        return Reason.FEED_LINE
    if _COPYRIGHT.fullmatch(text) or (
        len(_SEPARATED.findall(text)) >= _MENU_LINES and _in_menu(text)
    ):
        return Reason.MENU
    return None


def _credits_image(line: str) -> bool:
    return line.startswith(phrases.IMAGE_CREDITS) and count_words(line) <= _CREDIT_WORDS


def _asks_to_subscribe(line: str) -> bool:
    return line in phrases.SUBSCRIBE or (
        line.startswith(phrases.SUBSCRIBE_OPENINGS)
        and count_words(line) <= 25
        and any(thing in line for thing in phrases.SUBSCRIBE_OBJECTS)
    )


def _tells_of_cookies(line: str) -> bool:
    return line in phrases.COOKIES or line.startswith(phrases.COOKIE_OPENINGS)


_TABLES: tuple[tuple[Callable[[str], bool], Reason], ...] = (
    (phrases.ADVERTISEMENT.__contains__, Reason.ADVERTISEMENT),
    (phrases.SHARE.__contains__, Reason.SHARE),
    (_asks_to_subscribe, Reason.SUBSCRIBE),
    (_tells_of_cookies, Reason.COOKIES),
)


def _in_menu(text: str) -> bool:
    """True for "Home | News | Markets | About": most parts are names of sections."""
    parts = [phrase(part) for part in _SEPARATED.split(text)]
    return sum(part in phrases.MENU for part in parts) * 2 >= len(parts)


def _cut_menus(page: Page) -> Page:
    """Cut runs of short lines of which at least half are names of sections."""
    reasons: dict[int, Reason] = {}
    for short, group in groupby(page.kept(), key=lambda entry: _is_menu_line(entry[1])):
        run = list(group)
        named = sum(phrase(block.text) in phrases.MENU for _, block in run)
        if short and len(run) >= _MENU_LINES and named * 2 >= len(run):
            reasons |= {i: Reason.MENU for i, _ in run}
    return page.cut(reasons)


def _is_menu_line(block: Block) -> bool:
    text = block.text
    return count_words(text) <= _MENU_WORDS and is_headline(text) and not is_terminated(text)
