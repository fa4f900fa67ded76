"""The shipped examples: every trap is sprung, and nothing of another article gets through."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from rewriter.article import Source
from rewriter.cleaning import clean
from tests.cleaning.articles import cuts

EXAMPLES = Path(__file__).parents[2] / "examples" / "raw"


def _example(name: str) -> Source:
    return clean((EXAMPLES / name).read_bytes(), name=name)


@pytest.mark.parametrize("path", sorted(EXAMPLES.iterdir()), ids=lambda path: path.name)
def test_every_example_is_an_article(path: Path) -> None:
    source = _example(path.name)
    assert 250 <= source.words <= 700
    assert len(source.paragraphs) + len(source.qa) >= 7
    assert not any("Some characters" in note for note in source.notes)


def test_a_clean_article_keeps_every_paragraph() -> None:
    source = _example("harbor-ferries.txt")
    lines = (EXAMPLES / "harbor-ferries.txt").read_text(encoding="utf-8").splitlines()
    assert source.paragraphs == tuple(lines)
    assert not source.removed


def test_byline_repeated_title_and_disclaimer_are_cut() -> None:
    source = _example("battery-recall.txt")
    assert source.publisher == "EnergyDesk.example"
    assert source.published_at == datetime(2026, 3, 11, 9, 20, 14, tzinfo=UTC)
    assert source.metadata["category"] == "Energy"
    assert list(cuts(source)) == ["byline", "repeated-title", "disclaimer"]
    assert [p[:5] for p in source.paragraphs if p.startswith("#")] == ["## 1.", "## 2.", "## 3."]
    assert "$40 million" in source.title
    assert "31 million US dollars" in source.body


def test_other_articles_below_the_article_are_cut() -> None:
    source = _example("stablecoin-reserves.txt")
    assert source.publisher == "blockharbor"
    assert source.published_at == datetime(2026, 2, 17, tzinfo=UTC)
    assert source.updated_at == datetime(2026, 2, 18, tzinfo=UTC)
    assert len(source.qa) == 3
    assert source.qa[1].question == "Who returned most of the tokens?"
    assert source.paragraphs[-3:] == (
        "## Final Thoughts",
        "- Shorter bonds make the reserve easier to sell, and less profitable to hold.",
        "- The missing audit weighs more on confidence than the losses do.",
    )
    kept = " ".join([source.title, source.body, *(f"{q.question} {q.answer}" for q in source.qa)])
    for stranger in ("Copperfield", "Halcyon", "Orrery", "Trading", "blockharbor", "Abstract"):
        assert stranger not in kept


def test_list_marks_find_their_items_and_questions_their_answers() -> None:
    source = _example("heat-pump-sales.txt")
    assert len(source.qa) == 5
    assert sum(paragraph.startswith("- ") for paragraph in source.paragraphs) == 13
    assert cuts(source) == {"mark": "FAQs Q1: Q2: Q3: Q4: Q5:", "image": ".png)"}


def test_page_furniture_is_cut_and_its_words_in_sentences_are_not() -> None:
    source = _example("grocer-prices.txt")
    assert source.author == "Ruth Adeyemi"
    assert source.published_at == datetime(2026, 3, 3, 12, 5, tzinfo=UTC)
    assert len(source.paragraphs) == 9
    assert "An advertisement campaign" in source.body
    assert "The related reads" in source.body
    assert "Pennywise plans" not in source.body


def test_wrapped_lines_are_joined() -> None:
    source = _example("hospital-waiting-times.txt")
    assert source.title.endswith("hospitals pool their lists")
    assert sum(paragraph[:3] in ("1. ", "2. ", "3. ") for paragraph in source.paragraphs) == 3
    assert source.qa[0].question == "Can I insist on my local hospital?"


def test_an_interview_is_questions_and_answers() -> None:
    source = _example("bridge-tolls.txt")
    assert len(source.qa) == 6
    assert len(source.paragraphs) == 3


def test_mojibake_is_repaired() -> None:
    source = _example("orchard-frost.txt")
    assert "“You could hear the petals,” said Marek Dvorsky" in source.body
    assert set(cuts(source)) == {"cookies", "image", "repeated-text", "share"}


@pytest.mark.parametrize(
    ("name", "lang", "questions"),
    [("nachtzug-linie.txt", "de", 2), ("desaladora-costa.txt", "es", 0)],
)
def test_other_languages(name: str, lang: str, questions: int) -> None:
    source = _example(name)
    assert source.lang == lang
    assert len(source.qa) == questions
    assert source.published_at is not None
    assert "related-articles" in cuts(source)


def test_html_example() -> None:
    source = _example("tram-extension.html")
    assert source.publisher == "Orrin Gazette"
    assert source.published_at == datetime(2026, 2, 24, 11, 30, tzinfo=UTC)
    assert len(source.paragraphs) == 11
    assert "Bus 70 drivers" in cuts(source)["outside-article"]


def test_markdown_example() -> None:
    source = _example("quantum-clock.md")
    assert source.publisher == "Meridian Science Wire"
    assert source.author == "Oluwaseun Baptiste"
    assert source.metadata == {}
    assert set(cuts(source)) == {"byline", "share", "related-articles"}


def test_json_example() -> None:
    source = _example("exchange-fees.json")
    assert source.metadata["externalId"] == "58210447"
    assert source.metadata["tags"] == ["EXCHANGE", "MARKET", "FEES", "Custody"]
    assert set(cuts(source)) == {"related-link", "disclaimer"}
