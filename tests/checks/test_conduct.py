"""K102: a text, or a passage of it, in another language than the source."""

from __future__ import annotations

import pytest

from rewriter.article import Passage
from rewriter.checks.grounding import Evidence, ground_rewrite
from rewriter.checks.structure.conduct import language_of, tally
from rewriter.rules import GroundingRules
from rewriter.runs.checking.pairs import plain_source

TEXTS = {
    "en": (
        "The ferry company said that it will order six electric boats from a yard in the north, "
        "because fuel has become too dear and the islands have been waiting for years."
    ),
    "es": (
        "La compañía de transbordadores dijo que va a encargar seis barcos eléctricos a un "
        "astillero del norte, porque el combustible es demasiado caro y las islas llevan años "
        "esperando. Los primeros estarán listos para el verano, según el puerto."
    ),
    "de": (
        "Die Reederei teilte mit, dass sie bei einer Werft im Norden sechs elektrische Schiffe "
        "bestellen wird, weil der Treibstoff zu teuer geworden ist und die Inseln seit Jahren "
        "warten."
    ),
    "fr": (
        "La compagnie de ferries a indiqué qu'elle va commander six bateaux électriques à un "
        "chantier du nord, parce que le carburant est devenu trop cher et que les îles attendent "
        "depuis des années."
    ),
    "pt": (
        "A companhia de balsas disse que vai encomendar seis barcos elétricos a um estaleiro do "
        "norte, porque o combustível ficou caro demais e os moradores das ilhas não querem "
        "esperar. O primeiro fica pronto até o verão, segundo o porto da cidade."
    ),
    "ru": (
        "Паромная компания сообщила, что она закажет шесть электрических судов на верфи на севере, "
        "потому что топливо стало слишком дорогим, а жители островов ждут этого уже много лет и не "
        "хотят больше ждать, как говорят в порту."
    ),
    "zh": (
        "渡轮公司表示，将向北方的一家船厂订购六艘电动船，因为燃料价格太高，"
        "而岛上的居民已经等了很多年。"
    ),
}
MARKS = {
    "en": ("“", "”"),
    "es": ("«", "»"),
    "de": ("„", "“"),
    "fr": ("«", "»"),
    "pt": ("“", "”"),
    "ru": ("«", "»"),
    "zh": ("“", "”"),
}
PAIRS = [(asked, other) for asked in TEXTS for other in TEXTS if asked != other]


def _found(lang: str, *texts: str) -> list[tuple[str, str]]:
    """Place and message of each finding of another language among passages in `lang` and these."""
    evidence = Evidence(plain_source(TEXTS[lang], lang))
    own = Passage("overview", "paragraph 1", " ".join([TEXTS[lang]] * 4))
    more = [Passage("details", f"paragraph {n}", text) for n, text in enumerate(texts, 1)]
    found = ground_rewrite([own, *more], evidence, GroundingRules())
    return [(f.place, f.message) for f in found if f.code == "K102"]


@pytest.mark.parametrize("lang", TEXTS)
def test_the_language_of_a_text_is_told(lang: str) -> None:
    assert language_of(tally(Evidence(plain_source(TEXTS[lang], lang)).statements)) == lang


@pytest.mark.parametrize(("asked", "other"), PAIRS)
def test_a_passage_in_another_language_is_found(asked: str, other: str) -> None:
    message = f"this passage is written in {other!r}, not in {asked!r}"
    assert _found(asked, TEXTS[asked], TEXTS[other]) == [("paragraph 2", message)]


@pytest.mark.parametrize(("asked", "other"), PAIRS)
def test_a_quote_in_another_language_is_legitimate(asked: str, other: str) -> None:
    opening, closing = MARKS[asked]
    quote = f"{opening}{TEXTS[other]}{closing}"
    assert _found(asked, quote, f"{TEXTS[asked]} {quote}", f"Lind: {quote}") == []


@pytest.mark.parametrize("asked", TEXTS)
@pytest.mark.parametrize(
    "text",
    [
        "Banco de la Nación, Caja de Ahorros del Norte, Compañía de los Puertos del Sur, Diario de "
        "la Tarde, Instituto de Estudios de la Mar, Museo de la Ciudad, Puerto de las Palmas.",
        "Société de la Mer, Banque de l'Ouest, Compagnie des Ports du Sud, Journal de la Côte, "
        "Institut des Études de la Mer, Musée de la Ville, Port de la Rochelle, Les Amis du Nord.",
        "Calder Rail 12.5 %, Norvik 7 %, Harbour Freight 3 %, Baltic Lines 2 %, Turku Yard 1 %, "
        "Brekke AS 4 %, Corvalan SA 9 %, Diallo SARL 6 %, Ellery plc 8 %, Fennimore Inc 5 %.",
    ],
)
def test_a_list_of_names_is_in_no_language(asked: str, text: str) -> None:
    assert _found(asked, text) == []


def test_a_text_as_a_whole_is_told_once() -> None:
    evidence = Evidence(plain_source(TEXTS["en"], "en"))
    found = ground_rewrite([Passage("overview", "", TEXTS["es"])], evidence, GroundingRules())
    assert [f.message for f in found if f.code == "K102"] == ["is written in 'es', not in 'en'"]
