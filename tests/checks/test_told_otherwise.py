"""What a newspaper tells in one notation and a rewriter in another is no fault; a change is one."""

from __future__ import annotations

import pytest

from tests.grounding.golden import Golden, judge

# Language, source, rewrite, and the code that the rewrite must give, "" where it must pass.
_ROWS = """\
es|La obra costó 3 mil 271 millones de pesos.|La obra costó 3.271 millones de pesos.|
es|La obra costó mil 118 millones de pesos.|La obra costó 1.118 millones de pesos.|
es|La obra costó 3 mil 271 millones de pesos.|La obra costó 3.217 millones de pesos.|G102
pt|A trilha tem mil e 62 quilômetros.|A trilha tem 1.062 quilômetros.|
pt|Foram entre 2 mil e 7 mil pessoas.|Foram de 2.000 a 7.000 pessoas.|
ru|В забеге участвовали 4 тыс. 317 человек.|В забеге участвовали 4317 человек.|
pl|W biegu wystartowało 4 tys. 317 osób.|W biegu wystartowało 4317 osób.|
ja|昨年の利用者は3千254人だった。|昨年の利用者は3254人だった。|
ko|작년 이용자는 3254명이었다.|작년 이용자는 3천254명이었다.|
de|Der Kreistag nahm den Antrag mit 31:24 Stimmen an.|Er nahm ihn mit 31 gegen 24 an.|
de|Der Kreistag nahm den Antrag mit 21:14 Stimmen an.|Mit 21 zu 14 Stimmen wurde er angenommen.|
de|Der Kreistag nahm den Antrag mit 31:24 Stimmen an.|Mit 31 zu 25 Stimmen wurde er angenommen.|G101
es|El Celta ganó por 4 a 1.|El Celta ganó 4-1.|
it|Il Lecce ha vinto 4-1.|Il Lecce ha vinto quattro a uno.|
pt|O Bahia venceu por 4 a 1.|O Bahia venceu por 4 x 1.|
zh|市议会以31:24通过了提案。|市议会以31票对24票通过了提案。|
fr|La préfète Odile Marchand a promis un rapport.|Mme Marchand promet un rapport.|
fr|La préfète Odile Marchand a promis un rapport.|Mme Lombard promet un rapport.|G201
es|La jueza Odile Marchand prometió un informe.|El informe lo prometió la Sra. Marchand.|
nl|Wethouder Odile Marchand beloofde een rapport.|Dat rapport beloofde Mw. Marchand.|
en|Brandt scored in the 71st minute.|Brandt scored late in the second half.|
en|Brandt scored in the 12th minute.|Brandt scored in the second half.|G401
en|Brandt scored in the first half.|Brandt scored in the second half.|G401
"""


@pytest.mark.parametrize("row", _ROWS.splitlines())
def test_another_notation_is_told_from_another_fact(row: str) -> None:
    lang, source, text, code = row.split("|")
    found = [f for f in judge(Golden("", 0, lang, source, text, code)) if f.severity != "info"]
    assert [code] * bool(code) == sorted({finding.code for finding in found})
