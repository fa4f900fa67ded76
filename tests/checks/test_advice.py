"""K104: advice to the reader, and advice of others that the source does not give."""

from __future__ import annotations

import pytest

from rewriter.article import Passage
from rewriter.checks.grounding import Evidence, ground
from rewriter.rules import GroundingRules
from rewriter.runs.checking.pairs import plain_source

NEWS = (
    "Calder Rail lost $2.56 billion in spring. The company said it will sell its yard in Turku "
    "and buy trains."
)


def _advice(lang: str, source: str, text: str) -> list[str]:
    passages = [Passage("text", "", text)]
    found = ground(passages, Evidence(plain_source(source, lang)), GroundingRules())
    return [finding.message for finding in found if finding.code == "K104"]


@pytest.mark.parametrize(
    ("lang", "source", "text"),
    [
        ("en", NEWS, "Experts recommend to sell."),
        ("en", NEWS, "Analysts say investors should buy."),
        ("en", NEWS, "Analysts are urging clients to sell the shares."),
        ("en", NEWS, "Investors are strongly advised to buy Calder now."),
        ("en", NEWS, "Experts recommend buying the shares."),
        ("en", NEWS, "Calder said holders should sell before the summer."),
        ("en", NEWS, "Brokers suggest investors accumulate the stock."),
        ("en", "Experts recommend selling the shares.", "Experts recommend to buy."),
        (
            "es",
            "La naviera perdió 3 millones. La empresa dijo que venderá su astillero.",
            "Los expertos recomiendan vender las acciones.",
        ),
        (
            "es",
            "La naviera perdió 3 millones.",
            "Según el banco, los inversores deben vender las acciones.",
        ),
        ("de", "Die Reederei verlor 3 Millionen.", "Experten raten zum Verkauf."),
        ("de", "Die Reederei verlor 3 Millionen.", "Analysten empfehlen, die Aktie zu kaufen."),
        (
            "fr",
            "L'armateur a perdu 3 millions.",
            "Les analystes conseillent aux investisseurs de vendre.",
        ),
        ("pt", "A empresa perdeu 3 milhões.", "Analistas recomendam a compra das ações."),
        ("ru", "Компания потеряла 3 миллиона.", "Эксперты рекомендуют продавать акции."),
        ("zh", "该公司亏损三百万元。", "分析师建议投资者买入该股票。"),
        ("en", NEWS, "Shareholders were urged to sell to the bidder."),
        ("en", NEWS, "Experts recommend investing in the shares."),
    ],
)
def test_reported_advice_that_the_source_does_not_give_is_found(
    lang: str, source: str, text: str
) -> None:
    (message,) = _advice(lang, source, text)
    assert message.endswith("is advice that the source does not give")


@pytest.mark.parametrize(
    ("lang", "source", "text"),
    [
        ("en", NEWS, "Regulators advised the company to restate its results."),
        ("en", NEWS, "Advisers urged the company to sell its yard."),
        ("en", NEWS, "The company said it should sell its yard."),
        ("en", NEWS, "The board recommended selling the yard."),
        ("en", NEWS, "Analysts favour holding the vote in May."),
        ("en", NEWS, "Analysts expect the company to sell its yard."),
        ("en", NEWS, "Investors sold shares, analysts said."),
        ("en", "Experts recommend selling the shares.", "Experts recommend to sell."),
        (
            "en",
            "Kane told clients to keep the shares.",
            "Kane said investors should hold the shares.",
        ),
        ("en", "Norvik upgraded the stock to a buy.", "Analysts recommend buying the stock."),
        ("en", "“You should never sell,” Kane said.", "“You should never sell,” Kane said."),
        (
            "es",
            "Los analistas aconsejan la venta de las acciones.",
            "Los expertos recomiendan vender las acciones.",
        ),
        (
            "es",
            "La naviera perdió 3 millones.",
            "Los reguladores aconsejaron a la empresa corregir sus cuentas.",
        ),
        (
            "es",
            "El banco aconseja vender.",
            "Según el banco, los inversores deben vender las acciones.",
        ),
        ("de", "Die Bank rät Anlegern, die Aktie zu verkaufen.", "Experten raten zum Verkauf."),
        (
            "de",
            "Die Reederei verlor 3 Millionen.",
            "Die Aufsicht empfahl dem Unternehmen eine Korrektur.",
        ),
        (
            "fr",
            "La banque recommande la vente du titre.",
            "Les analystes conseillent aux investisseurs de vendre.",
        ),
        (
            "fr",
            "L'armateur a perdu 3 millions.",
            "Les experts conseillent à la société de publier ses comptes.",
        ),
        ("pt", "O banco recomenda comprar as ações.", "Analistas recomendam a compra das ações."),
        ("pt", "A empresa perdeu 3 milhões.", "Analistas recomendam cautela."),
        ("ru", "Банк советует продать акции.", "Эксперты рекомендуют продавать акции."),
        ("ru", "Компания потеряла 3 миллиона.", "Эксперты рекомендуют компании исправить отчёт."),
        ("zh", "该行给予买入评级。", "分析师建议投资者买入该股票。"),
        ("zh", "该公司亏损三百万元。", "专家建议公司修改报告。"),
        ("en", NEWS, "Economists urged investing in schools."),
        ("en", NEWS, "Experts recommend buying a helmet before the tour."),
        ("en", NEWS, "Passengers should buy tickets early, the operator said."),
        ("en", NEWS, "People should buy tickets early, the operator said."),
        ("en", NEWS, "Customers were urged to buy tickets early."),
        (
            "en",
            "The bidder urged holders to sell to it.",
            "Shareholders were urged to sell to the bidder.",
        ),
        ("es", "La naviera perdió 3 millones.", "Los expertos recomiendan invertir en educación."),
        ("de", "Die Reederei verlor 3 Millionen.", "Experten raten, Fahrkarten früh zu kaufen."),
        (
            "fr",
            "L'armateur a perdu 3 millions. Il faut acheter un billet.",
            "Vous devez acheter un billet, selon la compagnie.",
        ),
    ],
)
def test_news_and_advice_of_the_source_pass(lang: str, source: str, text: str) -> None:
    assert _advice(lang, source, text) == []


def test_advice_to_the_reader_is_none_of_a_news_text_even_where_the_source_gives_it() -> None:
    (message,) = _advice("en", "Investors should buy.", "Investors should buy.")
    assert message == "'Investors should buy' tells the reader what to do"
