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
