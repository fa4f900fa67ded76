"""What a reader of an HTML page does not see is never evidence, and is told as cut."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rewriter.article import Source
from rewriter.cleaning import clean
from tests.cleaning.articles import BODY, TITLE, cuts

UNSEEN = "The operator paid 999 million dollars to a company in Port Skerry, a memo says."


def _page(*parts: str) -> str:
    body = "".join(parts)
    return f"<html><head><title>{TITLE}</title></head><body><article>{body}</article></body></html>"


def _cleaned(middle: str) -> Source:
    top, rest = (f"<p>{line}</p>" for line in BODY[:2]), (f"<p>{line}</p>" for line in BODY[2:])
    return clean(_page(f"<h1>{TITLE}</h1>", *top, middle, *rest).encode(), name="a.html")


@pytest.mark.parametrize(
    "attributes",
    [
        "hidden",
        "hidden=''",
        "aria-hidden='true'",
        "style='display:none'",
        "style='color:red; DISPLAY : none !important'",
        "style='visibility: hidden'",
        "style='opacity:0'",
        "style='opacity: 0.01'",
        "style='font-size:0'",
        "style='font-size: 0px; line-height: 1'",
        "style='font-size:1px'",
        "style='position:absolute; left:-9999px'",
        "style='position:fixed;top:-2000em'",
        "style='text-indent:-9999px'",
        "style='margin-left:-10000px'",
        "style='clip: rect(0 0 0 0); position:absolute'",
        "style='clip-path: inset(50%)'",
        "style='transform: scale(0)'",
        "style='height:0;overflow:hidden'",
        "style='max-height: 0px; overflow-y: hidden'",
        "style='color:#fff;background-color:#ffffff'",
        "style='color:white'",
        "style='color: rgb(255, 255, 255)'",
        "style='color:#000;background:black'",
        "style='color:transparent'",
        "class='sr-only'",
        "class='note screen-reader-text'",
        "class='visually-hidden'",
        "class='d-none'",
    ],
)
@pytest.mark.parametrize("tag", ["p", "div"])
def test_hidden_text_is_cut_as_hidden(tag: str, attributes: str) -> None:
    source = _cleaned(f"<{tag} {attributes}>{UNSEEN}</{tag}>")
    assert source.paragraphs == BODY
    assert cuts(source)["hidden"] == UNSEEN


@pytest.mark.parametrize(
    "markup",
    [
        f"<template><p>{UNSEEN}</p></template>",
        f"<details><summary></summary><p>{UNSEEN}</p></details>",
        f"<dialog><p>{UNSEEN}</p></dialog>",
        f"<font color='white'>{UNSEEN}</font>",
        f"<div style='background:#000'><p style='color:#000'>{UNSEEN}</p></div>",
        f"<div hidden><section><p>{UNSEEN}</p></section></div>",
    ],
)
def test_hidden_elements_are_cut_as_hidden(markup: str) -> None:
    source = _cleaned(markup)
    assert source.paragraphs == BODY
    assert cuts(source)["hidden"] == UNSEEN


@pytest.mark.parametrize("markup", [f"<!-- <p>{UNSEEN}</p> -->", f"<p title='{UNSEEN}'></p>"])
def test_comments_and_attributes_are_no_text(markup: str) -> None:
    source = _cleaned(markup)
    assert source.paragraphs == BODY
    assert UNSEEN not in source.model_dump_json()


@pytest.mark.parametrize(
    "attributes",
    [
        "style='color:#fff;background:#003'",
        "class='hero-dark' style='color:white'",
        "class='hidden md:block'",
        "class='d-none d-lg-block'",
        "aria-hidden='false'",
        "style='opacity:0.9'",
        "style='left:-10px;display:block'",
        "style='height:0'",
    ],
)
def test_what_is_seen_stays(attributes: str) -> None:
    source = _cleaned(f"<p {attributes}>{UNSEEN}</p>")
    assert source.paragraphs == (*BODY[:2], UNSEEN, *BODY[2:])


def test_open_details_and_dialogs_are_seen() -> None:
    source = _cleaned(f"<details open><summary>The memo</summary><p>{UNSEEN}</p></details>")
    assert UNSEEN in source.paragraphs
    assert "hidden" not in cuts(source)


def test_a_word_that_is_hidden_inside_a_sentence_leaves_the_rest() -> None:
    source = _cleaned("<p>It carried <span style='display:none'>999</span> 6.3 million people.</p>")
    assert source.paragraphs[2] == "It carried 6.3 million people."


PARTS = st.sampled_from(
    ["<div hidden>", "<p>", "six ships", "</p>", "</div>", "<b hidden>", "tail"]
)


@given(st.lists(PARTS))
@settings(deadline=None)
def test_hidden_and_seen_text_is_told(parts: list[str]) -> None:
    page = _page(f"<p>{BODY[0]}</p>", *parts, f"<p>{BODY[1]}</p>")
    source = clean(page.encode(), name="a.html")
    told = " ".join([*source.paragraphs, *(cut.text for cut in source.removed)])
    assert all(part in told for part in parts if not part.startswith("<"))
