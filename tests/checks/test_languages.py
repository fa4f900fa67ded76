"""Faithful sentences in many languages pass; each is written otherwise than its source."""

from __future__ import annotations

import pytest

from rewriter.article import Passage
from rewriter.checks.grounding import Evidence, ground
from rewriter.rules import GroundingRules
from rewriter.runs.checking.pairs import plain_source

FAITHFUL = [
    # A verb may say that a figure was passed.
    (
        "es",
        "Las ventas crecieron hasta los 3.418 millones.",
        "Las ventas superaron los 3.400 millones.",
    ),
    ("pt", "As vendas chegaram a 3.418 milhões.", "As vendas ultrapassaram os 3.400 milhões."),
    (
        "it",
        "Le vendite sono arrivate a 3.418 milioni.",
        "Le vendite hanno superato i 3.400 milioni.",
    ),
    ("fr", "Les ventes ont atteint 3 418 millions.", "Les ventes dépassent les 3 400 millions."),
    ("ru", "Продажи составили 3418 млн.", "Продажи превысили 3400 млн."),
    ("tr", "Satışlar 3 bin 418 adet oldu.", "Satışlar 3 bin 400'ü aştı."),
    (
        "es",
        "Vendió un 7,2 % más, hasta los 2.318 millones.",
        "Vendió un 7,2 % más y superó los 2.300 millones.",
    ),
    # No less than is more than.
    ("ru", "Холод продлится не менее шести дней.", "Холод продлится не меньше шести суток."),
    ("fr", "Il faut au moins six jours.", "Il ne faut pas moins de six jours."),
    # A unit in any case, or in another step of the same unit.
    ("tr", "Faiz 350 baz puan indi.", "İndirim 3,5 puana ulaştı."),
    ("tr", "Dolar/TL 46,18'den 46,05'e geriledi.", "Dolar 46,05 liraya geriledi."),
    # A temperature with its sign and no unit.
    ("ru", "Еще 7 ноября в городе было плюс 3.", "Еще 7 ноября в городе было три градуса тепла."),
    # A figure in the smaller unit of the one before it.
    (
        "es",
        "Pagará 0,22 euros por acción, dos céntimos más que antes.",
        "Pagará 22 céntimos por acción, frente a los 20 de antes.",
    ),
    # A comparison says that the figure was worked out.
    ("zh", "出口占比由11%升至18%，股价跌7%。", "出口占比为18%，比以前高出7个百分点。"),
    # What follows "but" moves another figure.
    ("zh", "营收286.5亿元，同比增长；利润12.3亿元。", "营收达286.5亿元，但利润下降。"),
    # The weekday of a date, by another weekday and date of the source.
    (
        "it",
        "La frana è caduta il 5 novembre. La strada riapre lunedì 9 novembre.",
        "La frana è caduta giovedì.",
    ),
    (
        "fr",
        "Il est mort jeudi 12 novembre. Les obsèques auront lieu le 20 novembre.",
        "Les obsèques auront lieu vendredi 20 novembre.",
    ),
    # A weekday for "this morning", where nothing says which day that is.
    (
        "it",
        "Questa mattina una frana ha travolto due auto. La strada riapre lunedì 9 novembre.",
        "Giovedì una frana ha travolto due auto.",
    ),
    # A day without its month.
    (
        "pt",
        "Votaram neste domingo (4) e a pesquisa é de 2 de outubro. O turno é no próximo dia 25.",
        "O turno é no dia 25 de outubro.",
    ),
    # A point behind an abbreviation ends no sentence.
    ("pl", "Bez pracy było 534 tys. osób w marcu.", "W marcu bez pracy było 534 tys. osób."),
    # A short name for a body.
    ("pt", "O prefeito recorreu ao Supremo.", "O prefeito recorreu ao STF."),
]
UNFAITHFUL = [
    (
        "es",
        "Las ventas sumaron 3.418 millones.",
        "Las ventas superaron los 3.500 millones.",
        "G101",
    ),
    ("es", "El paro subió al 7,2 %.", "El paro superó el 8 %.", "G103"),
    ("tr", "Faiz 350 baz puan indi.", "İndirim 4,5 puana ulaştı.", "G103"),
    ("tr", "Dolar/TL 46,18'den 46,05'e geriledi.", "Dolar 47,05 liraya geriledi.", "G102"),
    ("ru", "Еще 7 ноября в городе было плюс 3.", "Еще 7 ноября в городе было 5 градусов.", "G101"),
    ("ru", "В городе 3 школы.", "В городе было 3 градуса тепла.", "G104"),
    (
        "it",
        "La frana è caduta il 5 novembre. La strada riapre lunedì 9 novembre.",
        "La frana è caduta venerdì.",
        "G403",
    ),
    (
        "fr",
        "Il est mort jeudi 12 novembre. Les obsèques auront lieu le 20 novembre.",
        "Les obsèques auront lieu samedi 20 novembre.",
        "G403",
    ),
    (
        "it",
        "Questa mattina una frana ha travolto due auto. La strada riapre lunedì 9 novembre.",
        "Venerdì i negozi del centro saranno chiusi.",
        "G403",
    ),
    (
        "pt",
        "A pesquisa é de 2 de outubro. O turno é no próximo dia 25.",
        "O turno é em 25 de maio.",
        "G401",
    ),
]


def _codes(lang: str, source: str, text: str) -> set[str]:
    evidence = Evidence(plain_source(source, lang))
    found = ground([Passage("text", "", text)], evidence, GroundingRules())
    return {finding.code for finding in found if finding.severity != "info"}


@pytest.mark.parametrize(("lang", "source", "text"), FAITHFUL)
def test_a_faithful_sentence_has_no_finding(lang: str, source: str, text: str) -> None:
    assert not _codes(lang, source, text)


@pytest.mark.parametrize(("lang", "source", "text", "code"), UNFAITHFUL)
def test_a_wrong_sentence_is_found(lang: str, source: str, text: str, code: str) -> None:
    assert code in _codes(lang, source, text)
