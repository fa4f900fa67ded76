"""G205: does the source give this office to this person, or to somebody else, or another office?

An office is a word such as "minister" right before a name, or in an apposition behind it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from rewriter.checks.evidence.index import Evidence, of_source
from rewriter.checks.evidence.mentions import CAPITALISED, DECLINED, Mention, is_capital
from rewriter.checks.evidence.reading import LONGEST_SENTENCE, Flag, Statement
from rewriter.checks.evidence.variants import are_forms, singular
from rewriter.checks.lexicon import word_set
from rewriter.remembering import looked_up
from rewriter.text.quotations import MARKS
from rewriter.text.tokens import Token

# Offices of which nobody is said to hold two, and what they are shortened to in front of a name.
_POSTS = word_set("posts")
_ROLES = tuple(sorted(word_set("roles") | _POSTS, key=len, reverse=True))
_SHORT = frozenset({"gov", "sen", "pres", "min", "pm"})
_IN_FULL = {"gov": "governor", "sen": "senator"}
# A secretary of a government is a minister elsewhere, and so is a chancellor, or a prime minister.
_SECRETARY, _CHANCELLORS = "secretar", ("chancellor", "kanzler")
_IN_GOVERNMENT = ("minist", "министр", "bakan", *_CHANCELLORS, _SECRETARY)
# What says that somebody held an office before, or will hold it; the beginnings of the words.
_FORMER = tuple(word_set("former"))
_FORMER_REACH = 24  # characters
# Letters of an office by which its body is known, too: "Senate" for a senator.
_BODY = 5
# Tokens between an office and its name where a body stands between them, "the head of the National
# Transport Union, Ana Ruiz,", and where the name stands first.
_LONGEST = 12
_BEHIND = 4
# Whoever leads something may have any office; the beginnings of the words.
_LEADERS = tuple(word_set("leaders"))
# Words between an office and a name within which it may be theirs after all.
_NEAR = 10
# Words of bodies that begin like an office.
_BODIES = tuple(word_set("offices"))
# Words behind which another person may begin.
_AND = frozenset({"and", "y", "e", "et", "und", "sowie", "и", "ve", "como", "con", "with", "mit"})
OF = word_set("of_office")
_RANKS = word_set("ranked")
_ARTICLES = frozenset({"the", "a", "an"})
# What stands behind a name in an apposition.
_APPOSED = frozenset({",", ".", ";", ":", ")", "", "—", "–"})
# Letters that tell a rank, in any case, and the field of a chief officer.
_RANK, _FIELD = 6, 5
# A chief officer, in full or as "CFO".
_CHIEF = re.compile(
    r"\b(?:[Cc]hief (executive|financial|operating|technology|medical|marketing|information|legal"
    r"|investment|scientific) officer|C([FOTM])O)\b",
)
# How words begin that tell what a chief officer is in charge of, by the letter of the acronym.
_IN_CHARGE = {
    "e": ("execut", "ceo", "boss", "head", "lead", "led", "run", "manag", "director", "founder"),
    "f": ("financ", "finan", "cfo", "treasur", "фин"),
    "o": ("operat", "opera", "betrieb", "coo", "опер"),
    "t": ("tech", "tecn", "cto", "тех"),
    "m": ("market", "medic", "doctor", "cmo", "марк", "мед"),
}
# What ends the words that may belong to a name.
_ENDS = frozenset(f".;:!?(){MARKS}")


def check_roles(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield G205 for an office that the source gives only to others, never to this person."""
    if statement.lang not in CAPITALISED or not _has_office(statement):
        return
    holders = _holders(evidence)
    for role, token, name in _offices(statement):
        known = holders.get(role, {})
        last = singular(name[-1].lower)
        people = {singular(t.lower) for t in name}
        if last not in evidence.names.capitals or people & known.keys():
            continue
        if not known:
            yield from _other_post((role, token, people), statement, holders, evidence)
            continue
        cases = statement.lang in DECLINED  # "Трифонов", "Трифонова"
        if cases and any(are_forms(one, other) for one in people for other in known):
            continue
        if _may_hold(last, role, evidence):
            continue
        others = sorted(known)
        if others and all(_is_person(index, other, evidence) for other, index in known.items()):
            place = evidence.statements[known[others[0]]]
            message = f"{token.text!r} is said of {name[-1].text}, in the source of somebody else"
            yield Flag("G205", name[0].start, name[-1].end, message, place.text)


