"""A rewrite becomes a Markdown file, and can be read back from it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from rewriter import document, frontmatter
from rewriter.article import Rewrite
from rewriter.errors import FrontMatterError, SourceError
from rewriter.rules import DisclosureRules, Rules
from tests import articles

NOW = datetime(2026, 3, 2, 9, 12, 44, 310_500, tzinfo=UTC)
HEADINGS = articles.rules().headings

# What a tidied answer can hold: no controls, no outer or doubled white space, never empty.
PROSE = (
    st.text(st.characters(exclude_categories=("C", "Z")) | st.just(" "), min_size=1, max_size=60)
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)


def _body(rewrite: Rewrite) -> Rewrite:
    """What of a rewrite stands in the body."""
    return rewrite.model_copy(
        update={"headline": "", "tags": (), "category": "", "sentiment": "NEUTRAL"}
    )


def _composed(
    original: bytes | None = None,
    *,
    draft: bool = False,
    rules: Rules | None = None,
    **facts: object,
) -> str:
    return document.compose(
        original,
        articles.source(**facts),
        articles.rewrite(),
        rules or articles.rules(),
        title="A title",
        version=3,
        lang="en",
        now=NOW,
        draft=draft,
    ).decode()


@pytest.mark.parametrize("lang", HEADINGS)
def test_a_body_reads_back_in_every_language(lang: str) -> None:
    rewrite = articles.rewrite()
    assert document.parse(document.render(rewrite, HEADINGS[lang]), HEADINGS) == _body(rewrite)


@settings(max_examples=100)
@given(overview=PROSE, paragraph=PROSE, bullet=PROSE, question=PROSE, answer=PROSE)
def test_no_text_can_become_markup(
    overview: str, paragraph: str, bullet: str, question: str, answer: str
) -> None:
    rewrite = articles.rewrite(
        overview=overview,
        details={"topic": "Topic", "paragraphs": (paragraph, overview)},
        impact={"field": "field", "bullets": (bullet, paragraph)},
        qa=({"question": question, "answer": answer},),
    )
    assert document.parse(document.render(rewrite, HEADINGS["en"]), HEADINGS) == _body(rewrite)


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("# Heading", "\\# Heading"),
        ("2026. A year", "2026\\. A year"),
        ("- item", "\\- item"),
        ("a *b* <i>c</i>", "a \\*b\\* \\<i>c\\</i>"),
        ("snake_case $2.5 & 3%", "snake_case $2.5 & 3%"),
        ("Tom &amp; Jerry & R&D", "Tom &amp;amp; Jerry & R&D"),
        ("~ a ~~~b~~~ | c", "\\~ a \\~\\~\\~b\\~\\~\\~ \\| c"),
        (": a definition", "\\: a definition"),
        ("::: warning", "\\::: warning"),
        ("a :smile: at 2:01:09", "a :\u2060smile: at 2:01:09"),
        ("{{ site.key }} {% raw %}", "\\{\u2060\\{ site.key }} \\{\u2060% raw %}"),
        (
            "{{< x >}} {{% y %}} {# z #}",
            "\\{\u2060\\{\\< x >}} \\{\u2060\\{\u2060% y %}} \\{\u2060# z #}",
        ),
        ("import duties fell", "&#105;mport duties fell"),
        ("exports of {wine}", "exports of \\{wine}"),
        ("export of wine", "&#101;xport of wine"),
    ],
)
def test_only_what_would_be_markup_is_escaped(said: str, written: str) -> None:
    body = document.render(articles.rewrite(overview=said), HEADINGS["en"])
    assert body.split("\n")[2] == written


@given(text=PROSE | st.sampled_from(["- a", "import a", ":x: a", "www.a@b", "&amp; {{ a|b }}"]))
def test_a_passage_is_found_as_it_was_written(text: str) -> None:
    assert document.written(text).search(document.escape(text))


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_a_body_reads_back_with_other_line_ends(newline: str) -> None:
    body = document.render(articles.rewrite(), HEADINGS["en"]).replace("\n", newline)
    assert document.parse(body, HEADINGS) == _body(articles.rewrite())


@pytest.mark.parametrize(
    ("body", "missing"),
    [
        ("## Overview\n\nText.\n\n## Ferry Details\n\nText.\n", "from_author ('## Vom Autor')"),
        (
            "A text.\n",
            "overview ('## Überblick'), details ('## Einzelheiten: {topic}'), from_author",
        ),
        ("", "overview ('## Überblick'), details"),
    ],
)
def test_a_body_that_is_no_rewrite_says_what_is_missing(body: str, missing: str) -> None:
    with pytest.raises(SourceError, match=re.escape(f"no heading for {missing}")):
        document.parse(body, HEADINGS, "de")


def test_an_input_without_front_matter_gets_the_published_keys_in_order() -> None:
    text = _composed(
        published_at=datetime(2026, 3, 1, tzinfo=UTC),
        publisher="Coast Wire",
        metadata={"externalId": "0123", "source": {"name": "Coast Wire", "key": "coast"}},
    )
    metadata = frontmatter.read(text.encode()).metadata
    assert list(metadata) == [
        "title",
        "description",
        "publishedAt",
        "updatedAt",
        "lang",
        "externalId",
        "source",
        "category",
        "tags",
        "stickyWeight",
        "sentiment",
        "score",
        "draft",
        "ai",
    ]
    assert metadata["externalId"] == "0123"
    assert metadata["publishedAt"] == "2026-03-01T00:00:00.000Z"
    assert metadata["ai"] == {
        "rewritten": True,
        "expandedAt": "2026-03-02T09:12:44.310Z",
        "version": 3,
    }
    assert metadata["updatedAt"] == metadata["ai"]["expandedAt"]
    assert "  expandedAt: '2026-03-02T09:12:44.310Z'\n" in text


def test_what_is_not_known_is_left_out() -> None:
    assert "publishedAt" not in _composed()
    assert "coverImage" not in _composed()


ORIGINAL = b"""---
# kept
title:   'Odd  spacing'
tags: [ "A", B ]   # kept too
publishedAt: 2026-01-02
custom: 0123
description: old
---

