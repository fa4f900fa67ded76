"""Single lines of the page around the article: menus, buttons, counters, advertisements, images."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from rewriter.article import count_words
from rewriter.cleaning import phrases
from rewriter.cleaning.page import Block, Page
from rewriter.cleaning.reasons import Reason
from rewriter.cleaning.shapes import (
    LONG_WORDS,
    PROSE_WORDS,
    is_headline,
    is_prose,
    is_terminated,
    key,
    phrase,
)

# No button, counter or notice of a page is longer; a longer line is text.
_LINE_CHARACTERS = 300
# Neighbouring short lines that make a menu: two may be a heading and a subheading.
_MENU_LINES = 3
_MENU_WORDS = 3
_TAG_COMMAS = 2
_LABEL_TIMES = 8
# The longest row of buttons seen has seven.
_BUTTONS = 10
_BUTTON_WORDS = 4
# This many names of networks in a row are buttons, though none says "share".
_NETWORKS = 3
# The longest title of a feed's item with what stands around it.
_FEED_ENDING_CHARACTERS = 500
# "Featured image from the agency's archive, chart from ..." is about as long as credits get.
_CREDIT_WORDS = 15

_IMAGE = re.compile(
    r"\[?!\[[^\]]{0,200}\](?:\([^)]{0,300}\)|\[[^\]]{0,200}\])(?:\]\([^)]{0,300}\))?(?:\{[^{}]{0,200}\})?|"
    r"(?:\w{1,20}:?\s){0,3}[(\[!]{0,3}[\w%.:/\\-]{0,200}\.(?:png|jpe?g|gif|webp|svg|avif|bmp|heic)(?:\?\S{0,200})?[)\]\"']{0,3}",
    re.IGNORECASE,
)
# "... in Tarn on Monday. Photo: Ada Brook, AP", "... on Monday. (AP Photo/Ada Brook)": a caption.
_CREDITED = re.compile(
    r"(?:(?:[.!?”\"’)]|\s[—–])\s(?:photo(?:graph)?s?|image|picture|foto|bild|imagen"
    r"|crédit photo|photo credit|image credit|credit|crédit)\s?(?::\s?|by\s)[^.!?]{2,60}"
    r"(?:[/©].{0,90})?"
    r"|[.!?”\"’]\s\((?:\w{2,12} )?(?:photo|foto|image)s?(?:[/:,]|\s(?:by|courtesy|via)\b)"
    r"[^()]{1,80}\))\.?$",
    re.IGNORECASE,
)
# A headline has "for Getty Images", too, and words in small letters.
_CREDITED_NAME = (
    r"(?-i:[A-Z\u00c0-\u00de][\w.'’-]{0,29}"
    r"(?: (?:(?:de|da|van|von|der|di|el|al|bin) )?[A-Z\u00c0-\u00de][\w.'’-]{0,29}){0,3})"
)
# "Getty Images", "Ada Brook/Shutterstock", "Ada Brook via Unsplash".
_AGENCY_CREDIT = re.compile(
    rf"(?:©\s?)?(?:[\w.'’-]{{1,30}}(?: [\w.'’-]{{1,30}}){{0,4}}\s?[/|]\s?"
    rf"|{_CREDITED_NAME}(?:\s?[–-]\s?|\svia\s))?"
    r"(?:getty images|shutterstock|imago images|unsplash|pixabay|i?stockphoto|adobe stock)"
    r"(?:\s?/\s?[\w. ]{1,40})?",
    re.IGNORECASE,
)
# "Ada Brook / AP", "(AP Foto/Ada Brook, Pool)": a full name and an agency, no party or country.
_AGENCY = (
    r"(?:(?:[^\W\d_]{2,12} via )?(?:A[AF]?P|AFP|APA|ANP|ANSA|BELGA|CP|DPA|EFE|EPA(?:-EFE)?|GETTY"
    r"|IMAGO|KEYSTONE|LUSA|MTI|NTB|PA|PAP|POOL|REUTERS|RITZAU|SIPA|STF|TASS|TT|UPI|XINHUA|ZUMA)"
    r"(?: [^\W\d_]{2,12})?|[a-z]{2,12}\.[a-z]{2,3})"
)
_FULL_NAME = r"[A-ZÀ-Þ][\w.'’-]{0,29}(?: [A-ZÀ-Þ][\w.'’-]{0,29}){1,3}(?:, \w{2,12})?"
_PHOTOGRAPHER = rf"(?:{_FULL_NAME}\s?/\s?{_AGENCY}|{_AGENCY}\s?/\s?{_FULL_NAME})"
_SLASHED_CREDIT = re.compile(rf"\(?{_PHOTOGRAPHER}\)?\.?")
# "... in Tarn on Monday. Ada Brook/AP", "... on Monday. Source: Getty Images".
_CREDITED_END = re.compile(
    rf"[.!?”\"’)]\s(?:\(?{_PHOTOGRAPHER}\)?|(?:[A-Z]\w{{2,11}}): (?i:{_AGENCY_CREDIT.pattern}))\.?$"
)
# "The new harbour (photo: Ada Brook)": a caption without a stop, too.
_CREDITED_IN_BRACKETS = re.compile(
    r"\((?:\w{2,12} )?(?:photo|foto|image|picture|bild|imagen|immagine|credit|crédit photo)s?\s?"
    r"(?::|(?<=\s)by\s)[^()]{2,80}\)$",
    re.IGNORECASE,
)
_EMPHASIS = re.compile(r"([*_]{1,2})(?![\s*_])[^*]{2,300}\1")
_CAPTION_CHARACTERS, _CREDIT_CHARACTERS = 500, 90
_COUNTED = f"(?:{phrases.pattern('counted')})"
_COUNTER = re.compile(
    rf"\d[\d.,]{{0,9}}\s?[km]?\s{_COUNTED}|{_COUNTED}\s?[:(]?\s?\d[\d.,]{{0,9}}\s?[km]?\)?"
    rf"|{phrases.pattern('reading_times')}",
    re.IGNORECASE,
)
_AGE = f"(?:{phrases.pattern('ages')})"
# A name and an age stand together, with a separator between them where the name has several words.
_FEED_NAME = (
    r"(?:(?:last )?(?:updated|published|posted)\s?:?\s|[\w.@-]{1,40}\s?"
    r"|[\w.@ -]{1,60}\s?[·•|–-]\s?)"
)
_FEED_LINE = re.compile(rf"{_FEED_NAME}?{_AGE}", re.IGNORECASE)
_AGED = re.compile(rf"(?<!\d){_AGE}", re.IGNORECASE)
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright)\s?(?:©\s?)?\d{4}.{0,150}|©.{0,60}\d{4}\.?"
    r"|.{0,80}all rights reserved\.?",
    re.IGNORECASE,
)
_RIGHTS_RESERVED = re.compile(phrases.pattern("rights_reserved"), re.IGNORECASE)
_RIGHTS_CHARACTERS = 150
_SHARE_NAMES = phrases.SHARE | phrases.SHARE_BUTTONS | phrases.SHARE_JOINTS
_TOP_SECTIONS = phrases.HOME | phrases.MENU
_SECTIONS = _TOP_SECTIONS | phrases.CATEGORY
_STEP = re.compile(r"\s?[>›»→]\s?")
_SEPARATED = re.compile(r"\s[|›»>•·/]\s|\s?｜\s?")
# What WordPress puts below each item of its feeds.
_FEED_ENDING = re.compile(
    r"(?:^|(?<=\s))The (?:post|article) .{1,300} (?:appeared first|first appeared) on .{1,100}$"
)


def cut_furniture(page: Page) -> Page:
    """Cut the lines that belong to the page and not to the article; each is judged by itself."""
    page = replace(page, blocks=tuple(_split_feed_endings(page.blocks)))
    page = _cut_captions(page.cut_where(_judge))
    return _cut_tags(_cut_menus(_cut_share_buttons(_cut_labels(page))))


def without_age(text: str) -> tuple[str, bool]:
    """The line without "2 hours ago", and whether it has that."""
    rest = _AGED.sub(" ", text)
    return rest.strip(), rest != text


def is_counter(text: str) -> bool:
    """True for a count of views, comments or shares, and for a reading time."""
    return _COUNTER.fullmatch(text) is not None


def _split_feed_endings(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks, "The post ... appeared first on ..." at the end of one cut off as its own."""
    for block in blocks:
        tail = max(len(block.text) - _FEED_ENDING_CHARACTERS, 0)
        may_end = block.kept and "appeared" in block.text
        ending = _FEED_ENDING.search(block.text, tail) if may_end else None
        if ending is None:
            yield block
            continue
        if text := block.text[: ending.start()].rstrip():
            yield replace(block, text=text)
        yield Block(ending[0], reason=Reason.FEED_LINE)


