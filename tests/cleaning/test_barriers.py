"""Pages that are no article are held; articles about such pages pass."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewriter.article import Source
from rewriter.cleaning import clean, phrases
from rewriter.cleaning.barriers import barrier_of
from tests.cleaning.articles import BODY, TITLE, cleaned, cuts

LOREM = (
    "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut"
    " labore et dolore magna aliqua."
)
# Kind of page in the message, and the lines of one.
PAGES = [
    ("a check for robots", [
        "harbor.example",
        "Just a moment...",
        "Verify you are human by completing the action below.",
        "Ray ID: 7c2f",
    ]),
    ("a check for robots", [
        "Access Denied",
        "You don't have permission to access this page on this server.",
    ]),
    ("an error page", [
        "Unavailable",
        "We recognize you are attempting to access this website from a country that belongs to the "
        "European Economic Area, where the General Data Protection Regulation holds, and therefore "
        "access cannot be granted at this time, for which we ask readers there to forgive us.",
    ]),
    ("a check for robots", ["Bitte bestätigen Sie, dass Sie ein Mensch sind."]),
    ("a check for robots", ["Проверка вашего браузера", "Подтвердите, что вы не робот."]),
    ("a check for robots", ["请完成安全验证", "请输入验证码"]),
    ("a consent wall", [
        "We value your privacy",
        "We and our 842 partners store information on a device, such as identifiers.",
        "With your permission our partners may use precise location data and your personal data for"
        " advertising, research and the development of services for you and other readers.",
        "You can change your preferences at any time by returning to this site.",
        "Accept all", "Reject all",
    ]),
    ("a consent wall", [
        "Mit Werbung weiterlesen",
        "Wir und unsere Partner verarbeiten personenbezogene Daten mit Ihrer Zustimmung.",
        "Alle akzeptieren",
    ]),
    ("a consent wall", [
        "Nous et nos partenaires utilisons des cookies avec votre accord.",
        "Tout refuser",
    ]),
    ("a paywall", [
        "Six ships for the north",
        "This article is for subscribers only.",
        "Already a subscriber? Sign in",
    ]),
    ("a paywall", ["Cet article est réservé aux abonnés.", "Déjà abonné ? Se connecter"]),
    ("an error page", [
        "404",
        "Page not found",
        "The page you are looking for may have been moved or deleted.",
    ]),
    ("an error page", [
        "Página no encontrada",
        "La página que busca ya no existe o ha cambiado de dirección.",
    ]),
    ("an error page", ["お探しのページは見つかりませんでした。"]),
    ("a login page", [
        "Log in to your account",
        "Email",
        "Password",
        "Remember me",
        "Forgot your password?",
    ]),
    ("a login page", [
        "Benutzername oder E-Mail",
        "Passwort vergessen?",
        "Angemeldet bleiben",
        "Noch kein Konto?",
    ]),
    ("a page that asks for JavaScript or another browser", [
        "You need to enable JavaScript to run this app.",
    ]),
    ("a page that asks for JavaScript or another browser", [
        "Пожалуйста, включите JavaScript в настройках браузера.",
    ]),
    ("an error page", ["429", "Too many requests", "Please slow down and come back later."]),
    ("an error page", ["الصفحة غير موجودة", "يرجى العودة إلى الصفحة الرئيسية."]),
    ("an error page", ["요청하신 페이지를 찾을 수 없습니다."]),
    ("an error page", ["Sidan kunde inte hittas", "Gå till startsidan"]),
    ("an error page", ["harbor.example", "This domain is for sale", "Buy now"]),
    ("a placeholder text", ["Hello world!", "Welcome to WordPress. This is your first post."]),
    ("a placeholder text", ["Neue Seite", "Dies ist ein Blindtext. An ihm kann man sehen."]),
    ("a placeholder text", ["新しい記事", "この文章はダミーです。ここにテキストが入ります。"]),
    ("a placeholder text", [
        "Harbour", "Sed ut perspiciatis unde omnis iste natus error sit voluptatem.",
    ]),
    ("a placeholder text", [
        "Home of the future", LOREM, LOREM[28:] + " Ut enim ad minim veniam, quis nostrud.",
    ]),
]  # fmt: skip


def _held(source: Source) -> list[str]:
    return [defect.message for defect in source.defects if defect.code == "S122"]


@pytest.mark.parametrize(("kind", "lines"), PAGES)
def test_a_page_that_is_no_article_is_held(kind: str, lines: list[str]) -> None:
    (message,) = _held(cleaned(*lines))
    assert kind in message


@pytest.mark.parametrize(("kind", "lines"), PAGES[:3] + PAGES[5:6] + PAGES[10:])
def test_it_is_held_as_html_too(kind: str, lines: list[str]) -> None:
    body = "".join(f"<p>{line}</p>" for line in lines)
    page = f"<html><head><title>Harbor</title></head><body>{body}</body></html>"
    (message,) = _held(clean(page.encode(), name="a.html"))
    assert kind in message


@pytest.mark.parametrize(
    "wall",
    [
        "Subscribe to continue reading.",
        "You've reached your limit of free articles. Register to continue reading.",
        "Suscríbete para seguir leyendo",
        "Dieser Artikel ist nur für Abonnenten.",
        "この記事は有料会員限定です。",
    ],
)
def test_text_that_ends_at_a_paywall_is_held(wall: str) -> None:
    source = cleaned(TITLE, *BODY, wall)
    assert _held(source) == ["the text ends at a paywall; give the whole article"]


@pytest.mark.parametrize(
    "offer",
    [
        "Already a subscriber? Sign in.",
        "Get unlimited access for 1 dollar a week. Cancel anytime.",
        "Please enable JavaScript to view the comments.",
        "Jetzt testen: vier Wochen Abo, jederzeit kündbar.",
        "Hazte suscriptor por un euro al mes.",
    ],
)
def test_offers_inside_the_text_are_cut(offer: str) -> None:
    source = cleaned(TITLE, *BODY[:2], offer, *BODY[2:])
    assert source.paragraphs == BODY
    assert cuts(source) == {"barrier": offer}
    assert not source.defects


def test_a_whole_article_with_a_paywall_beside_it_passes() -> None:
    text = [f"{line} It is the {n}th time." for n in range(5) for line in BODY]
    source = cleaned(TITLE, *text, "Subscribe to continue reading.")
    assert source.paragraphs == tuple(text)
    assert not source.defects


@pytest.mark.parametrize(
    "text",
    [
        "Readers of the Harbor Ledger met a page on Monday that said “verify you are human”"
        " and little else. The publisher switched it off at noon, after 412 complaints, and"
        " called it a mistake.",
        "A court in Port Ellery fined the ferry site 40,000 euros over its consent banner. It"
        " showed “we value your privacy” above a button that accepted the cookies of 842"
        " partners at once.",
        "The council's new site answered every search with “page not found” for six hours."
        " 404 people wrote to the town hall, which had moved its server on Sunday night"
        " without a test.",
        "Printers fill a draft with “lorem ipsum dolor sit amet”, a garbled passage of"
        " Cicero. The museum in Port Ellery shows a sheet from 1966 that made the words known"
        " to designers.",
        "The paper will put a paywall before its local pages in May. Readers can become"
        " members for three dollars a month, director Maren Oduya said, and cancel at any time"
        " they like.",
        "Just a moment later the second ferry left the pier, and the harbour master closed"
        " the gate. Access denied, a sign on it says now, and the islanders take the morning"
        " boat instead.",
        "Zum Weiterlesen braucht künftig ein Abo, wer die Lokalseiten der Zeitung im Netz"
        " aufruft. Das teilte der Verlag am Montag mit. Ein Monat kostet drei Euro, die"
        " Kündigung nichts.",
    ],
)
def test_articles_about_such_pages_pass(text: str) -> None:
    source = cleaned("A page that nobody wanted to see", *text.split(". "), BODY[0])
    assert not source.defects
    assert not any(cut.reason == "barrier" for cut in source.removed)


@pytest.mark.parametrize(
    "lines",
    [
        ("404 Page Not Found is now a museum piece", "Lyon shows the first one on paper."),
        (
            "Hello World Festival opens",
            "Hello World opened on Monday with 3,000 visitors at the pier.",
        ),
        (
            "Flats are scarce",
            "Too many requests for flats reach the town hall, the mayor said today.",
        ),
        (
            "Report withdrawn",
            "This article has been removed, the Ledger told its readers on Monday.",
        ),
        (
            "Диктант в порту",
            "Съешь ещё этих мягких булок — с этой фразы начался диктант в субботу.",
        ),
    ],
)
def test_a_short_article_that_opens_like_such_a_page_passes(lines: tuple[str, ...]) -> None:
    assert not cleaned(*lines, *BODY[:3]).defects


@given(st.text(max_size=200))
def test_any_text_is_judged(text: str) -> None:
    assert barrier_of(text) in (None, *phrases.BARRIERS)
