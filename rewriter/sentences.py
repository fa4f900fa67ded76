"""Splitting text into sentences, one way for cleaner, completers and checks."""

from __future__ import annotations

from sentencex import segment


def split_sentences(text: str, lang: str = "en") -> tuple[str, ...]:
    """The sentences of `text` in order, stripped, none empty; abbreviations follow `lang`.

    >>> split_sentences("It cost $2.56 billion. Dr. Wu agreed.")
    ('It cost $2.56 billion.', 'Dr. Wu agreed.')
    """
    return tuple(stripped for part in segment(lang, text) if (stripped := part.strip()))
