"""HTML that is nested deeper than parsers read by default."""

from __future__ import annotations

import pytest

from rewriter.cleaning import clean
from rewriter.errors import SourceError
from tests.cleaning.articles import BODY


def _nested(levels: int) -> bytes:
    text = "".join(f"<p>{line}</p>" for line in BODY[:3])
    rest = "".join(f"<p>{line}</p>" for line in BODY[3:])
    page = f"<html><body>{'<div>' * levels}{text}{'</div>' * levels}{rest}</body></html>"
    return page.encode()


@pytest.mark.parametrize("levels", [3, 252, 256, 400])
def test_deep_text_is_read(levels: int) -> None:
    assert clean(_nested(levels), name="a.html").paragraphs == BODY


def test_deeper_text_is_refused() -> None:
    with pytest.raises(SourceError, match="nested more than 500 levels deep"):
        clean(_nested(600), name="a.html")


@pytest.mark.parametrize("value", ["", "=b", '="b c"', "='b'"])
def test_an_element_with_thousands_of_attributes_is_refused(value: str) -> None:
    attributes = " ".join(f"a{n}{value}" for n in range(50_000))
    page = f"<html><body><p {attributes}>{BODY[0]}</p></body></html>"
    with pytest.raises(SourceError, match="over 2,000 attributes"):
        clean(page.encode(), name="a.html")


def test_a_comparison_in_a_script_begins_no_element() -> None:
    code = "for (i = 0; i<n; i++) { " + "word " * 5_000 + "}"
    page = f"<html><body><script>{code}</script><p>{BODY[0]}</p><p>{BODY[0]}</p></body></html>"
    assert clean(page.encode(), name="page.html").paragraphs


def test_a_long_value_and_a_long_text_are_no_crowd_of_attributes() -> None:
    text = "".join(f"<p>{line}</p>" for line in BODY)
    page = f'<html><body><div style="{"color: red; " * 5_000}">{text}</div></body></html>'
    assert clean(page.encode(), name="a.html").paragraphs == BODY
    long = f"<html><body><p>{' '.join(BODY) * 40}</p></body></html>"
    assert clean(long.encode(), name="a.html").words > 2_000
