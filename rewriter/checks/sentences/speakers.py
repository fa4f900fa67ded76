"""G303: does the one who says a quote in the rewrite say it in the source?"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.links import lies_in
from rewriter.checks.evidence.mentions import Mention, is_capital
from rewriter.checks.evidence.naming import CAPITALISED
from rewriter.checks.evidence.quotations import OPENING, TERM_WORDS, WORDS, Quote, quotes_in
from rewriter.checks.evidence.reading import LONGEST_SENTENCE, Flag, Statement
from rewriter.checks.evidence.variants import names_of, singular
from rewriter.checks.lexicon import nationalities, word_set
from rewriter.checks.names.actors import tells
from rewriter.checks.names.offices import role_of
from rewriter.text.tokens import Token

# Words of a quote that find it in the source.
_HEAD = 5
_SPEECH = word_set("speech")
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
# Words behind which a name is no speaker: "said in Kiel", "told Reuters".
_LISTENERS = frozenset(
    {"in", "at", "from", "near", "told", "with", "to", "about", "called", "calling"}
    | {"en", "em", "à", "a", "в", "на", "bei"}
)
# Behind one of these a name is what is told, not who tells: "says that Lind".
_TOLD = frozenset({"that", "dass", "daß", "que", "qu'", "che", "dat", "что", "że"})
# Tokens in which a sentence that does not open with a quote has a word.
_OPENING = 3
# Tokens between a verb of saying and its name at most.
_FAR = 4
# Articles before a noun that German writes with a capital.
_ARTICLES = frozenset(
    ["der", "die", "das", "dem", "den", "des", "ein", "eine", "einer", "eines", "seine", "ihre"]
)


def check_speaker(
    quote: Quote, statements: tuple[Statement, ...], evidence: Evidence
) -> Iterator[Flag]:
    """Yield G303 for a verbatim quote that the source gives to somebody else."""
    speaker = _said_by(quote, statements)
    if speaker is None or singular(speaker[-1].lower) not in evidence.names.capitals:
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
    quoted = [(quote.start, quote.end) for quote in quotes_in(source.text, evidence.lang)]
    if speaker := _speaker_of(source, quoted):
        return speaker
    if _SPEECH & source.words:
        return _antecedent(place, evidence) if (_SHE | _HE) & _outside(source, quoted) else None
    if not quoted and OPENING.search(source.text):
        return _owner(place + 1, evidence, depth + 1)
    if quoted and not _outside(source, quoted):
        return _owner(place - 1, evidence, depth + 1)
    return None


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
        if not names:
            continue
        if all(_is_nationality(token, evidence.lang) for token in names[0]):
            return None  # "The Portuguese" is somebody whom another sentence names
        possessed = names[0][-1].text.endswith("'s")
        if not (_SHE | _HE).isdisjoint(before.plain[:2]):
            continue  # the pronoun means the same there, and the name somebody else
        opens = names[0][0] in before.tokens[:2] and not possessed
        return names[0] if opens or len(people) == 1 else None
    return None


def _speaker_of(statement: Statement, quoted: list[tuple[int, int]]) -> Mention | None:
    """The name beside a verb of saying, outside of quotes; a letter ("vitamin D") is none.

    Where no verb of saying is known, it is the name behind a quote that opens the
    sentence: '"We wait," Lind sighed'.
    """
    tokens = statement.tokens
    if len(tokens) > LONGEST_SENTENCE:
        return None
    if not _SPEECH & statement.words:
        return _behind_quote(statement, quoted)
    verbs = [i for i, t in enumerate(tokens) if t.lower in _SPEECH]
    names = [
        mention
        for mention in statement.names
        if _may_speak(mention, statement.place_at(mention[0].start), statement)
        and not any(start <= mention[0].start < end for start, end in quoted)
    ]
    gaps = [
        (
            min(abs(statement.place_at(token.start) - verb) for token in name for verb in verbs),
            number,
        )
        for number, name in enumerate(names)
    ]
    gap, nearest = min(gaps, default=(_FAR + 1, 0))
    return names[nearest] if gap <= _FAR else None


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
    if len(mention[-1].text) < 2 or not any(map(tells, mention)):
        return False
    if len(mention) == 1 and _is_epithet(mention[0], statement.lang):
        return False
    behind = tokens[at : at + 1]
    if behind and role_of(behind[0].lower) and not is_capital(behind[0]):
        return False  # "the Everton manager said"
    if before in _TOLD and place > 1 and tokens[place - 2].lower in _SPEECH:
        return False
    if before in _LISTENERS and not (place > 1 and tokens[place - 2].lower == "according"):
        return False
    return statement.lang in CAPITALISED or before not in _ARTICLES


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
    one, other = singular(speaker[-1].lower), singular(owner[-1].lower)
    return one in before.get(other, ()) or other in before.get(one, ())


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
