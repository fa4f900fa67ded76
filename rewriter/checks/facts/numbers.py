"""G1xx: is every figure in the source, with the same unit, currency and magnitude?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from itertools import chain, combinations, pairwise, takewhile

from rewriter.checks.evidence import eastern
from rewriter.checks.evidence.clocks import is_rough_time
from rewriter.checks.evidence.figures import (
    MOST_FIGURES,
    Figure,
    Figures,
    bare_value,
    keys_of,
    shared_scales,
)
from rewriter.checks.evidence.index import Evidence, is_day_of_month
from rewriter.checks.evidence.mentions import STOP_WORDS
from rewriter.checks.evidence.myriads import myriads_in
from rewriter.checks.evidence.naming import CAPITALISED
from rewriter.checks.evidence.reading import Flag, Statement
from rewriter.checks.facts.derivation import derived_from, is_worked_out
from rewriter.checks.lexicon import collectives, directions, stop_words, word_set
from rewriter.text.quantities import LANGUAGES, Quantity

_POWERS = tuple(Decimal(10) ** power for power in (-9, -6, -3, -2, -1, 1, 2, 3, 6, 9))
_CODES = {"money": "G102", "percent": "G103", "points": "G103"}
# Counts in words below are often the writer's own ("both", "two exchanges" for two names).
_SMALL = 100
# Numbers up to here stand in words as often as in digits.
_SPELLED = 20
_MONTHS_A_YEAR = 12
# What a writer counts or works out from the dates of the source: "two days later".
_COUNTED = frozenset({"", "time", "calendar", "vague"})
# "Tens of thousands" is said of 10,000 to some 200,000.
_VAGUE = 20
# "Two points" may be said of two percentage points.
_POINTS = frozenset(
    ["point", "points", "punto", "puntos", "punkte", "punkten", "ponto", "pontos", "пункта"]
)
# Words beside those for falling that say that a figure is below zero.
_BELOW = word_set("below_zero")
_WORD = 20
# Words behind a figure that it does not count: "from 112 to 74 days", "von 112 auf 74 Tage".
_NO_NOUN = STOP_WORDS.union(*map(stop_words, LANGUAGES), ["до", "à", "para", "fino"])
_DAY = frozenset({"dia", "día", "giorno", "el", "le", "il"})
# Words before an hour, and hours and minutes of a day.
_AT = frozenset(
    {"at", "las", "la", "às", "as", "alle", "ore", "um", "gegen", "à", "vers", "в", "saat"}
)
_HOURLY = frozenset({"", "time"})
_HOURS, _MINUTES, _HALF_DAY = 24, 60, 720
_SECONDS = 3600
# A time of day with a point: "9.21".
_CLOCK = re.compile(r"(\d{1,2})[.:]([0-5]\d)")
# Digits of a year without its century, the signs for a year, and those for ten years of age.
_SHORT_YEAR = 2
_YEAR_SIGNS = frozenset("年년")
_AGE_GROUPS = frozenset("代대")
# The magnitudes that are written with one letter, and the units that have the same one.
_LETTERS = (
    (Decimal(10**6), frozenset({"length", "time"})),
    (Decimal(10**12), frozenset({"mass"})),
)
_WARMTH = frozenset({"celsius", "fahrenheit"})
_DEGREES = frozenset({"degree", "degrees", "gradi", "grado", "derece"})
# Languages in which what is counted follows its number directly, so that a missing unit is told
# from another one.
_NOUN_BEHIND = frozenset({"en"})

# "3-0", "3:0", "3 a 0", and the words by which a source tells the goals one by one.
_SCORE = re.compile(r"(?<![\w.,:-])\d{1,2} ?(?:[-–:]|a|à) ?\d{1,2}(?![\w:-]|[.,]\d)")
_SIDES = re.compile(r"(?<![\w.,:-])(\d{1,3}) ?[-–:] ?(\d{1,3})(?![\w:-]|[.,]\d)")
_SCORE_REACH = 8
_GOAL = re.compile(
    r"\b(?:scor(?:e|ed|er|es|ing)|goals?|gol(?:es|s|ü)?|marcó|marcou|anotó|segnato|segna|traf|Tore?"
    r"|Treffer|marqué|buts?|забил[аи]?|гол[аы]?)\b|进球|得分"
)


# A number that may be one of money without its currency.
_LARGE = 100_000
# Letters of a word in lower case that may be written as one letter: "départementale 44".
_NAMING = 6
# Who is "of 55" years.
_PEOPLE, _PERSON = word_set("aged"), 24

# What stands between the figures of a list.
_IN_LIST = re.compile(r",? ?(?:and |or |y |o |u |et |ou |und |oder |e |и |или )?")
# By how much a figure with such a word may differ, and how many of them are compared.
_NEARLY, _MOST_MYRIADS = Decimal("0.12"), 60
# Words for ten thousand and more, whose numbers only Chinese is read for.
_MYRIADS = frozenset("万千億兆百만천억조백")
# Digits in groups of three, and what else may stand between them: "5.000" and "5,000".
_GROUPS = re.compile(r"(?<![\d.,])\d{1,3}(?:[.,]\d{3})+(?![\d.,]*\d)")
_OTHER_MARKS = str.maketrans(".,", ",.")
# Digits behind a letter, which are no figure of their own: "of40 countries".
_GLUED = re.compile(r"[^\W\d_A-Z](\d+)(?![\d.,])")


def check_numbers(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield G101 to G109 for the figures of one sentence."""
    for quantity in statement.facts.quantities:
        flag = _check(quantity, statement, evidence)
        if flag:
            yield flag


