"""One pass over the tokens of a text: moments, quantities, and what is neither."""

from __future__ import annotations

import re

from rewriter.text.quantities.facts import Bound, Facts, Moment, Quantity
from rewriter.text.quantities.labels import behind_no_figure, is_label, is_slashed, slashed
from rewriter.text.quantities.measures import read_alone, read_measure, read_one
from rewriter.text.quantities.mixed import read_number, read_part
from rewriter.text.quantities.money import money_before
from rewriter.text.quantities.named_dates import with_part
from rewriter.text.quantities.periods import is_short_period
from rewriter.text.quantities.ranges import DASHES, RangeEnd, added, complete
from rewriter.text.quantities.scan import Numeral, Piece, Scan
from rewriter.text.quantities.shares import read_share
from rewriter.text.quantities.spans import read_moments
from rewriter.text.quantities.vocabulary import VULGAR_FRACTIONS, vocabulary_of
from rewriter.text.quantities.years import bare_year, year_range
from rewriter.text.tokens import Token, tokenize

_MINUS_SIGNS = frozenset("-−–")
# Marks behind an article that a figure may begin with or have in it.
_BEGIN_BEHIND_ARTICLE = VULGAR_FRACTIONS | {"-"}
# The Turkish ending for "from", behind a number.
_FROM = re.compile(r"['’][dt][ea]n ")
# Chinese verbs before "to" that say how a figure changed.
_CHANGES = frozenset("增升降跌涨减")
# A Korean figure with what it measures, weekdays, and the Han words and signs of the same length.
_KOREAN_FIGURE = re.compile(
    r"\d[\d,.]*(?:여? ?[조억만천백]{1,2} ?(?:\d[\d,.]*)?){0,4} ?"
    r"(?:[년월일원엔]|달러|유로|분기|%포인트)?"
)
_KOREAN_WEEKDAY = re.compile(r"[월화수목금토일]요일")
_KOREAN_DATE = re.compile(r"(?<![\d·])(1[0-2]|[1-9])·(3[01]|[12]\d|[1-9]) ")  # "8·17 전당대회"
_HAN_DAYS = str.maketrans("월화수목금토일요", "月火水木金土日曜")
_HAN_SIGNS = str.maketrans("조억만천백년월일원엔여", "兆億万千百年月日圓円余")
_HAN_UNITS = {"달러": "美元", "유로": "欧元", "분기": "季度", "포인트": "百分点"}
_HAN_WORDS = {"지난해": " 去年", "작년": "昨年", "내년": "来年", "지난달": " 先月"} | {
    "어제": "昨日",
    "오늘": "今日",
}
_HANGUL = frozenset(map(chr, range(0xAC00, 0xD7A4)))
# Letters of a word that touches its number and is no part of a name: "60fps".
_RATE = 3
# Tokens before a number in which its bound stands.
_BOUND_REACH = 4


def read_facts(text: str, lang: str = "en") -> Facts:
    """Every quantity and moment of `text`, with code-point spans into it.

    >>> read_facts("It cost HK$2.5 billion in May 2025.").quantities[0].unit
    'HKD'
    """
    return facts_of(text, tokenize(text, lang), lang)


def facts_of(text: str, tokens: list[Token], lang: str = "en") -> Facts:
    """The same for text that is cut into tokens already."""
    words = vocabulary_of(lang)
    if lang == "ko":
        text = with_han_signs(text)
        tokens = tokenize(text, lang)
    if words.lang == "en" and ("'s" in text or "’s" in text):
        tokens = [_owner(token, words.times) for token in tokens]
    return _Reader(Scan(text, tokens, words)).read()


def with_han_signs(text: str) -> str:
    """Korean with the signs for dates, large numbers and currencies in Han, at the same places.

    >>> with_han_signs("지난해 3월 4일, 1조2000억원")
    ' 去年 3月 4日, 1兆2000億圓'
    """
    text = _KOREAN_WEEKDAY.sub(lambda found: found.group().translate(_HAN_DAYS), text)
    text = _KOREAN_DATE.sub(r"\1月\2日", text)
    for word, han in _HAN_WORDS.items():
        text = text.replace(word, han)
    return _KOREAN_FIGURE.sub(_in_han, text)


def _in_han(figure: re.Match[str]) -> str:
    text = figure.group().translate(_HAN_SIGNS)
    for word, han in _HAN_UNITS.items():
        text = text.replace(word, han)
    return text


