"""G303 in Chinese, Japanese and Korean: is a quote given to another person than in the source?

A person is told by a surname or honorific and the office beside the name. Only where one person
stands in the sentence of a quote, and the source's sentence with the quote has others and not this
one, it is somebody else's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.reading import Flag, Statement
from rewriter.checks.names.han import KOREAN_SURNAMES, SURNAMES
from rewriter.checks.sentences.speakers import places_of
from rewriter.text.quotations import Quote

# Signs of the shortest quote that is looked at.
_LEAST = 7
# Offices before a Chinese name, and behind a Japanese or Korean one.
_CHINESE = (
    "局长|主任|书记|市长|省长|部长|主席|总理|总统|经理|董事长|总裁|首席[一-鿿]{2}官|教授|医生|律师|发言人|分析师"
    "|教练|队长|院长|校长|县长|镇长|秘书长|理事长|议员|大臣|首相"
)
_JAPANESE = (
    "社長|会長|(?:代表)?取締役|首相|大臣|財務相|外相|知事|市長|町長|村長|長官|議員|教授|監督|選手|報道官|大統領"
    "|理事長|弁護士|容疑者|被告|さん|氏"
)
# Offices that stand behind the names of bodies as well: only a full name is somebody's there.
_JAPANESE_HEADS = (
    "(?:共同|副)?(?:代表|委員長|議長|総裁|幹事長|書記長|学長|総長)"
    "|主将|投手|捕手|候補|医師|研究員|専務|常務"
)
_BODY_ENDS = "党会社団体国省庁銀行大学領院組側校員科選属"
_NO_FULL_NAME = "事務|主任|上席|特別|担当|専門"
_KOREAN = (
    "위원장|대표|의원|장관|대통령|총리|시장|지사|감독|교수|후보|사장|회장|변호사|최고재무책임자"
    "|최고경영자|대변인|총장|씨|CFO|CEO"
)
# What stands before a Japanese office and is no name, and how the names of Korean bodies end.
_NO_NAME = (
    "次期|前|元|現|同|副|米|両|各|新|歴代|官房|財務|外務|国務|国防|防衛|法務|総務|女性|男性|代表|名誉"
    "|筆頭|常務|専務|特別|客員"
)
_PERSON = {
    "zh": re.compile(
        rf"(?:{_CHINESE})(?P<name>[{SURNAMES}][一-鿿]{{1,2}}?)"
        r"(?=说|表示|指出|介绍|告诉|认为|透露|强调|宣布|预计|则|也|在|称|[，。、：（(]|$)"
    ),
    "ja": re.compile(
        rf"(?:(?P<name>(?!{_NO_NAME})[一-龯々]{{2,5}}?|[ァ-ヶー・]{{2,14}})"
        rf"(?:副|准|政調|官房)?(?:{_JAPANESE})"
        rf"|(?P<full>(?!{_NO_NAME})(?:(?!{_NO_FULL_NAME})[一-龯々]){{3,5}}?)(?<![{_BODY_ENDS}])"
        rf"(?:{_JAPANESE_HEADS}))(?![一-龯々])"
    ),
    "ko": re.compile(
        rf"(?<![가-힣])(?P<name>[{KOREAN_SURNAMES}][가-힣][^\W당측팀청부])"
        rf" ?(?:(?![{KOREAN_SURNAMES}][가-힣]{{2}} )[가-힣]{{2,6}} (?=감독|대변인))?(?:{_KOREAN})"
        r"(?=[은는이가의을를도에, (]|$)"
    ),
}
_OFFICES = re.compile(f"{_CHINESE}|{_JAPANESE}|{_JAPANESE_HEADS}|{_KOREAN}")


def check_han_speaker(
    quote: Quote, statements: tuple[Statement, ...], evidence: Evidence
) -> Iterator[Flag]:
    """Yield G303 for a verbatim quote that the source gives to somebody else."""
    pattern = _PERSON.get(evidence.lang.split("-")[0])
    if pattern is None or quote.end - quote.start < _LEAST:
        return
    inside = [s.text for s in statements if s.offset <= quote.start < s.offset + len(s.text)]
    if len(_OFFICES.findall(" ".join(inside))) > 1:
        return  # the other one may have no full name: "김 시장"
    speakers = {name for text in inside for name in _people(pattern, text)}
    places = [evidence.statements[place].text for place in places_of(quote, evidence)]
    owners = [_people(pattern, text) for text in places]
    if len(speakers) != 1 or not owners or not all(owners):
        return
    name = speakers.pop()
    parts = [name[at : at + 2] for at in range(len(name) - 1)]
    if parts[0] in "\n".join(evidence.texts) and not any(p in t for p in parts for t in places):
        message = f"the quote is given to {name}, in the source {min(owners[0])} says it"
        yield Flag("G303", quote.start, quote.end, message, places[0])


def _people(pattern: re.Pattern[str], text: str) -> set[str]:
    return {found[found.lastgroup or 0] for found in pattern.finditer(text)}
