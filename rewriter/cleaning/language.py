"""The language of an article, where the input does not declare it."""

from __future__ import annotations

from functools import cache
from typing import Any

# What newsrooms publish in; more candidates only add mistakes on short texts.
LANGUAGES = (
    "en",
    "es",
    "de",
    "fr",
    "pt",
    "ru",
    "zh",
    "it",
    "nl",
    "pl",
    "ja",
    "ko",
    "tr",
    "uk",
    "ar",
)
# The classifier is sure long before this many characters; its time grows with the text.
_SAMPLE_CHARACTERS = 4_000
# Fewer letters than a short sentence has do not show a language.
_MIN_LETTERS = 20


def detect_language(text: str) -> str | None:
    """ISO 639-1 code of the language of `text`; None where it is too short to tell."""
    sample = text[:_SAMPLE_CHARACTERS]
    if sum(map(str.isalpha, sample)) < _MIN_LETTERS:
        return None
    language, _ = _classifier().classify(sample)
    return str(language)


@cache
def _classifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    classifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    classifier.set_languages(list(LANGUAGES))
    return classifier
