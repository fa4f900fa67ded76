"""What pages say around an article, in the languages we clean; the tables are in TOML files."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rewriter.cleaning.shapes import spelled
from rewriter.text.tokens import DENSE

_TABLES: dict[str, dict[str, list[str]]] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
)

_PATTERNS: dict[str, Any] = tomllib.loads(
    Path(__file__).with_name("patterns.toml").read_text(encoding="utf-8")
)


def pattern(name: str) -> str:
    """The alternatives of a list in `patterns.toml`, as one expression."""
    return "|".join(_PATTERNS[name])


def lines(name: str) -> list[list[str]]:
    """The words of each line of a text in `patterns.toml`."""
    return [line.split() for line in _PATTERNS[name].strip().splitlines()]


def words(name: str) -> frozenset[str]:
    """All words of such a text."""
    return frozenset(_PATTERNS[name].split())


# Scripts whose words go on without a space: particles hang on Korean words.
_GLUED = DENSE + "\uac00-\ud7a3"


def _lines(table: str) -> frozenset[str]:
    """The table's phrases of all languages, to be compared with a whole line."""
    return frozenset(_openings(table))


def _openings(table: str) -> tuple[str, ...]:
    """The same as `str.startswith` takes them."""
    return tuple(phrase for phrases in _TABLES[table].values() for phrase in phrases)


def _said(table: str) -> re.Pattern[str]:
    """Finds a phrase of the table at the start of any word; scripts without spaces mark none."""
    return re.compile(rf"(?<![^\W{DENSE}])(?:{_any_of(_openings(table))})")


def _opens(table: str) -> re.Pattern[str]:
    """Matches a line that opens with a phrase of the table, or that is a single word of it."""
    words = _openings(table)
    alone = [word for word in words if " " not in word and not re.match(f"[{_GLUED}]", word)]
    # The look-ahead stands once: Python compiles its long class anew at each mention.
    opening = f"(?:{_any_of(set(words) - set(alone))})(?![^\\W{_GLUED}])"
    return re.compile(f"{opening}|(?:{_any_of(alone)})$")


def _any_of(words: Iterable[str]) -> str:
    """An expression for the longest of the words; it never matches where there is none."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True))) or "(?!)"


RELATED = _lines("related")
RELATED_LINK = _lines("related_link")
RELATED_OPENINGS = _openings("related_openings")
FAQ = _lines("faq")
FAQ_OPENINGS = _openings("faq_openings")
CONTENTS = _lines("contents")
ABSTRACT = _lines("abstract")
DISCLAIMER = _lines("disclaimer")
DISCLAIMER_SUBJECTS = _openings("disclaimer_subjects")
DISCLAIMER_PHRASES = _lines("disclaimer_phrases")
DISCLAIMER_EARNINGS = _lines("disclaimer_earnings")
ADVERTISEMENT = _lines("advertisement")
SHARE = _lines("share")
SHARE_BUTTONS = _lines("share_buttons")
SHARE_JOINTS = _lines("share_joints")
SUBSCRIBE = _lines("subscribe")
SUBSCRIBE_OPENINGS = _openings("subscribe_openings")
SUBSCRIBE_CALLS = _lines("subscribe_calls")
SUBSCRIBE_OBJECTS = _lines("subscribe_objects")
COOKIES = _lines("cookies")
COOKIE_OPENINGS = _openings("cookie_openings")
IMAGE_CREDITS = _openings("image_credits")
ATTRIBUTIONS = _openings("attributions")
TAG_LINES = _openings("tag_lines")
COMMENTS = _lines("comments")
COMMENT_PHRASES = _said("comment_phrases")
PAGE_PHRASES = _said("page_phrases")
COMMENT_BUTTONS = _lines("comment_buttons")
ABOUT_AUTHOR = _lines("about_author")
ANONYMOUS = _lines("anonymous")
HOME = _lines("home")
MENU = _lines("menu")
PLAYER = _lines("player")
PLAYER_OPENINGS = _openings("player_openings")
CATEGORY = _lines("category")
PUBLISHER_WORDS = _lines("publisher_words")
_BARRIER_TABLES = ("bot_checks", "consent_walls", "paywalls", "offers", "errors", "logins",
                   "scripts_off", "placeholders")  # fmt: skip
# The first kind that a sentence opens with counts.
BARRIERS = {kind: _opens(kind) for kind in _BARRIER_TABLES}
_LETTERS, _HEAD = 8, 40
_STARTS = {word[:_LETTERS] for table in _BARRIER_TABLES for word in _openings(table)}
_STARTS_BY_LETTER = {
    letter: tuple(start for start in _STARTS if start[0] == letter)
    for letter in {start[0] for start in _STARTS}
}


def may_be_barrier(sentence: str) -> bool:
    """Whether the sentence begins with the first letters of such an opening; few others do."""
    head = spelled(sentence[:_HEAD])
    return head.startswith(_STARTS_BY_LETTER.get(head[:1], ()))
