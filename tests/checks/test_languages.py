"""Faithful sentences in many languages pass; each is written otherwise than its source."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rewriter.article import Passage
from rewriter.checks.grounding import Evidence, ground
from rewriter.rules import GroundingRules
from rewriter.runs.checking.pairs import plain_source

FAITHFUL = [
    # A verb may say that a figure was passed.
    (
        "es",
        "Las ventas crecieron hasta los 3.418 millones.",
        "Las ventas superaron los 3.400 millones.",
    ),
    ("pt", "As vendas chegaram a 3.418 milhões.", "As vendas ultrapassaram os 3.400 milhões."),
    (
        "it",
        "Le vendite sono arrivate a 3.418 milioni.",
        "Le vendite hanno superato i 3.400 milioni.",
    ),
    ("fr", "Les ventes ont atteint 3 418 millions.", "Les ventes dépassent les 3 400 millions."),
    ("ru", "Продажи составили 3418 млн.", "Продажи превысили 3400 млн."),
    ("tr", "Satışlar 3 bin 418 adet oldu.", "Satışlar 3 bin 400'ü aştı."),
    (
        "es",
        "Vendió un 7,2 % más, hasta los 2.318 millones.",
        "Vendió un 7,2 % más y superó los 2.300 millones.",
    ),
    # No less than is more than.
    ("ru", "Холод продлится не менее шести дней.", "Холод продлится не меньше шести суток."),
    ("fr", "Il faut au moins six jours.", "Il ne faut pas moins de six jours."),
    # A unit in any case, or in another step of the same unit.
    ("tr", "Faiz 350 baz puan indi.", "İndirim 3,5 puana ulaştı."),
    ("tr", "Dolar/TL 46,18'den 46,05'e geriledi.", "Dolar 46,05 liraya geriledi."),
    # A temperature with its sign and no unit.
    ("ru", "Еще 7 ноября в городе было плюс 3.", "Еще 7 ноября в городе было три градуса тепла."),
    # A figure in the smaller unit of the one before it.
    (
        "es",
        "Pagará 0,22 euros por acción, dos céntimos más que antes.",
        "Pagará 22 céntimos por acción, frente a los 20 de antes.",
    ),
    # A comparison says that the figure was worked out.
    ("zh", "出口占比由11%升至18%，股价跌7%。", "出口占比为18%，比以前高出7个百分点。"),
    # What follows "but" moves another figure.
    ("zh", "营收286.5亿元，同比增长；利润12.3亿元。", "营收达286.5亿元，但利润下降。"),
    # The weekday of a date, by another weekday and date of the source.
    (
        "it",
        "La frana è caduta il 5 novembre. La strada riapre lunedì 9 novembre.",
        "La frana è caduta giovedì.",
    ),
    (
        "fr",
        "Il est mort jeudi 12 novembre. Les obsèques auront lieu le 20 novembre.",
        "Les obsèques auront lieu vendredi 20 novembre.",
    ),
    # A weekday for "this morning", where nothing says which day that is.
    (
        "it",
        "Questa mattina una frana ha travolto due auto. La strada riapre lunedì 9 novembre.",
        "Giovedì una frana ha travolto due auto.",
    ),
    # A day without its month.
    (
        "pt",
        "Votaram neste domingo (4) e a pesquisa é de 2 de outubro. O turno é no próximo dia 25.",
        "O turno é no dia 25 de outubro.",
    ),
    # A point behind an abbreviation ends no sentence.
    ("pl", "Bez pracy było 534 tys. osób w marcu.", "W marcu bez pracy było 534 tys. osób."),
    # What somebody works out from a figure in the same amount, and from two years.
    (
        "de",
        "Das Bad kostet 31,6 Millionen Euro, 9,2 Millionen mehr als geplant.",
        "Die Kosten des Bads stiegen von 22,4 auf 31,6 Millionen Euro.",
    ),
    ("de", "Das Bad von 1972 schließt 2028.", "Das 54 Jahre alte Bad schließt 2028."),
    ("fr", "Né en 1939, il arrive à Paris en 1961.", "Il arrive à Paris à 22 ans."),
    (
        "de",
        "Das Bad von 1972 schließt 2028. Montag, 23. November: Der Rat ist drei Jahre gebunden.",
        "Der Rat ist bis 2029 gebunden.",
    ),
    (
        "ru",
        "В 2026 году в регионе осуждены 43 чиновника против 36 за прошлый год.",
        "В регионе осудили 43 чиновника, на семь больше, чем за весь 2025-й.",
    ),
    (
        "ko",
        "화재는 2024년 73건, 지난해 68건이 발생했다.",
        "지난해 화재는 68건으로 전년보다 5건 줄었다.",
    ),
    ("ja", "売上高は47%増の623億円だった。", "売上高は5割近く増えて623億円となった。"),
    ("ja", "売上高は41.5%減の623億円だった。", "売上高は4割超減って623億円となった。"),
    # Nearly, from below.
    (
        "fr",
        "Le film attire 1,8 million de spectateurs.",
        "Le film a près de deux millions d'entrées.",
    ),
    # The end of a range stands for it.
    (
        "it",
        "La moto del prototipo dal 2023 al 2025 ha corso nel mondiale.",
        "La moto nasce dal prototipo usato nel mondiale fino al 2025.",
    ),
    # A score from the other side.
    (
        "nl",
        "PSV heeft de topper tegen Ajax met 1-2 gewonnen.",
        "PSV heeft de topper bij Ajax met 2-1 gewonnen.",
    ),
    # A people for its adjective, a name in its cases, a deputy by another word.
    ("nl", "De Kroatische verdediger Šutalo kreeg rood.", "De Kroaat Šutalo kreeg rood."),
    (
        "ru",
        "Суд признал 52-летнего Лаптева виновным. Лаптев вину не признал.",
        "Суд признал виновным Лаптева. 52-летний Лаптев не признал вину.",
    ),
    (
        "en",
        "Co-author Yuki Tanabe disagreed. Giulia Ferri, a scientist and its lead author, spoke.",
        "The lead author Giulia Ferri spoke.",
    ),
    ("tr", "Takım puanını 29'a yükseltti.", "Takım 29 puana ulaştı."),
    # Dates, magnitudes and shares in Dutch and Polish words.
    (
        "pl",
        "W marcu stopa spadła z 540 tys. do 534 tys.",
        "W marcu stopa spadła o 6 tysięcy, do 534 tysięcy.",
    ),
    (
        "pl",
        "W marcu stopa wyniosła 3,1 proc., tyle co w poprzednim miesiącu.",
        "W lutym było to 3,1 proc.",
    ),
    (
        "nl",
        "PSV speelt dinsdag. Napoli speelde zaterdag. Ajax gaat een dag later naar Spanje.",
        "Ajax gaat woensdag naar Spanje.",
    ),
    (
        "ja",
        "会社員の加藤美咲さん（34）と自営業の鈴木正一社長（71）が死亡した。",
        "自営業の鈴木正一さん（71）が亡くなった。",
    ),
    # Dates and large sums in Japanese and Korean, rounded, and worked out.
    (
        "ja",
        "昨年10月に売上高は1兆2345億円に達した。マグニチュードは6・6だった。",
        "昨年10月、売上高は約1兆2000億円だった。規模はM6.6。",
    ),
    (
        "ko",
        "8·17 전당대회를 앞두고 공사비는 14만1300원에서 10만2000원으로 줄었다.",
        "전당대회는 8월 17일 열린다. 공사비는 3만9300원 적은 10만2000원이다.",
    ),
    # The adjective of a town for the town, and the office of the one person who holds it.
    ("fr", "Le maire dîne dans un restaurant lillois.", "Le maire dîne à Lille."),
    (
        "de",
        "Das Geld kam vom Spendenkomitee Trumps.",
        "Das Komitee von Donald Trump gab Geld.",
    ),
    (
        "fr",
        "Le ministre de la Santé Roman Prymula dînait sans masque. Le Premier ministre lui-même a "
        "fait savoir qu'il lui cherchait déjà un remplaçant. Il pleut. Il neige. Il vente. "
        "« Un choc », a réagi vendredi le Premier ministre Andrej Babiš.",
        "Le Premier ministre Andrej Babiš lui cherche déjà un remplaçant.",
    ),
    (
        "tr",
        "Ulaştırma Bakanlığı yolu açtı. Milli Savunma Bakanlığının uçağı geldi.",
        "Uçağı Milli Savunma Bakanlığı gönderdi.",
    ),
    # The first day of a span with its article, a magnitude that a sentence gives once, a rest.
    (
        "fr",
        "Il a plu entre le 3 et le 5 janvier à Lyon.",
        "À Lyon, il a plu du 3 au 5 janvier.",
    ),
    (
        "es",
        "El servicio fue de 1.813,4 millones, de los cuales 1.627,7 millones fueron de principal.",
        "El servicio costó 1.813,4 millones: 1.627,7 de principal.",
    ),
    (
        "es",
        "El 50,4 % provino de bancos privados y el resto de bancos oficiales.",
        "El 50,4 % procedió de bancos privados y el 49,6 % de oficiales.",
    ),
    (
        "ru",
        "Суд приговорил бывшего мэра Олега Трифонова. Дело было долгим. Трифонов молчал.",
        "Бывший мэр города Олег Трифонов молчал.",
    ),
    # What stands behind two counts, and a name beside a score.
    (
        "ja",
        "33人の人質を解放する。兵士5人が死亡し、住民45人が死亡した。",
        "住民45人の死亡を伝え、33人の人質を解放し、兵士5人の死亡を発表した。",
    ),
    (
        "tr",
        "# Trabzonspor, Kadıköy'de 10 kişiyle kazandı: Fenerbahçe 1-2 Trabzonspor\n\n"
        "Trabzonspor, deplasmanda Fenerbahçe'yi 2-1 mağlup etti. Kadıköy'de uzun süredir galibiyet "
        "almamıştı.",
        "Trabzonspor uzun süre bir kişi eksik oynadı ama Kadıköy'de Fenerbahçe'yi 2-1 yendi.",
    ),
    # A round count in Polish, degrees across zero, a share above a bound, initials around "i".
    ("pl", "Strażacy wyjeżdżali 1327 razy.", "Strażacy wyjeżdżali ponad 1300 razy."),
    (
        "pl",
        "W Zarzeczu zginęła 12-letnia Ewa. Wiało. Padało. Grzmiało. "
        "W Bieszczadach temperatura spadła z 9 stopni do minus 3.",
        "W Bieszczadach temperatura spadła o 12 stopni, do minus 3.",
    ),
    (
        "pl",
        "Instytut Meteorologii i Gospodarki Wodnej ostrzega.",
        "Ostrzega także IMGW.",
    ),
    ("zh", "中国队以3比1战胜土耳其队。", "土耳其队以1比3输给中国队。"),
    # Cents of any peso, a bound with its article, a year with its ending.
    ("es", "El boleto subirá 0,45 pesos.", "El boleto subirá 45 centavos."),
    ("nl", "De liter kost 0,45 euro meer.", "De liter kost 45 cent meer."),
    ("pl", "Litr kosztuje o 0,45 zł więcej.", "Litr kosztuje o 45 groszy więcej."),
    ("it", "I prezzi sono saliti dell'1,15 per cento.", "I prezzi: più dell'1 per cento."),
    ("ru", "Завод построили в 1998 году.", "Завод построен в 1998-м."),
    # A short name for a body.
    ("pt", "O prefeito recorreu ao Supremo.", "O prefeito recorreu ao STF."),
]

UNFAITHFUL = [
    ("pl", "Temperatura spadła do minus 3 stopni.", "Temperatura spadła do plus 3 stopni.", "G101"),
    (
        "zh",
        "20岁的陈欣怡上场，四局比分为25比19和25比17。中国队18日将迎战日本队。",
        "陈欣怡上场。中国队（20日）对阵日本队。",
        "G401",
    ),
    (
        "zh",
        "四局比分为22比25、25比19和25比17，龚翔宇得到26分。",
        "龚翔宇得到最高的36分，比对手多。",
        "G108",
    ),
    (
        "ko",
        '조원식 부산 감독은 "언젠가는 해줄 것이라고 믿었다"고 했다. 염경택 서울 감독은 침묵했다.',
        '염경택 서울 감독은 "언젠가는 해줄 것이라고 믿었다"고 했다.',
        "G303",
    ),
    ("it", "A Bilbao 17,6 gradi, a Vienna 13,5 gradi.", "A Bilbao fino a 31 gradi.", "G101"),
    (
        "ja",
        "岡本誠一社長は「値上げで6割は取り戻せる」と語った。西村恵子取締役は黙った。",
        "西村取締役は「値上げで6割は取り戻せる」と述べた。",
        "G303",
    ),
    (
        "zh",
        "董事长林国栋在会上说：“我们不参与价格战。”首席财务官许雯说成本会下降。",
        "首席财务官许雯表示，“我们不参与价格战。”",
        "G303",
    ),
    (
        "ko",
        '박정수 위원장은 "조합원에게 돌려줘야 한다"고 했다. 이상도 사장은 침묵했다.',
        '이상도 사장은 "조합원에게 돌려줘야 한다"고 말했다.',
        "G303",
    ),
    ("ja", "昨年8月に地震があった。", "昨年6月に地震があった。", "G401"),
    ("ko", "노조는 9월 18일 파업했다.", "노조는 7월 18일 파업했다.", "G401"),
    ("ja", "売上高は1兆538億円だった。", "売上高は1億538万円だった。", "G102"),
    ("ko", "이익은 7806억원이었다.", "이익은 7조806억원이었다.", "G102"),
    ("ja", "深さは約36キロだった。", "深さは約36メートルだった。", "G104"),
    ("nl", "De fraude kwam in april 2023 uit.", "De fraude kwam in mei 2023 uit.", "G401"),
    ("nl", "De uitspraak volgt donderdag.", "De uitspraak volgt vrijdagmiddag.", "G403"),
    ("pl", "Do wypadku doszło w środę 25 listopada.", "Do wypadku doszło w czwartek.", "G403"),
    ("pl", "Do wypadku doszło 25 listopada.", "Do wypadku doszło 25 października.", "G401"),
    ("pl", "Straty to 14 mln zł.", "Straty to 14 mld złotych.", "G106"),
    ("pl", "Liczba ofert spadła o 6 proc.", "Liczba ofert wzrosła o 6 proc.", "G604"),
    ("ja", "売上高は47%増の623億円だった。", "売上高は7割近く増えて623億円となった。", "G103"),
    ("de", "Das Bad von 1972 schließt 2028.", "Das 64 Jahre alte Bad schließt 2028.", "G101"),
    (
        "es",
        "Las ventas sumaron 3.418 millones.",
        "Las ventas superaron los 3.500 millones.",
        "G101",
    ),
    ("es", "El paro subió al 7,2 %.", "El paro superó el 8 %.", "G103"),
    ("tr", "Faiz 350 baz puan indi.", "İndirim 4,5 puana ulaştı.", "G103"),
    ("tr", "Dolar/TL 46,18'den 46,05'e geriledi.", "Dolar 47,05 liraya geriledi.", "G102"),
    ("ru", "Еще 7 ноября в городе было плюс 3.", "Еще 7 ноября в городе было 5 градусов.", "G101"),
    ("ru", "В городе 3 школы.", "В городе было 3 градуса тепла.", "G104"),
    (
        "it",
        "La frana è caduta il 5 novembre. La strada riapre lunedì 9 novembre.",
        "La frana è caduta venerdì.",
        "G403",
    ),
    (
        "fr",
        "Il est mort jeudi 12 novembre. Les obsèques auront lieu le 20 novembre.",
        "Les obsèques auront lieu samedi 20 novembre.",
        "G403",
    ),
    (
        "it",
        "Questa mattina una frana ha travolto due auto. La strada riapre lunedì 9 novembre.",
        "Venerdì i negozi del centro saranno chiusi.",
        "G403",
    ),
    (
        "pt",
        "A pesquisa é de 2 de outubro. O turno é no próximo dia 25.",
        "O turno é em 25 de maio.",
        "G401",
    ),
]


def _codes(lang: str, source: str, text: str) -> set[str]:
    evidence = Evidence(plain_source(source, lang))
    found = ground([Passage("text", "", text)], evidence, GroundingRules())
    return {finding.code for finding in found if finding.severity != "info"}


@pytest.mark.parametrize(("lang", "source", "text"), FAITHFUL)
def test_a_faithful_sentence_has_no_finding(lang: str, source: str, text: str) -> None:
    assert not _codes(lang, source, text)


@pytest.mark.parametrize(("lang", "source", "text", "code"), UNFAITHFUL)
def test_a_wrong_sentence_is_found(lang: str, source: str, text: str, code: str) -> None:
    assert code in _codes(lang, source, text)


def test_a_weekday_names_no_month_but_that_of_publication() -> None:
    source = plain_source("W marcu było 534 tys. osób, podano w piątek.", "pl")
    published = datetime(2021, 4, 30, tzinfo=UTC)
    evidence = Evidence(source.model_copy(update={"published_at": published}))
    wrong = ground([Passage("text", "", "W maju było 534 tys. osób.")], evidence, GroundingRules())
    assert "G401" in {finding.code for finding in wrong}
    right = Passage("text", "", "W piątek, 30 kwietnia, podano: 534 tys. osób.")
    assert not ground([right], evidence, GroundingRules())


def test_a_year_that_a_sentence_counts_is_that_of_its_event() -> None:
    source = plain_source(
        "Die Siegerin von 2020 leistete sich zwei Fehler. In der Arena hat sie schon 2019 die "
        "Verfolgung gewonnen, bei der WM vor zwei Jahren gewann sie Gold im Einzel.",
        "de",
    )
    evidence = Evidence(
        source.model_copy(update={"published_at": datetime(2022, 1, 23, tzinfo=UTC)})
    )
    text = Passage("text", "", "Bei der WM 2020 in der Arena gewann sie Gold im Einzel.")
    assert not ground([text], evidence, GroundingRules())


def test_a_weekday_of_a_date_is_that_of_the_next_one() -> None:
    source = plain_source("Het aandeel zakte maandag. De cijfers volgen op 12 februari.", "nl")
    published = datetime(2025, 11, 3, tzinfo=UTC)
    evidence = Evidence(source.model_copy(update={"published_at": published}))
    text = Passage("text", "", "De cijfers over het aandeel volgen woensdag.")
    codes = {finding.code for finding in ground([text], evidence, GroundingRules())}
    assert "G403" in codes
