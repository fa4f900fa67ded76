"""Selectors of style sheets name the elements that a browser takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from rewriter.cleaning import clean
from rewriter.cleaning.formats.selectors import Matcher, key_of, read_selector, split_selectors
from rewriter.errors import SourceError

_PAGE = html.document_fromstring(
    "<html><body><main id='top'><h2>Tides</h2><p class='lead x'>One</p>"
    "<p data-kind='memo note'>Two</p><div><p lang='de-AT' title='a, b'>Three</p></div>"
    "<p id='end' class='md:block'>Four</p></main></body></html>"
)


def _named(selector: str) -> str:
    read, matcher = read_selector(selector), Matcher()
    assert read is not None
    return " ".join(p.text for p in _PAGE.iter("p") if matcher.fits(p, read))


@pytest.mark.parametrize(
    ("selector", "named"),
    [
        ("p", "One Two Three Four"),
        ("main > p", "One Two Four"),
        ("#top .lead.x", "One"),
        ("[data-kind]", "Two"),
        ("p[data-kind=memo]", ""),
        ("p[data-kind~='memo']", "Two"),
        ('[class^="le"]', "One"),
        ("[class$=x]", "One"),
        ("[title*=', b']", "Three"),
        ("[lang|=de]", "Three"),
        ("h2 + p", "One"),
        ("h2 ~ p", "One Two Four"),
        ("p:first-child", "Three"),
        ("p:last-child", "Three Four"),
        ("main > :nth-child(3)", "Two"),
        ("p:nth-of-type(2n+1)", "One Three Four"),
        ("p:nth-last-of-type(2)", "Two"),
        ("p:only-child", "Three"),
        ("p:not(.x):not([lang])", "Two Four"),
        (":is(.lead, #end)", "One Four"),
        (":root main > .md\\:block", "Four"),
        ("p:hover", ""),
        ("p:not(:hover)", "One Two Three Four"),
        ("p::before", ""),
    ],
)
def test_a_selector_names_what_a_browser_takes(selector: str, named: str) -> None:
    assert _named(selector) == named


def test_commas_inside_of_brackets_part_no_selectors() -> None:
    assert split_selectors(".a,:is(.b,.c),[title='d,e']") == (".a", ":is(.b,.c)", "[title='d,e']")


@given(st.text(alphabet="abpx.#>+~*:[]()=\"'\\ ,n12é", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    for one in split_selectors(text):
        key_of(one)
        if (selector := read_selector(one)) is not None:
            assert isinstance(Matcher().fits(_PAGE[0][0], selector), bool)


def test_more_rules_than_a_page_needs_are_refused() -> None:
    rules = "".join(f"h2 ~ h3 ~ p{{opacity:0.0{n % 9}}}" for n in range(2_000))
    page = f"<html><body><style>{rules}</style>{'<p>Tide</p>' * 2_000}</body></html>"
    with pytest.raises(SourceError, match="too many rules"):
        clean(page.encode(), name="a.html")
