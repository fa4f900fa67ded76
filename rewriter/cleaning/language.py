"""The language of an article, where the input does not declare it, and words in other scripts."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import replace
from functools import cache, lru_cache
from io import BytesIO
from itertools import groupby
from types import SimpleNamespace
from typing import Any

from rewriter.cleaning import phrases
from rewriter.cleaning.page import Page
from rewriter.cleaning.reasons import Reason
from rewriter.text.tokens import DENSE

# What newsrooms publish in. Another language is told only where these together are less likely than
# `_LEAST_SHARE`: of 2,473 real texts in ten of these none was taken for another, and all of twelve
# texts of two or three sentences in Finnish, Danish, Thai and nine others were told.
LANGUAGES = ("en", "es", "de", "fr", "pt", "ru", "zh", "it", "nl", "pl", "ja", "ko", "tr", "uk",
             "ar")  # fmt: skip
# What APIs write instead of the code: a name, and ISO 639-2.
_NAMED = {name: code for code, *names in phrases.lines("languages") for name in names}
# Of these the ones that write the day before the month; in English either may stand first.
_DAY_FIRST = frozenset(LANGUAGES) - {"en", "zh", "ja", "ko"}
_DECLARED = re.compile(r"([A-Za-z]{2,3})(?:[-_].{0,20})?")
# The classifier's time grows with the text, and it is sure long before this many characters. Of
# 1,259 public articles pieces of 250 characters tell the same language. Of 1,500 texts each, put
# together of two of those articles, such pieces are wrong where a passage in another language makes
# up a fifth in 5.8 % (pieces of 250 in 5.3), and where it makes up a third in 13.7 % (14.3).
_PIECES = 4
_PIECE_CHARACTERS = 150
# Fewer letters than a short sentence has do not show a language; a character of a script without
# spaces is as good as a syllable or two.
_MIN_LETTERS = 20
# Fewer letters do not show a language that newsrooms seldom publish in.
_MIN_LETTERS_OTHER = 60
_LEAST_SHARE = 0.01
_DENSE = re.compile(f"[{DENSE}]")
_LETTERS_IN_DENSE = 3


def declared_language(declared: str | None) -> str | None:
    """The code of what an input declares ("de" of "de-AT", "deu", "German"); None where none."""
    said = (declared or "").strip().lower()
    if said in _NAMED:
        return _NAMED[said]
    code = _DECLARED.fullmatch(said)
    return _NAMED.get(code[1], code[1]) if code else None


def writes_day_first(language: str | None) -> bool:
    """True for a language in which "03/04/2026" is 3 April and nothing else."""
    return language in _DAY_FIRST


def tell_language(page: Page) -> Page:
    """The page with the language that its title and its text tell."""
    texts = (page.facts.title or "", *(block.text for _, block in page.kept()))
    return replace(page, lang=detect_language("\n".join(texts)))


def detect_language(text: str) -> str | None:
    """ISO 639-1 code of the language of `text`; None where it is too short to tell."""
    sample = _sample(text)
    dense = len(_DENSE.findall(sample))
    letters = sum(map(str.isalpha, sample)) + (_LETTERS_IN_DENSE - 1) * dense
    if letters < _MIN_LETTERS:
        return None
    shares: dict[str, float] = dict(_classifier().rank(sample))  # the likeliest first
    known = sum(map(shares.__getitem__, LANGUAGES))
    is_other = letters >= _MIN_LETTERS_OTHER and known < _LEAST_SHARE
    return next(code for code in shares if is_other or code in LANGUAGES)


def _sample(text: str) -> str:
    """Pieces from start to end: a page may open with a quote or a notice in another language."""
    room = len(text) - _PIECE_CHARACTERS
    if room <= (_PIECES - 1) * _PIECE_CHARACTERS:
        return text
    starts = (room * n // (_PIECES - 1) for n in range(_PIECES))
    return "\n".join(text[start : start + _PIECE_CHARACTERS] for start in starts)


class _InMemory(BytesIO):
    """What stands in for a temporary file."""

    def __init__(self, suffix: str = "") -> None:
        super().__init__()


@cache
def _classifier() -> Any:
    import numpy
    from py3langid import modelio
    from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier

    # The library unpacks the model in a temporary file, for which there may be no room or no right.
    modelio.tempfile = SimpleNamespace(TemporaryFile=_InMemory)
    model = modelio.load_model(MODEL_DIR / MODEL_FILE)
    weights, priors, languages, moves, rows, features = model
    # A feature's weights side by side, in the type that they are added up in: half of the time.
    table = numpy.asarray(weights, dtype="float32", order="C")
    return LanguageIdentifier(
        table, numpy.asarray(priors), languages, moves, features, norm_probs=True, tk_row=rows
    )


# --- fragments of other scripts ------------------------------------------------------------------

# A fragment has a few words; a longer passage, on one line or on several, is what somebody wrote.
_FRAGMENT_LETTERS = 40
# Share of Latin letters that makes another script a stranger in the article.
_LATIN_SHARE = 0.8

_BASIC_LATIN = re.compile("[A-Za-z]")
_EAST_ASIAN = "[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]"
_GLUED = re.compile(f"{_EAST_ASIAN}(?<=[a-z].){_EAST_ASIAN}{{0,39}}")


def cut_foreign_script(page: Page) -> Page:
    """Cut short passages without one Latin letter from an article in Latin script.

    The other way round nothing is cut: tickers and company names stand in Latin script everywhere.
    """
    cut: dict[int, Reason] = {}
    for foreign, group in groupby(page.kept(), key=lambda one: _is_foreign(one[1].text)):
        passage = list(group)
        if foreign and _letters("".join(b.text for _, b in passage)).total() <= _FRAGMENT_LETTERS:
            cut |= {i: Reason.FOREIGN_SCRIPT for i, _ in passage}
    letters = _letters("".join(block.text for _, block in page.kept()) if cut else "")
    is_latin = letters["LATIN"] > letters.total() * _LATIN_SHARE
    return page.cut(cut) if is_latin else page


def note_foreign_script(page: Page) -> Page:
    """Tell the editor of East Asian characters that hang on a Latin word; they are kept."""
    glued = (match[0] for _, block in page.kept() if (match := _GLUED.search(block.text)))
    return page.noted(
        *(f"Characters of another script were kept in the text: “{text}”." for text in glued)
    )


def _is_foreign(text: str) -> bool:
    if _BASIC_LATIN.search(text):
        return False
    letters = _letters(text)
    return not letters["LATIN"] and bool(letters) and not any(map(str.isdigit, text))


def _letters(text: str) -> Counter[str]:
    """Number of letters in each script, by the first word of their Unicode names."""
    counts: Counter[str] = Counter()
    for character, number in Counter(text).items():
        if character.isalpha():
            counts[_script(character)] += number
    return counts


@lru_cache(maxsize=4096)
def _script(character: str) -> str:
    return unicodedata.name(character, "UNNAMED").split()[0]