def _check(quantity: Quantity, statement: Statement, evidence: Evidence) -> Flag | None:
    if _may_be_day(quantity, statement) and evidence.has_day(quantity.value):
        return None
    if _is_known_hour(quantity, statement, evidence):
        return None
    if evidence.lang in eastern.LANGUAGES and eastern.is_known_time(quantity, statement, evidence):
        return None
    if _is_short_year(quantity, statement, evidence):
        return None
    if _is_age_group(quantity, statement, evidence) or _is_age(quantity, statement, evidence):
        return None
    if not quantity.value and _BELOW & _words_before(quantity, statement):  # "below zero"
        return None
    supporting = supporting_figures(quantity, evidence)
    if not supporting and evidence.lang not in LANGUAGES and not quantity.bound:
        supporting = supporting_figures(quantity._replace(bound="about"), evidence)
    if not supporting:
        wholes = (_in_scale_of_neighbour(quantity, statement), _listed(quantity, statement))
        found = (supporting_figures(whole, evidence) for whole in wholes if whole)
        supporting = next(filter(None, found), [])
    if supporting and _sign_is_lost(quantity, supporting, statement, evidence):
        written = statement.text[quantity.start : quantity.end]
        message = f"{written!r} has the other sign in the source"
        where = evidence.statements[supporting[0].statement].text
        kind = _CODES.get(quantity.kind, "G101")
        return Flag(kind, quantity.start, quantity.end, message, where)
    if supporting:
        return _bound_reversed(quantity, supporting, statement, evidence)
    written = statement.text[quantity.start : quantity.end]
    if is_worked_out(quantity, statement) or _is_glued(written, evidence):
        return None
    if _is_collective(quantity, evidence) or _is_score(quantity, evidence):
        return None
    if _is_grouped_otherwise(quantity, statement, evidence):
        return None
    if _is_coded(quantity, statement, evidence) or _is_in_myriads(quantity, statement, evidence):
        return None
    explained = _explain(quantity, statement, evidence)
    if explained is None:
        return None
    code, message, figure = explained
    counts_up = _is_tally(quantity, statement) and evidence.once(
        "tallies", partial(_counts_up, evidence)
    )
    if counts_up or _may_be_in_words(quantity, statement, evidence):
        code = "G107"
    source = evidence.statements[figure.statement].text if figure else None
    return Flag(code, quantity.start, quantity.end, f"{written!r} {message}", source)


