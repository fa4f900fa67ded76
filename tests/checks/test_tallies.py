"""A score that the source tells goal by goal is no invented figure; any other score is."""

from __future__ import annotations

import pytest

from rewriter.article import Passage
from rewriter.checks.grounding import Evidence, ground
from rewriter.rules import GroundingRules
from rewriter.runs.checking.pairs import plain_source

_TOLD = [
    ("en", "Mills scored after 12 minutes and Pell after 79 minutes.", "Turku won 2-0."),
    ("es", "Mills marcó a los 12 minutos y Pell a los 79 minutos.", "Turku ganó 2-0."),
    ("de", "Mills traf nach 12 Minuten und Pell nach 79 Minuten.", "Turku gewann 2:0."),
    ("fr", "Mills a marqué après 12 minutes, Pell après 79 minutes.", "Turku a gagné 2-0."),
    ("pt", "Mills marcou aos 12 minutos e Pell aos 79 minutos.", "O Turku venceu por 2 a 0."),
    ("it", "Mills ha segnato dopo 12 minuti, Pell dopo 79.", "Il Turku ha vinto 2-0."),
    ("ru", "Миллс забил через 12 минут, Пелл через 79 минут.", "«Турку» выиграл 2:0."),
]


def _errors(lang: str, source: str, text: str) -> list[str]:
    evidence = Evidence(plain_source(f"Turku. {source}", lang))
    findings = ground([Passage("text", "", text)], evidence, GroundingRules())
    return [finding.code for finding in findings if finding.severity == "error"]


@pytest.mark.parametrize(("lang", "source", "text"), _TOLD)
def test_a_score_may_be_counted_from_the_goals(lang: str, source: str, text: str) -> None:
    assert _errors(lang, source, text) == []


@pytest.mark.parametrize(("lang", "source", "text"), _TOLD)
def test_a_score_of_the_source_is_not_changed(lang: str, source: str, text: str) -> None:
    assert set(_errors(lang, f"{source} 3-1.", text)) == {"G101"}
