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
BETTER = {
    "en": "Better sell now.\nYou should short the bank.\nIt would be smart to short Orrell.",
    "de": "Besser jetzt verkaufen.\nLieber gleich das Geld abheben.\nAm besten Aktien kaufen.",
    "fr": "Mieux vaut vendre ses obligations.",
    "es": "Mejor vender ya.\nLo mejor es no pagar la tasa.",
    "it": "Meglio non pagare la tassa.",
    "pt": "É melhor vender já.",
    "nl": "Beter nu verkopen.",
    "pl": "Lepiej wypłacić pieniądze.",
    "ru": "Лучше продать акции.",
}
BETTER_THINGS = {
    "en": """Better take-up of the scheme is the aim.
Better schools cost money.
Best to date is the result of May.
People must wait a short time for the train.
Short paper is the sensible answer to nervous customers.
Investors should not be surprised by short queues.""",
    "de": """Besser ausgebildete Lehrer könnten Schülern helfen.
Besser wird es erst, wenn die Preise sinken.
Lieber spät als nie.
Am besten gelingt das im Mai.
Besser bezahlte Fachkräfte bleiben.""",
    "fr": "Mieux vaut tard que jamais.\nMieux vaut une petite loi que rien.",
    "es": "Mejor lugar para nacer no hay.\nMejor mujer del torneo fue Feld.",
    "it": "Meglio tardi che mai.\nMeglio mare che montagna.",
    "pt": "Melhor lugar não há.",
    "nl": "Beter onderwijs kost geld.\nBeter wordt het niet.",
    "pl": "Lepiej więc wygląda sytuacja.\nLepiej zrozumieć dane pomoże raport.",
    "ru": "Лучше понять ситуацию поможет отчёт.\nЛучше всего видна новость.",
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
@pytest.mark.parametrize(("lang", "line"), [*_lines(ADVICE), *_lines(BETTER)])
def test_a_comment_that_advises_is_an_error(lang: str, line: str, section: Section) -> None:
    assert "K106" in _codes(lang, line, section)


@pytest.mark.parametrize(("lang", "line"), _lines(NAMES))
def test_a_comment_that_calls_somebody_names_is_an_error(lang: str, line: str) -> None:
    assert "K107" in _codes(lang, line, "from_author")


@pytest.mark.parametrize(
    ("lang", "line"), [*(("en", line) for line in FAIR.splitlines()), *_lines(BETTER_THINGS)]
)
def test_a_fair_comment_is_none(lang: str, line: str) -> None:
    assert not {"K106", "K107"} & _codes(lang, line, "from_author")


DESCRIBED = {
    "en": """Mara Feld is a windbag.
Mara Feld is certainly a pompous windbag.
Mara Feld is nothing but a puppet.
Mara Feld is a quack who heals nobody.
The heads of Orrell Dairy are vultures.""",
    "de": "Mara Feld ist eine Schwätzerin.\nJens Adler ist nur ein Windbeutel.",
    "fr": "Mara Feld n'est qu'une marionnette.\nMara Feld est une incapable.",
    "es": "Mara Feld es una vividora.\nLuis Puig no es más que un payaso.",
    "it": "Mara Feld è una buffona.",
    "pt": "Rui Costa é um fanfarrão.",
    "nl": "Jan Visser is een opschepper.",
    "pl": "Jan Ryba jest zwykłym krzykaczem.",
    "ru": "Пётр Рыбин — болтун.",
}
PEOPLE = (
    "Mara Feld, Jens Adler, Luis Puig, Rui Costa, Jan Visser, Jan Ryba, Пётр Рыбин, Orrell Dairy"
)
NOT_CONTEMPT = {
    "en": """China is the open question.
Kenya is a familiar balancing act for diplomats.
NATO is an alliance of equals.
Mara Feld is a former teacher.
Mara Feld is no windbag.
Mara Feld is hardly a windbag.
Mara Feld is a bully pulpit speaker.
Mara Feld is incapable of rest.
The bank was hit by hacks last year.
The sky is full of vultures.
The hall is full of puppets from Java.
The Griffon Vulture is a vulture that nests on cliffs.
The Hooded Vulture is a vulture of the plains.
Mara Feld is a fanatic of the sport.""",
    "de": "Mara Feld ist keine Schwätzerin.\nChina ist eine Macht.",
    "fr": "Paris est une ville chère.\nMara Feld est incapable de mentir.",
    "es": "Telefónica es una empresa clave.\nMara Feld es una vaga promesa.",
    "it": "Torino è una città ricca.",
    "nl": "Norvik is een oude stad.",
    "pl": "Donald Tusk jest gotowy do rozmów.",
    "ru": "Цены выросли и в Москве — на этот раз сильнее.\nПётр Рыбин — не болтун.",
}


@pytest.mark.parametrize(("lang", "text"), _lines(DESCRIBED))
@pytest.mark.parametrize("source", [f"{PEOPLE} vote on the plan.", "{text}"])
def test_from_author_says_of_nobody_what_he_is(lang: str, text: str, source: str) -> None:
    evidence = Evidence(plain_source(source.format(text=text), lang=lang))
    passage = Passage("from_author", "", text)
    assert "K107" in [f.code for f in ground([passage], evidence, GroundingRules())]


@pytest.mark.parametrize(("lang", "line"), _lines(NOT_CONTEMPT))
def test_what_somebody_or_something_is_may_be_said(lang: str, line: str) -> None:
    assert "K107" not in _codes(lang, line, "from_author")


def test_from_author_may_repeat_an_office_that_the_source_gives() -> None:
    evidence = Evidence(plain_source("The mayor, Mara Feld, votes on the plan.", lang="en"))
    passage = Passage("from_author", "", "Mara Feld is a mayor who votes.")
    assert "K107" not in [f.code for f in ground([passage], evidence, GroundingRules())]


FEE = "The fee goes to the club by Zelle."


@pytest.mark.parametrize(
    ("source", "text", "codes"),
    [
        ("The fee is due in May.", FEE, {"K106"}),
        ("Zelle grows. Banks like Zelle. Zelle is free.", FEE, set()),
        ("The European Union met. The Union votes.", "Send it by Western Union.", {"K106"}),
        ("The plan was approved. An appeal approved it.", "It goes via Cash App.", {"K106"}),
        ("Go to court. Go to vote.", "The fee is payable to Orrell Group.", {"K106"}),
        ("Der Antrag ging an alle.", "Die Gebühr ist zahlbar an Orrell.", {"K106"}),
        ("Le plan va à Tarsk.", "Les frais sont à régler à Orrell.", {"K106"}),
        ("The shop has a deal with Klarna.", "The deal with Klarna gives it time.", set()),
        ("Revolut asked a thousand people.", "A survey by Revolut shows it.", set()),
        ("The price fell.", "The fee that is set by Klarna hurts shops.", set()),
        ("The price fell.", "A price war begun by Klarna hurts shops.", set()),
        ("The price fell.", "The cost charged by PayPal rose.", set()),
        ("The price fell.", "Help for the survey by Revolut fell.", set()),
        ("The price fell.", "The fee can be settled by PayPal.", {"K106"}),
        ("The price fell.", "Donations are accepted by PayPal.", {"K106"}),
        ("The fine is payable to Orrell Group.", "It is payable to Orrell Group.", {"K106"}),
        ("The fine is payable to Orrell Group.", "It is payable to Orrell Bank.", {"K106"}),
        ("La empresa debe impuestos.", "El grupo vuelve a pagar en mayo.", set()),
    ],
)
def test_no_comment_tells_how_to_pay(source: str, text: str, codes: set[str]) -> None:
    evidence = Evidence(plain_source(source, lang="en"))
    passage = Passage("impact", "bullet 1", text)
    assert {f.code for f in ground([passage], evidence, GroundingRules())} & {"K106"} == codes