def _may_be_in_words(quantity: Quantity, statement: Statement, evidence: Evidence) -> bool:
    """Whether the source may say a count in words, "two weeks" for 14 days, that are not read.

    Newspapers spell the numbers up to twenty and the tens; Japanese and Korean ones spell few, but
    write shares with small numbers.
    """
    if evidence.lang in eastern.LANGUAGES:
        return eastern.is_share(quantity, statement)
    spells = evidence.lang in CAPITALISED and evidence.lang not in LANGUAGES
    if not spells or quantity.kind != "count" or quantity.unit:
        return False
    number = quantity.number
    return number % 1 == 0 and (number <= _SPELLED or (number < _SMALL and not number % 10))


def _is_glued(written: str, evidence: Evidence) -> bool:
    """Whether the source has digits that run into the word before them: "of40 countries"."""
    known = evidence.once("glued", lambda: set(chain(*map(_GLUED.findall, evidence.texts))))
    return written in known


def _is_coded(quantity: Quantity, statement: Statement, evidence: Evidence) -> bool:
    """Whether the source writes a numbered thing by its first letter: "T3" for "Terminal 3"."""
    word = statement.text[max(0, quantity.start - _WORD) : quantity.start].split()[-1:]
    if quantity.kind != "count" or not word:
        return False
    word = [word[0].rpartition("'")[2].rpartition("’")[2]]  # "l'autoroute 7"
    if not word[0][:1].isupper() and len(word[0]) < _NAMING:
        return False
    number = statement.text[quantity.start : quantity.end]
    initials = {word[0][0], "".join(filter(str.isupper, word[0])) or word[0][0]}
    return any(f"{letters}{number}".lower() in evidence.names.words for letters in initials)


def _is_in_myriads(quantity: Quantity, statement: Statement, evidence: Evidence) -> bool:
    """Whether a figure is written with 万 or 억, in a language that is not read, and may be right.

    It may round a figure of the source, or be the sum or difference of two.
    """
    beside = {*statement.text[quantity.end : quantity.end + 1].lower(), ""}
    beside |= {*statement.text[max(0, quantity.start - 1) : quantity.start].lower()}
    if evidence.lang in LANGUAGES or not beside & _MYRIADS:
        return False
    known = evidence.once("myriads", lambda: [v for t in evidence.texts for _, v in myriads_in(t)])
    own = [v for span, v in myriads_in(statement.text) if span[0] <= quantity.start < span[1]]
    if not own or len(known) > _MOST_MYRIADS:
        return True
    worked_out = (abs(a + sign * b) for a, b in combinations(known, 2) for sign in (1, -1))
    return any(abs(own[0] - value) <= _NEARLY * value for value in chain(known, worked_out))


def _listed(quantity: Quantity, statement: Statement) -> Quantity | None:
    """The figure in the unit of the one that ends its list: 17 of "17, 12 or 3 million dollars".

    The unit may also stand with the figure before: "745 millones para ... y 150 para ...".
    """
    figures = statement.facts.quantities
    if len(figures) > MOST_FIGURES or _magnitude_of(quantity) > 1:
        return None
    at = figures.index(quantity)
    links = takewhile(
        lambda pair: _IN_LIST.fullmatch(statement.text, pair[0].end, pair[1].start),
        pairwise(figures[at:]),
    )
    ends = [other for _, other in links] or figures[max(0, at - 1) : at]
    if not ends or quantity.unit not in ("", ends[-1].unit):
        return None
    scale = _magnitude_of(ends[-1])
    value, step = quantity.number * scale, quantity.step * scale
    return ends[-1]._replace(value=value, step=step, number=value, start=quantity.start)


