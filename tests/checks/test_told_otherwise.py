"""What a newspaper tells in one notation and a rewriter in another is no fault; a change is one."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from rewriter.article import Passage
from rewriter.checks.grounding import Evidence, ground
from rewriter.rules import GroundingRules
from rewriter.runs.checking.pairs import plain_source
from tests.grounding.golden import Golden, judge

# One file a language. A line: source, rewrite, and the code that the rewrite must give, or none.
_FILES = sorted((Path(__file__).parent / "told_otherwise").glob("*.txt"))
_ROWS = [f"{file.stem}|{line}" for file in _FILES for line in file.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("row", _ROWS)
def test_another_notation_is_told_from_another_fact(row: str) -> None:
    lang, source, text, code = row.split("|")
    found = [f for f in judge(Golden("", 0, lang, source, text, code)) if f.severity != "info"]
    assert [code] * bool(code) == sorted({finding.code for finding in found})


@pytest.mark.parametrize(
    ("source", "text", "codes"),
    [
        ("Orr plans a new pier. It costs $9 million.", "On March 4 Orr announced a pier.", []),
        ("Orr was born in Tarn in 1961.", "Orr, who was born in Tarn, is 64.", []),
        ("Orr was born in Tarn in 1961.", "Orr, who was born in Tarn, is 67.", ["G101"]),
        (
            "Orr plans a new pier. It costs $9 million.",
            "On March 6 Orr announced a pier.",
            ["G401"],
        ),
        (
            "Orr announced a pier on Monday. It costs $9.",
            "On March 4 Orr announced a pier.",
            ["G401"],
        ),
        ("Orr builds for the rest of this year.", "Orr will build to the end of 2026.", []),
        ("Orr builds for the rest of this year.", "Orr will build to the end of 2028.", ["G402"]),
        ("Orr opens a pier on Friday.", "Orr opens the pier on the 6th.", []),
        ("Orr builds until Friday next week.", "Orr will build until 13 March.", []),
        ("Orr builds until Friday next week.", "Orr will build until 14 March.", ["G401"]),
        ("OR | Orr | 225.86 | -12.99\nOrr earned $9 million.", "Orr lost $12.99 to $225.86.", []),
        ("OR | Orr | 225.86 | -12.99\nOrr earned €9 million.", "Orr lost $12.99.", ["G104"]),
    ],
)
def test_the_day_of_news_and_the_currency_of_a_table_go_without_saying(
    source: str, text: str, codes: list[str]
) -> None:
    published = datetime(2026, 3, 4, tzinfo=UTC)
    evidence = Evidence(plain_source(source).model_copy(update={"published_at": published}))
    found = ground([Passage("details", "paragraph 1", text)], evidence, GroundingRules())
    assert [finding.code for finding in found if finding.severity != "info"] == codes


@pytest.mark.parametrize(
    ("source", "text", "shown"),
    [
        ("Marés closed 4 of 52 shops.", "The firm runs 48 of them.", "52 - 4"),
        (
            "Tarn has 6 °C at noon and -3 °C at night.",
            "Forecasters speak of 9 degrees Celsius.",
            "6 °C + 3 °C",
        ),
    ],
)
def test_a_message_shows_a_sum_that_comes_out(source: str, text: str, shown: str) -> None:
    (found,) = judge(Golden("", 0, "en", source, text, "G108"))
    assert found.message.endswith(shown)


def test_a_town_of_a_country_of_the_source_is_warned_about_in_commentary() -> None:
    evidence = Evidence(plain_source("The South African minister Orr closed the roads of Tarn."))
    text = "Roads in Durban may be closed as well."
    (news,) = ground([Passage("details", "paragraph 1", text)], evidence, GroundingRules())
    (comment,) = ground([Passage("impact", "bullet 1", text)], evidence, GroundingRules())
    assert (news.severity, comment.severity) == ("error", "warning")


@pytest.mark.parametrize(
    ("lang", "source", "text"),
    [
        (
            "nl",
            "De meeste molens in Tarn draaien vrijdag niet, zei de gemeente.",
            "Alle molens in Tarn draaien vrijdag niet, zei de gemeente.",
        ),
        ("en", "Some mills in Tarn stop, Orr said.", "All mills in Tarn stop, Orr said."),
    ],
)
def test_a_word_that_says_all_is_found_once(lang: str, source: str, text: str) -> None:
    found = judge(Golden("", 0, lang, source, text, "G606"))
    assert [finding.code for finding in found if finding.severity != "info"] == ["G606"]


@pytest.mark.parametrize(
    ("lang", "source", "text", "codes"),
    [
        ("ja", "事故はきのう午前6時に起きた。", "事故は3月3日午前6時に起きた。", []),
        ("ja", "事故はきのう午前6時に起きた。", "事故は3月1日午前6時に起きた。", ["G401"]),
        ("ko", "사고는 어제 오전 6시에 났다.", "사고는 3월 3일 오전 6시에 났다.", []),
        ("ko", "사고는 어제 오전 6시에 났다.", "사고는 3월 1일 오전 6시에 났다.", ["G401"]),
    ],
)
def test_yesterday_is_the_day_before_publication(
    lang: str, source: str, text: str, codes: list[str]
) -> None:
    published = datetime(2026, 3, 4, tzinfo=UTC)
    evidence = Evidence(plain_source(source, lang).model_copy(update={"published_at": published}))
    found = ground([Passage("details", "paragraph 1", text)], evidence, GroundingRules())
    assert [finding.code for finding in found if finding.severity != "info"] == codes


@pytest.mark.parametrize(
    ("text", "codes"), [("式典は3月11日だった。", []), ("式典は3月18日だった。", ["G401"])]
)
def test_a_day_counted_from_one_without_a_month_is_of_the_month_of_publication(
    text: str, codes: list[str]
) -> None:
    source = plain_source("会議は12日に始まった。前日には式典があった。", "ja")
    evidence = Evidence(
        source.model_copy(update={"published_at": datetime(2026, 3, 20, tzinfo=UTC)})
    )
    found = ground([Passage("details", "paragraph 1", text)], evidence, GroundingRules())
    assert [finding.code for finding in found if finding.severity != "info"] == codes
