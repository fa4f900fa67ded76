"""S113, S115: are tags, category, topic and field a few plain words of the source?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from rewriter.article import HIDDEN, ORDER, Finding, Passage, Rewrite, Severity
from rewriter.checks.evidence.addresses import links_in
from rewriter.checks.evidence.index import Evidence, of_source, set_of_source
from rewriter.checks.evidence.mentions import CAPITALISED, STOP_WORDS
from rewriter.checks.evidence.reading import stem
from rewriter.checks.lexicon import function_words, regions, themes, word_set
from rewriter.checks.lexicon.common import is_common, is_common_plural
from rewriter.checks.names.known import knows
from rewriter.checks.names.lands import is_league_of_clubs
from rewriter.rules import Rules
from rewriter.text.tokens import DENSE, Token

# A tag or category is a name or a theme. A topic and a field have the prompt's own bound on words.
_MOST_WORDS, _MOST_CHARACTERS = 5, 60
_SIGNS = re.compile(r"[^\w\s&'’./+#·–%€$£\N{COMBINING ACUTE ACCENT}-]|_")
_ADDRESS = frozenset({"you", "your", "yours", "we", "our", "my", "dein", "deine", "votre", "vous"})
_PROSE_SIGNS = re.compile(r"[<>{}\[\]|\\=*_~^@`;!?：；！？]")
_DENSE = re.compile(f"[{DENSE}]")
_PROMOTIONAL = word_set("promotional")
# Sections that tell what an article is about.
_NEWS = frozenset({"overview", "details"})
# Letters by which a word is found in another form, from which on it is found inside another, and of
# an ending.
_BEGINNING = 5
_COMPOUND = 4
_ENDING = 3
# Digits of a number that belongs to a name: "COVID-19".
_SHORT_NUMBER = 2
# Content words of a label, none of which the source has, that may be an editor's own: "commuters",
# "the wider market".
_MOST_OWN, _MOST_OWN_IN_HEADING = 1, 2


def labels_of(rewrite: Rewrite, rules: Rules) -> Iterator[Passage]:
    """The tags and the category as passages; a category from the rules' list needs no check."""
    for number, tag in enumerate(rewrite.tags, 1):
        yield Passage("tags", f"tag {number}", tag)
    if rewrite.category and not rules.categories:
        yield Passage("category", "", rewrite.category)


