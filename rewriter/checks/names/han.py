"""G203: names of people in Chinese, Japanese and Korean, told by what stands beside them.

These scripts have no capitals. A surname before 某, a name between an office and a verb of speech,
and a name before an honorific are certain enough to be looked up in the source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.reading import Flag, Statement

# Frequent surnames; those that begin frequent words (高, 马, 方, 金, 万) are left out of `_OFFICE`.
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱林何郭罗梁宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎潘杜戴夏钟汪姜"
    "范姚谭廖邹熊陆郝孔崔康毛邱秦史顾侯邵孟雷汤尹黎乔贺赖龚張劉陳楊趙黃吳孫羅鄭謝韓馮蕭鄧許呂蘇盧蔣賈葉閻鍾姜譚鄒陸"
)
_SOMEBODY = re.compile(
    rf"(?P<name>[{SURNAMES}高马方金万])某(?=[某甲乙丙，。、（(的在和与因被男女为称说是涉]|$)"
)
_OFFICE = re.compile(
    r"(?:记者|局长|主任|书记|市长|省长|部长|主席|总理|总统|经理|董事长|总裁|教授|医生|律师|发言人"
    rf"|队长|司机|院长|校长|县长|镇长|村民)(?P<name>[{SURNAMES}][一-鿿]{{1,2}}?)"
    r"(?=说|表示|指出|介绍|告诉|认为|透露|强调|宣布|[，。、：（(]|$)"
)
_HONORIFIC = re.compile(
    r"(?P<name>[一-龯々]{2,5}|[ァ-ヶー]{2,12})(?:容疑者|被告|さん|氏)(?![一-龯々])"
)
# What an honorific follows without a name.
_NOBODY = (
    *("患者", "者", "親", "客", "員", "生", "選手", "民", "家", "皆", "娘", "男", "女", "人", "子"),
)
KOREAN_SURNAMES = (
    "김이박최정강조윤장임한오서신권황안송류홍전고문손양배백허남심노하곽성차주우구민진지"
    "엄채원천방공현함염변여추도소석선설마길연위표명기반왕"
)
_KOREAN = re.compile(
    rf"(?<![가-힣])(?P<name>[{KOREAN_SURNAMES}])"
    r"(?:모|[가-힣]{2})? ?씨(?=[는가의를와에도,.() ]|$)"
)


def check_han_names(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield G203 for each name of a person that the source does not have."""
    patterns = _PATTERNS.get(statement.lang.split("-")[0], ())
    for pattern in patterns:
        for found in pattern.finditer(statement.text):
            if not _is_known(found["name"], evidence):
                message = f"{found.group()!r} is not in the source"
                yield Flag("G203", *found.span(), message)


def _is_known(name: str, evidence: Evidence) -> bool:
    """Whether the source has a name; of a longer one either end, which may hold an office."""
    if name.endswith(_NOBODY):
        return True
    known = "\n".join(evidence.titled)
    if not evidence.lang.startswith("ja") or "ァ" <= name[0] <= "ヺ":
        return name in known
    return name[:2] in known or name[-2:] in known


_PATTERNS = {"zh": (_SOMEBODY, _OFFICE), "ja": (_HONORIFIC,), "ko": (_KOREAN,)}
