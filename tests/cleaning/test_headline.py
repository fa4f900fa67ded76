"""The title of a flattened page is the headline above the text, not a menu line or a caption."""

from __future__ import annotations

import pytest

from tests.cleaning.articles import BODY, TITLE, cleaned, cuts
from tests.cleaning.test_surroundings import FOOTER, HEADLINES, MENU

BYLINE = "By Ruth Adeyemi"
SHARED = ("Share on Facebook", "Share on Twitter", "Share via Email", "More", "Print")
STANDFIRST = "The operator said that the six ships cost 240 million euros and sail in spring."
PLAYED = "Calder Lines operator shows the first electric hull"
CASED = "Calder Lines Orders Six Electric Ships: How the Northern Ferry Route Goes Quiet"


@pytest.mark.parametrize(
    "head",
    [
        (TITLE, *SHARED, BYLINE, "March 3, 2026", PLAYED),
        (TITLE, "Islanders fear that the crossing will take much longer than today", BYLINE),
        (TITLE, "Harbour Media", "— Calder Lines (@calderlines)", "March 3, 2026"),
        (PLAYED, "Market hall to close on Mondays until spring", TITLE, BYLINE),
        ("Why the old lighthouse is white again", "March 3, 2026", TITLE, BYLINE),
        ("Six electric ships from above (Harbour Media/Ruth Adeyemi)", TITLE, BYLINE),
        ("Photo of the electric ships by the ferry operator", TITLE, BYLINE),
        ("Islanders: ferry operator on Facebook", TITLE, "Posted by R. Adeyemi, 3.3.2026, 18:40"),
        (TITLE, BYLINE, *HEADLINES * 4),
        ("Home > Northern route > Ferry operator Calder Lines", TITLE, BYLINE),
        ("There is no new ferry operator today", "Video", "Sport", TITLE, STANDFIRST, BYLINE),
        (TITLE, BYLINE, *(f"Button {word}" for word in SHARED * 14)),
    ],
    ids=[
        *("share buttons", "standfirst", "shown post", "other headlines", "date of another"),
        *("credit", "photo", "network", "far above", "path"),
        *("standfirst in the text", "very far above"),
    ],
)
def test_the_title_stands_above_the_byline(head: tuple[str, ...]) -> None:
    assert cleaned(*MENU, *HEADLINES, *head, *BODY, *FOOTER).title == TITLE


def test_a_title_may_play_on_words_where_a_byline_stands_below_it() -> None:
    title = "Silence on the water, and ships without noise"
    head = (title, BYLINE.replace("By ", "By"), "March 3, 2026")
    source = cleaned(*MENU, *HEADLINES, *head, *BODY, *FOOTER)
    assert (source.title, source.author) == (title, "Ruth Adeyemi")


def test_a_headline_with_capitals_is_no_row_of_links() -> None:
    source = cleaned(*MENU, f"Local | {CASED}", "Supported by", CASED, BYLINE, *BODY, *FOOTER)
    assert source.title == CASED


def test_markdown_says_which_line_is_the_title() -> None:
    contents = (f"[Part {n}](#part-{n})" for n in range(40))
    source = cleaned(*MENU, "# " + TITLE, *contents, *BODY, name="page.md")
    assert source.title == TITLE


def test_a_short_menu_above_the_title_is_no_title() -> None:
    source = cleaned(*MENU, TITLE, BYLINE, *BODY)
    assert (source.title, source.paragraphs) == (TITLE, BODY)


@pytest.mark.parametrize(
    "first",
    [
        "Skip to main content",
        "Welcome to our new reading room",
        "Welcome to our new reading room until September",
    ],
)
def test_what_the_page_says_to_its_readers_is_no_title(first: str) -> None:
    assert cleaned(first, TITLE, BYLINE, *BODY).title == TITLE


def test_headlines_and_captions_below_the_title_go_and_the_standfirst_stays() -> None:
    standfirst = "Quiet boats will sail to Marrow Point by 2028."
    caption = "A gull watches visitors at last summer's regatta near the old lighthouse."
    head = (TITLE, standfirst, BYLINE, *HEADLINES[:3], caption, *SHARED)
    source = cleaned(*MENU, *HEADLINES, *head, *BODY, *FOOTER)
    assert source.paragraphs == (standfirst, *BODY)
    assert caption in cuts(source)["outside-article"]