def _magnitude_of(quantity: Quantity) -> Decimal:
    """A million of "3 million": the largest power of a thousand that a figure is written in."""
    powers = (Decimal(10) ** power for power in (12, 9, 6, 3))
    step = quantity.step if not quantity.spelled else quantity.value
    return next((power for power in powers if step >= power), Decimal(1))


def _is_grouped_otherwise(quantity: Quantity, statement: Statement, evidence: Evidence) -> bool:
    """Whether the source groups the same digits with the other mark, as some countries do."""
    found = _GROUPS.search(statement.text[quantity.start : quantity.end])
    if found is None:
        return False
    known = evidence.once("grouped", lambda: set(chain(*map(_GROUPS.findall, evidence.texts))))
    return found.group().translate(_OTHER_MARKS) in known


def _is_known_hour(quantity: Quantity, statement: Statement, evidence: Evidence) -> bool:
    """Whether a number is an hour of the source: "a las 17", "5 heures", "9.21"."""
    if quantity.kind != "count" or not quantity.number <= _HOURS or quantity.unit not in _HOURLY:
        return False
    written = _CLOCK.fullmatch(statement.text, quantity.start, quantity.end)
    if written:
        minute = int(written[1]) * _MINUTES + int(written[2])
    else:
        minute = int(quantity.number * _MINUTES)
    span = quantity.start, quantity.end
    if not evidence.moments.has_times:
        return False
    in_hours = quantity.value == quantity.number * _SECONDS and quantity.unit == "time"
    is_time = (
        written or in_hours or (not quantity.unit and _AT & _words_before(quantity, statement))
    )
    may_be_time = is_time or _is_bare(quantity)  # "about 5 dogs" is none
    if may_be_time and is_rough_time(statement.text, span, minute, evidence.moments, twelve=True):
        return True
    if not is_time:
        return False
    either = minute, (minute + _HALF_DAY) % (2 * _HALF_DAY)
    if minute in evidence.ends:
        return True
    return any(evidence.moments.having("minute", each) for each in either)


def _is_collective(quantity: Quantity, evidence: Evidence) -> bool:
    """Whether the source says a round number by a noun: "une cinquantaine de kilomètres"."""
    noun = collectives().get(quantity.number)
    if noun is None or quantity.kind in ("money", "percent"):
        return False
    return any(map(noun.search, evidence.texts))


def _is_short_year(quantity: Quantity, statement: Statement, evidence: Evidence) -> bool:
    """Whether two digits are the last ones of a year of the source: "2003年と08年", "in '08"."""
    if quantity.end - quantity.start != _SHORT_YEAR or quantity.kind != "count":
        return False
    before = statement.text[max(0, quantity.start - 1) : quantity.start]
    behind = statement.text[quantity.end : quantity.end + 1]
    if behind not in _YEAR_SIGNS and before not in ("'", "’", "‘"):
        return False
    return any(year % 100 == quantity.value for year in evidence.years)


def _is_age_group(quantity: Quantity, statement: Statement, evidence: Evidence) -> bool:
    """Whether a number names the ten years in which an age of the source lies: "30代"."""
    if statement.text[quantity.end : quantity.end + 1] not in _AGE_GROUPS or quantity.value % 10:
        return False
    ages = (quantity.value + years for years in range(10))
    return any(age in evidence.figures.by_value for age in ages)


def _is_age(quantity: Quantity, statement: Statement, evidence: Evidence) -> bool:
    """Whether somebody "of 55" is a person whose years the source gives."""
    before = statement.text[max(0, quantity.start - _PERSON) : quantity.start].lower().split()[-2:]
    if len(before) < 2 or before[1] != "of" or before[0] not in _PEOPLE:
        return False
    same = evidence.figures.by_value.get(quantity.number.normalize(), [])
    return any(figure.quantity.unit == "calendar" for figure in same)