def _owner(token: Token, times: frozenset[str]) -> Token:
    """A day, month or year without its possessive "s": "Tuesday's election"."""
    bare = token.lower.removesuffix("'s")
    if len(bare) == len(token.lower) or bare not in times:
        return token
    return token._replace(lower=bare, end=token.start + len(bare), text=token.text[: len(bare)])


class _Reader:
    """The walk over one text, and what it has kept so far."""

    def __init__(self, scan: Scan) -> None:
        self.scan = scan
        self.quantities: list[Quantity] = []
        self.moments: list[Moment] = []
        self._last: RangeEnd | None = None

    def read(self) -> Facts:
        """Walk the tokens once; whatever is read is passed as a whole."""
        starters, behind = self.scan.words.starters, 0
        named = enumerate(self.scan.tokens)
        begins = [at for at, (_, _, low, _, _) in named if low in starters or low[-1].isdecimal()]
        for index in begins:
            if index >= behind:
                behind = self._step(index)
        return Facts(tuple(self.quantities), tuple(self.moments))

    def _step(self, index: int) -> int:
        """Read what begins at `index`; the index to go on with."""
        token = self.scan.tokens[index]
        if token.kind == "number":
            end = self._no_figure(index)
            if end > index:
                return end
        elif token.kind == "currency":
            if self.scan.kind(index + 1) in ("currency", ""):
                return index + 1
        else:
            behind = self.scan.words.starters.get(token.lower)
            if behind is None:
                return (is_short_period(token.lower) and self._moment(index)) or index + 1
            if behind and self.scan.at(index + 1) not in behind:
                return index + 1
            if self._is_idle_article(index):
                return index + 1
        return self._moment(index) or self._quantity(index) or index + 1

    def _is_idle_article(self, index: int) -> bool:
        """Whether a word is "a" or "an", not "one", and what follows begins no figure."""
        scan, words = self.scan, self.scan.words
        if not scan.means(index, "articles") or scan.at(index) in words.numbers:
            return False
        following = scan.at(index + 1)
        begins = following in words.behind_article or following in _BEGIN_BEHIND_ARTICLE
        return scan.kind(index + 1) in ("word", "mark") and not begins

    def _moment(self, index: int) -> int:
        found = read_moments(self.scan, index)
        if found is None:
            return 0
        self.moments += found[0]
        return found[1]

    def _no_figure(self, index: int) -> int:
        if is_slashed(self.scan, index):
            for piece in slashed(self.scan, index):
                self._keep(piece)
            return index + 3
        return behind_no_figure(self.scan, index)

    def _quantity(self, index: int) -> int:
        scan, digits = self.scan, self.scan.kind(index) == "number"
        number = read_part(scan, index) if scan.kind(index) in ("word", "han") else None
        if number is None:
            piece = (
                (not digits and money_before(scan, index))
                or read_share(scan, index)
                or (not digits and read_alone(scan, index))
            )
            if piece:
                return self._keep(piece)
            number = read_number(scan, index)
        if number and number.spelled and scan.means(index - 1, "several"):
            return number.end  # "several hundred": no figure
        if number is None:
            one = read_one(scan, index)
            return self._keep(one) if one else 0
        measure = read_measure(scan, index, number)
        return self._keep(measure) if measure else self._count(index, number)

    def _count(self, index: int, number: Numeral) -> int:
        """A number without a unit: a year, a label, or a count of whatever follows."""
        scan, end = self.scan, number.end
        plain = end == index + 1
        year = bare_year(scan, index) if plain else None
        if year:
            year, _ = with_part(scan, index, (year, end))
            years, end = year_range(scan, index, year)
            self.moments += years
            return end
        if plain and scan.kind(index) == "number" and scan.glued(end) and scan.kind(end) == "word":
            word = scan.tokens[end].text
            if word[0] in _HANGUL:  # "43살"
                return self._keep(Piece("count", number, index, end, noun=word))
            if scan.words.foreign and word.islower():  # an ordinal or an age: "22e", "24-latek"
                return self._keep(Piece("count", number, index, end + 1))
            if len(word) < _RATE or not word.islower():
                return end + 1  # "5G", "3D": part of a name
            return self._keep(Piece("count", number, index, end, noun=word))  # "60fps"
        at = end + (scan.means(end, "passed_over"))
        noun = scan.at(at) if scan.kind(at) in ("word", "han") else ""
        label = plain and is_label(scan, index, number)
        return self._keep(Piece("count", number, index, end, noun=noun, label=label))

    def _keep(self, piece: Piece) -> int:
        """Keep a quantity with its bound, joined to the one it completes; the index behind it."""
        number, tokens = piece.number, self.scan.tokens
        begin, bound, end = self._bound(piece.begin, piece.end)
        quantity = Quantity(
            kind=piece.kind,
            value=number.value * piece.factor,
            unit=piece.unit,
            step=number.step * piece.factor,
            start=tokens[piece.begin].start,
            end=tokens[end - 1].end,
            number=number.value,
            bound=bound,
            noun=piece.noun,
            spelled=number.spelled,
            label=piece.label,
            share=piece.share,
            negative=not bound and self._is_negative(piece.begin),  # "al menos 41" is no minus
        )
        self._last = self._joined(RangeEnd(quantity, number.scale, piece.factor, end), begin)
        self.quantities.append(self._last.quantity)
        return end

    def _is_negative(self, begin: int) -> bool:
        """Whether a minus sign that joins nothing, or the word for it, stands before a figure."""
        scan, sign = self.scan, begin - 1
        if scan.means(sign, "minus"):
            return scan.kind(begin) == "number"
        if scan.at(sign) not in _MINUS_SIGNS or not scan.glued(begin):
            return False
        if scan.kind(begin) == "word":
            return False  # a dash: "cinq jeunes -quatre mineurs et un majeur-"
        opens = not scan.glued(sign) or scan.at(sign - 1) in ("(", "[", "%")
        opens = opens or scan.kind(sign - 1) == "han"
        return opens and (sign == 0 or scan.kind(sign - 1) != "number")

    def _joined(self, figure: RangeEnd, begin: int) -> RangeEnd:
        """The figure as the end of a sum or range with the last one, which is then mended, too."""
        last = self._last
        if last is None:
            return figure
        whole = added(last, figure) if self._is_joined(begin) else None
        if whole:
            self.quantities.pop()
            return whole
        if self._links(last.end, begin):
            dash = begin == last.end or self.scan.at(last.end) in DASHES
            first, figure = complete(last, figure, dash=dash)
            self.quantities[-1] = first.quantity
        return figure

    def _bound(self, begin: int, end: int) -> tuple[int, Bound, int]:
        """Where the phrase begins with its bound, the bound, and the index behind all of it."""
        words, tokens = self.scan.words, self.scan.tokens
        after = words.bound_after.match(tokens, end)
        if after and (self.scan.at(end) != "+" or self.scan.glued(end)):
            return begin, after[0], after[1]
        before = words.bound.match_before(tokens, begin)
        if before is None and self.scan.means(begin - 1, "before_number"):
            before = words.bound.match_before(tokens, begin - 1)
        if before is None and self.scan.at(begin - 1) == "dell'":  # "più dell'1 per cento"
            first = max(0, begin - _BOUND_REACH)
            near = [*tokens[first : begin - 1], tokens[begin - 1]._replace(lower="del")]
            found = words.bound.match_before(near, len(near))
            before = found and (found[0], first + found[1])
        return (before[1], before[0], end) if before else (begin, "", end)

    def _is_joined(self, begin: int) -> bool:
        """Whether a figure stands right behind the last one: "1 hour 45 minutes"."""
        end = self._last.end if self._last else begin
        return begin == end + self.scan.means(end, "joins") and end <= begin

    def _links(self, index: int, begin: int) -> bool:
        """Whether what stands between two figures makes a range or a change of them.

        The word may have been read as the bound of the second one ("с 2,4 до 2,9"), and Chinese
        puts a verb before it ("增至").
        """
        if begin == index and self.scan.lang == "tr":  # "46,18'den 46,05'e"
            first, second = self.scan.tokens[index - 1], self.scan.tokens[begin]
            return _FROM.fullmatch(self.scan.text, first.end, second.start) is not None
        if begin == index + 2 and self.scan.at(index) in _CHANGES:
            index += 1
        return begin in (index, index + 1) and self._is_link(index)

    def _is_link(self, index: int) -> bool:
        """Whether the token at `index` can stand between the two figures of a range."""
        return self.scan.at(index) in DASHES or self.scan.means(index, "range")
