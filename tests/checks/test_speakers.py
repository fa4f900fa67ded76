"""G303: the name behind a quote that opens its sentence is its speaker."""

from __future__ import annotations

import pytest

from rewriter.article import Passage
from rewriter.checks.grounding import Evidence, ground
from rewriter.rules import GroundingRules
from rewriter.runs.checking.pairs import plain_source

SAID = {
    "en": '"We all miss the old harbour," said Mara Lind. Orr and Berlin listened.',
    "de": "„Wir vermissen den alten Hafen“, sagte Mara Lind. Orr und Berlin hörten zu.",
    "pl": "„Wszyscy tęsknimy za portem”, powiedziała Mara Lind. Jan Ryba słuchał.",
    "ru": "«Мы все скучаем по порту», сказала Мара Линд. Пётр Рыбин слушал.",
}


@pytest.mark.parametrize(
    ("lang", "text", "codes"),
    [
        ("en", '"We all miss the old harbour," Orr sighed.', {"G303"}),
        ("en", 'After the line "We all miss the old harbour," Orr left.', set()),
        ("en", 'Welcoming "We all miss the old harbour," Berlin moved on.', set()),
        ("de", "Nach dem Satz „Wir vermissen den alten Hafen“, so kurz er war, ging Orr.", set()),
        ("pl", "Po słowach „Wszyscy tęsknimy za portem”, Jan Ryba milczał.", set()),
        ("ru", "После слов «Мы все скучаем по порту», Пётр Рыбин молчал.", set()),
    ],
)
def test_only_a_quote_that_opens_the_sentence_has_its_speaker_behind(
    lang: str, text: str, codes: set[str]
) -> None:
    evidence = Evidence(plain_source(SAID[lang], lang))
    passages = [Passage(section="details", place="paragraph 1", text=text)]
    found = {flag.code for flag in ground(passages, evidence, GroundingRules())}
    assert found & {"G303"} == codes
