"""Text of strangers in front matter: plain, whatever it brings."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewriter.text.plain import plain_label, plain_text, web_address

CODE = re.compile(r"\{\{|\{[%#]|<[\w%?!/]|[%?]>|[$#@]\{")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ferry <script>alert(1)</script> grows", "Ferry alert(1) grows"),
        ("Ferry {{ site.key }} grows", "Ferry grows"),
        ("Ferry {% include x %}{# y #} grows", "Ferry grows"),
        ("Ferry <%= key %> <?php echo 1 ?> grows", "Ferry grows"),
        ("Ferry <img src=x onerror=alert(1)", "Ferry img src=x onerror=alert(1)"),
        ("Ferry ${key} `x`", "Ferry key} x"),
        ("AT&T: 3 < 4, R&D", "AT&T: 3 < 4, R&D"),
    ],
)
def test_markup_and_template_code_are_taken_out(text: str, expected: str) -> None:
    assert plain_text(text) == expected


@given(st.text(alphabet="{}%#<>?!/ab $@`-", max_size=60))
def test_nothing_that_a_generator_runs_is_left(text: str) -> None:
    assert not CODE.search(plain_text(text))


@pytest.mark.parametrize(
    "label",
    ["prize.example", "see https://x", "@prizebot", "call +44 20 7946 0991", "a > b", "w" * 61],
)
def test_an_advertisement_is_no_label(label: str) -> None:
    assert plain_label(label) == ""


@pytest.mark.parametrize(
    "label", ["FERRIES", "Formula 1", "C#", "S&P 500", "Häfen", "港口", "2026"]
)
def test_a_label_stays_as_it_is(label: str) -> None:
    assert plain_label(label) == label


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//x.example",
        "/a.png",
        "http://a b",
        'https://a"><b',
    ],
)
def test_only_addresses_of_the_web_stay(address: str) -> None:
    assert web_address(address) == ""


def test_an_address_of_the_web_stays_as_it_is() -> None:
    assert web_address("https://a.example/b.png?w=1&h=2") == "https://a.example/b.png?w=1&h=2"
