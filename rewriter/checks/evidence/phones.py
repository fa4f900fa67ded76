"""Phone numbers in international and national form, told from years, scores, dates and amounts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rewriter.checks.lexicon import pattern

_RUN = re.compile(
    r"(?<![A-Za-zÀ-ӿ\d_.,$€£¥₽%+-])(?:\+|＋)?\(?\d(?:[\d ()./\u00a0\u2011–-]{3,24}\d)"
    r"(?![A-Za-zÀ-ӿ\d_%€$£万亿元]|[.,]\d)"
)
# Digits in groups as a country or a provider writes them, separators unified to "-".
_NATIONAL = re.compile(
    r"0\d{1,4}(?:-\d{2,8}){1,4}|0\d{8,11}"  # 020-7946-0958, 01-23-45-67-89, 01712345678
    r"|(?:1-)?\d{3}-\d{3}-\d{4}"  # 212-555-0134
    r"|8-?\d{3}-\d{3}-?\d{2}-?\d{2}|\d{2}-9?\d{4}-\d{4}"  # 8-495-123-45-67, 11-91234-5678
    r"|\d{3}-\d{7}|[6-9]\d\d-\d\d-\d\d-\d\d|\d{2}-\d{3}-\d{2}-\d{2}|1[3-9]\d{9}|1[3-9]\d-\d{4}-\d{4}|[48]00-\d{3,4}-\d{3,4}"
    r"|555-\d{4}"
)
_IN_BRACKETS = re.compile(r"(?:\d{1,3}[ -]?)?\((?!(?:19|20)\d\d\))0?\d{1,4}\)[ -]?\d[\d -]{4,}")
# Nine digits in threes may be an amount. They are to be called before a stop and behind a word for
# what is done by phone, if they are not round.
_THREES = re.compile(r"[6-9]\d\d[ .]\d{3}[ .](?!000)\d{3}")
_ASKED = pattern("asked_by_phone")
_STOP = re.compile(r"\s*(?:[.,;!?)]|$)")
_DATE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2}")
_GROUPED = re.compile(r"[+＋]?\d{1,3}(?:[ \u00a0.]\d{3}){1,3}")
_YEARS = re.compile(r"(?:19|20)\d\d(?:[/–-]| ?[–-] ?| )(?:(?:19|20)?\d\d)")
_VANITY = re.compile(r"(?<![\w-])(?:\+?1[- ])?8(?:00|33|44|55|66|77|88)[- ][A-Z]{3}[A-Z\d-]{3,9}\b")
_CALLED = pattern("called_by_phone")
_REACH = 60
_LEAST, _MOST = 7, 15


def phones_in(text: str) -> Iterator[tuple[int, int]]:
    """Where phone numbers stand."""
    for found in _RUN.finditer(text):
        run = found.group()
        before = text[max(0, found.start() - _REACH) : found.start()]
        threes = _THREES.fullmatch(run) and _ASKED.search(before) and _STOP.match(text, found.end())
        if threes or _is_phone(run.strip(), before):
            yield found.span()
    yield from (found.span() for found in _VANITY.finditer(text))


def _is_phone(run: str, before: str) -> bool:
    digits = re.sub(r"\D", "", run)
    if _DATE.fullmatch(run) or _YEARS.fullmatch(run):
        return False
    if _CALLED.search(before):
        return len(digits) >= _LEAST - 2
    if not _LEAST <= len(digits) <= _MOST:
        return False
    if run[0] in "+＋" or digits.startswith("00"):
        return len(digits) >= _LEAST + 1 and not (_GROUPED.fullmatch(run) and len(digits) < 10)
    if _IN_BRACKETS.fullmatch(run):
        return True
    unified = re.sub(r"[ ()./\u00a0\u2011–-]+", "-", run).strip("-")
    return _NATIONAL.fullmatch(unified) is not None
