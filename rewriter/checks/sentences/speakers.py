"""G303: does the one who says a quote in the rewrite say it in the source?"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from rewriter.checks.evidence.addresses import lies_in
from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.mentions import CAPITALISED, Mention, is_capital
from rewriter.checks.evidence.reading import LONGEST_SENTENCE, Flag, Statement
from rewriter.checks.evidence.variants import names_of, singular
from rewriter.checks.lexicon import first_names, name_set, nationalities, word_set
from rewriter.checks.names.actors import tells
from rewriter.checks.names.offices import OF, office_before, role_of
from rewriter.text.quotations import MARKS, TERM_WORDS, WORDS, Quote, opens_quote, quotes_in
from rewriter.text.tokens import Token

# Words of a quote that find it in the source.
_HEAD = 5
_SPEECH = word_set("speech")
_QUOTING = word_set("quoting")
_SAID = frozenset({"said", "says", "added"})
# Words that turn from one speaker to another within a sentence.
_TURNS = frozenset({"while", "whereas", "but", "although", "though"})
_SHE = word_set("she")
_HE = word_set("he")
# Places of a quote that are looked at.
_MOST = 50
# Sentences before a pronoun in which its name may stand, and on each side of a quote whose own
# sentence names nobody.
_NEARBY = 2
# Sentences of one long quote.
_LONGEST_QUOTE = 4
_LISTENERS = word_set("spoken_to")
_TOLD = word_set("told")
# Whoever belongs to a name behind one of these speaks: "the lawyer of Lind said".
_GENITIVE = OF - {"for", "para", "at", "à"}
# Tokens in which a sentence that does not open with a quote has a word.
_OPENING = 3
# Tokens between a verb of saying and its name at most.
_FAR = 4
# Where a clause may begin: behind one of these, as behind "but", "while" and the like.
_STOPS, _CLAUSES = frozenset(";:—–"), frozenset({"while", "whereas", "but", "although"})
# Tokens beside a body within which the office stands of who speaks for it.
_OFFICE_NEAR = 3
_LEADERS = tuple(word_set("leaders"))
# Tokens before "of" in which a comma ends the name of who is from a place.
_HOME = 4
_APPOSITION = word_set("apposition")
_ARTICLES = word_set("german_articles")


def check_speaker(
    quote: Quote, statements: tuple[Statement, ...], evidence: Evidence
) -> Iterator[Flag]:
    """Yield G303 for a verbatim quote that the source gives to somebody else."""
    speaker = _said_by(quote, statements)
    known = evidence.names.capitals
    if speaker is None or not any(singular(token.lower) in known for token in speaker):
        return
    places = places_of(quote, evidence)
    yield from _other_half(speaker[-1], quote, places, evidence)
    owners = [_owner(place, evidence) for place in places]
    if not owners or not all(owners):
        return
    if not any(
        _may_be(speaker, owner, evidence.statements[place], evidence)
        for owner, place in zip(owners, places, strict=True)
        if owner
    ):
        other = next(owner for owner in owners if owner)[-1].text
        yield _misattributed(quote, speaker[-1].text, other, evidence.statements[places[0]])


def _said_by(quote: Quote, statements: tuple[Statement, ...]) -> Mention | None:
    """Who says a quote in the rewrite, None where that cannot be told."""
    if len(quote.words) < TERM_WORDS or not statements:
        return None
    at = bisect_right(statements, quote.start, key=lambda statement: statement.offset) - 1
    statement = statements[max(at, 0)]
    inside = [(quote.start - statement.offset, quote.end - statement.offset)]
    return _speaker_of(statement, inside)


def _owner(place: int, evidence: Evidence, depth: int = 0) -> Mention | None:
    """Who says what stands in a sentence of the source, None where that is not clear.

    That is the name beside its verb of saying; for a pronoun the subject of a sentence before; for
    a part of a longer quote whoever says the rest.
    """
    if not 0 <= place < len(evidence.statements) or depth > _LONGEST_QUOTE:
        return None
    source = evidence.statements[place]
    if source.text.isupper():
        return None  # each word of a wire story in capitals may be a name
    quoted = [(quote.start, quote.end) for quote in quotes_in(source.text, evidence.lang)]
    if _says_pronoun(source, quoted):
        return _antecedent(place, evidence)
    if speaker := _speaker_of(source, quoted):
        return speaker if _is_named(speaker, evidence) else None
    if _SPEECH & source.words:
        return _antecedent(place, evidence) if (_SHE | _HE) & _outside(source, quoted) else None
    if not quoted and opens_quote(source.text, source.lang):
        return _owner(place + 1, evidence, depth + 1)
    if quoted and not _outside(source, quoted):
        return _owner(place - 1, evidence, depth + 1)
    return None


def _says_pronoun(source: Statement, quoted: list[tuple[int, int]]) -> bool:
    """Whether the one verb of saying of a sentence stands beside a pronoun: "He said Lind is"."""
    tokens, lower = source.tokens, [token.lower for token in source.tokens]
    verbs = [i for i, word in enumerate(lower) if word in _SPEECH]
    if len(verbs) != 1 or lies_in(tokens[verbs[0]].start, tokens[verbs[0]].end, quoted):
        return False
    return bool(verbs[0]) and lower[verbs[0] - 1] in _SHE | _HE


def _outside(source: Statement, quoted: list[tuple[int, int]]) -> set[str]:
    """The words of a sentence that are in no quote."""
    pairs = zip(source.tokens, source.plain, strict=True)
    return {word for token, word in pairs if word and not lies_in(token.start, token.end, quoted)}


def _antecedent(place: int, evidence: Evidence) -> Mention | None:
    """Whom a pronoun means: the first name of the nearest sentence that names somebody.

    Where that name does not begin the sentence, it must be the only one.
    """
    for before in evidence.statements[max(0, place - _NEARBY) : place][::-1]:
        names = [name for name in before.names if any(map(tells, name))]
        people = {singular(name[-1].lower) for name in names}
        if not names or "<" in before.text or before.text.isupper():  # no sentence
            continue
        if not _is_named(names[0], evidence):
            return None
        if all(_is_nationality(token, evidence.lang) for token in names[0]):
            return None  # "The Portuguese" is somebody whom another sentence names
        possessed = names[0][-1].text.endswith("'s")
        if not (_SHE | _HE).isdisjoint(before.plain[:2]):
            continue  # the pronoun means the same there, and the name somebody else
        opens = names[0][0] in before.tokens[:2] and not possessed
        return names[0] if opens or len(people) == 1 else None
    return None


def _is_named(mention: Mention, evidence: Evidence) -> bool:
    """Whether a name is no common noun that its language writes with a capital: "Denkmal".

    A word alone is a name where some sentence has a first name or an office before it.
    """
    if evidence.lang in CAPITALISED or len(mention) > 1:
        return True
    before = evidence.names.before.get(singular(mention[0].lower), ())
    return any(word and word not in _ARTICLES for word in before)


def _speaker_of(statement: Statement, quoted: list[tuple[int, int]]) -> Mention | None:
    """The name beside a verb of saying, outside of quotes; a letter ("vitamin D") is none.

    Where no verb of saying is known, it is the name behind a quote that opens the
    sentence: '"We wait," Lind sighed'.
    """
    tokens = statement.tokens
    if len(tokens) > LONGEST_SENTENCE:
        return None
    if not _SPEECH & statement.words:
        return _behind_quote(statement, quoted) or _subject(statement, quoted)
    verbs = [i for i, t in enumerate(tokens) if t.lower in _SPEECH]
    names = [
        mention
        for mention in statement.names
        if _may_speak(mention, statement.place_at(mention[0].start), statement)
        and not any(start <= mention[0].start < end for start, end in quoted)
    ]
    gaps = [
        (min(_gap(name, verb, statement) for verb in verbs), number)
        for number, name in enumerate(names)
    ]
    gap, nearest = min(gaps, default=(_FAR + 1, 0))
    return names[nearest] if gap <= _FAR else None


def _gap(name: Mention, verb: int, statement: Statement) -> int:
    """How many tokens a name is from a verb of saying; an apposition between them is none.

    A name behind "for" only says for whom somebody speaks where it does not end at the verb.
    """
    tokens = statement.tokens
    first, last = statement.place_at(name[0].start), statement.place_at(name[-1].start)
    behind = [token.lower for token in tokens[last + 1 : last + 3]]
    closed = last < verb - 2 and tokens[verb - 1].text == ","
    if closed and behind[0] == "," and behind[1] in _APPOSITION:
        return 0
    offices = (statement.place_at(office.start) for office in office_before(tokens, first, last))
    if any(0 < office - verb <= _OFFICE_NEAR for office in offices):
        return 1  # "said the head of the clinic, Ana Lind"
    at = first - (first > 1 and tokens[first - 1].lower == "the")
    serves = at > 0 and tokens[at - 1].lower == "for"
    near = min(abs(place - verb) for place in range(first, last + 1))
    return near + _FAR * serves


def _subject(statement: Statement, quoted: list[tuple[int, int]]) -> Mention | None:
    """The name that begins the clause of the first quote: "; Lind praised "a brave" vote".

    What belongs to a name, "Lind's plan", is not said by it, nor what is told of it in brackets.
    """
    tokens, plain = statement.tokens, statement.plain
    if not quoted or _QUOTING.isdisjoint(statement.words):
        return None
    at = quote = statement.place_at(quoted[0][0])
    while at and not (
        tokens[at - 1].text in _STOPS or (plain[at - 1] in _CLAUSES and plain[at] not in _QUOTING)
    ):
        at -= 1
    while at < quote and (tokens[at].text == "." or _only_says_what(tokens[at])):
        at += 1
    for mention in statement.names:
        place = statement.place_at(mention[0].start)
        behind = statement.place_at(mention[-1].start) + 1
        if place != at or mention[-1].lower.endswith("'s"):
            continue
        verbs = [n for n in range(behind, quote) if plain[n] in _QUOTING]
        commas = sum(token.text == "," for token in tokens[behind : (verbs or [behind])[-1]])
        if verbs and any(token.text in MARKS for token in tokens[verbs[-1] : quote - 1]):
            return None  # another quote stands between
        if verbs and (not commas or tokens[verbs[-1] - 1].text == ","):
            return mention if _may_speak(mention, place, statement) else None
    return None


def _only_says_what(token: Token) -> bool:
    """Whether a word before a name says what somebody is: "Republican Ted Cruz", "Sen."."""
    word = token.lower
    return word in name_set("titles") or word in word_set("parties") or bool(role_of(word))


def _behind_quote(statement: Statement, quoted: list[tuple[int, int]]) -> Mention | None:
    """The name that goes with one verb behind a quote that opens the sentence, and its comma."""
    tokens = statement.tokens
    for start, end in quoted:
        if any(token.kind != "mark" and token.start < start for token in tokens[:_OPENING]):
            continue
        at = behind = statement.place_at(end)
        while behind < len(tokens) and tokens[behind].kind == "mark":
            behind += 1
        if not any(token.text == "," for token in tokens[max(0, at - 2) : behind]):
            continue
        near = {token.start for token in tokens[behind : behind + 2]}
        for mention in statement.names:
            place = statement.place_at(mention[0].start)
            if mention[0].start in near and _may_speak(mention, place, statement):
                return mention
    return None


def _may_speak(mention: Mention, place: int, statement: Statement) -> bool:
    """Whether a name is somebody's, and no listener's or place's."""
    tokens, at = statement.tokens, place + len(mention)
    place -= place > 1 and tokens[place - 1].lower == "the"  # "asked about the Brotherhood"
    before = tokens[place - 1].lower if place else ""
    if len(mention[-1].text) < 2:
        return False
    if not any(map(tells, mention)) and before not in _SAID:  # "said Sowers"
        return False
    if len(mention) == 1 and _is_epithet(mention[0], statement.lang):
        return False
    if _has_speaker(tokens, place, at):
        return False
    if before == "of" and _is_home(tokens[max(0, place - 1 - _HOME) : place - 1]):
        return False
    if before in OF and place > 1 and tokens[place - 2].lower in word_set("bodies"):
        return False  # "al norte de Santiago", "el Gobierno de Lind"
    if before in _GENITIVE and any(token.lower in _SPEECH for token in tokens[at : at + 1]):
        return False  # "el abogado de Lind aseguró"
    if before in _TOLD and place > 1 and tokens[place - 2].lower in _SPEECH:
        return False
    if before in _LISTENERS and not (place > 1 and tokens[place - 2].lower == "according"):
        return False
    return statement.lang in CAPITALISED or before not in _ARTICLES


