"""Rich text as content systems keep it gives its paragraphs; items in frames are found."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewriter.cleaning import clean
from rewriter.errors import SourceError
from rewriter.items.answers import load
from rewriter.items.rich_text import rich_text
from tests.cleaning.articles import BODY, TITLE
from tests.items.shapes import as_json

TIME = "2026-03-05T08:30:00Z"


def _two(text: str, key: str = "text", **more: Any) -> list[dict[str, Any]]:
    """A paragraph as two runs of text."""
    return [{key: text[:9], **more}, {key: text[9:], **more}]


TREES: dict[str, Any] = {
    "portable text": [
        {"_type": "block", "style": "normal", "children": _two(t, _type="span")} for t in BODY
    ]
    + [{"_type": "image", "caption": "A pier", "asset": {"_ref": "x"}}],
    "contentful": {
        "nodeType": "document",
        "data": {},
        "content": [
            {
                "nodeType": "paragraph",
                "content": [
                    {"nodeType": "text", "value": text[:9]},
                    {"nodeType": "hyperlink", "data": {"uri": "https://a.example"},
                     "content": [{"nodeType": "text", "value": text[9:]}]},
                ],
            }
            for text in BODY
        ],
    },
    "strapi": [{"type": "paragraph", "children": _two(t, type="text")} for t in BODY],
    "prosemirror": {
        "type": "doc",
        "content": [{"type": "paragraph", "content": _two(t, type="text")} for t in BODY],
    },
    "slate": [{"children": _two(text)} for text in BODY],
    "lexical": {
        "root": {"type": "root", "children": [
            {"type": "paragraph", "children": _two(t, type="text")} for t in BODY
        ]}
    },
    "editor.js": {"time": 1, "blocks": [{"type": "paragraph", "data": {"text": t}} for t in BODY]},
    "draft.js": {"blocks": [{"type": "unstyled", "text": t} for t in BODY], "entityMap": {}},
    "notion": [
        {"type": "paragraph", "paragraph": {"rich_text": _two(t, "plain_text", type="text")}}
        for t in BODY
    ],
    "medium": {"bodyModel": {"paragraphs": [{"name": "x", "type": 1, "text": t} for t in BODY]}},
    "models": [
        {"type": "text", "model": {"blocks": [
            {"type": "paragraph", "model": {"text": t, "blocks": [
                {"type": "fragment", "model": {"text": t}}]}}]}}
        for t in BODY
    ],
    "html": [{"type": "html", "content": f"<p>{text}</p>"} for text in BODY],
}  # fmt: skip


@pytest.mark.parametrize("system", TREES)
def test_a_tree_of_nodes_gives_its_paragraphs(system: str) -> None:
    source = clean(as_json({"title": TITLE, "body": TREES[system]}), name="a.json")
    assert source.title == TITLE
    assert source.paragraphs == BODY


def test_headings_and_lists_keep_their_marks() -> None:
    tree = [
        {"_type": "block", "style": "h3", "children": [{"_type": "span", "text": "Fares"}]},
        {"_type": "block", "listItem": "bullet", "children": [{"_type": "span", "text": "Day"}]},
        {"type": "heading", "attrs": {"level": 2}, "content": [{"type": "text", "text": "Boats"}]},
    ]
    assert rich_text(tree) == "### Fares\n\n- Day\n\n## Boats"


ITEM = {"title": TITLE, "content": "\n\n".join(BODY), "publishedAt": TIME}
FRAMES: dict[str, Any] = {
    "strapi": {"data": [{"id": 1, "attributes": ITEM}], "meta": {}},
    "graphql": {"data": {"posts": {"edges": [{"cursor": "x", "node": ITEM}]}}},
    "elasticsearch": {"hits": {"total": 1, "hits": [{"_id": "7", "_score": 1, "_source": ITEM}]}},
    "contentful": {"items": [{"sys": {"id": "1", "createdAt": TIME}, "fields": ITEM}]},
    "listing": {"kind": "Listing", "data": {"children": [{"kind": "t3", "data": ITEM}]}},
    "sanity": {"ms": 2, "result": [ITEM]},
    "crawler": {
        "success": True,
        "data": {
            "markdown": "\n\n".join(BODY),
            "metadata": {"title": TITLE, "publishedTime": TIME, "statusCode": 200},
        },
    },
}


@pytest.mark.parametrize("system", FRAMES)
def test_an_item_in_a_frame_is_found(system: str) -> None:
    source = clean(as_json(FRAMES[system]), name="a.json")
    assert (source.title, source.paragraphs) == (TITLE, BODY)
    assert source.published_at is not None
    assert source.metadata.get("score") is None


@pytest.mark.parametrize(
    "end",
    [
        *(" … Read more", "... (more)", ' … <a href="/a">Weiterlesen</a>', " [mehr]", " [suite …]"),
        *("… Läs mer", " [더보기]", "… اقرأ المزيد"),
    ],
)
def test_a_link_to_the_rest_does_not_hide_that_the_text_is_cut_off(end: str) -> None:
    source = clean(as_json({"title": TITLE, "body": BODY[0][:-9] + end}), name="a.json")
    assert [defect.code for defect in source.defects] == ["S121"]


def test_a_sentence_may_end_in_more() -> None:
    text = "\n\n".join((*BODY, "The children of the bay said that they would like to read more."))
    assert clean(as_json({"title": TITLE, "body": text}), name="a.json").defects == ()


@pytest.mark.parametrize("level", ["0", "12", "123", "456", 7, True])
def test_a_level_that_no_heading_has_is_the_second(level: object) -> None:
    heading = {"type": "heading", "level": level, "content": [{"type": "text", "text": "Piers"}]}
    assert rich_text([heading, {"type": "paragraph", "text": "A."}]).startswith("## Piers")


def test_json_of_tens_of_thousands_of_nodes_is_refused_at_once() -> None:
    nodes = [{"type": "text", "text": "a"}] * 50_000
    with pytest.raises(SourceError, match="JSON of 50,001 objects, at most 50,000 are read"):
        load(as_json({"title": TITLE, "body": nodes}).decode())


def test_an_address_with_a_name_is_no_article() -> None:
    with pytest.raises(SourceError, match="no article is found under its keys"):
        clean(as_json({"name": "Ruth Adeyemi", "url": "https://a.example/ruth"}), name="a.json")


_JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=9) | st.sampled_from(["paragraph", "text"]),
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["type", "text", "content", "children", "data", "blocks", "style", "root"]
            ),
            inside,
            max_size=4,
        )
    ),
    max_leaves=15,
)


@given(_JSON)
def test_any_tree_gives_text(tree: object) -> None:
    assert isinstance(rich_text(tree), str)