def _judge(block: Block) -> Reason | None:
    text = block.text
    if len(text) <= _CAPTION_CHARACTERS:
        said = text.rstrip("*_ ")
        if _CREDITED.search(said) or _CREDITED_END.search(said[-_CREDIT_CHARACTERS:]):
            return Reason.IMAGE
    if len(text) > _LINE_CHARACTERS:
        return None
    line = phrase(text)
    bracketed = count_words(text) < LONG_WORDS and _CREDITED_IN_BRACKETS.search(text)
    credit = bracketed or (block.kind != "heading" and _AGENCY_CREDIT.fullmatch(text))
    if _IMAGE.fullmatch(text) or credit or _SLASHED_CREDIT.fullmatch(text.strip("*_ ")):
        return Reason.IMAGE
    if line.startswith(phrases.IMAGE_CREDITS) and count_words(line) <= _CREDIT_WORDS:
        return Reason.IMAGE
    for says, reason in _TABLES:
        if says(line):
            return reason
    if is_counter(text):
        return Reason.COUNTER
    if _FEED_LINE.fullmatch(text):
        return Reason.FEED_LINE
    tags = line.startswith(phrases.TAG_LINES) and is_headline(text.rstrip(" ."))
    if tags or _reserves_rights(text) or _in_menu(text) or _shows_the_way(text):
        return Reason.MENU
    return None


