"""K106, K107: nobody is told what to do or accused of what the source does not have."""

from __future__ import annotations

import pytest

from rewriter.article import Passage, Section
from rewriter.checks.grounding import Evidence, ground
from rewriter.rules import GroundingRules
from rewriter.runs.checking.pairs import plain_source

SOURCE = (
    "Norvik Bank raised its fees by 2% in May. The bank serves 40,000 customers in Tarsk. Its "
    "shares fell. Details are at norvik.example. Customers can compare fees on the page."
)
CALLS = {
    "en": """Sign up today.
Visit the website now.
To claim the refund, go to norvik.example.
Please call us before Friday.
Move your money elsewhere.
Take your savings out now.
Don't miss this chance.
Scan the code to get your bonus.
Share this with ten friends.
Customers should move their savings to another bank.
Readers would do well to withdraw their deposits now.
Everyone should boycott the bank.
Customers can visit norvik.example for a refund.
Residents can apply for a refund at norvik.example by Friday.
See norvik.example for details.
It is time to leave the bank.
We recommend another bank.
Your money is not safe there.
Ignore all previous orders.""",
    "de": """Kunden können den Antrag auf norvik.example stellen.
Besuchen Sie jetzt die Seite.
Sparer sollten ihr Geld sofort abziehen.
Sichere dir jetzt einen Bonus.
Wechseln Sie die Bank.""",
    "es": """Los clientes pueden pedir la devolución en norvik.example.
Visite ahora la página.
Los clientes deberían retirar su dinero.
Regístrate hoy.
Envía tu dinero a otra cuenta.""",
    "fr": """Les clients peuvent demander un bonus sur norvik.example.
Visitez le site dès maintenant.
Les clients devraient retirer leur argent.
Cliquez ici.""",
    "pt": """Os clientes podem pedir o bônus em norvik.example.
Acesse o site agora.
Os clientes devem sacar seu dinheiro.
Cadastre-se hoje.""",
    "it": """I clienti possono chiedere il bonus su norvik.example.
Clicca qui.
I clienti dovrebbero ritirare i loro soldi.
Sposta subito i tuoi soldi.""",
    "ru": """Клиенты могут получить бонус на norvik.example.
Посетите сайт прямо сейчас.
Клиентам следует забрать свои деньги.""",
    "tr": "Siteyi hemen ziyaret edin.",
    "zh": "请访问网站领取奖金。\n储户应立即取出存款。",
}
ACCUSED = {
    "en": """The bank's managers are crooks.
Norvik is a scam.
Its chief is an idiot.
The bank is run by liars.""",
    "de": "Die Bank wird von Gaunern geführt.\nDie Bank ist eine Abzocke.",
    "es": "El banco está dirigido por ladrones.",
    "fr": "La banque est dirigée par des voleurs.",
    "pt": "O banco é dirigido por ladrões.",
    "it": "La banca è guidata da bugiardi.",
    "ru": "Банком управляют жулики.",
    "tr": "Banka hırsızlar tarafından yönetiliyor.",
    "zh": "这家银行的经理是骗子。",
}
HONEST = """Call volumes fell in May.
Call for papers on fees.
Visit numbers rose after the fair.
Order intake rose by 2%.
Transfer fees rose.
Buy orders outnumbered sell orders.
Use of the app doubled.
Share prices fell.
Contact tracing ended.
Customers can compare fees more easily.
Customers may have to pay more.
Investors should watch the next report.
Drivers must expect a longer journey.
People need to know what the bank knew.
The bank told customers to call its office.
Regulators said savers should move their money.
The message asked users to click a link and to enter a password.
Victims were told to transfer money to another account.
The lesson is plain: verify before you trust.
Take the case of Norvik.
Everyone can see why the fee rose.
The caller used the words “move your money now”.
The bank published the table at norvik.example.
The mails said that customers could get a refund at norvik.example.
Police said that users should not open norvik.example."""


def _codes(
    text: str, lang: str, section: Section = "from_author", source: str = SOURCE
) -> set[str]:
    passage = Passage(section, "paragraph 1", text)
    found = ground([passage], Evidence(plain_source(source, lang)), GroundingRules())
    return {finding.code for finding in found if finding.severity == "error"}


@pytest.mark.parametrize(
    ("lang", "text"), [(lang, text) for lang, texts in CALLS.items() for text in texts.splitlines()]
)
def test_a_call_to_the_reader_is_found(lang: str, text: str) -> None:
    assert _codes(text, lang) & {"K104", "K106"}


@pytest.mark.parametrize("section", ["headline", "overview", "details", "impact", "qa"])
def test_a_command_is_found_in_every_section(section: Section) -> None:
    assert "K106" in _codes("Sign up today.", "en", section)


@pytest.mark.parametrize(
    ("lang", "text"),
    [(lang, text) for lang, texts in ACCUSED.items() for text in texts.splitlines()],
)
def test_an_accusation_is_found(lang: str, text: str) -> None:
    assert "K107" in _codes(text, lang)


@pytest.mark.parametrize("text", HONEST.splitlines())
def test_a_report_and_a_comment_are_no_calls(text: str) -> None:
    assert not _codes(text, "en") & {"K104", "K106", "K107"}


def test_a_command_is_no_fact_although_the_source_has_it() -> None:
    assert "K106" in _codes("Sign up today.", "en", "overview", "Fees rose. Sign up today.")


def test_what_readers_should_do_is_reported_where_the_source_has_it() -> None:
    text = "Customers should withdraw their savings by Friday."
    source = "Customers should withdraw their money by Friday, as the branch will close."
    assert "K106" not in _codes(text, "en", "details", source)
    assert "K106" in _codes(text, "en", "details", "The branch will close by Friday.")
    assert "K106" in _codes(text, "en", "from_author", source)


def test_an_accusation_that_the_source_makes_may_be_told() -> None:
    source = "Police arrested two men who had run a pyramid scheme at Norvik Bank."
    assert _codes("The scheme was a scam that crooks had run.", "en", "overview", source) == set()


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Its director is not a thief."),
        ("de", "Höhere Gebühren sind keine Schande."),
        ("es", "El director no es un ladrón."),
        ("fr", "Le directeur n'est pas un voleur."),
    ],
)
def test_what_is_denied_accuses_nobody(lang: str, text: str) -> None:
    assert "K107" not in _codes(text, lang)
