"""The notation tables: at least 98 of 100 ways of writing a figure or date are read right."""

from __future__ import annotations

import pytest

from tests.grounding.notation import read, table

TABLES = ("notation.tsv", "notation_later.tsv")


@pytest.mark.parametrize("name", TABLES)
def test_the_table_is_read_right(name: str) -> None:
    wrong = [
        f"{row.lang} {row.text!r}: {row.meaning!r}, read as {got!r}"
        for row in table(name)
        if (got := read(row.lang, row.text)) != row.meaning
    ]
    assert not wrong, "\n".join(wrong)


def test_there_are_enough_rows() -> None:
    assert [len(list(table(name))) >= 150 for name in TABLES] == [True, True]


@pytest.mark.parametrize("row", [row for row in table("notation.tsv") if row.lang == "en"])
def test_what_is_read_in_a_sentence_is_what_is_read_alone(row: tuple[str, str, str]) -> None:
    lang, text, meaning = row
    assert read(lang, f"They spoke of {text}, and nobody objected.") == meaning