def _is_home(before: list[Token]) -> bool:
    """Whether words before "of" only say where a person is from: "Lind, also of Kiel, said"."""
    last = max((at for at, token in enumerate(before) if token.text == ","), default=None)
    return last is not None and not any(map(is_capital, before[last + 1 :]))


def _has_speaker(tokens: list[Token], first: int, end: int) -> bool:
    """Whether a name is a body whose holder of an office speaks.

    "The Everton manager said", "Acme's chief executive", "the head of Acme".
    """
    belongs = tokens[end - 1].lower.endswith(("'s", "s'"))
    behind = tokens[end : end + (_OFFICE_NEAR if belongs else 1)]
    if any(_is_office(token) and not is_capital(token) for token in behind):
        return True
    near = tokens[max(0, first - 1 - _OFFICE_NEAR) : first - 1]
    return bool(near) and tokens[first - 1].lower in OF and any(map(_is_office, near))


def _is_office(token: Token) -> bool:
    return bool(role_of(token.lower)) or token.lower.startswith(_LEADERS)


def _is_epithet(token: Token, lang: str) -> bool:
    """Whether a word only says where or of which party somebody is: "the Republican said"."""
    return singular(token.lower) in word_set("parties") or _is_nationality(token, lang)


def _is_nationality(token: Token, lang: str) -> bool:
    return bool(nationalities(lang)(token.lower))


