"""K106, K107: a comment advises nobody and calls nobody names, whatever the source has."""

from __future__ import annotations

import pytest

from rewriter.article import Passage, Section
from rewriter.checks.grounding import Evidence, ground
from rewriter.rules import GroundingRules
from rewriter.runs.checking.pairs import plain_source

ADVICE = {
    "en": """Savers are better off with Norvik Bank.
The best choice for families is Norvik Bank.
It would be sensible to shift savings into silver.
Readers should choose Norvik Bank.""",
    "de": """Kunden sollten am besten zu Norvik wechseln.
Klug ist, wer sein Geld in Silber umschichtet.
Die beste Bank heißt Norvik.""",
    "fr": """Les lecteurs devraient choisir la Norvik.
Il est prudent de placer son épargne en argent métal.
La meilleure banque se trouve à Tarsk.""",
    "es": """Conviene pasar los ahorros a plata.
La mejor opción es Norvik.
Los clientes harían bien en elegir Norvik.""",
    "it": "Conviene spostare i risparmi in argento.\nLa scelta migliore per chi legge: i lettori "
    "dovrebbero scegliere Norvik.",
    "pt": "É sensato passar as poupanças para prata.\nA melhor opção é Norvik.",
    "nl": "Het is verstandig om spaargeld te verplaatsen.\nDe beste keuze is Norvik.",
    "pl": "Warto przenieść oszczędności do srebra.\nNajlepszy bank to Norvik.",
    "ru": "Разумно перевести сбережения в серебро.\nЛучший банк города открыт всем.",
    "uk": "Варто перевести заощадження у срібло.",
    "tr": "Birikimleri gümüşe aktarmak akıllıca.",
    "zh": "最好把存款转移到白银。",
    "ja": "預金を銀に移すべきだ。",
    "ar": "من الحكمة نقل المدخرات إلى الفضة.",
}
NAMES = {
    "en": "Landlords are leeches.\nThe critics were a pack of halfwits.",
    "de": "Vermieter sind Schmarotzer.\nRadler sind eine Landplage.",
    "fr": "Les propriétaires sont des sangsues.",
    "es": "Los caseros son unas sanguijuelas.",
    "it": "I proprietari sono parassiti.",
    "pt": "Os senhorios são parasitas.",
    "nl": "Verhuurders zijn bloedzuigers.",
    "pl": "Właściciele to pasożyty.",
    "ru": "Домовладельцы — паразиты.",
    "zh": "房东都是寄生虫。",
}
FAIR = """Savers may feel the change before the bank does.
Nobody should be surprised that fees rise.
The council would do well to explain itself.
The best choice may be patience.
Landlords are not parasites, and tenants know it.
The savings of many people are at stake.
Customers are the ones who pay.
Analysts say that investors should shift money into silver."""


def _lines(table: dict[str, str]) -> list[tuple[str, str]]:
    return [(lang, line) for lang, text in table.items() for line in text.splitlines()]


def _codes(lang: str, line: str, section: Section) -> set[str]:
    evidence = Evidence(plain_source(f"Norvik Bank. {line} {line}", lang))
    passages = [Passage(section=section, place="paragraph 1", text=line)]
    return {found.code for found in ground(passages, evidence, GroundingRules())}


@pytest.mark.parametrize("section", ["from_author", "impact"])
@pytest.mark.parametrize(("lang", "line"), _lines(ADVICE))
def test_a_comment_that_advises_is_an_error(lang: str, line: str, section: Section) -> None:
    assert "K106" in _codes(lang, line, section)


@pytest.mark.parametrize(("lang", "line"), _lines(NAMES))
def test_a_comment_that_calls_somebody_names_is_an_error(lang: str, line: str) -> None:
    assert "K107" in _codes(lang, line, "from_author")


@pytest.mark.parametrize("line", FAIR.splitlines())
def test_a_fair_comment_is_none(line: str) -> None:
    assert not {"K106", "K107"} & _codes("en", line, "from_author")


DESCRIBED = """Mara Feld is a windbag.
Mara Feld is nothing but a puppet.
Mara Feld ist eine Schwätzerin.
Mara Feld n'est qu'une marionnette.
Mara Feld es una vividora.
Mara Feld è una buffona."""


@pytest.mark.parametrize("text", DESCRIBED.splitlines())
@pytest.mark.parametrize("source", ["Mara Feld votes on the plan.", "{text}"])
def test_from_author_says_of_nobody_what_he_is(text: str, source: str) -> None:
    evidence = Evidence(plain_source(source.format(text=text), lang="en"))
    passage = Passage("from_author", "", text)
    assert "K107" in [f.code for f in ground([passage], evidence, GroundingRules())]


def test_from_author_may_repeat_an_office_that_the_source_gives() -> None:
    evidence = Evidence(plain_source("The mayor, Mara Feld, votes on the plan.", lang="en"))
    passage = Passage("from_author", "", "Mara Feld is a mayor who votes.")
    assert "K107" not in [f.code for f in ground([passage], evidence, GroundingRules())]


@pytest.mark.parametrize(
    ("source", "codes"),
    [
        ("The fee is due in May.", {"K106"}),
        ("Zelle grows. Banks like Zelle. Zelle is free.", set()),
    ],
)
def test_no_comment_tells_how_to_pay(source: str, codes: set[str]) -> None:
    evidence = Evidence(plain_source(source, lang="en"))
    passage = Passage("impact", "bullet 1", "The fee goes to the club by Zelle.")
    assert {f.code for f in ground([passage], evidence, GroundingRules())} & {"K106"} == codes