def test_a_title_in_a_script_without_spaces_shares_pairs_of_characters_with_the_text() -> None:
    title = "渡船公司为北部航线订购六艘电动船"
    body = (
        "渡船公司周一表示，已经为北部航线订购了六艘电动船，第一艘将于六月起航，其余的在秋天之前交付。",
        "公司说，六艘船一共花费两亿四千万欧元，岛上的居民担心电动船会比现在慢，航线的票价也会上涨。",
        "居民委员会要求公司在冬天继续使用旧船，因为港口的电源要到明年春天才能供电。",
    )
    menu = (
        "本地新闻频道",
        "天气预报频道",
        "招聘信息平台",
        "读者来信专栏",
        "海港摄像头直播",
        "电子报纸订阅",
    )
    source = cleaned(*menu, title, "分享到微博", *menu[:3], *body, *menu)
    assert (source.title, source.paragraphs) == (title, body)


def test_a_notice_above_the_title_is_not_the_text_below_it() -> None:
    notice = "Our writers choose all products themselves, and we may earn from what you buy here."
    assert cleaned(*MENU * 2, notice, "Cover", TITLE, BYLINE, *BODY, *FOOTER).title == TITLE


def test_a_short_line_of_the_texts_words_is_no_title() -> None:
    source = cleaned(*MENU, "Ships of the northern route", TITLE, BYLINE, *BODY, *FOOTER)
    assert source.title == TITLE


def test_a_date_that_says_more_stands_below_a_title() -> None:
    title = "Silence on the water, and ships without noise"
    source = cleaned(*MENU * 2, title, "Ledger 3 March 2026, 4 photos, two films", *BODY, *FOOTER)
    assert source.title == title


def test_a_headline_may_end_with_initials() -> None:
    title = "Six electric ships for the northern ferry route of the U.S."
    assert cleaned(*MENU, *HEADLINES, title, BYLINE, *BODY, *FOOTER).title == title


@pytest.mark.parametrize(
    "names", ["Ruth Adeyemi Tom Hall Anna Lind Peter Holm", "Peter Lines and Anna Calder, Ferry"]
)
def test_a_row_of_names_is_no_title(names: str) -> None:
    """Even where the text speaks of them."""
    body = (*BODY, f"They spoke with {names} about the ferry operator Calder Lines on Monday.")
    title = "Silence on the water, and ships without noise"
    source = cleaned(*MENU, *HEADLINES, title, names, "March 3, 2026", *body, *FOOTER)
    assert source.title == title


def test_a_headline_far_above_the_text_is_found() -> None:
    """Of two lines with words of the text the one above the byline is the title."""
    points = ("Six ships sail on the northern ferry route", *(f"Button {n}" for n in range(6)))
    head = (TITLE, BYLINE, *(f"Price {n}" for n in range(60)), *points)
    assert cleaned(*MENU, *HEADLINES, *head, *BODY, *FOOTER).title == TITLE


def test_a_standfirst_that_repeats_the_text_is_not_the_title() -> None:
    standfirst = "Calder Lines has ordered six electric ships for its northern route"
    title = "Calder Lines moves its northern ferry from diesel towards batteries"
    body = (f"{standfirst}, the operator said on Tuesday in the harbour.", *BODY)
    source = cleaned(*MENU, *HEADLINES, title, standfirst, "Share", BYLINE, *body, *FOOTER)
    assert source.title == title


def test_a_section_above_the_title_is_not_the_title() -> None:
    """Its words stand in the text, and it is seen twice."""
    section = "Northern Ferry Route Electric Ships"
    title = "Six ships of the operator will sail the northern route electric and quiet"
    source = cleaned(*MENU, section, *HEADLINES, section, title, "March 3, 2026", *BODY, *FOOTER)
    assert source.title == title


def test_a_title_in_a_language_with_cases_shares_words_with_its_text() -> None:
    title = "Судоходная компания заказала электрические паромы"
    body = (
        "Шесть электрических паромов заказано судоходной компанией, сообщили в порту во вторник.",
        "Стоимость заказанных судоходной компанией электрических паромов составит 240 миллионов.",
        "Жители островов опасаются, что переправа на паромах станет занимать больше времени.",
    ) * 2
    menu = ("Новости", "Спорт", "Культура", "Погода", "Подписка на газету", "Последние новости дня")
    source = cleaned(*menu, title, "Корабли без шума выйдут весной", "Поделиться", *body, *menu)
    assert source.title == title