def _may_be(speaker: Mention, owner: Mention, place: Statement, evidence: Evidence) -> bool:
    """Whether the speaker of the rewrite may be the owner of the quote in the source.

    They share a name, the quote's own sentence has the speaker, or one is the other's first name.
    """
    if names_of(speaker) & (names_of(owner) | {singular(token.lower) for token in place.tokens}):
        return True
    before = evidence.names.before
    if _speaks_for(speaker, owner, evidence):
        return True
    one, other = singular(speaker[-1].lower), singular(owner[-1].lower)
    return one in before.get(other, ()) or other in before.get(one, ())


def _speaks_for(body: Mention, owner: Mention, evidence: Evidence) -> bool:
    """Whether the source tells the office of a person beside a body: "Acme's chief, Ewa Lind"."""
    last, names = singular(owner[-1].lower), names_of(body)
    before = evidence.names.before.get(singular(body[-1].lower), set())
    persons = first_names() | name_set("titles")
    if any(word in persons or f"{word}s" in persons or role_of(word) for word in before):
        return False
    return any(
        bool(names & {singular(word) for word in place.words})
        and any(map(_is_office, place.tokens))
        for place in evidence.statements
        if last in place.words
    )


def places_of(quote: Quote, evidence: Evidence) -> list[int]:
    """The statements of the source in which a quote begins."""
    rarest = min((evidence.openings.get(word, []) for word in quote.words[:_HEAD]), key=len)
    return [place for place in rarest[:_MOST] if _holds(evidence.statements[place], quote)]


def _holds(statement: Statement, quote: Quote) -> bool:
    words = [t.lower for t in statement.tokens if t.kind in WORDS]
    head = quote.words[:_HEAD]
    return any(words[i : i + len(head)] == head for i in range(len(words) - len(head) + 1))


def _misattributed(quote: Quote, speaker: str, other: str, source: Statement) -> Flag:
    message = f"the quote is given to {speaker}, in the source {other} says it"
    return Flag("G303", quote.start, quote.end, message, source.text)


def _other_half(
    speaker: Token, quote: Quote, places: list[int], evidence: Evidence
) -> Iterator[Flag]:
    """One sentence of the source quotes somebody and then, after "while", names the speaker."""
    for place in places:
        source = evidence.statements[place]
        words = [token.lower for token in source.tokens]
        at = words.index(quote.words[0])
        named = [i for i, token in enumerate(source.tokens) if token.text == speaker.text]
        if not named or min(named) < at:
            return
        turned = _TURNS & set(words[at : min(named)])
        before = [m for m in source.mentions if m[-1].end <= source.tokens[at].start]
        if turned and before:
            yield _misattributed(quote, speaker.text, before[-1][-1].text, source)
            return
