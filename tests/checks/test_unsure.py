"""Outside English an error needs a value of the source that contradicts; the rest is a warning.

What follows from the source by the calendar, by arithmetic or by its language is neither.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rewriter.article import Passage
from rewriter.checks.grounding import Evidence, ground
from rewriter.rules import GroundingRules
from rewriter.runs.checking.pairs import plain_source

# A Sunday.
_TODAY = datetime(2026, 5, 10, 18, tzinfo=UTC)


def _told(lang: str, source: str, text: str) -> set[tuple[str, str]]:
    known = plain_source(source, lang).model_copy(update={"published_at": _TODAY})
    found = ground([Passage("details", "", text)], Evidence(known), GroundingRules())
    return {(finding.code, finding.severity) for finding in found if finding.severity != "info"}


@pytest.mark.parametrize(
    ("lang", "source", "text"),
    [
        (
            "de",
            "Seit den 1970er Jahren steht das Werk am Fluss.",
            "Das Werk steht seit rund 50 Jahren.",
        ),
        ("it", "Il pilota è in carcere dal 23 aprile.", "Il pilota è in carcere da 17 giorni."),
        ("es", "El puente se cerró en mayo de 2024.", "El puente lleva 24 meses cerrado."),
        ("ja", "工場は1990年に建てられた。", "工場は建てられて36年になる。"),
        ("ja", "停戦は42日間続いた。", "停戦は6週間続いた。"),
        ("ko", "김 씨는 1963년에 태어났다.", "김 씨는 63세다."),
        ("nl", "Trainer Bram Lind werd geboren in 1983.", "De 43-jarige Lind is trainer."),
        ("pt", "Em agosto do ano passado, a ponte caiu.", "A ponte caiu em agosto de 2025."),
        ("es", "El museo abrió en diciembre.", "El museo abrió en diciembre de 2025."),
        ("de", "Die Brücke ist gesprengt worden.", "Am Sonntag ist die Brücke gesprengt worden."),
        ("it", "Lo striscione è apparso domenica.", "È apparso nella notte tra sabato e domenica."),
        ("pt", "Ela sumiu na madrugada de sábado (25).", "Ela sumiu em 25 de abril."),
        ("zh", "增速比去年四季度加快。", "增速比去年第四季度加快。"),
        ("ru", "Он был в заявке на Кубок-2016, но не играл.", "Он не играл на турнире 2016 года."),
    ],
)
def test_what_the_calendar_gives_is_not_told(lang: str, source: str, text: str) -> None:
    assert _told(lang, source, text) == set()


@pytest.mark.parametrize(
    ("lang", "source", "text"),
    [
        (
            "pl",
            "Firma traci 500 mln zł dziennie.",
            "Firma traci 500 mln zł dziennie, czyli 3,5 mld tygodniowo.",
        ),
        (
            "ru",
            "Он сыграл 129 матчей и забил 48 голов.",
            "Он сыграл 129 матчей и забил 48 голов, то есть один за 2,7 игры.",
        ),
    ],
)
def test_what_a_sentence_says_in_other_words_is_not_told(lang: str, source: str, text: str) -> None:
    assert _told(lang, source, text) == set()


def test_a_list_is_summed_up_over_sentences() -> None:
    source = "Turku'da 2784 istasyon var. Tarn'da 1213 istasyon var. Pell'de 732, Lind'de 532 var."
    assert _told("tr", source, "Dört kentte toplam 5261 istasyon var.") <= {("G108", "warning")}
    assert ("G101", "error") in _told("tr", source, "Dört kentte toplam 5361 istasyon var.")


@pytest.mark.parametrize(
    ("lang", "source", "text"),
    [
        (
            "fr",
            "« Le projet est mort, chez nous et partout ailleurs », dit Ana Lind.",
            "« Le projet est mort, estime-t-elle, chez nous et partout ailleurs. »",
        ),
        (
            "fr",
            "« Sans le port, nous serions tous au chômage », dit Ana Lind.",
            "« Sans le port, dit Ana Lind, cheffe de la coopé, nous serions tous au chômage. »",
        ),
        (
            "ru",
            "«Решение далось мне тяжело. Клуб всегда будет в сердце», — сказал Лунд.",
            "«Решение далось мне тяжело, — признался игрок. — Клуб всегда будет в сердце».",
        ),
        (
            "pl",
            "„Jest to otwarcie bramy do piekła”, mówił poseł Lind.",
            "„Jest to – ostrzegał jeden z posłów – otwarcie bramy do piekła”.",
        ),
    ],
)
def test_a_quote_may_be_interrupted_by_whoever_says_it(lang: str, source: str, text: str) -> None:
    assert _told(lang, source, text) == set()


def test_other_words_between_commas_are_a_warning_and_other_words_an_error() -> None:
    source = "«La presa aguanta todavía y no hay ningún peligro», dijo Ana Lind."
    between = "«La presa aguanta todavía, por suerte para todos, y no hay ningún peligro»."
    assert _told("es", source, between) == {("G302", "warning")}
    changed = "«La presa aguanta todavía y no hay mucho peligro»."
    assert _told("es", source, changed) == {("G302", "error")}


@pytest.mark.parametrize(
    ("lang", "source", "text", "told"),
    [
        (
            "fr",
            "Pour Ana, la Ligue urbaine des pêcheurs indépendants normands vote.",
            "Pour Ana, la Lupin vote.",
            set(),
        ),
        (
            "fr",
            "Le Mouvement national appelle au vote.",
            "Le parti MN appelle au vote.",
            {("G201", "warning")},
        ),
        ("fr", "La réforme déplaît à la population.", "La réforme déplaît aux Français.", set()),
        ("pl", "Kenia wygrała bieg.", "Bieg wygrali Kenijczycy.", {("G201", "warning")}),
        ("pl", "Kenia wygrała bieg.", "Bieg wygrali Zambijczycy.", {("G201", "error")}),
        ("ru", "Об этом сообщает МЧС РФ.", "Об этом сообщает МЧС России.", {("G201", "warning")}),
        ("ru", "Пожар был в городе Щелково.", "Пожар был на окраине Щёлкова.", set()),
        (
            "tr",
            "Belçikalı yıldızı Michy Lund gol attı. BAŞARI LUND İÇİN ÖNEMLİ",
            "Gol atan Belçikalı Lund oldu.",
            set(),
        ),
    ],
)
def test_names_made_of_words_of_the_source(
    lang: str, source: str, text: str, told: set[tuple[str, str]]
) -> None:
    assert _told(lang, source, text) == told


@pytest.mark.parametrize(
    ("lang", "source", "text", "severity"),
    [
        (
            "de",
            "Die Feier begann am Dienstag im Rathaus von Tarn.",
            "Die Feier begann am Freitag im Rathaus von Tarn.",
            "error",
        ),
        (
            "de",
            "Die Feier begann im Rathaus von Tarn.",
            "Die Feier begann am Freitag im Rathaus von Tarn.",
            "warning",
        ),
        (
            "it",
            "La fiera di Tarni ha ospitato 40 espositori stranieri.",
            "La fiera di Tarni ha ospitato 70 espositori stranieri.",
            "error",
        ),
        (
            "it",
            "La fiera di Tarni ha ospitato espositori stranieri.",
            "La fiera di Tarni ha ospitato 70 espositori stranieri.",
            "warning",
        ),
        (
            "it",
            "La fiera di Tarni ha ospitato espositori stranieri.",
            "La fiera di Tarni ha ospitato 4.713 espositori stranieri.",
            "error",
        ),
        ("de", "Der Rat schließt die Brücke.", "Der Umbau kostet 48 Millionen Euro.", "error"),
        ("fr", "Le conseil ferme le pont.", "Le pont ferme, à 30 % près.", "error"),
        ("es", "El consejo cierra el puente.", "Murieron 17 personas.", "error"),
        ("it", "Il ponte di Tarni chiude.", "Il ponte di Tarni chiude il 14 marzo 2027.", "error"),
        ("zh", "系统有大约3000万条记录。", "系统有大约300万条记录。", "error"),
        ("en", "The fair in Tarn had exhibitors.", "The fair in Tarn had 70 exhibitors.", "error"),
    ],
)
def test_an_error_needs_another_value_or_a_precise_figure(
    lang: str, source: str, text: str, severity: str
) -> None:
    assert {found for _, found in _told(lang, source, text)} == {severity}


def test_a_difference_of_figures_about_the_same_is_no_error() -> None:
    source = "A conta da cidade chega a R$ 110 milhões. A cidade gastou R$ 48 milhões da conta."
    right = _told("pt", source, "A conta da cidade perdeu R$ 62 milhões.")
    assert "error" not in {severity for _, severity in right}
    assert ("G102", "error") in _told("pt", source, "A conta da cidade perdeu R$ 67 milhões.")


def test_a_word_behind_an_article_may_be_a_common_noun() -> None:
    told = _told("it", "Il vertice è finito.", "Al vertice i Sindaci erano divisi.")
    assert told == {("G203", "warning")}