def _in_scale_of_neighbour(quantity: Quantity, statement: Statement) -> Quantity | None:
    """The figure in the magnitude of the one that it is a part or the whole of.

    "Eight of the 28 million" are eight million; of "8 million of 28" the 28 are millions, too.
    """
    if len(statement.facts.quantities) > MOST_FIGURES:
        return None
    return next(
        (
            meant
            for meant in shared_scales(statement.text, statement.facts.quantities)
            if meant.start == quantity.start
        ),
        None,
    )


def _may_be_day(quantity: Quantity, statement: Statement) -> bool:
    """Whether a number is a day of the month: "Tuesday (23)", "el día 23"."""
    near = _words_before(quantity, statement)
    if quantity.kind == "ordinal" and not quantity.spelled:  # "on the 5th"
        return True
    return is_day_of_month(quantity, statement) or bool(near & _DAY)


def _words_before(quantity: Quantity, statement: Statement) -> set[str]:
    """The word before a figure, none at the beginning of a sentence."""
    before = statement.text[max(0, quantity.start - _WORD) : quantity.start].lower()
    return set(before.split()[-1:])


def _is_tally(quantity: Quantity, statement: Statement) -> bool:
    """Whether a figure is part of a score."""
    begin = max(0, quantity.start - _SCORE_REACH)
    near = statement.text[begin : quantity.end + _SCORE_REACH]
    at = quantity.start - begin
    return any(match.start() <= at < match.end() for match in _SCORE.finditer(near))


def _is_score(quantity: Quantity, evidence: Evidence) -> bool:
    """Whether a score is one of the source, told from either side, in words or digits."""
    if quantity.kind != "ratio":
        return False
    scores = evidence.once("scores", lambda: set(chain(*map(_SIDES.findall, evidence.texts))))
    return any(
        int(own) and int(other) and quantity.value in (_ratio(own, other), _ratio(other, own))
        for own, other in scores
    )


def _ratio(one: str, other: str) -> Decimal:
    return Decimal(one) / Decimal(other)


def _counts_up(evidence: Evidence) -> bool:
    """Whether the source tells goals one by one and gives no score."""
    texts = evidence.texts
    return any(map(_GOAL.search, texts)) and not any(map(_SCORE.search, texts))


def _sign_is_lost(
    quantity: Quantity, supporting: list[Figure], statement: Statement, evidence: Evidence
) -> bool:
    """Whether a minus stands in one text only, and no word of falling makes up for it."""
    if quantity.label or quantity.kind == "ordinal":
        return False
    if any(figure.quantity.negative == quantity.negative for figure in supporting):
        return False
    places = [evidence.statements[figure.statement] for figure in supporting]
    return not any(_falls(text) for text in (places if quantity.negative else [statement]))


def _falls(statement: Statement) -> bool:
    """Whether a sentence has a word that may stand for a minus."""
    moves = directions(statement.lang)
    return any(word in _BELOW or moves(word) == "down" for word in statement.words)


def supporting_figures(quantity: Quantity, evidence: Evidence) -> list[Figure]:
    """The figures of the source that a quantity may stand on; leaving out a unit is allowed."""
    figures = evidence.figures
    found = figures.supporting(quantity)
    if not found and quantity.unit == "vague":
        found = figures.between(quantity.value, quantity.value * _VAGUE)
    return found or _said_otherwise(quantity, evidence) or _without_currency(quantity, evidence)


def _without_currency(quantity: Quantity, evidence: Evidence) -> list[Figure]:
    """The amounts of money that a large number rounds without naming the currency."""
    if quantity.kind != "count" or quantity.unit or quantity.label or quantity.value < _LARGE:
        return []
    if evidence.lang in _NOUN_BEHIND and not _is_bare(quantity):
        return []
    figures = evidence.figures
    found = (figures.supporting(quantity, family) for family in figures.families("money "))
    return next(filter(None, found), [])


