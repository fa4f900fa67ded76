"""Contact data: every form of it is found, and what only looks like it is not."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewriter.checks.evidence.addresses import known_keys, links_in
from rewriter.checks.facts.links import check_links

LINKS = """
Chat with us on t.me/prizebot
Register at claim-prize.zip today
The offer is on reward.example
Details are on BONUS.EXAMPLE
The form is at 198.51.100.23
The mirror is http://3325256727/claim
The server answers at 2001:db8::42
The host is 0xc6336417
Go to prize dot example
Go to prize dot com
Wejdź na prize kropka com
Gehen Sie auf prize Punkt de
Entre en prize punto com
Allez sur prize point com
Acesse prize ponto com
Зайдите на prize точка ком
Go to prize[.]example
Go to prize (dot) shop
Go to prize -dot- com
Go to prize . com
Go to prizeDOTcom
Load hxxps[:]//prize[.]com
Load javascript:alert(1)
Load //cdn.prize.com/x.js
Open t.me/prizebot
Open prize.unheardof/claim
Сайт пример.рф открыт
Go to prize。example
Go to ｐｒｉｚｅ．ｃｏｍ
Give to charity.eth
Use port prize.com:8080
请访问prize.example领取奖金
""".strip().splitlines()
DECEPTIVE = """
Log in at https://bank.com@prize.ru/login
The pаypal.com page is open
""".strip().splitlines()
MAILS = """
Write to help@prize.example
Write to help [at] prize
Write to help(at)prize(dot)com
""".strip().splitlines()
ACCOUNTS = """
Pay bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4
请转到0xde0B295669a9FD93d5F28D9Ec85E40f4cb697BAe账户
Pay 3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy
Pay 0xde0B295669a9FD93d5F28D9Ec85E40f4cb697BAe
Pay TNPeeaaFB7K9cmo4uQpcU32zGK8G1NYqeL
Pay 9WzDXwBbmkg8ZTbNMqUxvQRAyrZzDsGYdLVL9zYtAWWM
Pay LM2WMpR1Rp6j3Sa59cMXMs1SPzj9eXpGc1
Pay rG1QQv2nh2gr7RCZ1P8YYcBUKCCN633jCn
Pay DBXu2kgc3xtvCUWFcxFE3r9hEYgmuaaCyD
Pay addr1vpu5vlrf4xkxv2qpwngf6cjhtw542ayty80v8dyr49rf5eg0yu80wpu5vlrf4xkxv2qpwn
Pay bc1q w508 d6qe jxtd g4y5 r3za rvar y0c5 xw7k v8f3 t4
Transfer it to DE75 5121 0800 1245 1261 99
Transfer it to FR1420041010050500013M02606
Transfer it to 5555 5555 5555 4444
""".strip().splitlines()
PHONES = """
Pedidos en el 612 345 678.
Questions are answered at 683 900 123.
Information: 683 900 123.
Ring +44 20 7946 0991
Ring 020 7946 0991
Ring 0800 000 1234
Wählen Sie (040) 9876543
Wählen Sie 040/9876543
Звоните 8 (800) 555-01-23
Composez le 01 99 00 12 34
Marque 612 34 56 78
Disque (21) 99999-0000
请拨打13900001234
東京 03-0000-1234
Ring 646-555-0199
Call 55512 now
Rufen Sie uns unter 77001 an
Позвоните по номеру 77001
Ring 1-800-GET-RICH
Ring oh eight hundred, five five five, one two one two
Rufen Sie null acht null null, fünf fünf fünf, eins zwei an
Composez le zéro six, douze, trente-quatre, cinquante-six, soixante-dix-huit
Llame al seis cuatro cero, doce, treinta y tres, cuarenta
""".strip().splitlines()
HANDLES = """
Follow @prize_official
Join prize_official on Telegram
Add prizeking#4821
请关注@prizeking领奖
Use #FreePrize
""".strip().splitlines()
HONEST = """
Node.js and F# are languages; AT&T and R&D are none
in the U.S. and the U.K., at 9.30 p.m. and at 9.am
3.5m people and $3.5bn; sales grew 4.5%.In May they fell
the Müller GmbH & Co.KG, z.B. in Berlin
S.p.A. and S.A., p. ex. com, etc. com a sede
the dot com bubble, an early dot com firm, la burbuja punto com
de este punto de vista, punto de partida, le point de départ, no ponto de vista
a polka dot dress
Der Umsatz liegt unter 750.000.000.
Turnover stood at 683 900 000. The budget: 750 000 000.
De omzet komt uit op 612.345.678.
Zysk spadł pod 700 000 000.
the season 2023/24, the years 2019-2024 and 2019–2024, 1989-90
6-4 7-6 6-3, 21-17 21-14, a 4-3-3 formation, 3:2
12.03.2024, 12/03/2024, 2024-03-12, 18.5.2023, 12:30:45, 14:30-16:00, 2024年3月12日
1 234 567 euros, 12 500 000 рублей, €1.234.567, +10 000 000 tonnes, 1,234,567
10 000-15 000, 5 000–6 000, 3000-4000, 100 000 – 200 000 people
version 1.2.3 and section 4.2.1
GPT-4, COVID-19, F-16, a Boeing 777-300ER, Formula 1
He counted one, two, three, four, five, six, seven, eight.
They made eight, nine, seven, six and nine points; trains leave at five, six, seven, eight and ten.
The sets were twenty-one nineteen, eighteen twenty-one, and he won six two and six three.
called 12,000 people; the hotline received 12000 calls; call 911
in 2024 1.200 Menschen, 2020 300 people, (2019) 123 people
and/or, 24/7, km/h, N.V./S.A.
la col·lectivitat, the "call it a day" vote
""".strip().splitlines()


def _codes(text: str) -> set[str]:
    return {link.code for link in links_in(text)}


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (code, text)
        for code, texts in (
            ("G501", LINKS + DECEPTIVE),
            ("G502", MAILS),
            ("G503", PHONES),
            ("G504", ACCOUNTS),
            ("G505", HANDLES),
        )
        for text in texts
    ],
)
def test_every_form_of_contact_data_is_found(code: str, text: str) -> None:
    assert code in _codes(text)
    assert list(check_links(text, links_in(text), frozenset()))


@pytest.mark.parametrize("text", HONEST)
def test_figures_and_abbreviations_are_no_contact_data(text: str) -> None:
    assert [text[link.start : link.end] for link in links_in(text)] == []


@pytest.mark.parametrize("text", [*DECEPTIVE, *PHONES, *ACCOUNTS[:3], *ACCOUNTS[-3:]])
def test_some_are_not_allowed_although_the_source_has_them(text: str) -> None:
    links = links_in(text)
    known = frozenset(known_keys(links))
    assert list(check_links(text, links, known))


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("The data are at https://www.calder.example/bonds.", "The data are at calder.example."),
        ("It runs on Node.js and calder.io.", "Calder.io runs it."),
        ("Write to prize[dot]com.", "They gave the address prize.com."),
        ("Posts by @calder_rail were deleted.", "The posts of @calder_rail are gone."),
    ],
)
def test_what_the_source_has_may_be_named(source: str, text: str) -> None:
    known = frozenset(known_keys(links_in(source)))
    assert list(check_links(text, links_in(text), known)) == []


def test_another_page_of_a_known_host_is_not_known() -> None:
    known = frozenset(known_keys(links_in("The data are at calder.example/bonds.")))
    assert list(
        check_links("See calder.example/prize.", links_in("See calder.example/prize."), known)
    )


@given(st.text(alphabet="a1.@:/ -_+()[]#0xdot。é", max_size=200))
def test_places_lie_in_the_text_and_begin_apart(text: str) -> None:
    links = sorted(links_in(text), key=lambda link: link.start)
    assert all(0 <= link.start <= link.end <= len(text) for link in links)
    assert all(a.start != b.start for a, b in pairwise(links))


@pytest.mark.parametrize(
    "part",
    ["a.", "a.com ", "1 ", "0x", "a@", "a_", "dot ", "x dot com ", "::1", "[.]", "+1 (", "1"],
)
def test_fifty_thousand_characters_take_no_second(part: str) -> None:
    text = (part * 50_000)[:50_000]
    start = time.process_time()
    links_in(text)
    assert time.process_time() - start < 2
