"""The grammar reads any text without failing, and reads back what it is given."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rewriter.text.quantities import LANGUAGES, read_facts
from rewriter.text.quantities.numerals import parse_digits
from rewriter.text.tokens import tokenize

LANGS = st.sampled_from(LANGUAGES)
# Pieces that the grammar knows, in orders that nobody writes.
_PIECES = """
1 12 3.5 1,000 1.000 2025 ½ / - – : . , $ € HK US % million bn K m two half a an third of and in
five March May Tuesday Q3 FY2025 percent points times dollars pounds years km euros Mrd 亿 百分之 三
分 之 二 年 月 日 quatre vingt mil und zwanzig тысяч до at least + x '
"""
PIECES = st.sampled_from([*_PIECES.split(), "\n"])
MESS = st.lists(PIECES, max_size=30).flatmap(
    lambda parts: st.sampled_from([" ", ""]).map(lambda glue: glue.join(parts))
)
TEXT = st.one_of(st.text(max_size=80), MESS)


@settings(max_examples=120)
@given(text=TEXT, lang=LANGS)
def test_any_text_is_read_and_every_fact_has_its_place(text: str, lang: str) -> None:
    facts = read_facts(text, lang)
    for quantity in facts.quantities:
        assert 0 <= quantity.start < quantity.end <= len(text)
        assert quantity.value.is_finite()
    for moment in facts.moments:
        assert 0 <= moment.start < moment.end <= len(text)


@settings(max_examples=100)
@given(text=st.text(max_size=80), lang=LANGS)
@example(text="0·0 l’eau", lang="en")
@example(text="0'A Ankara'nın", lang="tr")
def test_tokens_are_the_text_without_its_white_space(text: str, lang: str) -> None:
    tokens = tokenize(text, lang)
    plain = re.sub(r"(?<=\d)[・･·](?=\d)", ".", text).replace("’", "'")
    assert [t.text for t in tokens] == [plain[t.start : t.end] for t in tokens]
    between = zip(
        [0, *(t.end for t in tokens)], [*(t.start for t in tokens), len(text)], strict=True
    )
    # A Turkish case ending is no token of its own.
    ending = r"'[^\W\d_]+" if lang == "tr" else r"\s"
    assert all(not re.sub(ending, "", plain[start:end]).strip() for start, end in between)


@settings(max_examples=80)
@given(amount=st.integers(1, 10**12), style=st.sampled_from(["en", "de", "fr", "es"]))
def test_a_grouped_number_is_read_in_its_languages_notation(amount: int, style: str) -> None:
    mark = {"en": ",", "de": ".", "fr": "\u202f", "es": "."}[style]
    written = f"{amount:,}".replace(",", mark)
    (quantity,) = read_facts(f"x {written} dollars", style).quantities
    assert quantity.value == amount


@settings(max_examples=80)
@given(
    amount=st.decimals(Decimal("0.01"), Decimal("999.99"), places=2),
    scale=st.sampled_from([("million", 6), ("billion", 9), ("trillion", 12)]),
    shape=st.sampled_from(["${} {}", "US${} {}", "{} {} dollars", "{} {} US dollars", "USD {} {}"]),
)
def test_an_amount_is_the_same_in_every_notation(
    amount: Decimal, scale: tuple[str, int], shape: str
) -> None:
    word, power = scale
    (quantity,) = read_facts(f"It cost {shape.format(amount, word)} then.").quantities
    assert (quantity.kind, quantity.unit) == ("money", "USD")
    assert quantity.value == amount.scaleb(power)


@pytest.mark.parametrize(
    ("text", "comma", "value"),
    [
        ("1,234", False, "1234"),
        ("1,234", True, "1.234"),
        ("1.234", False, "1.234"),
        ("1.234", True, "1234"),
        ("1.234.567", False, "1234567"),
        ("1,234.50", False, "1234.50"),
        ("1.234,50", False, "1234.50"),
        ("0,125", False, "0.125"),
        ("0.125", True, "0.125"),
        ("4,20,00,000", False, "42000000"),
    ],
)
def test_separators_are_read_by_language_and_shape(text: str, comma: bool, value: str) -> None:
    parsed = parse_digits(text, comma)
    assert parsed is not None
    assert parsed[0] == Decimal(value)


@pytest.mark.parametrize("text", ["7" * 31, "1,2,3", "1.2.3.4", "1,23"[:-1] + ",5,"])
def test_what_is_no_number_is_not_read_as_one(text: str) -> None:
    assert parse_digits(text.strip(","), comma_decimal=False) is None


@pytest.mark.parametrize("text", ["1. Debt", "## 1. Debt", "Debt\n2) Costs", "3、债务"])
def test_a_list_mark_is_no_figure(text: str) -> None:
    assert not read_facts(text).quantities


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["7", ",", "1,", '"', "$", "½", "1/", "2025 ", "a-", "三"])
def test_a_long_run_of_anything_is_read_in_one_pass(unit: str) -> None:
    text = unit * 20_000
    assert len(read_facts(text, "en").quantities) <= len(text)
