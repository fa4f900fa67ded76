"""What a line of flattened text looks like."""

from __future__ import annotations

import pytest

from rewriter.cleaning.lines import LineKind, kind_of, kinds_of
from rewriter.cleaning.page import Block
from rewriter.cleaning.reasons import Reason
from tests.cleaning.articles import BODY

PROSE = tuple(map(Block, BODY))
_PICTURE = Block("![Lamp](https://ledger.example/lamp.jpg)", reason=Reason.IMAGE)
_LINK = Block("(https://ledger.example/tower)", reason=Reason.LINK)


@pytest.mark.parametrize(
    "line",
    ["The lamp in crystal for $39.99", "Up by 4.25 % on Monday", "Notes #82 - 0.17 in sight"],
)
def test_a_price_is_no_time_of_day(line: str) -> None:
    assert kind_of(Block(line)) is LineKind.SHORT


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Home Local Weather Tides Jobs Shop Archive Harbour Cams Letters.", LineKind.NAMES),
        (BODY[0], LineKind.PROSE),
        ("The ferry operator ordered six ships and Calder Lines paid for them", LineKind.LONG),
        ("They sail again on Monday.", LineKind.SENTENCE),
        ("Harbour cams", LineKind.SHORT),
        ("The council voted on the pier last night, and one member left the …", LineKind.CUT_OFF),
        ("29 January 2026, 8.40 am", LineKind.DATE),
        ("34 responses to “Six ships”", LineKind.COMMENTS),
        ("Schreibe einen Kommentar", LineKind.COMMENTS),
        ("Related stories", LineKind.RELATED),
        ("Your email address will not be published.", LineKind.PAGE),
        ("Ihre E-Mail-Adresse wird nicht veröffentlicht.", LineKind.PAGE),
        ("分享到微信", LineKind.PAGE),
        ("A new design in harbour news", LineKind.SHORT),
    ],
)
def test_kinds_of_lines(text: str, kind: LineKind) -> None:
    assert kind_of(Block(text)) is kind


def test_a_line_that_stood_in_a_link_is_no_prose() -> None:
    assert kind_of(Block(BODY[0], linked=0.9)) is LineKind.LINKS


def test_pictures_with_links_between_paragraphs_are_no_teasers() -> None:
    gallery = (_PICTURE, _LINK) * 3
    assert kinds_of((*PROSE, *gallery, *PROSE)).count(LineKind.TEASER) == 0
    headline = (Block("Why the lighthouse went dark for a night", linked=1.0), _LINK)
    teasers = kinds_of((*PROSE, _PICTURE, _LINK, *headline, *PROSE))
    assert teasers.count(LineKind.TEASER) == 1
