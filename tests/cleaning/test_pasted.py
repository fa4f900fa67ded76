"""Text pasted from pages in other languages than English loses what the page put around it."""

from __future__ import annotations

import pytest

from rewriter.cleaning.reasons import Reason
from tests.cleaning.articles import BODY, TITLE, cleaned, cuts

# Each opens a page: the site, its menu, the headline, a standfirst, and a paragraph of text.
_HEADS = [
    (
        "LE COURRIER DE LA BAIE",
        "Accueil | Politique | Économie",
        "Le port de Morvane ferme ses quais aux chalutiers en janvier",
        "Les pêcheurs de la région craignent de perdre 140 emplois cet hiver",
        "Le port de Morvane a annoncé lundi que les chalutiers ne pourront plus accoster aux quais"
        " à partir de janvier, et les pêcheurs parlent de 140 emplois perdus dans la région.",
    ),
    (
        "LA GAZZETTA DEL LAGO",
        "Rubriche · Valle · Montagna",
        "La funivia di Serrano riapre dopo tre anni di lavori",
        "Il comune ha speso 14 milioni per le nuove cabine della stazione",
        "La funivia di Serrano riapre sabato dopo tre anni di lavori, ha detto il comune, che ha"
        " speso 14 milioni per le nuove cabine e per la stazione a valle.",
    ),
    (
        "O CORREIO DO VALE",
        "Início | Política | Esportes",
        "Ponte de Amieira reabre com uma só faixa de rodagem",
        "A câmara promete concluir as obras antes do verão e pede paciência",
        "A ponte de Amieira reabre na segunda com uma só faixa de rodagem, disse a câmara, que"
        " promete concluir as obras antes do verão.",
    ),
]


@pytest.mark.parametrize(("name", "menu", "headline", "standfirst", "text"), _HEADS)
def test_the_site_above_its_menu_is_not_the_title(
    name: str, menu: str, headline: str, standfirst: str, text: str
) -> None:
    source = cleaned(name, menu, headline, standfirst, text, text.replace("14", "15"))
    assert source.title == headline
    assert cuts(source) == {Reason.MENU: f"{name}\n\n{menu}"}
    assert any(standfirst in paragraph for paragraph in source.paragraphs)


def test_the_site_of_the_copyright_line_is_not_the_title() -> None:
    sign = "© El Faro de Tarn. Todos los derechos reservados."
    source = cleaned("El Faro de Tarn", "Inicio | Noticias | Deportes", TITLE, *BODY, sign)
    assert source.title == TITLE
    assert source.paragraphs == BODY


@pytest.mark.parametrize("line", ["Politics | Ports | Weather", "Ada Brook | Tarn | Monday"])
def test_a_headline_in_capitals_above_sections_is_the_title(line: str) -> None:
    below = "Islanders fear a slower timetable"
    source = cleaned("FERRY OPERATOR ORDERS SHIPS", line, below, *BODY)
    assert source.title == "FERRY OPERATOR ORDERS SHIPS"
    assert any(below in paragraph for paragraph in source.paragraphs)


def test_a_headline_above_a_standfirst_with_more_words_of_the_text_is_kept() -> None:
    headline = "Electric ships replace noisy diesel boats after dispute"
    standfirst = "The ferry operator carried 6.3 million passengers between Port Ellery and Marrow"
    source = cleaned(headline, standfirst, "By Ada Brook", *BODY)
    assert source.title == headline
    assert any(standfirst in paragraph for paragraph in source.paragraphs)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Portada | Sociedad | Cantera", Reason.MENU),
        ("ホーム｜政治｜地域", Reason.MENU),
        ("Telegram WhatsApp Copier le lien", Reason.SHARE),
        ("Facebook · LinkedIn · E-mail", Reason.SHARE),
        ("Condividi su Facebook e WhatsApp", Reason.SHARE),
        ("Per WhatsApp teilen", Reason.SHARE),
        ("シェアする", Reason.SHARE),
        ("공유하기", Reason.SHARE),
        ("Newsletter: le notizie del porto ogni sera. Iscriviti qui", Reason.SUBSCRIBE),
        ("Nieuwsbrief: elke ochtend het nieuws uit de haven. Meld je aan", Reason.SUBSCRIBE),
        ("Archiviato in: Traghetti · Porto", Reason.MENU),
        ("Classé dans : Ports · Ferries", Reason.MENU),
        ("© Le Courrier de la Baie. Tous droits réservés.", Reason.MENU),
        ("© Hafenbote – Alle Rechte vorbehalten", Reason.MENU),
        ("Todos os direitos reservados.", Reason.MENU),
    ],
)
def test_a_line_of_the_page_is_cut(line: str, reason: Reason) -> None:
    source = cleaned(TITLE, *BODY[:3], line, *BODY[3:])
    assert source.paragraphs == BODY
    assert list(cuts(source)) == [reason]


def test_a_copyright_line_in_japanese_is_cut() -> None:
    body = (
        "港湾運営会社は月曜日、電気船6隻を発注したと発表した。航路は22分で結ばれる。",
        "社長は記者会見で、最初の船は9月に起工すると述べた。住民は時刻表の遅れを心配している。",
    )
    source = cleaned("港湾運営会社、電気船6隻を発注", *body, "© 港湾新聞社　無断転載を禁じます")
    assert source.paragraphs == body
    assert Reason.MENU in cuts(source)


@pytest.mark.parametrize("button", ["Drucken", "Imprimer", "印刷", "WhatsApp"])
def test_a_button_below_one_that_shares_is_cut(button: str) -> None:
    source = cleaned(TITLE, "Teilen", button, *BODY)
    assert source.paragraphs == BODY
    assert cuts(source) == {Reason.SHARE: f"Teilen\n\n{button}"}


@pytest.mark.parametrize(
    "line",
    [
        "Drucken",
        "Facebook and X",
        "Facebook, Twitter, WhatsApp",
        "Start | Ziel | Zeit",
        "Home | Draw | Away",
        "Ada | Bo | Cem",
        "The party sent its members an email: “Sign up now”",
        "The newsletter of the party ends with a call to all of them: Sign up now, or stay out.",
        "The label reads: Todos los derechos reservados, in letters of gold above the door.",
    ],
)
def test_a_line_of_the_article_is_kept(line: str) -> None:
    source = cleaned(TITLE, *BODY[:3], line, *BODY[3:])
    assert any(line in paragraph for paragraph in source.paragraphs)
    assert not source.removed


@pytest.mark.parametrize("button", ["Drucken", "Print", "Imprimer", "Stampa"])
def test_a_lone_button_around_the_text_goes_and_one_inside_of_it_is_a_heading(button: str) -> None:
    around = cleaned(TITLE, button, *BODY, button)
    assert (around.title, around.paragraphs) == (TITLE, BODY)
    inside = cleaned(TITLE, *BODY[:2], button, *BODY[2:])
    assert inside.paragraphs == (*BODY[:2], f"## {button}", *BODY[2:])


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        ("Islanders fear that the crossing takes longer than today", False),
        ("Why it matters", True),
        ("What do the new ships mean for the islanders?", True),
    ],
)
def test_a_standfirst_without_a_stop_is_no_heading(line: str, heading: bool) -> None:
    assert cleaned(TITLE, line, *BODY).paragraphs == (f"## {line}" if heading else line, *BODY)