def _reserves_rights(text: str) -> bool:
    """True for "© Harbor Ledger. All rights reserved." in any language."""
    if _COPYRIGHT.fullmatch(text):
        return True
    signed = text.startswith(("©", "(c)", "(C)", "Copyright")) and len(text) <= _RIGHTS_CHARACTERS
    said = _RIGHTS_RESERVED.search(text)
    return said is not None and (signed or said[0] == text.rstrip(" .。"))


def _is_button_row(line: str) -> bool:
    """True for "share tweet email": buttons side by side that share, or three networks' names."""
    buttons = _buttons(line)
    shares = not phrases.SHARE.isdisjoint(buttons)
    names = phrases.SHARE_JOINTS.isdisjoint(buttons) and len(buttons) >= _NETWORKS
    return 1 < len(buttons) <= _BUTTONS and (shares or names)


def _buttons(line: str) -> list[str]:
    """The buttons that the line consists of; none where it says anything else."""
    buttons: list[str] = []
    words = [word for word in line.split() if word not in "|·•"]
    while words:
        sizes = range(min(_BUTTON_WORDS, len(words)), 0, -1)
        named = (n for n in sizes if " ".join(words[:n]) in _SHARE_NAMES)
        if not (size := next(named, 0)):
            return []
        buttons.append(" ".join(words[:size]))
        words = words[size:]
    return buttons


def _asks_to_subscribe(line: str) -> bool:
    if line in phrases.SUBSCRIBE:
        return True
    offer, _, call = line.rpartition(". ")
    calls = bool(offer) and call in phrases.SUBSCRIBE_CALLS
    return (
        (calls or line.startswith(phrases.SUBSCRIBE_OPENINGS))
        and count_words(line) <= 25
        and any(thing in line for thing in phrases.SUBSCRIBE_OBJECTS)
    )


_TABLES: tuple[tuple[Callable[[str], bool], Reason], ...] = (
    (phrases.ADVERTISEMENT.__contains__, Reason.ADVERTISEMENT),
    (phrases.SHARE.__contains__, Reason.SHARE),
    (_is_button_row, Reason.SHARE),
    (_asks_to_subscribe, Reason.SUBSCRIBE),
    (phrases.COOKIES.__contains__, Reason.COOKIES),
    (lambda line: line.startswith(phrases.COOKIE_OPENINGS), Reason.COOKIES),
)


def _in_menu(text: str) -> bool:
    """True for "Home | News | Markets": most parts are names of sections."""
    parts = _SEPARATED.split(text)
    named = (phrase(part) in _TOP_SECTIONS for part in parts)
    return len(parts) >= _MENU_LINES and sum(named) * 2 >= len(parts)


