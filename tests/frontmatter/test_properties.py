"""Promises that hold for any front matter, tried on what hypothesis makes up."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from rewriter import frontmatter
from rewriter.errors import FrontMatterError

TIME = "2026-11-22T08:30:00.000Z"
CHANGES: dict[str, object] = {
    "ai": {"rewritten": True, "expandedAt": TIME, "version": 2},
    "updatedAt": TIME,
}
quick = settings(max_examples=80)

# --- making up YAML, line by line, with every kind of thing that a person may type ---------------

words = st.sampled_from(["x", "Élan", "two words", "0123", "NO", "12:30", "😀", "a\u2028b", "-5"])
comments = st.sampled_from(["", "", "  # note", " # ai: 1"])
blanks = st.sampled_from(["", "\n", "# ai: {version: 9}\n", "   # indented\n", "\n\n"])


@st.composite
def scalars(draw: st.DrawFn, column: int) -> str:
    """A value behind `key:`, up to and with its line end; further lines stand in `column`."""
    word, comment, pad = draw(words), draw(comments), " " * column
    return draw(
        st.sampled_from(
            [
                f" {word}{comment}\n",
                f"   '{word}'{comment}\n",
                f' "{word}"{comment}\n',
                f" !!str {word}\n",
                f"{comment}\n",
                f" ~{comment}\n",
                f" [a, '{word}' , {{b: c}}]{comment}\n",
                f" {{a: 1, b: '{word}'}}\n",
                f" |{comment}\n{pad}{word}\n\n{pad}  # text\n",
                f" |+\n{pad}{word}\n\n",
                f" >-{comment}\n{pad}{word}\n{pad}ai: 1\n\n",
                f" one\n{pad}{word}\n",
                f' "one\n\n{pad}{word}"\n',
                f"\t{word}\t\n",
            ]
        )
    )


@st.composite
def mappings(draw: st.DrawFn, column: int = 0, depth: int = 0, name: str = "key") -> str:
    """The lines of a block mapping whose keys stand in `column`."""
    lines = []
    for number in range(draw(st.integers(1, 4))):
        mark = draw(st.sampled_from(["", "'", '"']))
        key = f"{' ' * column}{mark}{name} {number}{mark}"
        lines.append(draw(blanks))
        kind = draw(st.integers(0, 9 if depth < 3 else 7))
        if kind == 8:
            step = draw(st.sampled_from([1, 2, 4]))
            lines.append(f"{key}:{draw(comments)}\n{draw(mappings(column + step, depth + 1))}")
        elif kind == 9:
            item = " " * (column + draw(st.sampled_from([0, 2]))) + "-"
            lines.append(f"{key}:\n" + "".join(f"{item} {draw(words)}\n" for _ in range(2)))
        else:
            lines.append(f"{key}:{draw(scalars(column + 2))}")
    return "".join(lines)


def ours(column: int) -> st.SearchStrategy[str]:
    """`ai` and `updatedAt` in the forms that are ours to change, or none."""
    pad = " " * column
    return st.sampled_from(
        [
            "",
            f"{pad}ai:\n",
            f"{pad}ai: ~ # none\n",
            f"{pad}ai: {{}}\n",
            f"{pad}ai: &a {{ rewritten: false, model: 'x' }} # c\n",
            f"{pad}ai:\n{pad}  # c\n{pad}  version: 1 # c\n{pad}  model: >\n{pad}    x\n",
            f"{pad}ai:\n{pad}    by:\n{pad}        desk: x\n\n{pad}    expandedAt:\n",
            f"{pad}updatedAt: 2020-01-01 # old\n",
            f"{pad}updatedAt:\n{pad}ai: {{version: 2}}\n",
        ]
    )


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """A file with YAML front matter, in any line ends and encodings."""
    column = draw(st.sampled_from([0, 0, 0, 2]))
    block = draw(mappings(column)) + draw(ours(column))
    if draw(st.booleans()):
        block += draw(mappings(column, name="é"))
    body = draw(
        st.sampled_from(["", "Body", "\n\nBody\n", "Body\n---\nai: 1\n---\n", "é\u2029\x85"])
    )
    text = f"---\n{block}---\n{body}"
    ends = draw(st.sampled_from(["\n", "\r\n", "\r", "mixed"]))
    if ends == "mixed":
        lines = text.split("\n")
        text = (
            "".join(line + draw(st.sampled_from(["\n", "\r\n"])) for line in lines[:-1]) + lines[-1]
        )
    else:
        text = text.replace("\n", ends)
    encoding = draw(st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "utf-16"]))
    return text.encode(encoding)


def without_ours(data: bytes) -> dict[str, Any]:
    metadata = frontmatter.read(data).metadata
    ai = metadata.pop("ai", None) or {}
    metadata.pop("updatedAt", None)
    return metadata | {f"ai.{key}": ai[key] for key in ai if key not in CHANGES["ai"]}  # type: ignore[operator]


def lines_of_others(data: bytes) -> list[bytes]:
    """The lines, with their ends, that have none of our words in them (in UTF-16, none at all)."""
    ours = (b"ai", b"updatedAt", b"rewritten", b"expandedAt", b"version")
    lines = data.splitlines(keepends=True)
    is_wide = b"\0" in data
    return [line for line in lines if not is_wide and not any(word in line for word in ours)]


def is_subsequence(small: Iterable[object], large: Iterator[object]) -> bool:
    """Whether all of `small` comes up in `large` in order."""
    return all(item in large for item in small)


@quick
@given(files())
def test_an_edit_changes_our_keys_and_nothing_else(data: bytes) -> None:
    edited = frontmatter.edit(data, CHANGES)
    metadata = frontmatter.read(edited).metadata
    assert metadata["updatedAt"] == TIME
    assert metadata["ai"].items() >= CHANGES["ai"].items()  # type: ignore[attr-defined]
    assert without_ours(edited) == without_ours(data)
    assert frontmatter.read(edited).body == frontmatter.read(data).body
    assert is_subsequence(lines_of_others(data), iter(edited.splitlines(keepends=True)))
    assert frontmatter.edit(edited, CHANGES) == edited


@quick
@given(files())
def test_where_our_keys_were_missing_all_old_bytes_are_there_in_order(data: bytes) -> None:
    metadata = frontmatter.read(data).metadata
    if metadata.keys() & {"ai", "updatedAt"}:
        return
    edited = frontmatter.edit(data, CHANGES)
    end = next(n for n, pair in enumerate(zip(data, edited, strict=False)) if pair[0] != pair[1])
    assert edited.endswith(data[end:])


@quick
@given(files(), st.binary(max_size=4), st.integers(0, 400))
def test_damaged_files_are_edited_whole_or_refused(data: bytes, noise: bytes, at: int) -> None:
    damaged = data[:at] + noise + data[at + len(noise) :]
    try:
        edited = frontmatter.edit(damaged, CHANGES)
        assert frontmatter.read(edited).metadata["updatedAt"] == TIME
    except FrontMatterError as error:
        assert error.line >= 1
        assert error.reason


@quick
@given(st.binary(max_size=60), st.sampled_from([b"---\n", b"+++\n", b"{", b"---json\n", b""]))
def test_no_bytes_at_all_give_anything_but_our_error(noise: bytes, opening: bytes) -> None:
    for data in (opening + noise, opening + noise + b"\n" + opening):
        for attempt in (frontmatter.read, lambda data: frontmatter.edit(data, CHANGES)):
            try:
                attempt(data)
            except FrontMatterError as error:
                assert str(error).startswith("line ")


# --- the other languages, and what is written anew ------------------------------------------------

texts = st.text(st.characters(codec="utf-8"), max_size=12)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
metadata = st.dictionaries(texts.filter(lambda key: key != "<<"), values, min_size=1, max_size=5)


@quick
@given(metadata, st.sampled_from(["yaml", "json"]))
def test_any_value_is_written_so_that_it_reads_back(values: dict[str, Any], language: Any) -> None:
    data = frontmatter.create(values, "Body", language)
    assert frontmatter.read(data).metadata == values
    assert frontmatter.edit(data, values) == data


@quick
@given(metadata, st.sampled_from([None, 2, "\t"]), st.sampled_from(["\n", "\r\n"]))
def test_json_keeps_all_other_members(values: dict[str, Any], indent: Any, newline: str) -> None:
    values = {key: value for key, value in values.items() if key not in CHANGES}
    text = json.dumps(values, indent=indent).replace("\n", newline)
    edited = frontmatter.edit(f"{text}{newline}Body".encode(), CHANGES)
    assert frontmatter.read(edited).metadata == values | CHANGES
    assert is_subsequence(text[:-1].rstrip().encode(), iter(edited))
    assert frontmatter.edit(edited, CHANGES) == edited


@quick
@given(metadata.map(lambda values: json.loads(json.dumps(values).replace("null", "0"))))
def test_toml_keeps_all_other_keys(values: dict[str, Any]) -> None:
    # Without what is edited, and the one added below.
    values = {key: value for key, value in values.items() if key not in {*CHANGES, "table"}}
    data = frontmatter.create(values, "Body", "toml").replace(
        b"+++\nBody", b"\n[table] # c\nx = 1\n+++\nBody"
    )
    before = frontmatter.read(data).metadata
    edited = frontmatter.edit(data, CHANGES)
    assert frontmatter.read(edited).metadata == before | CHANGES
    assert is_subsequence(data, iter(edited))
    assert frontmatter.edit(edited, CHANGES) == edited
