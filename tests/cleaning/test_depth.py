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
