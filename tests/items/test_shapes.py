"""Each shape of item gives its article and its facts; excerpts, errors and other JSON are told."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewriter.cleaning import clean
from rewriter.errors import SourceError
from rewriter.items.fields import FIELDS
from tests.cleaning.articles import BODY, TITLE
from tests.items import shapes

UNNAMED = ("body", "content", "content, by id", "text", "paragraphs")


@pytest.mark.parametrize("shape", shapes.WHOLE)
def test_each_shape_gives_its_article(shape: str) -> None:
    source = clean(shapes.as_json(shapes.WHOLE[shape]), name="news.json")
    assert source.title == TITLE
    assert source.paragraphs[0].startswith(BODY[0])
    assert source.paragraphs[-1].endswith(BODY[-1])
    assert source.defects == ()
    assert source.url == shapes.URL
    assert source.lang == "en"
    assert source.published_at is not None
    if shape != "trafilatura":
        assert source.published_at == datetime(2026, 1, 29, 9, 15, tzinfo=UTC)


@pytest.mark.parametrize("shape", [name for name in shapes.WHOLE if name not in UNNAMED])
def test_each_named_shape_gives_author_and_publisher(shape: str) -> None:
    source = clean(shapes.as_json(shapes.WHOLE[shape]), name="news.json")
    assert source.author == (None if shape == "gnews" else "Ruth Adeyemi")
    assert source.publisher == (None if shape == "currents" else "Harbor Ledger")


@pytest.mark.parametrize("shape", shapes.EXCERPTS)
def test_an_excerpt_is_held_with_a_code_of_its_own(shape: str) -> None:
    source = clean(shapes.as_json(shapes.EXCERPTS[shape]), name="news.json")
    assert source.title == TITLE
    assert [defect.code for defect in source.defects] == ["S121"]


@pytest.mark.parametrize(
    "end",
    [
        "They will sail in June. The crossing will take 22 minutes and the boats",
        "It is the last order of the year, the yard said. The operator will pay for the ships with",
    ],
)
def test_a_long_body_that_breaks_off_is_an_excerpt(end: str) -> None:
    source = clean(shapes.as_json({"title": TITLE, "body": _long_body(end)}))
    assert [defect.code for defect in source.defects] == ["S121"]


@pytest.mark.parametrize(
    "end",
    [
        "Visit the harbour and the yard on our map of the whole coast",
        "They will sail in June. Order Reprints | Today’s Paper | Subscribe to our letter",
        "RUTH ADEYEMI IS THE HARBOR LEDGER’S EDITOR FOR THE COAST",
        "The ships of the operator: the Ellery, the Marrow, the Oduya and two without a name",
        "For more on the ferries, go and have a look at our series...",
    ],
)
def test_a_long_body_with_a_last_line_without_a_stop_is_whole(end: str) -> None:
    assert clean(shapes.as_json({"title": TITLE, "body": _long_body(end)})).defects == ()


def _long_body(end: str) -> str:
    parts = [f"{paragraph[:-1]} in part {n}." for n in range(6) for paragraph in BODY]
    return "\n\n".join([*parts, end])


@pytest.mark.parametrize(
    "end",
    ["Reporting by Ruth Adeyemi in Turku and Tom Arbuthnot", "Follow us on Mastodon"],
)
def test_an_article_that_ends_in_a_credit_is_whole(end: str) -> None:
    body = "\n\n".join([*BODY, end])
    assert clean(shapes.as_json({"title": TITLE, "body": body})).defects == ()


def test_text_that_was_taken_from_an_api_as_it_is_is_held_too() -> None:
    text = f"{TITLE}\n\n{BODY[0]}\n\n{BODY[1]} They sail… [+812 chars]"
    assert [defect.code for defect in clean(text.encode(), name="a.txt").defects] == ["S121"]


@pytest.mark.parametrize("api", shapes.ERRORS)
def test_the_error_of_an_api_is_quoted(api: str) -> None:
    answer, message = shapes.ERRORS[api]
    with pytest.raises(SourceError, match=f"answered with an error.*{message}"):
        clean(shapes.as_json(answer), name="news.json")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"articles": [], "status": "ok"}, "list “articles” is empty"),
        (
            {"name": "Calder", "port": 8080},
            r"keys \(name, port\); needed is text under .*articleBody",
        ),
        ([1, 2], "no object with an article; needed is"),
    ],
)
def test_other_json_is_refused_with_the_keys_that_would_do(value: Any, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        clean(shapes.as_json(value), name="news.json")


def test_json_is_read_as_such_whatever_the_name() -> None:
    for name in ("", "a.txt", "a.jsonl", "a.json#six-1a2b"):
        assert clean(shapes.as_json(shapes.NEWSAPI), name=name).kind == "json"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.dictionaries(
            st.sampled_from(["title", "body", "data", "articles", "error", "author", "date"])
            | st.text(max_size=5),
            inside,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_any_json_is_an_article_or_refused(value: Any) -> None:
    try:
        clean(shapes.as_json(value), name="news.json").model_dump_json()
    except SourceError as error:
        assert str(error)


def test_the_page_lists_every_field() -> None:
    page = (Path(__file__).parents[2] / "docs/reference/input-formats.md").read_text("utf-8")
    for row in ("title", "body", "summary", "published", "updated", "author", "publisher", "url"):
        assert f"| {', '.join(f'`{name}`' for name in FIELDS[row])} |" in page


@pytest.mark.parametrize(
    "one",
    [
        {"title": "A", "content": "a"},
        pytest.param({"x": 1}, marks=pytest.mark.slow),
        pytest.param([{"x": 1}], marks=pytest.mark.slow),
    ],
)
def test_thousands_of_objects_are_refused_at_once(one: object) -> None:
    with pytest.raises(SourceError, match=r"more than 5,000 objects that may be articles"):
        clean(shapes.as_json({"articles": [one] * 8_000}), name="news.json")