def _other_post(
    held: tuple[str, Token, set[str]],
    statement: Statement,
    holders: dict[str, dict[str, int]],
    evidence: Evidence,
) -> Iterator[Flag]:
    """Yield G205 for an office that the source has nowhere, of one whom it gives another one.

    A former office may be told by a verb, and whoever leads something may be called anything.
    """
    role, token, people = held
    # A governorship has no governor yet, and a prime minister is no minister of something.
    said = re.compile(rf"(?<!prime ){role.split()[0]}(?!ship)")
    if not _is_post(role) or said.search(_in_small_letters(evidence)):
        return
    about = [evidence.statements[at] for one in people for at in evidence.openings.get(one, ())]
    if _is_former(token.start, statement.text) or any(
        word.startswith(_LEADERS)
        or (word.startswith(role[:_BODY]) and not word.startswith(role.split()[-1]))
        or (word in _SHORT and _stands_for(word, role))
        for place in about
        for word in place.words
    ):
        return
    for other, known in holders.items():
        person = min(people & known.keys(), default="")
        if any(word.startswith(other.split()[0]) for word in statement.words):
            continue  # both are told, and one of them in another way
        alike = _is_like(role, other, bare=_is_bare(token, statement))
        if person and not alike and (_is_post(other) or other == _SECRETARY):
            source = evidence.statements[known[person]].text
            written = re.search(rf"\b{other}\w*", source.lower())
            if written and _is_former(written.start(), source):
                continue
            message = f"{token.text!r} is {(written[0] if written else other)!r} in the source"
            yield Flag("G205", token.start, token.end, message, source)
            return


def _is_former(start: int, text: str) -> bool:
    """Whether an office is said to have been held before, or to be held one day."""
    before = re.findall(r"\w+", text[max(0, start - _FORMER_REACH) : start].lower())
    return any(word.startswith(_FORMER) for word in before)


def _is_like(role: str, other: str, *, bare: bool) -> bool:
    """Whether two offices of a government may be one; a `bare` one says not what it is for."""
    both = role.split()[-1], other.split()[-1]
    same = role.startswith("prime") == other.startswith("prime")
    return all(word.startswith(_IN_GOVERNMENT) for word in both) and (
        same or bare or any(word.startswith(_CHANCELLORS) for word in both)
    )


def _is_bare(office: Token, statement: Statement) -> bool:
    """Whether an article or nothing stands before an office: "The minister"."""
    at = statement.place_at(office.start)
    return at == 0 or statement.tokens[at - 1].lower in _ARTICLES


def _stands_for(short: str, role: str) -> bool:
    return role.startswith(short) or short == "".join(word[0] for word in role.split())


def _is_post(role: str) -> bool:
    return role.split()[-1] in _POSTS


