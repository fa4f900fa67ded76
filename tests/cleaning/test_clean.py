"""What a source holds, whatever it was cleaned from: sentences, language, the JSON for scripts."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from rewriter.cleaning import clean
from rewriter.cleaning.assemble import assemble
from rewriter.cleaning.language import LANGUAGES
from rewriter.cleaning.page import Block, Page
from rewriter.errors import SourceError
from tests.cleaning.articles import BODY, TITLE, cleaned, text


def test_an_answer_without_a_question_is_no_pair() -> None:
    answer = Block("The region does.", kind="answer")
    asked = Block("Who pays?", kind="question")
    source = assemble(Page("text", (Block(BODY[0]), answer, asked, answer)))
    assert [(pair.question, pair.answer) for pair in source.qa] == [(asked.text, answer.text)]


def test_sentences_know_their_place() -> None:
    source = cleaned(
        TITLE, f"{BODY[0]} {BODY[1]}", "Why it matters", "- First point.", "- Second point.",
        "FAQ", "Who pays?", "The region does. It has a loan.",
    )  # fmt: skip
    assert [(s.id, s.place, s.index, s.text) for s in source.sentences] == [
        ("s1", "text", 0, BODY[0]),
        ("s2", "text", 0, BODY[1]),
        ("s3", "heading", 1, "Why it matters"),
        ("s4", "item", 2, "First point."),
        ("s5", "item", 3, "Second point."),
        ("s6", "question", 0, "Who pays?"),
        ("s7", "answer", 0, "The region does."),
        ("s8", "answer", 0, "It has a loan."),
    ]


def test_the_json_has_what_scripts_rely_on() -> None:
    source = cleaned(TITLE, "Harbor.example", "2026-01-29", *BODY, "Q: Who pays?", "A: They do.")
    data = json.loads(json.dumps(source.model_dump(mode="json")))
    assert data["title"] == TITLE
    assert data["publisher"] == "Harbor.example"
    assert data["published_at"] == "2026-01-29T00:00:00Z"
    assert data["qa"] == [{"question": "Who pays?", "answer": "They do."}]
    assert {"reason", "text"} == set(data["removed"][0])
    assert {"paragraphs", "sentences", "lang", "notes", "metadata"} <= set(data)


SAMPLES = {
    "en": "The operator ordered six electric ships on Monday, and the first one sails in June.",
    "es": "La naviera encargó el lunes seis barcos eléctricos, y el primero zarpará en junio.",
    "de": "Die Reederei bestellte am Montag sechs elektrische Schiffe, das erste fährt im Juni.",
    "fr": "La compagnie a commandé lundi six navires électriques, et le premier partira en juin.",
    "pt": "A empresa encomendou na segunda-feira seis navios elétricos, e o primeiro sai em junho.",
    "ru": "Компания заказала в понедельник шесть электрических судов, первое выйдет в июне.",
    "zh": "航运公司周一订购了六艘电动船，第一艘将于六月启航，公司总裁在新闻发布会上说。",
    "it": "La compagnia ha ordinato lunedì sei navi elettriche, e la prima partirà a giugno.",
    "nl": "De rederij bestelde maandag zes elektrische schepen, en het eerste vaart in juni.",
    "pl": "Armator zamówił w poniedziałek sześć statków elektrycznych, pierwszy ruszy w czerwcu.",
    "ja": "運航会社は月曜日に六隻の電動船を発注し、最初の船は六月に就航すると発表しました。",
    "ko": "운항사는 월요일에 전기선 여섯 척을 주문했으며 첫 번째 배는 유월에 출항한다.",
    "tr": "Şirket pazartesi günü altı elektrikli gemi sipariş etti ve ilki haziranda yola çıkacak.",
    "uk": "Компанія замовила в понеділок шість електричних суден, перше вийде на лінію в червні.",
    "ar": "طلبت الشركة يوم الاثنين ست سفن كهربائية وستبحر السفينة الأولى في شهر يونيو.",
}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_detects_the_language(lang: str) -> None:
    source = clean(SAMPLES[lang].encode())
    assert source.lang == lang
    assert source.metadata["lang"] == lang


def test_a_text_too_short_to_tell_is_taken_for_english() -> None:
    source = clean(b"Nein, nein.")
    assert source.lang == "en"
    assert any("English was assumed" in note for note in source.notes)


@pytest.mark.parametrize("blocks", [["Advertisement", "Share"], ["## Title", "## Another"]])
def test_a_page_without_an_article_is_refused(blocks: list[str]) -> None:
    with pytest.raises(SourceError, match="no article text"):
        cleaned(*blocks)


def test_one_line_is_an_article() -> None:
    source = clean(b"Six ships were ordered")
    assert source.paragraphs == ("Six ships were ordered",)


def test_importing_the_cleaner_loads_no_extractor() -> None:
    """Start-up must not pay for what one format in four needs."""
    code = "import sys, rewriter.cleaning; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    heavy = {"trafilatura", "lxml", "py3langid", "numpy", "ftfy", "resiliparse"}
    assert not heavy & set(loaded.stdout.split())


def test_cleaning_the_same_bytes_gives_the_same_digest() -> None:
    data = text(TITLE, *BODY).encode()
    assert clean(data).digest() == clean(data, name="a.txt").digest()


def test_an_article_with_lost_characters_is_held_and_one_with_a_lost_menu_is_not() -> None:
    lost = cleaned(TITLE, *BODY, "The yard charges 4\ufffd2 million dollars for six ships in all.")
    assert [defect.code for defect in lost.defects] == ["S120"]
    assert "charges 4\ufffd2 million" in lost.defects[0].message
    footer = "Copyright \ufffd 2026 Harbor Ledger. All rights reserved."
    assert not cleaned(TITLE, *BODY, footer).defects
