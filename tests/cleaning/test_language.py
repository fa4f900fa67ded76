"""The language of an article is told from all of it, in bounded time."""

from __future__ import annotations

import subprocess
import sys

import pytest

from rewriter.cleaning.language import detect_language

TEXTS = {
    "en": "The council approved the new bridge on Monday after years of debate. ",
    "de": "Der Stadtrat hat am Montag nach jahrelanger Debatte die neue Brücke beschlossen. ",
    "fr": "Le conseil municipal a approuvé lundi le nouveau pont après des années de débat. ",
    "ru": "Городской совет в понедельник после многолетних споров одобрил новый мост. ",
    "zh": "市议会经过多年辩论后于周一批准了新的大桥项目。",
    "sv": "Kommunfullmäktige godkände på måndagen den nya bron efter många års debatt. ",
    "cs": "Zastupitelstvo v pondělí po letech debat schválilo stavbu nového mostu přes řeku. ",
    "el": "Το δημοτικό συμβούλιο ενέκρινε τη Δευτέρα τη νέα γέφυρα μετά από χρόνια συζητήσεων. ",
    "vi": "Hội đồng thành phố hôm thứ Hai đã phê duyệt cây cầu mới sau nhiều năm tranh luận. ",
    "fi": "Kaupunginvaltuusto hyväksyi maanantaina uuden sillan vuosien keskustelun jälkeen. ",
    "hu": "A városi tanács hétfőn többéves vita után jóváhagyta az új híd megépítését. ",
}


@pytest.mark.parametrize("times", [1, 200])
@pytest.mark.parametrize("language", TEXTS)
def test_short_and_long_texts_show_their_language(language: str, times: int) -> None:
    assert detect_language(TEXTS[language] * times) == language


@pytest.mark.parametrize("language", TEXTS)
def test_a_passage_in_another_language_at_the_start_does_not_decide(language: str) -> None:
    other = TEXTS["fr" if language == "en" else "en"]
    assert detect_language(other * 15 + TEXTS[language] * 60) == language


def test_a_few_letters_show_none() -> None:
    assert detect_language("2026: 1,234") is None


@pytest.mark.slow
def test_a_temporary_folder_that_takes_nothing_is_no_hindrance() -> None:
    """The language model is unpacked in memory."""
    program = (
        "import tempfile; tempfile.tempdir = '/nowhere';"
        "from rewriter.cleaning.language import detect_language;"
        "print(detect_language('Die Stadt hat sechs neue Fähren gekauft und baut einen Anleger.'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "de\n"
