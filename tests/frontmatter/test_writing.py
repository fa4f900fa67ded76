"""New front matter in the published look, and what cannot be written at all."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from rewriter import frontmatter
from rewriter.errors import FrontMatterError

PUBLISHED = """\
---
title: Quiet Weekend for the Harbour Exchange
description: 'Trading slowed to $75 million on Sunday, the least since March…'
publishedAt: '2026-01-26T13:01:18.000Z'
lang: en
externalId: '57478532'
source:
  name: The Pier
  key: pier
  type: RSS
category: HBR
tags:
  - MARKETS
  - HBR
stickyWeight: 0
sentiment: NEGATIVE
draft: false
coverImage:
  raw: 'https://images.example.org/photo?ixid=M3w4&ixlib=rb-4.1.0'
ai:
  rewritten: true
  expandedAt: '2026-01-26T15:26:39.047Z'
  version: 1
---
## Overview
"""


def test_create_gives_the_published_look() -> None:
    document = frontmatter.read(PUBLISHED.encode())
    assert frontmatter.create(document.metadata, document.body) == PUBLISHED.encode()


@pytest.mark.parametrize("language", ["yaml", "toml", "json"])
def test_what_is_created_reads_back(language: frontmatter.Language) -> None:
    values = {
        "text": 'it\'s: "a" #1\n\u2028 é 😀 \x1f\x7f\u0085',
        "empty": "",
        "number": "0123",
        "list": ["a, b", "- c", "", "true"],
        "inner": {"a b": {"c": [1, 2.5, False]}, "d": {}},
        "none": [],
    }
    data = frontmatter.create(values, "Body\n", language)
    assert frontmatter.read(data).metadata == values
    assert frontmatter.read(data).body == "Body\n"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (datetime(2026, 1, 26, 15, 26, 39, 47000, tzinfo=UTC), "2026-01-26T15:26:39.047Z"),
        (
            datetime(2026, 1, 26, 15, tzinfo=timezone(timedelta(hours=2))),
            "2026-01-26T13:00:00.000Z",
        ),
        (datetime(2026, 1, 26, 15), "2026-01-26T15:00:00.000Z"),
        (date(2026, 1, 26), "2026-01-26"),
    ],
)
def test_times_are_written_in_utc_with_milliseconds(value: date, text: str) -> None:
    assert (
        frontmatter.edit(b"---\na: 1\n---\n", {"b": value})
        == f"---\na: 1\nb: '{text}'\n---\n".encode()
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"a": {1, 2}}, "front matter cannot hold a value of type set"),
        ({"a": b"x"}, "front matter cannot hold a value of type bytes"),
        ({"a": [{"b": object()}]}, "front matter cannot hold a value of type object"),
        ({"a": float("inf")}, "front matter cannot hold the number inf"),
        ({"a": {1: "x"}}, "a key must be text, not 1"),
        ({"a": "\ud800"}, "a key or value holds half a surrogate pair, which is not text"),
        ({"\ud800": 1}, "a key or value holds half a surrogate pair, which is not text"),
    ],
)
def test_what_front_matter_cannot_hold_is_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(FrontMatterError) as caught:
        frontmatter.edit(b"---\n---\n", changes)
    assert str(caught.value) == f"line 1: {message}"
    with pytest.raises(FrontMatterError) as caught:
        frontmatter.create(changes, "")
    assert str(caught.value) == f"line 1: {message}"


@pytest.mark.parametrize(
    "text",
    [
        "+++\nscore = nan\na = 1\n+++\nText",
        "+++\nscores = [{x = -nan}, inf]\na = 1\n+++\nText",
        "---\nscore: .nan\na: 1\n---\nText",
        "---\nscores: [{x: .NaN}, -.inf]\na: 1\n---\nText",
    ],
)
def test_a_number_that_is_none_stands_beside_a_change(text: str) -> None:
    edited = frontmatter.edit(text.encode(), {"a": 2}).decode()
    assert edited == text.replace("1\n", "2\n")
    assert frontmatter.remove(edited.encode(), ["a"]).decode().count("\n") == text.count("\n") - 1


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("ai.version=2", {"ai": {"version": 2}}),
        ("draft=true", {"draft": True}),
        ("title=A: B", None),
        ("title='A: B'", {"title": "A: B"}),
        ("id='0123'", {"id": "0123"}),
        ("id=0123", {"id": "0123"}),
        ("tags=[a, b]", {"tags": ["a", "b"]}),
        ("note=", {"note": None}),
        ("note=a=b", {"note": "a=b"}),
        ("note=x\nevil: 1", None),
        ("=1", None),
        ("a..b=1", None),
        ("version", None),
    ],
)
def test_an_assignment_is_read_as_yaml_reads_it(
    text: str, change: dict[str, object] | None
) -> None:
    if change is None:
        with pytest.raises(FrontMatterError):
            frontmatter.parse_assignment(text)
    else:
        assert frontmatter.parse_assignment(text) == change


def test_an_error_names_the_file_once_it_is_known() -> None:
    error = FrontMatterError("the key 'ai' occurs twice", 4)
    assert str(error) == "line 4: the key 'ai' occurs twice"
    assert str(error.at("news/a.md")) == "news/a.md:4: the key 'ai' occurs twice"


class _Core(yaml.SafeLoader):
    """Reads scalars by the core schema of YAML 1.2, as JavaScript's and Go's readers do."""


_Core.yaml_implicit_resolvers = {}

for tag, pattern in {
    "null": r"~|null|Null|NULL|",
    "bool": r"true|True|TRUE|false|False|FALSE",
    "int": r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+",
    "float": r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.inf|\.nan",
}.items():
    _Core.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"(?:{pattern})$"), None)

TITLES = [
    "Yes",
    "on",
    "12:30",
    "2026-03-02",
    "1e3",
    "0x1F",
    "0o7",
    "null",
    "~",
    "- a",
    "? b",
    "1_000",
]


@given(st.text() | st.sampled_from([*TITLES, 'He said: "it\'s #1"', "@a", "`b`", "{{ c }}", "%d"]))
def test_readers_of_yaml_1_1_and_1_2_find_the_text_that_was_written(text: str) -> None:
    values = {"title": text, "tags": [text], "source": {"title": text}, "draft": False, "score": 0}
    block = frontmatter.create(values, "").decode().removeprefix("---\n").removesuffix("---\n")
    assert yaml.load(block, yaml.SafeLoader) == yaml.load(block, _Core) == values  # noqa: S506
