"""Keys under the names that site generators give them: found, written in their form, no twins."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewriter import frontmatter
from rewriter.errors import FrontMatterError
from rewriter.frontmatter import keys
from rewriter.rules import Preset

NOW = datetime(2026, 11, 29, 23, 12, 44, 310_500, tzinfo=UTC)


def test_values_under_names_of_the_rules_stand_under_the_formats_own_too() -> None:
    names = {"updatedAt": ("touched",), "title": ("kopf",)}
    assert keys.with_names({"kopf": "A"}, names) == {"kopf": "A", "title": "A"}
    assert keys.with_names({"title": "B"}, {}) == {"title": "B"}


@pytest.mark.parametrize(
    ("header", "key", "path"),
    [
        ({"Title": "A"}, "title", ("Title",)),
        ({"pubDate": "x"}, "publishedAt", ("pubDate",)),
        ({"Last-Modified At": "x"}, "updatedAt", ("Last-Modified At",)),
        ({"summary": "x", "description": "y"}, "description", ("description",)),
        ({"taxonomies": {"tags": []}}, "tags", ("taxonomies", "tags")),
        ({"taxonomies": {"tags": []}}, "category", None),
        ({"last_update": {"date": "x", "author": "y"}}, "updatedAt", ("last_update", "date")),
        ({"last_update": "x"}, "updatedAt", None),
        ({"subtitle": "x"}, "title", None),
        ({"update": "x"}, "updatedAt", None),
        ({"lastUpdated": True}, "updatedAt", None),
        ({"excerpt": False, "summary": "x"}, "description", ("summary",)),
        ({"draft": True}, "draft", ("draft",)),
    ],
)
def test_a_key_is_found_under_any_of_its_names(
    header: dict[str, Any], key: str, path: tuple[str, ...] | None
) -> None:
    assert keys.find(header, key) == path


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2026-03-02", "2026-11-29"),
        (datetime(2026, 3, 2, tzinfo=UTC).date(), "2026-11-29"),
        ("2026-03-02T07:00:00Z", "2026-11-29T23:12:44Z"),
        ("2026-03-02T07:00Z", "2026-11-29T23:12Z"),
        ("2026-03-02T07:00:00.000Z", "2026-11-29T23:12:44.310Z"),
        ("2026-03-02 07:00:00", "2026-11-29 23:12:44"),
        ("2026-03-02 07:00:00 +0100", "2026-11-30 00:12:44 +0100"),
        ("2026-03-02T07:00:00-05:30", "2026-11-29T17:42:44-05:30"),
        ("Mar 02 2026", "Nov 29 2026"),
        ("March 02, 2026", "November 29, 2026"),
        ("2026/03/02 07:00", "2026/11/29 23:12"),
        ("02.03.2026", "29.11.2026"),
        ("2 March 2026", "2026-11-29T23:12:44.310Z"),
        ("03/02/2026", "2026-11-29T23:12:44.310Z"),
        (None, "2026-11-29T23:12:44.310Z"),
        (20260302, "2026-11-29T23:12:44.310Z"),
    ],
)
def test_a_moment_is_written_in_the_form_of_the_old_one(old: object, new: str) -> None:
    assert keys.in_form_of(old, NOW) == new


@given(st.datetimes(timezones=st.just(UTC)), st.sampled_from(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"]))
def test_the_form_of_a_moment_is_kept_at_any_time(now: datetime, form: str) -> None:
    old = keys.in_form_of(NOW.strftime(form), now)
    assert keys.in_form_of(old, now) == old
    assert len(old) == len(NOW.strftime(form))


@pytest.mark.parametrize("preset", get_args(Preset))
def test_a_generators_new_keys_are_found_again(preset: Preset) -> None:
    values = {"publishedAt": "2026-01-01", "updatedAt": "2026-01-02", "category": "A", "x": 1}
    named = keys.renamed(values, preset)
    assert keys.value(named, "publishedAt") == "2026-01-01"
    assert keys.value(named, "updatedAt") == "2026-01-02"
    assert keys.value(named, "category") in ("A", ["A"])
    assert named["x"] == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("---\nd: 2026-03-02 # kept\n---\n", "---\nd: 2026-11-29 # kept\n---\n"),
        ("---\nd: '2026-03-02'\n---\n", "---\nd: '2026-11-29'\n---\n"),
        ("---\nd: soon\n---\n", "---\nd: '2026-11-29'\n---\n"),
        ("---\nd: 2026-03-02 07:00\n---\n", "---\nd: 2026-11-29\n---\n"),
        ("+++\nd = 2026-03-02\n+++\n", "+++\nd = 2026-11-29\n+++\n"),
        ('+++\nd = "2026-03-02"\n+++\n', '+++\nd = "2026-11-29"\n+++\n'),
    ],
)
def test_a_date_stays_a_date_and_text_stays_text(before: str, after: str) -> None:
    assert frontmatter.edit(before.encode(), {"d": "2026-11-29"}).decode() == after


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("<!-- lint -->\n---\ntitle: A\ndate: 2026-01-01\n---\nBody.\n", 2),
        ("Copyright A. Writer\n\n---\nlayout: post\ntags:\n  - a\n---\nBody.\n", 3),
        ("title: A\nauthor: B\n\nBody.\n", 1),
        ("\nTitle:   A\nDate:    2026-01-01\n  continued\n\nBody.\n", 2),
        ("<!--\n.. title: A\n.. date: 2026-01-01\n\n-->\n\nBody.\n", 1),
        ("    Title: A\n    Tags: b\n\nBody.\n", 1),
        ("#+TITLE: A\n#+DATE: 2026-01-01\n\nBody.\n", 1),
        ("% A\n% A. Writer\n% March 2026\n\nBody.\n", 1),
        ('{:title "A" :layout :post}\n\nBody.\n', 1),
        ('{{{\n "title": "A"\n}}}\n\nBody.\n', 1),
        ("```yaml\ntitle: A\ndate: 2026-01-01\n```\n\nBody.\n", 1),
    ],
)
def test_front_matter_that_readers_would_not_find_is_refused(text: str, line: int) -> None:
    with pytest.raises(FrontMatterError, match=f"line {line}: front matter"):
        frontmatter.refuse_misplaced(text)


@pytest.mark.parametrize(
    "text",
    [
        "Body.\n\n---\n\nNote: this is text.\n\n---\n\nMore.\n",
        "Title: the story of a word\n\nBody.\n",
        "Question: who?\nAnswer: nobody.\n\nBody.\n",
        "Body.\n\n---\n\nA rule above.\n",
        "How to begin a post:\n\n```yaml\ntitle: A\ndate: 2026-01-01\n```\n",
        "<!-- lint -->\n\nBody.\n",
        "% of votes: 12\n\nBody.\n",
        "",
    ],
)
def test_text_is_no_front_matter(text: str) -> None:
    frontmatter.refuse_misplaced(text)