Raw body.
"""


def test_in_existing_front_matter_only_our_keys_change() -> None:
    lines = _composed(ORIGINAL).split("\n")
    assert lines[:6] == ORIGINAL.decode().split("\n")[:6]
    assert lines[6].startswith("description: ")
    assert "Harbour Freight Lines is putting" in lines[6]
    assert "Raw body." not in lines
    metadata = frontmatter.read("\n".join(lines).encode()).metadata
    assert metadata["title"] == "Odd  spacing"
    assert (metadata["category"], metadata["sentiment"]) == ("SHIPPING", "POSITIVE")
    assert metadata["ai"]["version"] == 3
    assert "lang" not in metadata


def test_a_draft_says_so() -> None:
    metadata = frontmatter.read(_composed(ORIGINAL, draft=True).encode()).metadata
    assert metadata["draft"] is True
    assert metadata["ai"]["rewritten"] is False


def test_nobody_has_judged_the_sentiment_of_a_draft() -> None:
    assert "sentiment: POSITIVE" in _composed()
    assert "sentiment" not in _composed(draft=True)
    assert "sentiment: NEGATIVE" in _composed(draft=True, metadata={"sentiment": "NEGATIVE"})


def test_front_matter_that_is_not_understood_is_refused() -> None:
    with pytest.raises(FrontMatterError):
        _composed(b"---\ntitle: x\nai: nonsense\n---\nBody.\n")


@given(st.text(max_size=400), st.integers(10, 200))
def test_a_description_is_never_longer_than_its_limit(text: str, limit: int) -> None:
    assert len(document.shorten(text, limit)) <= limit


def test_a_description_is_whole_sentences_as_far_as_they_fit() -> None:
    text = "The U.S. line grew by 4.5%. It ordered six ships. It is glad."
    assert document.describe(text, 60, "en") == "The U.S. line grew by 4.5%. It ordered six ships."
    assert document.describe(text, 40, "en") == "The U.S. line grew by 4.5%."
    assert document.describe(text, 20, "en") == "The U.S. line grew…"
    assert document.describe("渡轮增加。订购六艘船。很高兴。", 12, "zh") == "渡轮增加。订购六艘船。"


def test_an_empty_impact_is_left_out() -> None:
    bare = articles.rewrite(impact={"field": "", "bullets": ()})
    body = document.render(bare, HEADINGS["en"])
    assert "Impact" not in body
    assert document.parse(body, HEADINGS) == _body(bare)


def test_where_the_article_came_from_stands_under_source_and_names_no_author_of_ours() -> None:
    facts: dict[str, Any] = {
        "publisher": "Coast Wire",
        "author": "Ann Ode",
        "url": "https://coast.example/1",
    }
    picture = "https://coast.example/1.jpg"
    metadata = frontmatter.read(_composed(image=picture, **facts).encode()).metadata
    assert metadata["source"] == {
        "name": "Coast Wire",
        "author": "Ann Ode",
        "url": "https://coast.example/1",
        "title": articles.source().title,
        "image": picture,
    }
    assert not {"author", "coverImage"} & metadata.keys()
    anyway = articles.rules().model_copy(update={"cover_image": "any"})
    metadata = frontmatter.read(_composed(rules=anyway, image=picture).encode()).metadata
    assert metadata["coverImage"] == {"raw": picture}


@pytest.mark.parametrize(
    ("rule", "brought", "expected"),
    [
        ("item", True, "item"),
        ("item", False, None),
        ("any", True, "item"),
        ("any", False, "page"),
        ("none", True, None),
        ("none", False, None),
    ],
)
def test_a_cover_is_what_the_rules_take_for_one(
    rule: str, brought: bool, expected: str | None
) -> None:
    rules = articles.rules().model_copy(update={"cover_image": rule})
    metadata = {"coverImage": {"raw": "https://coast.example/item.jpg"}} if brought else {}
    text = _composed(rules=rules, image="https://coast.example/page.jpg", metadata=metadata)
    cover = frontmatter.read(text.encode()).metadata.get("coverImage")
    assert cover == ({"raw": f"https://coast.example/{expected}.jpg"} if expected else None)


@pytest.mark.parametrize(("given", "category"), [("News", "SHIPPING"), ("ports", "PORTS")])
def test_a_category_that_says_something_and_all_tags_are_kept(given: str, category: str) -> None:
    item = {"category": given, "tags": ["Coast", "ferries"]}
    metadata = frontmatter.read(_composed(metadata=item).encode()).metadata
    assert metadata["category"] == category
    assert metadata["tags"] == ["COAST", "FERRIES", "SHIPPING"]


def test_a_description_is_cut_at_a_word_with_a_real_ellipsis() -> None:
    assert document.shorten("One two, three four", 12) == "One two…"
    assert document.shorten("Short", 12) == "Short"


def test_a_timestamp_is_utc_with_milliseconds() -> None:
    east = NOW.astimezone(timezone(timedelta(hours=3)))
    assert document.timestamp(east) == "2026-03-02T09:12:44.310Z"


GENERATED = """---
Title: Odd
lastmod: 2026-01-02
summary: old
categories: [ports]
---

