"""Byline and date lines leave the text, and what they say becomes facts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.cleaning.articles import BODY, TITLE, cleaned, cuts


@pytest.mark.parametrize(
    ("lines", "publisher", "author", "published", "updated"),
    [
        (
            ["harborwirePublished on 2026-01-29Last updated on 2026-01-30"],
            *("harborwire", None, "2026-01-29T00:00:00", "2026-01-30T00:00:00"),
        ),
        (
            ["Harbor.example", "Web3", "29 Jan 2026 02:51:06 PM"],
            *("Harbor.example", None, "2026-01-29T14:51:06", None),
        ),
        (
            ["By Ruth Adeyemi", "January 29, 2026"],
            *(None, "Ruth Adeyemi", "2026-01-29T00:00:00", None),
        ),
        (
            ["By Ruth Adeyemi and Tom Arbuthnot", "Published 9:41 AM EST, Thu January 29, 2026"],
            *(None, "Ruth Adeyemi; Tom Arbuthnot", "2026-01-29T14:41:00", None),
        ),
        (
            ["Von Ruth Adeyemi, Jens Holm und Tom Arbuthnot, Port Ellery"],
            *(None, "Ruth Adeyemi; Jens Holm; Tom Arbuthnot", None, None),
        ),
        (["BY ANA RUIZ AND TOM HALL"], None, "ANA RUIZ; TOM HALL", None, None),
        (
            ["BY JOHN E SMITH, ANA DE LA CRUZ AND IVO LUND"],
            *(None, "JOHN E SMITH; ANA DE LA CRUZ; IVO LUND", None, None),
        ),
        (["POR ANA RUIZ Y TOM HALL"], None, "ANA RUIZ; TOM HALL", None, None),
        (["Di Maria Rossi E Luca Bianchi"], None, "Maria Rossi; Luca Bianchi", None, None),
        (["By Ruth Adeyemi, Port Ellery"], None, "Ruth Adeyemi", None, None),
        (["By Ruth Adeyemi, senior reporter"], None, "Ruth Adeyemi", None, None),
        (["By Ruth Adeyemi", "Edited by Tom Arbuthnot"], None, "Ruth Adeyemi", None, None),
        (
            ["By Ruth Adeyemi | Harbor Ledger | Jan 29, 2026 | 4 min read"],
            *("Harbor Ledger", "Ruth Adeyemi", "2026-01-29T00:00:00", None),
        ),
        (
            ["Published: Jan 29, 2026 | Updated: Jan 30, 2026"],
            *(None, None, "2026-01-29T00:00:00", "2026-01-30T00:00:00"),
        ),
        (
            ["Updated January 29th, 2026 at 10:15 AM EST"],
            *(None, None, None, "2026-01-29T15:15:00"),
        ),
        (
            ["Harbor Ledger", "Thursday, 29 January 2026"],
            *("Harbor Ledger", None, "2026-01-29T00:00:00", None),
        ),
        (["*By Ruth Adeyemi, 29 January 2026*"], None, "Ruth Adeyemi", "2026-01-29T00:00:00", None),
        (["29.01.2026, 14:20 Uhr"], None, None, "2026-01-29T14:20:00", None),
        (
            ["Por Lucía Arandia", "29 de enero de 2026"],
            *(None, "Lucía Arandia", "2026-01-29T00:00:00", None),
        ),
        (
            ["Von Jonas Petrich", "29. Januar 2026"],
            *(None, "Jonas Petrich", "2026-01-29T00:00:00", None),
        ),
        (["2026-01-29T10:15:00+01:00"], None, None, "2026-01-29T09:15:00", None),
        (["2026年1月29日"], None, None, "2026-01-29T00:00:00", None),
        (["January 29, 2026 · 4 min read"], None, None, "2026-01-29T00:00:00", None),
        (
            ["By Ruth Adeyemi, Staff Writer | harbor.example", "29 Jan 2026 | 12 comments"],
            *("harbor.example", "Ruth Adeyemi", "2026-01-29T00:00:00", None),
        ),
        (
            ["Par Agnès Lorrain | Publié le 29/01/2026 à 18h32, mis à jour le 30/01/2026"],
            *(None, "Agnès Lorrain", "2026-01-29T18:32:00", "2026-01-30T00:00:00"),
        ),
    ],
)
def test_lines_below_the_title_become_facts(
    lines: list[str],
    publisher: str | None,
    author: str | None,
    published: str | None,
    updated: str | None,
) -> None:
    source = cleaned(TITLE, *lines, *BODY)
    assert (source.publisher, source.author) == (publisher, author)
    assert (source.published_at, source.updated_at) == (_utc(published), _utc(updated))
    assert source.paragraphs == BODY
    assert cuts(source)["byline"] == "\n\n".join(lines)


def _utc(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "line",
    [
        "Published on 2026-01-29, the report says that 38 percent use this route.",
        "By popular demand",
        "By our own count",
        "The deadline of 29 January 2026 was missed by both yards, the ministry said.",
        "Posted losses of 29 million",
        "What happened on 3 January 2026",
    ],
)
def test_lines_that_only_look_like_a_byline_stay(line: str) -> None:
    source = cleaned(TITLE, line, *BODY)
    assert any(line in paragraph for paragraph in source.paragraphs)
    assert source.published_at is None


@pytest.mark.parametrize("line", ["30 February 2026", "Feb 30, 2026", "Published 03/04/2026"])
def test_a_date_that_names_no_day_or_two_is_cut_with_a_note(line: str) -> None:
    source = cleaned(TITLE, line, *BODY)
    assert source.published_at is None
    assert source.paragraphs == BODY
    assert cuts(source) == {"byline": line}
    assert any(line.removeprefix("Published ") in note for note in source.notes)


@pytest.mark.parametrize(
    ("line", "title", "body"),
    [
        (
            "Publié le 03/04/2026 à 18h32",
            "La compagnie commande six navires",
            "La compagnie a commandé lundi six navires électriques, et le premier part en juin.",
        ),
        (
            "Publicado el 03/04/2026 a las 18:32 h",
            "La naviera encarga seis barcos",
            "La naviera encargó el lunes seis barcos eléctricos, y el primero zarpará en junio.",
        ),
        (
            "Publicado em 03/04/2026 às 18h32",
            "Empresa encomenda seis navios",
            "A empresa encomendou na segunda-feira seis navios, e o primeiro sai em junho.",
        ),
        (
            "Pubblicato il 03/04/2026 alle ore 18:32",
            "La compagnia ordina sei navi",
            "La compagnia ha ordinato lunedì sei navi elettriche, e la prima partirà a giugno.",
        ),
        (
            "Gepubliceerd op 03-04-2026 om 18:32",
            "Rederij bestelt zes schepen",
            "De rederij bestelde maandag zes elektrische schepen, en het eerste vaart in juni.",
        ),
    ],
)
def test_numbers_between_slashes_are_read_by_the_language(line: str, title: str, body: str) -> None:
    source = cleaned(title, line, body)
    assert source.published_at == _utc("2026-04-03T18:32:00")
    assert source.paragraphs == (body,)
    assert not source.notes


@pytest.mark.parametrize(
    "line", ["By Our Correspondent", "By Staff Writer", "by our science desk", "Par la rédaction"]
)
def test_a_byline_that_names_nobody_fills_in_no_author(line: str) -> None:
    source = cleaned(TITLE, line, "29 January 2026", *BODY)
    assert source.author is None
    assert source.paragraphs == BODY
    assert any("names no person" in note for note in source.notes)


@pytest.mark.parametrize(
    "line", ["Harbor Route | 29 January 2026", "Calder Lines, 29 January 2026"]
)
def test_a_name_that_the_text_uses_beside_the_date_is_no_author(line: str) -> None:
    source = cleaned(TITLE, line, *BODY)
    assert (source.author, source.publisher) == (None, None)
    assert any(line.split(" 29")[0].strip(" |,") in note for note in source.notes)


def test_a_short_line_below_the_date_may_be_the_first_subheading() -> None:
    source = cleaned(TITLE, "29 January 2026", "Why it matters", *BODY)
    assert source.paragraphs == ("## Why it matters", *BODY)


def test_a_place_before_the_date_is_no_publisher() -> None:
    assert cleaned(TITLE, "Brackwater, 29 January 2026", *BODY).publisher is None


@pytest.mark.parametrize(
    "line", ["Published 29 January 2026 By", "Published 29 January 2026 **10:43"]
)
def test_what_stands_beside_the_date_is_a_publisher_only_where_it_is_a_name(line: str) -> None:
    assert cleaned(TITLE, line, *BODY).publisher is None


def test_two_blanks_behind_by_part_no_name() -> None:
    assert cleaned(TITLE, "Published 29 January 2026 By  Ada Brook", *BODY).publisher is None


def test_dates_of_a_chronicle_are_its_headings() -> None:
    entries = [x for n, line in enumerate(BODY, 1) for x in (f"{n} January 2026", line)]
    source = cleaned(TITLE, *entries)
    assert source.published_at is None
    assert source.paragraphs[0] == "## 1 January 2026"
    assert not source.removed
