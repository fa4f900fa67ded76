"""A key goes with its lines, and no other byte changes; what cannot go alone is refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewriter import frontmatter
from rewriter.errors import FrontMatterError

GONE = ("author", "authors")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "---\ntitle: A\nauthor: B # note\n# kept\nx: 1\n---\nT\n",
            "---\ntitle: A\n# kept\nx: 1\n---\nT\n",
        ),
        ("---\nauthors:\n  - a\n  - {name: b}\nx: |\n  y\n---\nT\n", "---\nx: |\n  y\n---\nT\n"),
        (
            "---\r\nauthor: >\r\n  a\r\n  b\r\n\r\nx: 1\r\n---\r\nT\r\n",
            "---\r\n\r\nx: 1\r\n---\r\nT\r\n",
        ),
        ("---\nauthor: B\n---\nT\n", "---\n---\nT\n"),
        ("---\nparams: {author: B}\n---\nT\n", "---\nparams: {author: B}\n---\nT\n"),
        ("+++\nx = 1\nauthor = {name = 'B'} # note\n+++\nT\n", "+++\nx = 1\n+++\nT\n"),
        (
            "+++\n[authors]\nname = 'B'\n[params]\nauthor = 'C'\n+++\n",
            "+++\n[params]\nauthor = 'C'\n+++\n",
        ),
        ('{\n  "x": 1,\n  "author": "B"\n}\nT\n', '{\n  "x": 1\n}\nT\n'),
        ('{"author": "B", "x": 1, "authors": []}\nT\n', '{"x": 1}\nT\n'),
    ],
)
def test_a_key_goes_with_its_lines(before: str, after: str) -> None:
    assert frontmatter.remove(before.encode(), GONE) == after.encode()


@pytest.mark.parametrize(
    "text",
    ["author: &who B\nx: *who\n", "{author: B, x: 1}\n", "a: &x 1\nauthors: [&x 2]\nb: *x\n"],
)
def test_what_would_change_other_keys_is_refused(text: str) -> None:
    with pytest.raises(FrontMatterError, match="cannot be taken out"):
        frontmatter.remove(f"---\n{text}---\nT\n".encode(), GONE)


def test_what_is_not_json_is_refused_with_its_line() -> None:
    with pytest.raises(FrontMatterError, match="line 2: not JSON: Expecting value"):
        frontmatter.remove(b'{"author": "B",\n"x": y}\nT\n', GONE)


_KEYS = st.sampled_from(["author", "authors", "title", "tags", "x"])
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner),
    max_leaves=6,
)


@given(st.dictionaries(_KEYS, _VALUES, min_size=1), st.sampled_from(["yaml", "json"]))
def test_all_other_keys_stay(values: dict[str, object], language: frontmatter.Language) -> None:
    data = frontmatter.create(values, "\nText\n", language)
    left = frontmatter.read(frontmatter.remove(data, GONE)).metadata
    kept = {key: value for key, value in values.items() if key not in GONE}
    assert json.dumps(left, sort_keys=True) == json.dumps(kept, sort_keys=True)