![A ship](ship.jpg)

Raw body.
"""


def test_a_file_keeps_its_own_names_for_our_keys_and_gets_no_twins() -> None:
    text = _composed(GENERATED.encode(), lead_image="![A ship](ship.jpg)", more="<!-- more -->")
    assert text.startswith("---\nTitle: Odd\nlastmod: 2026-03-02\nsummary: 'Harbour Freight")
    header = frontmatter.read(text.encode()).metadata
    assert not {"title", "updatedAt", "description", "category"} & header.keys()
    _, body = text.split("---\n![A ship](ship.jpg)\n\n## Overview\n\n")
    assert "\n\n<!-- more -->\n\n## Electric Ferries Details\n" in body


def test_a_generators_names_are_used_for_a_new_file() -> None:
    hugo = articles.rules().model_copy(update={"preset": "hugo"})
    header = frontmatter.read(_composed(rules=hugo).encode()).metadata
    assert header["lastmod"] == header["ai"]["expandedAt"]
    assert header["categories"] == ["SHIPPING"]


def test_a_disclosure_stands_where_the_rules_want_it_until_a_person_has_reviewed() -> None:
    disclosure = DisclosureRules(
        text={"en": "Written by a model.", "de": "Von einem Modell geschrieben."},
        source_type="trainedAlgorithmicMedia",
        in_body=True,
        lifted_by_review=True,
    )
    rules = articles.rules().model_copy(update={"disclosure": disclosure})
    text = _composed(rules=rules)
    header = frontmatter.read(text.encode())
    assert header.body.startswith("*Written by a model.*\n\n## Overview\n")
    assert header.metadata["ai"]["disclosure"] == "Written by a model."
    assert header.metadata["ai"]["digitalSourceType"] == "trainedAlgorithmicMedia"
    assert document.parse(header.body, HEADINGS) == _body(articles.rewrite())
    after = frontmatter.read(document.reviewed(text.encode(), rules, "MW", NOW))
    assert after.metadata["ai"]["reviewed"] == {"at": "2026-03-02T09:12:44.310Z", "by": "MW"}
    assert after.metadata["ai"]["disclosure"] == ""
    assert after.body.startswith("## Overview\n")
    kept = rules.model_copy(
        update={"disclosure": disclosure.model_copy(update={"lifted_by_review": False})}
    )
    after = frontmatter.read(document.reviewed(text.encode(), kept, "MW", NOW))
    assert after.body == header.body


SCRAPED = """---
post_title: Their own headline
author: [Ann Ode, Bo Ray] # who wrote it
permalink: https://coast.example/1
date: 2026-03-01
slug: kept
---
"""


def test_nothing_of_a_source_is_taken_over_as_ours() -> None:
    text = _composed(SCRAPED.encode(), author="Ann Ode; Bo Ray", url="https://coast.example/1")
    assert text.startswith("---\ndate: 2026-03-01\nslug: kept\ntitle: ")
    header = frontmatter.read(text.encode()).metadata
    assert not {"post_title", "author", "permalink"} & header.keys()
    assert header["source"] == {
        "title": articles.source().title,
        "author": "Ann Ode; Bo Ray",
        "url": "https://coast.example/1",
    }


@pytest.mark.parametrize("own", ["permalink: /ferries/", "source: Coast Wire\nauthor_id: 7"])
def test_what_is_the_sites_own_stays(own: str) -> None:
    text = _composed(f"---\ntitle: A\n{own}\nbyline: Ann Ode\n---\nRaw.\n".encode())
    assert text.startswith(f"---\ntitle: A\n{own}\n")
    assert "byline" not in text
    kept = articles.rules().model_copy(update={"author": "keep"})
    assert "\nauthor: Ann\n" in _composed(b"---\nauthor: Ann\n---\nRaw.\n", rules=kept)


def test_what_a_files_own_source_says_is_kept() -> None:
    text = _composed(
        b"---\nsource: {author: Bo Ray}\nbyline: Ann Ode\n---\nRaw.\n", author="Ann Ode"
    )
    header = frontmatter.read(text.encode()).metadata
    assert header["source"] == {"author": "Bo Ray"}
    assert "byline" not in header


def test_the_rules_can_add_names_of_keys() -> None:
    rules = articles.rules().model_copy(update={"keys": {"updatedAt": ("touched",)}})
    text = _composed(b"---\ntouched: 2026-01-02\n---\nRaw.\n", rules=rules)
    assert text.startswith("---\ntouched: 2026-03-02\n")
    assert "updatedAt" not in text
    with pytest.raises(ValidationError, match="score has no other names"):
        Rules.model_validate(rules.model_dump(by_alias=True) | {"keys": {"score": ["points"]}})


@pytest.mark.parametrize(
    ("original", "preset", "line"),
    [
        (None, None, "updatedAt: '2026-03-02T09:12:44.310Z'"),
        (None, "astro", "updatedDate: 2026-03-02T09:12:44.310Z"),
        (b"---\npubDate: 2026-03-01\n---\nRaw.\n", None, "updatedAt: 2026-03-02T09:12:44.310Z"),
        (b"---\npubDate: '2026-03-01'\n---\n", None, "updatedAt: '2026-03-02T09:12:44.310Z'"),
        (b"+++\ndate = 2026-03-01\n+++\n", None, "updatedAt = 2026-03-02T09:12:44.310Z"),
    ],
)
def test_a_date_is_written_in_the_form_that_readers_of_the_file_expect(
    original: bytes | None, preset: str | None, line: str
) -> None:
    rules = articles.rules().model_copy(update={"preset": preset})
    assert line in _composed(original, rules=rules).splitlines()


def test_what_an_item_brings_reaches_front_matter_as_plain_text() -> None:
    metadata: dict[str, Any] = {
        "externalId": "<img src=x> 17",
        "source": {"name": "Wire <b>{{ site.key }}</b>", "key": "<script>", "type": "RSS"},
        "category": "<b>",
        "tags": ["FERRY", "<i>x", "{{ y }}", "prize.example", "call +44 20 7946 0991"],
        "coverImage": {"raw": "javascript:alert(1)"},
    }
    facts: dict[str, Any] = {
        "url": "javascript:alert(2)",
        "image": "data:text/html,x",
        "author": "Ann <?php echo 1 ?> Lind",
        "title": "Ferry <%= key %> grows",
    }
    header = frontmatter.read(_composed(metadata=metadata, **facts).encode()).metadata
    assert header["source"] == {
        "name": "Wire",
        "type": "RSS",
        "author": "Ann Lind",
        "title": "Ferry grows",
    }
    assert header["tags"] == ["FERRY", "X", *articles.rewrite().tags]
    assert (header["externalId"], header["category"]) == ("17", articles.rewrite().category)
    assert "coverImage" not in header


@pytest.mark.parametrize(
    "text",
    ["<%= key %>", "<?php echo 1 ?>", "https://a.example", "www.a.example", "@somebody", "a@b.cd"],
)
def test_what_generators_and_hosts_act_on_is_torn_apart(text: str) -> None:
    rewrite = articles.rewrite(overview=f"The line grew {text} much.")
    body = document.render(rewrite, HEADINGS["en"])
    assert text not in body.replace("\\", "")
    assert document.parse(body, HEADINGS).overview == rewrite.overview
