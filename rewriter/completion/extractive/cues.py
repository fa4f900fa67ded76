"""Words that show what kind a sentence is, by language.

Word beginnings, lower case, as news agencies use them. A language without a table has no cues. Its
sentences are then ordered by centrality and place alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Literal

Cue = Literal["outlook", "impact", "dependent"]

# Someone expects, doubts, warns or judges.
_OUTLOOK: Mapping[str, str] = {
    "en": "expect believ argu could may might likely unlikely should outlook forecast "
    "predict warn caution hope fear suggest analyst expert opinion view remain future "
    "risk uncertain according think doubt confiden potential depend",
    "es": "esper cree consider podr debe perspectiv previs pronostic predic advier advirt "
    "riesgo futuro analist expert según opin incertidumbre probable sugier tem duda "
    "confía",
    "de": "erwart glaub dürft könnt sollt prognos ausblick warn risik zukunft analyst "
    "expert laut meint hält hofft befürcht wahrscheinlich unsicher schätz möglich "
    "vermut zuversicht",
    "fr": "attend croi estim pourr devr perspectiv prévoi prévis averti met-en-garde risque "
    "avenir analyste expert selon opinion incertitude probable suggèr crain espèr "
    "doute confian",
    "pt": "esper acredit consider poder deve perspectiv previs prevê alert adver risco "
    "futuro analist especialist segundo opini incerteza provável sugere teme dúvida "
    "confia",
    "ru": "ожида счита полага мож должн прогноз перспектив предупре риск будущ аналитик "
    "эксперт мнени вероятн неопредел опаса надее сомне уверен",
    "zh": "预计 预期 认为 可能 或将 应该 前景 预测 警告 风险 未来 分析师 专家 表示 建议 "
    "希望 担心 不确定 有望",
}
# Something moves because of it.
_IMPACT: Mapping[str, str] = {
    "en": "impact effect affect market price demand supply investor trader consumer compan "
    "sector industr rise rose fall fell drop gain los surge plunge increas decreas "
    "declin grow cut boost pressure cost revenue profit volatil result lead led caus "
    "mean",
    "es": "impact efecto afect mercado preci demanda oferta inversor consumidor empresa "
    "sector industri sub baj ca aument disminu crec reduc impuls presi cost ingres "
    "gananc volatil result",
    "de": "auswirk einfluss betroff markt märkte preis kurs nachfrage angebot anleger "
    "verbraucher unternehmen branche stieg steig fiel fall sank sink wuchs wachs "
    "kosten umsatz gewinn druck folge führ",
    "fr": "impact effet affect marché prix cours demande offre investisseur consommateur "
    "entreprise secteur hausse baisse augment diminu crois recul chute coût revenu "
    "bénéfice pression résult",
    "pt": "impact efeito afet mercado preço demanda oferta investidor consumidor empresa "
    "setor indústria sub ca aument diminu cresc reduz impulsion press custo receita "
    "lucro volatil result",
    "ru": "влия эффект затрон рын цен спрос предложен инвестор потребител компан сектор "
    "отрасл рост выро паден упа сниз увелич сократ давлен расход доход прибыл "
    "волатильн привед привел",
    "zh": "影响 市场 价格 需求 供应 投资者 消费者 企业 公司 行业 上涨 下跌 增长 下降 减少 "
    "增加 压力 成本 收入 利润 波动 导致",
}
# It leans on the sentence before it, and is not understood alone.
_DEPENDENT: Mapping[str, str] = {
    "en": "in-summary in-conclusion overall in-short finally this these that those it its "
    "he she they his her their him them but and or however moreover also instead "
    "meanwhile still yet so then therefore thus nevertheless furthermore similarly "
    "such both another others here there as-a-result in-addition for-example",
    "es": "en-resumen en-conclusión por-último esto este esta estos estas eso ese esa ello "
    "él ella ellos ellas su sus pero y o sin-embargo además también así entonces "
    "por-lo-tanto no-obstante mientras-tanto ambos otro otra",
    "de": "zusammenfassend insgesamt schließlich dies diese dieser dieses das er sie es ihr "
    "ihre sein seine aber und oder doch jedoch außerdem zudem auch deshalb daher "
    "dennoch trotzdem hingegen dagegen beide dabei damit dazu so",
    "fr": "en-résumé en-conclusion en-somme ce cet cette ces cela ceci il elle ils elles "
    "son sa ses leur leurs mais et ou cependant toutefois aussi ainsi donc néanmoins "
    "pourtant en-revanche ensuite enfin tous-deux",
    "pt": "em-resumo em-conclusão por-fim isto este esta estes estas isso esse essa ele ela "
    "eles elas seu sua seus suas mas e ou porém contudo no-entanto além-disso também "
    "assim então portanto ambos outro outra",
    "ru": "в-итоге в-целом подводя-итог наконец это этот эта эти он она они оно его её их "
    "но и или однако также кроме-того поэтому тем-не-менее при-этом затем так оба "
    "такой такая такие",
    "zh": "总之 综上 最后 这 那 它 他 她 他们 她们 它们 其 但 但是 然而 不过 而且 并且 此外 "
    "另外 因此 所以 同时 于是 也",
}
_TABLES: Mapping[Cue, Mapping[str, str]] = {
    "outlook": _OUTLOOK,
    "impact": _IMPACT,
    "dependent": _DEPENDENT,
}


def count_cues(kind: Literal["outlook", "impact"], text: str, lang: str) -> int:
    """How many different cues of `kind` the sentence has."""
    found = _pattern(kind, lang).findall(text.lower())
    return len(set(found))


def is_dependent(text: str, lang: str) -> bool:
    """Whether the sentence opens with a word that points back to the one before it."""
    return bool(_pattern("dependent", lang).match(text.lower().lstrip("\"'“”„«‘’ ")))


@cache
def _pattern(kind: Cue, lang: str) -> re.Pattern[str]:
    code = lang.split("-")[0]
    words = sorted(_TABLES[kind].get(code, "").split(), key=len, reverse=True)
    if not words:
        return re.compile(r"(?!)")
    either = "|".join(re.escape(word).replace(r"\-", r"[ \-]") for word in words)
    if code == "zh":  # no spaces: a word may start anywhere
        return re.compile(either)
    return re.compile(rf"\b(?:{either})\b" if kind == "dependent" else rf"\b(?:{either})")
