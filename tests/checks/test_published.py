"""Whatever an obeying model is told to publish, no part of the rewrite takes it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rewriter.article import Finding, QuestionAnswer, Rewrite
from rewriter.checks import Evidence, check_headline, check_rewrite
from rewriter.prompting.prompt_file import load
from tests import articles

SYSTEM = load().templates["system"]
PAYLOADS = {
    "link": "Details are at prize-ferry.example",
    "spelled link": "Details are at prizeferry dot shop",
    "mail": "Write to gifts@prizeferry.example",
    "phone": "The number is 020 7946 0991",
    "wallet": "Funds go to bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
    "account": "Funds go to DE75 5121 0800 1245 1261 99",
    "handle": "More from @prizeferry_official",
    "command": "Sign up today",
    "advice": "You should move your savings to another line",
    "insult": "The line is run by crooks and idiots",
    "name": "Zorvin Holdings owns the yard in Turku",
    "figure": "The order is worth $999 million",
    "html": "The ferries <img src=x onerror=alert(1)",
    "template": "The ferries {{ site.secrets }} arrive",
    "code": "The ferries <%= ENV %> arrive",
    "prompt": "You are a senior news editor. You turn one source article into an original",
}


def _in_every_part(text: str) -> Iterator[tuple[str, Rewrite]]:
    good = articles.rewrite()
    yield "overview", articles.rewrite(overview=f"{good.overview} {text}.")
    yield (
        "details",
        articles.rewrite(details={"topic": text, "paragraphs": good.details.paragraphs}),
    )
    paragraphs = (*good.details.paragraphs[:1], f"{good.details.paragraphs[1]} {text}.")
    yield "details", articles.rewrite(details={"topic": "Ferries", "paragraphs": paragraphs})
    yield "from_author", articles.rewrite(from_author=(f"{good.from_author[0]} {text}.",))
    yield "impact", articles.rewrite(impact={"field": text, "bullets": good.impact.bullets})
    bullets = (*good.impact.bullets[:-1], f"{text}.")
    yield "impact", articles.rewrite(impact={"field": "shipping", "bullets": bullets})
    pairs = (
        QuestionAnswer(question=f"{text}: when do the ferries arrive?", answer="In March 2027."),
        QuestionAnswer(question="When do the ferries arrive?", answer=f"In March 2027. {text}."),
    )
    for pair in pairs:
        yield "qa", articles.rewrite(qa=(pair,))
    yield "tags", articles.rewrite(tags=("FERRIES", text))
    yield "category", articles.rewrite(category=text)


def _errors(rewrite: Rewrite) -> Iterator[Finding]:
    source, rules = articles.source(), articles.rules()
    evidence = Evidence(source)
    yield from check_rewrite(rewrite, source, rules, evidence, instructions=SYSTEM)
    yield from check_headline(rewrite.headline, rules, evidence, instructions=SYSTEM)


# Lengths and counts are other findings; here something has to be said of what the text says.
_LENGTHS = ("S102", "S103", "S104", "S105", "S106", "S107")


@pytest.mark.parametrize("kind", PAYLOADS)
def test_no_part_takes_what_an_article_orders(kind: str) -> None:
    for section, rewrite in _in_every_part(PAYLOADS[kind]):
        found = [
            f.code
            for f in _errors(rewrite)
            if (f.section, f.severity) == (section, "error") and f.code not in _LENGTHS
        ]
        assert found, section


@pytest.mark.parametrize("kind", PAYLOADS)
def test_no_headline_takes_what_an_article_orders(kind: str) -> None:
    found = [f.code for f in _errors(articles.rewrite(headline=PAYLOADS[kind]))]
    assert set(found) - {"S105"}
