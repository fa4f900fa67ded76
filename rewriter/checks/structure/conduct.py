"""K101, K102: does the text behave like an article: no leaked instructions, right language?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain

from rewriter.checks.evidence.index import Evidence, runs
from rewriter.checks.evidence.reading import Flag, Statement, read_passage
from rewriter.checks.lexicon import function_words, phrases, written_with_spaces
from rewriter.checks.lexicon.wording import Wording
from rewriter.text.tokens import tokenize

# Consecutive words shared with the instructions that are no accident.
_GRAM = 8
# Stems of a sentence that the instructions have and the source has not: this many, and such a
# share. Of 428 sentences about news the most are 4 of 15.
_RETOLD, _RETOLD_SHARE = 4, 0.5
_LEAK = Wording(
    r"\b(?:as (?:requested|instructed)|per (?:the|your) (?:instructions?|guidelines?|prompt)"
    r"|(?:system|user) prompt"
    r"|the (?:provided|given|supplied|original|source) (?:article|text|source|information)"
    r"|(?:here is|here's|below is) (?:the|a|your) (?:rewrite|rewritten|revised|requested)"
    r"|word (?:count|limit)|json (?:schema|object|format|output)|from_author|in this rewrite)\b"
)
# Fewer function words than this say too little about the language of a text.
_MIN_WORDS = 6
_OTHER_LANGUAGE = 2.0
# A passage of fewer words may be a list of names or titles, whatever language they are in.
_PASSAGE_WORDS = 25
# Beside the languages' own codes in a tally.
_ALL = "all words"


def check_leaks(text: str, instructions: str, evidence: Evidence) -> Iterator[Flag]:
    """Yield K101 for phrases about the task, or runs of words from the instructions.

    Not for those that the source has: a story about prompts speaks of them.
    """
    said = evidence.everything
    told = chain(_LEAK.finditer(text), phrases("leak").finditer(text))
    found = next((f for f in told if f[0].casefold().replace("’", "'") not in said), None)
    if found:
        yield Flag("K101", *found.span(), f"{found.group()!r} speaks of the task, not of the news")
    if not instructions:
        return
    given, grams = _grams(instructions), list(runs(evidence.wording(text), _GRAM))
    for index, gram in () if given.isdisjoint(grams) else enumerate(grams):
        if gram in given and gram not in evidence.grams(_GRAM):
            tokens = evidence.words_in(text)
            start, end = tokens[index].start, tokens[index + _GRAM - 1].end
            yield Flag("K101", start, end, f"{text[start:end]!r} is taken from the instructions")
            return
    yield from _retold(text, instructions, evidence)


def _retold(text: str, instructions: str, evidence: Evidence) -> Iterator[Flag]:
    """Yield K101 for a sentence that tells the instructions in other words than theirs."""
    told = _content_words(instructions, evidence.lang)
    for statement in evidence.read(text):
        least = max(_RETOLD, _RETOLD_SHARE * len(statement.content))
        shared = statement.content & told
        taken = shared.difference(evidence.postings) if len(shared) >= least else set()
        if len(taken) >= least:
            start, end = statement.offset, statement.offset + len(statement.text)
            named = ", ".join(sorted(taken))
            yield Flag("K101", start, end, f"tells the instructions, not the news ({named})")
            return


# The instructions are the same for many articles: one prompt, in a few languages.
@lru_cache(maxsize=16)
def _content_words(instructions: str, lang: str) -> frozenset[str]:
    known = read_passage(instructions, lang)
    return frozenset(word for statement in known for word in statement.content)


@lru_cache(maxsize=8)
def _grams(text: str) -> frozenset[tuple[str, ...]]:
    words = [t.lower for t in tokenize(text) if t.kind in ("word", "number", "han")]
    return frozenset(runs(words, _GRAM))


def tally(statements: Iterable[Statement]) -> Counter[str]:
    """Function words by language in a text, Chinese characters under `zh`, and all its words."""
    tokens = [token for statement in statements for token in statement.tokens]
    letters = [lower for kind, _, lower, _, _ in tokens if kind == "word"]
    dense = sum(kind == "han" for kind, _, _, _, _ in tokens)
    known = function_words()
    counts = Counter(chain.from_iterable(known[word] for word in letters if word in known))
    counts["zh"] = dense
    counts[_ALL] = len(letters) + dense
    return counts


def language_of(counts: Counter[str]) -> str | None:
    """The language of a text among the nine known ones, by script or function words.

    None where there is too little to tell by. The method is Grefenstette's, "Comparing two
    language identification schemes" (1995).
    """
    if counts["zh"] > counts[_ALL] / 2:
        return "zh"
    ranked = sorted(written_with_spaces(), key=lambda lang: -counts[lang])
    best, second = ranked[0], ranked[1]
    clear = counts[best] >= max(_MIN_WORDS, _OTHER_LANGUAGE * counts[second])
    return best if clear else None


def stray_language(text: str, counts: Counter[str], asked: str, evidence: Evidence) -> str | None:
    """The language of a passage that is long enough to tell and not in `asked`, quotes aside."""
    if not _is_other(counts, asked):
        return None
    parts, at = [], 0
    for quote in evidence.quotes(text):
        parts.append(text[at : quote.start])
        at = quote.end
    own = tally(evidence.read("".join((*parts, text[at:]))))
    return language_of(own) if _is_other(own, asked) else None


def _is_other(counts: Counter[str], asked: str) -> bool:
    return counts[_ALL] >= _PASSAGE_WORDS and language_of(counts) not in (None, asked)