def _said_otherwise(quantity: Quantity, evidence: Evidence) -> list[Figure]:
    """The figures of the same number that the source gives as another kind, or with its unit."""
    value = bare_value(quantity)
    same = evidence.figures.by_value.get(value, [])
    if quantity.label or quantity.kind in ("multiple", "ordinal"):
        return same or evidence.year_figures(value)
    if quantity.noun in _DEGREES and (warm := [f for f in same if f.quantity.unit in _WARMTH]):
        return warm
    if quantity.kind == "count":
        multiples = [f for f in same if f.quantity.kind == "multiple"]
        if quantity.spelled and multiples:  # "scored twice": two goals
            return multiples
        if measured := _one_letter(quantity, evidence):
            return measured
        if not quantity.unit:
            return _counting(quantity, same, evidence.lang) or evidence.year_figures(value)
    if quantity.kind == "points":
        return [f for f in same if f.quantity.kind == "count" and f.quantity.noun in _POINTS]
    if quantity.unit in _WARMTH:
        return [f for f in same if f.quantity.noun in _DEGREES or f.quantity.unit == "degree"]
    if quantity.unit == "time" and quantity.value == quantity.number * _MINUTES:
        turns = [f for f in same if f.quantity.kind == "ordinal"]
        if turns:  # "after 12 minutes", "in the 12th and 55th minutes"
            return turns
    if quantity.unit == "degree":  # Italian writes "79°" for the 79th, too
        return [f for f in same if f.quantity.unit in {*_WARMTH, "time"}]
    if quantity.unit == "calendar" and quantity.value == quantity.number * _MONTHS_A_YEAR:
        return [f for f in same if _is_bare(f.quantity)]  # "Smith, 34,"
    return [f for f in same if _is_unread(f, evidence) or _leaves_out(f, quantity, evidence)]


def _one_letter(quantity: Quantity, evidence: Evidence) -> list[Figure]:
    """The metres, minutes or tonnes of "45m" and "3t", or the millions and trillions."""
    by_value = evidence.figures.by_value
    for scale, units in _LETTERS:
        if quantity.unit in units:
            scaled = by_value.get((bare_value(quantity) * scale).normalize(), [])
            return [f for f in scaled if _is_short(f.quantity, scale)]
        if not quantity.unit and _is_short(quantity, scale):
            single = by_value.get((quantity.value / scale).normalize(), [])
            if found := [f for f in single if f.quantity.unit in units or _is_unread(f, evidence)]:
                return found
    return []


def _is_unread(figure: Figure, evidence: Evidence) -> bool:
    """Whether a figure may have a unit in a language whose units are not read: "1톤"."""
    return evidence.lang not in LANGUAGES and not figure.quantity.unit


def _is_short(quantity: Quantity, scale: Decimal) -> bool:
    """Whether millions or trillions are written with one letter: "45m"."""
    if quantity.value < scale:
        return False
    return quantity.end - quantity.start <= len(f"{quantity.value / scale:f}") + 1


def _leaves_out(figure: Figure, quantity: Quantity, evidence: Evidence) -> bool:
    """Whether another figure of its sentence has a figure's unit: "74 days, down from 112".

    An amount of money may also have its currency from an amount of its magnitude in a sentence
    next to it, in the same paragraph.
    """
    unit = quantity.kind, quantity.unit
    measured = quantity.kind != "count" or bool(quantity.unit)
    bare = figure.quantity.kind == "count" and not figure.quantity.unit
    if not bare or not measured or not (quantity.kind == "percent" or _is_bare(figure.quantity)):
        return False
    others = evidence.statements[figure.statement].facts.quantities
    if any((other.kind, other.unit) == unit for other in others):
        return True
    size = _magnitude_of(figure.quantity)
    if quantity.kind == "money" and size > 1 and not any(evidence.figures.families("money ")):
        return True  # the source names no currency at all
    return (quantity.kind == "money" and size > 1) and any(
        (other.kind, other.unit) == unit and _magnitude_of(other) == size
        for place in evidence.beside(figure.statement)
        for other in place.facts.quantities
    )


