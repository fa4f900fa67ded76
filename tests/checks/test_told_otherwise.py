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
en|In the third quarter of 2021 rents fell.|Rents fell between July and September 2021.|
en|In the third quarter of 2021 rents fell.|Rents fell between April and June 2021.|G401
en|In the third quarter of 2021 rents fell.|Rents fell between July and September 2020.|G401
en|Rents fell from July to December.|Rents fell in the second half.|
de|Im zweiten Halbjahr sanken die Mieten.|Zwischen Juli und Dezember sanken die Mieten.|
de|In den ersten neun Monaten sanken die Mieten.|Von Januar bis September sanken die Mieten.|
es|En el tercer trimestre bajaron los alquileres.|Entre julio y septiembre bajaron los alquileres.|
fr|Les neuf premiers mois ont été bons.|De janvier à septembre, tout allait bien.|
it|Nel secondo trimestre gli affitti sono scesi.|Tra aprile e giugno gli affitti sono scesi.|
pt|No primeiro semestre os aluguéis caíram.|Entre janeiro e junho os aluguéis caíram.|
ru|Во втором квартале аренда подешевела.|С апреля по июнь аренда подешевела.|
de|Die Bank verdiente 88,4 Millionen 2020.|2020 verdiente die Bank 88,4 Millionen.|
tr|Kiralar ilk çeyrekte düştü.|Kiralar Ocak-Mart döneminde düştü.|
zh|上半年租金下降。|1-6月租金下降。|
nl|In het tweede kwartaal daalden de huren.|Tussen april en juni daalden de huren.|
en|In 2018 it let 61 flats; it let 48 the year before.|It let 48 flats in 2017.|
en|In 2018 it let 61 flats; it let 48 the year before.|It let 48 flats in 2016.|G402
de|2018 waren es 61 Wohnungen, im Vorjahreszeitraum 48.|2017 waren es 48 Wohnungen.|
pl|W 2018 r. wynajęto 61 mieszkań, rok wcześniej 48.|W 2017 r. wynajęto 48 mieszkań.|
"""


@pytest.mark.parametrize("row", _ROWS.splitlines())
def test_another_notation_is_told_from_another_fact(row: str) -> None:
    lang, source, text, code = row.split("|")
    found = [f for f in judge(Golden("", 0, lang, source, text, code)) if f.severity != "info"]
    assert [code] * bool(code) == sorted({finding.code for finding in found})