def check_labels(rewrite: Rewrite, evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """Yield S115 for a label that is no plain text or none of the source, S113 for a new theme.

    Labels are tags, category, topic and field. The rewrite's own text bears them out, too: the
    names in it are checked themselves. A paragraph of the source that speaks of something else than
    the others does not, if neither overview nor details have the word. A heading may have its
    words, but not its names.
    """
    prose = [passage for passage in rewrite.passages() if passage.place != "heading"]
    body, news = (
        f" {_folded(' '.join(p.text for p in prose if p.section in sections).lower())}"
        for sections in ({p.section for p in prose}, _NEWS)
    )
    headings = (passage for passage in rewrite.passages() if passage.place == "heading")
    for label in (*labels_of(rewrite, rules), *headings):
        yield from _check(label, evidence, body, news)


def _check(label: Passage, evidence: Evidence, body: str, news: str) -> Iterator[Finding]:
    text, strict = label.text, label.place != "heading"
    if told := _form(text, strict=strict):
        yield _finding("S115", label, f"{text!r} {told}")
        return
    words = [t for t in evidence.words_in(text) if not _is_function_word(_plain(t))]
    own = [word for word in words if not _is_borne(word, evidence, body, news)]
    if not own or _is_borne_by_signs(text, evidence, body):
        return
    named = ", ".join(repr(word.text) for word in own)
    new = len(own) == len(words)
    strange = evidence.strangers.words
    if label.place == "heading":  # its names are checked as those of any passage
        if advertising := next((w for w in own if _plain(w) in _PROMOTIONAL), None):
            yield _finding("S115", label, f"{advertising.text!r} of {text!r} advertises")
        elif name := next((w for w in own if w.text[0].isupper() and _is_name(w, evidence)), None):
            told = "is only in a paragraph that speaks of something else than the others"
            yield _finding("S115", label, f"{name.text!r} of {text!r} {told}")
        elif new and sum(_plain(word) not in strange for word in own) > _MOST_OWN_IN_HEADING:
            yield _finding("S115", label, f"the source has no word of {text!r}")
    elif not all(_is_plain(word, evidence) for word in own) or (new and len(own) > _MOST_OWN):
        yield _finding("S115", label, f"{text!r} is not from the source; it does not have {named}")
    elif new:
        told = f"neither the source nor the rewrite has a word of {text!r}"
        yield _finding("S113", label, told, severity="info")


def _finding(code: str, label: Passage, message: str, severity: Severity = "error") -> Finding:
    return Finding(
        code=code, severity=severity, section=label.section, place=label.place, message=message
    )


def _form(text: str, *, strict: bool) -> str:
    """Why a label is no plain text, empty where it is."""
    if not text.strip():
        return "is empty"
    if links_in(text):
        return "has an address; a label has none"
    if sign := (_SIGNS if strict else _PROSE_SIGNS).search(text):
        return f"has the sign {sign[0]!r}; a label is plain words"
    if _ADDRESS & set(text.lower().split()):
        return "speaks to somebody; a label names a thing"
    if strict and (len(text.split()) > _MOST_WORDS or len(text) > _MOST_CHARACTERS):
        return f"is longer than {_MOST_WORDS} words or {_MOST_CHARACTERS} characters"
    return ""


def _is_plain(word: Token, evidence: Evidence) -> bool:
    """Whether a word that nothing bears out can be an editor's: no name, no advertisement."""
    lower = _plain(word)
    if lower in _PROMOTIONAL:
        return False
    if evidence.lang == "en":
        return is_common(word.lower) or is_common_plural(word.lower)
    # Of other languages no common words are known: a word that no part of the page has is the
    # writer's own.
    if not lower.isalpha() or lower in _told(evidence):
        return False
    if lower in evidence.strangers.words:
        return not _is_name(word, evidence) and lower != lower.upper()
    return True


@set_of_source
def _told(evidence: Evidence) -> Iterator[str]:
    """The words of what the page does not show or says to a model."""
    texts = (text for reason, text in evidence.removed if reason in (ORDER, HIDDEN))
    return (word.lower() for text in texts for word in evidence.wording(text))


def _is_name(word: Token, evidence: Evidence) -> bool:
    """Whether a word of strange paragraphs is written small nowhere in them."""
    lower = _plain(word)
    if evidence.lang not in CAPITALISED:  # every noun has a capital
        return False
    written = re.compile(rf"(?<!\w){re.escape(lower)}(?!\w)")
    return lower in evidence.strangers.words and not any(
        written.search(text) for text in evidence.strangers.texts
    )


def _is_borne(word: Token, evidence: Evidence, body: str, news: str) -> bool:
    lower = _plain(word)
    if word.kind != "number" and _is_theme(lower, evidence.lang):
        return True
    if lower in evidence.strangers.words and not is_league_of_clubs(lower, evidence.names):
        return re.search(rf"(?<!\w){re.escape(lower)}", news) is not None
    if knows(word, evidence.names) or stem(lower) in evidence.names.stems:
        return True
    known = _known_words(evidence)
    if lower in _PROMOTIONAL or word.kind == "number":
        return f" {lower} " in known or (word.kind == "number" and len(lower) <= _SHORT_NUMBER)
    parts = re.split(r"[-/.&]", lower) if len(lower) > _BEGINNING else [lower]
    texts = (known, body)
    if len(lower) >= _COMPOUND and any(lower in text for text in texts):
        return True
    beginnings = (part[: min(_BEGINNING, max(_COMPOUND, len(part) - 1))] for part in parts if part)
    return all(any(f" {beginning}" in text for text in texts) for beginning in beginnings)


def _is_borne_by_signs(text: str, evidence: Evidence, body: str) -> bool:
    """Whether most signs of a label in Chinese or Japanese are the source's, or a theme's."""
    signs = _DENSE.findall(text)
    if not signs:
        return False
    known = evidence.source.title + evidence.source.body + body
    pairs = ["".join(pair) for pair in pairwise(signs)] or signs
    themed = any(theme in text for theme in themes() if _DENSE.match(theme))
    return themed or sum(pair in known for pair in pairs) * 2 >= len(pairs)


def _is_theme(word: str, lang: str) -> bool:
    """Whether a word is a theme, one with an ending, or in German a compound with one."""
    if word in themes() or word in regions():
        return True
    begins = any(
        word[:n] in themes() for n in range(max(_COMPOUND, len(word) - _ENDING), len(word))
    )
    return begins or (lang == "de" and any(theme in word for theme in _long_themes()))


@cache
def _long_themes() -> tuple[str, ...]:
    return tuple(theme for theme in themes() if len(theme) >= _BEGINNING)


def _plain(word: Token) -> str:
    return _folded(word.lower).removesuffix("'s")


def _folded(text: str) -> str:
    """Lower-case text with one "i": Turkish has two, which a label in capitals confuses."""
    return text.replace("i\N{COMBINING DOT ABOVE}", "i").replace("ı", "i")


def _is_function_word(word: str) -> bool:
    return word in STOP_WORDS or word in function_words()


@of_source
def _known_words(evidence: Evidence) -> str:
    """The words of the source, its title and the labels that it brings, as one text."""
    about = evidence.source
    tags = about.metadata.get("tags") or ()
    labels = (about.title, about.publisher, about.metadata.get("category"), *tags)
    extra = [word for label in labels if label for word in evidence.wording(str(label))]
    return _folded(f" {' '.join((*evidence.words, *extra))} ")
