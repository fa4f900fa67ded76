"""Dates are read by strict formats; nothing is made up for the parts that a line does not give."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewriter.cleaning.dates import find_dates, parse_date, parse_instant


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-29", datetime(2026, 1, 29)),
        ("2026/01/29", datetime(2026, 1, 29)),
        ("2026-01-26T15:26:39.047Z", datetime(2026, 1, 26, 15, 26, 39, 47000)),
        ("2026-01-29 10:15:00 -0500", datetime(2026, 1, 29, 15, 15)),
        ("04 Feb 2026 02:51:06 PM", datetime(2026, 2, 4, 14, 51, 6)),
        ("Feb. 4, 2026, 12:05 a.m.", datetime(2026, 2, 4, 0, 5)),
        ("Wednesday, February 4th, 2026 at 9:30 am UTC", datetime(2026, 2, 4, 9, 30)),
        ("4 de febrero de 2026", datetime(2026, 2, 4)),
        ("1er février 2026 à 14:05", datetime(2026, 2, 1, 14, 5)),
        ("4. März 2026, 18:00 Uhr", datetime(2026, 3, 4, 18)),
        ("04.03.2026", datetime(2026, 3, 4)),
        ("21:10 GMT on 4 March 2026", datetime(2026, 3, 4, 21, 10)),
        ("18.32 Uhr, 04.03.2026", datetime(2026, 3, 4, 18, 32)),
        ("11:05 p.m. EST, Mon March 2, 2026", datetime(2026, 3, 3, 4, 5)),
        ("29/01/2026 à 18h32", datetime(2026, 1, 29, 18, 32)),
        ("29-01-2026", datetime(2026, 1, 29)),
        ("01/29/2026 at 6:05 PM", datetime(2026, 1, 29, 18, 5)),
        ("04/04/2026", datetime(2026, 4, 4)),
        ("1er février 2026 à 18h", datetime(2026, 2, 1, 18)),
        ("1er février 2026 à 9 h 05", datetime(2026, 2, 1, 9, 5)),
        ("4. März 2026, 18.32 Uhr", datetime(2026, 3, 4, 18, 32)),
        ("giovedì 29 gennaio 2026", datetime(2026, 1, 29)),
        ("4 марта 2026", datetime(2026, 3, 4)),
        ("2026年3月4日", datetime(2026, 3, 4)),
        ("2026年3月4日 15時30分", datetime(2026, 3, 4, 15, 30)),
        ("2026年3月4日15时05分", datetime(2026, 3, 4, 15, 5)),
        ("4 March 2026 10:00 ET", datetime(2026, 3, 4)),  # a zone with two meanings: the day alone
    ],
)  # fmt: skip
def test_reads_dates_as_pages_print_them(text: str, expected: datetime) -> None:
    assert parse_date(text) == expected.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        *("", "2026", "January 2026", "29 January", "tomorrow", "1.2.3"),
        *(
            "03/04/2026",
            "13/14/2026",
            "1/2/26",
            "2026-13-01",
            "30 February 2026",
            "12026-01-290",
            "2026-01-29 or so",
            "3:10, 4 March 2026",
        ),
        *("4 March 2026 25:00", "4 March 2026 13:00 PM"),
    ],
)
def test_everything_else_is_no_date(text: str) -> None:
    assert parse_date(text) is None


def test_finds_several_dates_in_their_order() -> None:
    found = list(find_dates("Published on 2026-01-29Last updated on 30 January 2026"))
    assert [date.when and date.when.day for date in found] == [29, 30]


def test_numbers_between_slashes_are_read_as_the_language_writes_them() -> None:
    (either,) = find_dates("03/04/2026")
    (day_first,) = find_dates("03/04/2026", day_first=True)
    assert either.when is None
    assert day_first.when == datetime(2026, 4, 3, tzinfo=UTC)


def test_an_impossible_date_is_found_and_names_no_day() -> None:
    assert [date.when for date in find_dates("Feb 30, 2026")] == [None]


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2099, 12, 31)))
def test_reads_back_every_instant_that_the_published_format_writes(when: datetime) -> None:
    when = when.replace(microsecond=when.microsecond // 1000 * 1000, tzinfo=UTC)
    text = when.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert parse_date(text) == when


@pytest.mark.parametrize("number", [10**400, -(10**400), float("inf"), float("nan"), 0, "9" * 400])
def test_a_number_of_any_size_is_no_error(number: float | str) -> None:
    assert parse_instant(number) is None
