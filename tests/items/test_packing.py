"""Bodies that were packed once more, and JSON that is wrapped in a call."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewriter.cleaning import clean
from rewriter.items.packing import unpacked, without_call
from tests.cleaning.articles import BODY, TITLE
from tests.items.shapes import HTML, TEXT

_BASE64 = base64.b64encode(HTML.encode()).decode()


@pytest.mark.parametrize(
    "body",
    [
        {"content": _BASE64, "encoding": "base64"},
        {"html_base64": _BASE64.rstrip("=")},
        {"html": f"data:text/html;charset=utf-8;base64,{_BASE64}"},
        {"content": TEXT.replace("\n", "\\n")},
        {"content": HTML.replace("<", "&lt;").replace(">", "&gt;")},
        {"content": HTML.replace("<", "&amp;lt;").replace(">", "&amp;gt;")},
        {"body": {"raw": TEXT, "html": HTML}},
        {"summary": {"content": HTML, "direction": "ltr"}},
        {"raw_content": TEXT, "content": f"{BODY[0][:60]}..."},
    ],
)
def test_a_packed_body_is_read(body: dict[str, object]) -> None:
    source = clean(json.dumps({"title": TITLE, **body}).encode(), name="news.json")
    assert source.paragraphs == BODY
    assert source.defects == ()


@pytest.mark.parametrize(
    "item",
    [
        {"headlines": [{"value": TITLE}], "bodies": [{"role": "main", "value": HTML}]},
        {"titre": TITLE, "contenu": TEXT},
        {"título": TITLE, "contenido": TEXT},
        {"article": {"heading": TITLE, "articleText": HTML}},
        {"data": {"items": [{"item": {"headline": TITLE, "body_nitf": HTML}}]}},
        {"props": {"pageProps": {"post": {"headline": TITLE, "content": HTML}}}, "buildId": "a1"},
        {"items": [{"title": TITLE, "content": {"content": HTML}, "origin": {"title": "Ledger"}}]},
    ],
)
def test_more_shapes_give_their_article(item: dict[str, object]) -> None:
    source = clean(json.dumps(item).encode(), name="news.json")
    assert (source.title, source.paragraphs) == (TITLE, BODY)


@pytest.mark.parametrize("around", ["news.show({});", "/**/cb({})", ")]}}',\n{}", "for (;;);{}"])
def test_json_in_a_call_is_read(around: str) -> None:
    text = around.format(json.dumps({"title": TITLE, "text": TEXT}))
    assert clean(text.encode(), name="news.json").paragraphs == BODY


@pytest.mark.parametrize("text", ["Internationalization" * 4, "C:\\news\\new", TEXT, ""])
def test_plain_text_is_left_alone(text: str) -> None:
    assert unpacked(text) == text


@given(st.text(), st.sampled_from("({[<'"))
def test_any_text_is_taken(text: str, opening: str) -> None:
    assert isinstance(unpacked(text + opening), str)
    assert isinstance(without_call(opening + text), str)