def has_cells(text: str) -> bool:
    """True for short names side by side; a row of a table has figures."""
    parts = _SEPARATED.split(text)
    short = all(count_words(part) <= _MENU_WORDS for part in parts)
    return len(parts) >= _MENU_LINES and short and not re.search(r"\d", text)


def _shows_the_way(text: str) -> bool:
    """True for "Home > Rowing > World Cup" and "Sport > Rowing"."""
    parts = _STEP.split(text)
    return (
        len(parts) > 1
        and phrase(parts[0]) in _SECTIONS
        and all(count_words(part) <= _MENU_WORDS for part in parts)
        and not is_terminated(text)
    )


def _cut_share_buttons(page: Page) -> Page:
    """Cut "Print" and "Facebook" on lines of their own right below or above "Share".

    Between title and text, and below all text, one alone is a button, too.
    """
    reasons: dict[int, Reason] = {}
    is_button = [
        block.reason is Reason.SHARE or (block.kept and phrase(block.text) in phrases.SHARE_BUTTONS)
        for block in page.blocks
    ]
    for button, group in groupby(range(len(page.blocks)), key=is_button.__getitem__):
        run = list(group)
        shares = button and any(page.blocks[i].reason is Reason.SHARE for i in run)
        if shares or (button and len(run) == 1 and _stands_around_text(page.blocks, run[0])):
            reasons |= {i: Reason.SHARE for i in run if page.blocks[i].kept}
    return page.cut(reasons)


def _stands_around_text(blocks: Sequence[Block], at: int) -> bool:
    """True for a line that has no paragraph above it, but a title, or none below it."""
    above, below = blocks[:at], blocks[at + 1 :]
    return bool(above) and not (_has_prose(above) and _has_prose(below[::-1]))


def _has_prose(blocks: Sequence[Block]) -> bool:
    return any(block.kept and is_prose(block.text) for block in blocks)


def _cut_labels(page: Page) -> Page:
    """Cut a short line that stands very often, twice right below itself, and mostly by paragraphs.

    A template writes it over each piece of the text ("Article content"). A speaker's name may be
    doubled once, by mistake.
    """
    kept = list(page.kept())
    lines = [key(block.text) for _, block in kept]
    doubled = Counter(one for one, two in pairwise(lines) if one == two != "")
    times, by_prose = Counter(lines), Counter[str]()
    for n, line in enumerate(lines):
        around = kept[max(n - 1, 0) : n + 2] if line in doubled else ()
        by_prose[line] += any(is_prose(block.text) for _, block in around)
    labels = {
        line
        for line in doubled
        if doubled[line] > 1 and times[line] >= _LABEL_TIMES and by_prose[line] * 2 >= times[line]
    }
    return page.cut(
        {
            i: Reason.MARK
            for (i, block), line in zip(kept, lines, strict=True)
            if line in labels and _is_menu_line(block)
        }
    )


def _cut_captions(page: Page) -> Page:
    """Cut captions: a line in italics below an image in Markdown, a long line above a credit.

    Neither ends like a sentence.
    """
    captions = {}
    for i, (above, block) in enumerate(pairwise(page.blocks), start=1):
        if block.reason is Reason.IMAGE and _SLASHED_CREDIT.fullmatch(block.text):
            if (
                above.kept
                and count_words(above.text) >= PROSE_WORDS
                and not is_terminated(above.text)
            ):
                captions[i - 1] = Reason.IMAGE
        elif (
            above.reason is Reason.IMAGE
            and block.kept
            and block.kind == "text"
            and _EMPHASIS.fullmatch(block.text)
            and not is_terminated(block.text)
        ):
            captions[i] = Reason.IMAGE
    return page.cut(captions)


def _cut_tags(page: Page) -> Page:
    """Cut "Tags" with the row of tags on the line below it."""
    reasons: dict[int, Reason] = {}
    for (i, block), (below, row) in pairwise(page.kept()):
        heads = f"{phrase(block.text)}:" in phrases.TAG_LINES
        if heads and row.text.count(",") >= _TAG_COMMAS and not is_terminated(row.text):
            reasons |= dict.fromkeys((i, below), Reason.MENU)
    return page.cut(reasons)


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
