"""Times that a source counts from its own day are told by year, and long spans are rounded."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rewriter.article import Passage
from rewriter.checks.grounding import Evidence, ground
from rewriter.rules import GroundingRules
from rewriter.runs.checking.pairs import plain_source


@pytest.mark.parametrize(
    ("lang", "source", "text", "codes"),
    [
        ("en", "A ruling is due in the spring.", "A ruling is due in spring 2027.", set()),
        ("en", "A ruling is due by the summer of next year.", "It is due by summer 2027.", set()),
        ("en", "A ruling fell in the autumn.", "A ruling fell in autumn 2026.", set()),
        ("en", "A ruling is due in the spring.", "A ruling is due in spring 2029.", {"G402"}),
        ("en", "A ruling is due in the spring.", "A ruling is due in summer 2027.", {"G402"}),
        ("en", "A ruling fell in spring 2024.", "A ruling fell in spring 2027.", {"G402"}),
        ("de", "Das Urteil fällt im Frühjahr.", "Das Urteil fällt im Frühjahr 2027.", set()),
        ("es", "La sentencia se espera en verano.", "Se espera en el verano de 2027.", set()),
        ("fr", "Le jugement tombera au printemps.", "Il tombera au printemps 2027.", set()),
        (
            "en",
            "In 2011 she spoke in Larn. The dam was refused the next year.",
            "The dam was refused in 2012.",
            set(),
        ),
        (
            "en",
            "In 2011 she spoke in Larn. The dam was refused the next year.",
            "The dam was refused in 2013.",
            {"G402"},
        ),
        (
            "en",
            "The mayor of Tarn quit last week.",
            "The mayor of Tarn quit in mid-November.",
            set(),
        ),
        (
            "en",
            "The mayor of Tarn quit last week.",
            "The mayor of Tarn quit in November 2026.",
            set(),
        ),
        (
            "en",
            "The mayor of Tarn quit last week.",
            "The mayor quit in the week of 9 November.",
            set(),
        ),
        ("en", "The mayor of Tarn quit last week.", "The mayor of Tarn quit in July.", {"G401"}),
        ("en", "The mayor of Tarn quit in June.", "The mayor of Tarn quit in November.", {"G401"}),
        ("en", "The dam burst ten days ago.", "The dam burst on 10 November.", set()),
        ("en", "The dam burst ten days ago.", "The dam burst on 8 November.", {"G401"}),
        ("en", "The dam opened three months ago.", "The dam opened in August 2026.", set()),
        ("en", "The dam opened three months ago.", "The dam opened in May 2026.", {"G401"}),
        ("en", "The dam opened a decade ago.", "The dam opened in 2016.", set()),
        ("en", "The dam opened a decade ago.", "The dam opened in 2017.", {"G402"}),
        (
            "en",
            "Sales in Tarn rose in the third quarter.",
            "They rose in the third quarter of 2026.",
            set(),
        ),
        (
            "en",
            "Sales in Tarn rose in the third quarter.",
            "They rose in the second quarter of 2026.",
            {"G401"},
        ),
        (
            "en",
            "Sales in Tarn rose in the third quarter.",
            "They rose in the third quarter of 2024.",
            {"G401"},
        ),
        ("en", "The dam closes at the end of the year.", "The dam closes on 31 December.", set()),
        (
            "en",
            "The dam closes at the end of the year.",
            "The dam closes at the end of 2026.",
            set(),
        ),
        (
            "en",
            "The dam closes at the end of the year.",
            "The dam closes at the end of 2027.",
            {"G402"},
        ),
        ("en", "The dam burst at the weekend.", "The dam burst on 15 November.", set()),
        ("en", "The dam burst at the weekend.", "The dam burst on 12 November.", {"G401"}),
        ("de", "Der Damm öffnet im nächsten Jahr.", "Der Damm öffnet 2027.", set()),
        ("de", "Der Damm öffnet Anfang kommenden Jahres.", "Der Damm öffnet Anfang 2027.", set()),
        ("de", "Der Damm öffnet morgen.", "Der Damm öffnet am 21. November.", set()),
        ("de", "Der Damm öffnet am Morgen.", "Der Damm öffnet am 21. November.", {"G401"}),
        (
            "es",
            "La presa abre a principios del próximo año.",
            "La presa abre a principios de 2027.",
            set(),
        ),
        ("fr", "Le barrage ferme à la fin de l'année.", "Le barrage ferme fin 2026.", set()),
        ("en", "It was walled up in 1809.", "It was hidden for more than 200 years.", set()),
        ("en", "It was walled up in 1809.", "It was hidden for almost 220 years.", set()),
        ("en", "It was walled up in 1809.", "It was hidden for more than 300 years.", {"G101"}),
        ("en", "It was walled up in 1809.", "It was hidden for more than 150 years.", {"G101"}),
        ("de", "Es wurde 1809 zugemauert.", "Es lag mehr als zweihundert Jahre dort.", set()),
        ("de", "Es wurde 1809 zugemauert.", "Es lag mehr als dreihundert Jahre dort.", {"G101"}),
    ],
)
def test_what_is_counted_from_the_day_of_publication(
    lang: str, source: str, text: str, codes: set[str]
) -> None:
    published = datetime(2026, 11, 20, tzinfo=UTC)
    evidence = Evidence(plain_source(source, lang).model_copy(update={"published_at": published}))
    found = ground([Passage("text", "", text)], evidence, GroundingRules())
    assert {f.code for f in found if f.severity != "info"} == codes
