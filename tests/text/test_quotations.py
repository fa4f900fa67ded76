"""Quotes are found in the marks of every language, and an apostrophe is none."""

from __future__ import annotations

import pytest

from rewriter.text.quotations import quoted_spans, quotes_in


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("Er sagte: »Wir gehen«, und »wir bleiben«.", ["Wir gehen", "wir bleiben"]),
        ("»Vi går nu», sade Berg, och ”vi stannar”.", ["Vi går nu", "vi stannar"]),
        ("›Wir gehen‹, ‚wir bleiben‘ und „wir ‚alle‘ kommen“.", 3),
        ("« Nous l’avons », dit-il de l’eau d’ici.", [" Nous l’avons "]),
        ("``We go,'' he said. ''We stay,'' and ‘‘we come’’.", ["We go,", "We stay,", "we come"]),
        ("「行く」と『来る』と｢待つ｣", ["行く", "来る", "待つ"]),
        ("‘The players’ union has said so.’ It’s O’Brien’s.", 1),
        (
            "'The owners' deal is off,' he said. 'It's dead'",
            ["The owners' deal is off,", "It's dead"],
        ),
        ("The ‘big losers’ say it’s the ‘worst case’ for owners’ groups.", 2),
        ("'s avonds zei hij: 'Wij gaan 's avonds naar zee'.", ["Wij gaan 's avonds naar zee"]),
        ("un po’ di ‘vita d’oro’ all’inizio dell’‘oro nero’", ["vita d’oro", "oro nero"]),
        ("“The ‘old’ town” (‘digital gold’)—‘and more’", 3),
        ("The players’ union, rock ’n’ roll, the '90s, the girls', 'tis O'Brien's.", []),
        ("п'ять об'єктів, Ankara’nın, l’Allemagne, 6' 2\" tall and 5'11''", []),
        ("Home » News » Sport « back", []),
        ("‘One line\nand another’", []),
    ],
)
def test_quotes_are_told_from_apostrophes(text: str, quotes: list[str] | int) -> None:
    found = [text[start:end] for start, end in quoted_spans(text, "en")]
    assert quotes == (len(found) if isinstance(quotes, int) else found)


def test_single_marks_in_korean_set_off_terms() -> None:
    quotes = [quote.words for quote in quotes_in("‘안전’이라고 “댐 수위”를 말했다", "ko")]
    assert quotes == [["댐", "수위"]]


@pytest.mark.parametrize("unit", ["'a ", "»a ", "”a ", "‚a ", "'' ", "`` ", "a' ", "« ", "'a's b "])
def test_marks_that_nothing_closes_take_linear_time(unit: str) -> None:
    assert len(list(quoted_spans(unit * 50_000))) <= 50_000