def check_ranks(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield G205 for a rank or a chief officer where the source only has others."""
    ranks = word_set("ranks") & statement.words
    for token, rank in zip(statement.tokens, statement.plain, strict=True) if ranks else ():
        if rank not in ranks or evidence.names.has_beginning(rank[:_RANK]):
            continue
        if others := word_set("ranks") & evidence.names.words:
            message = f"{token.text!r} is {min(others)!r} in the source"
            yield Flag("G205", token.start, token.end, message)
    yield from _chiefs(statement, evidence)


def _chiefs(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield G205 for a chief officer where no word of the source tells of such an office.

    "Chief" alone may be short for "chief executive", unless the source has another chief officer.
    """
    for found in _CHIEF.finditer(statement.text):
        field = (found[1] or found[2])[:_FIELD].lower()
        others = _has_chiefs(evidence)
        chief = ("chief",) if field[0] == "e" and not others else ()
        words = (field, *_IN_CHARGE.get(field[0], ()), *chief)
        if not any(map(evidence.names.has_beginning, words)):
            message = f"the source has nobody called {found.group()!r}"
            yield Flag("G205", *found.span(), message)


@of_source
def _has_chiefs(evidence: Evidence) -> bool:
    return any(map(_CHIEF.search, evidence.texts))


@of_source
def _in_small_letters(evidence: Evidence) -> str:
    return evidence.text.lower()


def _has_office(statement: Statement) -> bool:
    told = any(map(role_of, statement.words)) or not _IN_FULL.keys().isdisjoint(statement.words)
    return len(statement.tokens) <= LONGEST_SENTENCE and told


def _may_hold(last: str, role: str, evidence: Evidence) -> bool:
    """Whether the source has an office near a name anywhere."""
    for index in evidence.openings.get(last, ()):
        words = [word for word in evidence.statements[index].plain if word]
        for at, word in enumerate(words):
            if singular(word) != last:
                continue
            near = words[max(0, at - _NEAR) : at + _NEAR]
            if any(word.startswith((role.split()[-1], *_LEADERS)) for word in near):
                return True
    return False


def _is_person(index: int, last: str, evidence: Evidence) -> bool:
    """Whether a last name stands behind a first name where the source gives it an office."""
    named = evidence.statements[index].names
    return any(len(name) > 1 and singular(name[-1].lower) == last for name in named)


@of_source
def _holders(evidence: Evidence) -> dict[str, dict[str, int]]:
    """For each office the last names of those who hold it, and the statement that says so."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for index, statement in enumerate(evidence.statements):
        if _has_office(statement):
            for role, _, name in _offices(statement):
                found[role].setdefault(singular(name[-1].lower), index)
    return found


def _offices(statement: Statement) -> Iterator[tuple[str, Token, Mention]]:
    """Each office of one person in a sentence, with its word and the name that it stands beside."""
    return (found for found in _every_office(statement) if not _is_plural(found[1], statement))


def _every_office(statement: Statement) -> Iterator[tuple[str, Token, Mention]]:
    tokens = statement.tokens
    for mention in statement.names:
        name = _without_place(_with_opening(mention, statement), statement)
        inside = [at for at, token in enumerate(name[:-1]) if role_of(token.lower)]
        if inside:
            token = name[inside[-1]]
            if _is_of(token, statement):  # "Chairman of Norak Industries"
                continue
            name = name[inside[-1] + 1 :]
            yield _rank(statement, token), token, name
        if len(name) < 2:
            continue
        first, last = statement.place_at(name[0].start), statement.place_at(name[-1].start)
        for token in () if inside else office_before(tokens, first, last):
            yield _rank(statement, token), token, name
        if _text_at(tokens, last + 1) == ",":
            behind = tokens[last + 2 : last + 2 + _BEHIND]
            ends = {*_ENDS, *_AND, ",", *(_ARTICLES if statement.lang == "en" else ())}
            for token in _first_office(behind[_opens(behind) :], ends):
                yield _rank(statement, token), token, name


def _without_place(name: Mention, statement: Statement) -> Mention:
    """A name without what stands behind "of": "Ana Ruiz of Massachusetts"."""
    parts = (
        n
        for n, (one, two) in enumerate(pairwise(name), 1)
        if statement.text[one.end : two.start] == " of "
    )
    return name[: next(parts, len(name))]


def _opens(tokens: list[Token]) -> bool:
    """Whether an article opens what somebody is; one behind a verb opens what is done to others."""
    return bool(tokens) and tokens[0].lower in _ARTICLES


def _is_plural(office: Token, statement: Statement) -> bool:
    """Whether an English office is that of several people, not of the one whose name is near."""
    return statement.lang == "en" and office.text.endswith("s")


def _is_of(office: Token, statement: Statement) -> bool:
    return _text_at(statement.tokens, statement.place_at(office.start) + 1).lower() in OF


def _rank(statement: Statement, office: Token) -> str:
    """An office with the word that makes another one of it: a prime minister is no minister."""
    at = statement.place_at(office.start)
    before = [token.lower for token in statement.tokens[max(0, at - 2) : at] if token.text != "-"][
        -1:
    ]
    role = _IN_FULL.get(office.lower) or role_of(office.lower)
    return f"{before[0]} {role}" if before and before[0] in _RANKS else role


def _with_opening(mention: Mention, statement: Statement) -> Mention:
    """A name with the capital that opens the sentence before it: "Ana Ruiz said"."""
    first = statement.tokens[0]
    opens = mention[0] is not first and statement.tokens[1] is mention[0] and is_capital(first)
    return [first, *mention] if opens and statement.stems[0] else mention


def office_before(tokens: list[Token], first: int, last: int) -> Iterator[Token]:
    """The office before a name: "minister Ana Ruiz", "the minister of the interior, Ana Ruiz,"."""
    if _text_at(tokens, first - 1) == "." and _text_at(tokens, first - 2).lower() in _IN_FULL:
        yield tokens[first - 2]  # "Gov. Ana Ruiz"
    elif _text_at(tokens, first - 1) != ",":
        yield from _first_office(tokens[max(0, first - 1) : first], set())
    elif _text_at(tokens, last + 1) in _APPOSED:
        before = tokens[max(0, first - 1 - _LONGEST) : first - 1][::-1]
        begins = (n for n, pair in enumerate(pairwise(before)) if _begins_another(*pair))
        before = before[: next(begins, len(before))]
        direct = list(_first_office(before, {*_ENDS, *OF, ","}))
        yield from direct or _first_office(before, {*_ENDS, ","}, capitals=True)


def _begins_another(article: Token, link: Token) -> bool:
    """Whether two words, read backwards, begin another person: "Orr and the chief, Ana Ruiz"."""
    return article.lower in _ARTICLES and link.lower in _AND


def _first_office(
    tokens: list[Token], ends: set[str], *, capitals: bool = False
) -> Iterator[Token]:
    """The first office among tokens beside a name.

    A mark of `ends` stops the search, and so does another name unless `capitals` are allowed: then
    tokens are read backwards, and an office right before a name is that of its owner.
    """
    last = None
    for token in tokens:
        role = role_of(token.lower)
        other = is_capital(token) and not capitals and not role
        if token.lower in ends or other or token.lower.endswith("'s"):
            return
        if role:
            if not (capitals and last and is_capital(last)):
                yield token
            return
        last = token


def _text_at(tokens: list[Token], place: int) -> str:
    return tokens[place].text if 0 <= place < len(tokens) else ""


@looked_up(30_000)
def role_of(word: str) -> str:
    """The office that a word names, "" for none."""
    if not word.startswith(_ROLES) or word.startswith(_BODIES):
        return ""
    return next(role for role in _ROLES if word.startswith(role))