def _counting(quantity: Quantity, same: list[Figure], lang: str) -> list[Figure]:
    """Those of the figures with the same number that a count without a unit may stand on."""
    if quantity.noun in _POINTS and any(f.quantity.kind == "points" for f in same):
        return same
    if not _noun(quantity) or lang not in _NOUN_BEHIND:
        return same
    return [f for f in same if f.quantity.label]


def _is_bare(quantity: Quantity) -> bool:
    """Whether a figure counts without saying what."""
    return quantity.kind == "count" and not quantity.unit and not _noun(quantity)


def _noun(quantity: Quantity) -> str:
    return "" if quantity.noun in _NO_NOUN else quantity.noun


def _explain(
    quantity: Quantity, statement: Statement, evidence: Evidence
) -> tuple[str, str, Figure | None] | None:
    """Code, message and nearest figure for a quantity that the source does not support.

    None where the sentence says that it works the figure out of two that stand together.
    """
    figures = evidence.figures
    derivation = derived_from(quantity, statement, evidence)
    if derivation and derivation.sure:
        return None
    if other := _in_other_currency(quantity, figures):
        return "G105", "has another currency in the source", other
    same = figures.by_value.get(bare_value(quantity), [])
    if same and not (quantity.spelled and quantity.number < _SMALL):
        return "G104", "counts something else in the source", same[0]
    if evidence.lang not in LANGUAGES and _is_scaled_in_words(quantity, figures):
        return None
    if scaled := _of_other_magnitude(quantity, figures):
        return "G106", "has another magnitude in the source", scaled
    if derivation and not _is_own_count(quantity):
        return "G108", f"is not in the source, but can be derived: {derivation.shown}", None
    key = keys_of(quantity)[0]
    rival = evidence.rival(key.family, key.value, statement.content)
    code = "G107" if _is_own_count(quantity) else _CODES.get(quantity.kind, "G101")
    return code, "is not in the source", rival


def _in_other_currency(quantity: Quantity, figures: Figures) -> Figure | None:
    if quantity.kind != "money":
        return None
    found = (figures.supporting(quantity, family) for family in figures.families("money "))
    return next((others[0] for others in found if others), None)


def _of_other_magnitude(quantity: Quantity, figures: Figures) -> Figure | None:
    if not quantity.value or (quantity.number < _SMALL and quantity.kind == "count"):
        return None
    key = keys_of(quantity)[0]
    found = (figures.equal(key.family, key.value * power) for power in _POWERS)
    return next((scaled[0] for scaled in found if scaled), None)


def _is_scaled_in_words(quantity: Quantity, figures: Figures) -> bool:
    """Whether a word behind a figure may be a magnitude that is not read: "3,2 miljoen"."""
    numbers = ((quantity.value / Decimal(10) ** power).normalize() for power in (3, 6, 9))
    return any(f.quantity.noun for number in numbers for f in figures.by_value.get(number, ()))


def _is_own_count(quantity: Quantity) -> bool:
    """Whether a figure in words may be the writer's own way of putting what the source lists."""
    if not quantity.spelled or quantity.unit not in _COUNTED:
        return False
    small = quantity.kind == "count" and (quantity.number < _SMALL or quantity.unit == "vague")
    return small or quantity.share or quantity.kind in ("multiple", "ordinal")


def _bound_reversed(
    quantity: Quantity, supporting: list[Figure], statement: Statement, evidence: Evidence
) -> Flag | None:
    opposite = {"over": "under", "under": "over"}.get(quantity.bound)
    if not opposite or any(f.quantity.bound != opposite for f in supporting):
        return None
    written = statement.text[quantity.start : quantity.end]
    source = evidence.statements[supporting[0].statement].text
    message = f"{written!r} is a bound on the other side in the source"
    return Flag("G109", quantity.start, quantity.end, message, source)
