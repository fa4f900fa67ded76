"""Forms for continuous integration: no text breaks them, and what they hold is read back."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from rewriter.ci import JUnitCase, annotation, junit, markdown_code, markdown_table, markdown_text
from rewriter.escaping import lines
from rewriter.text.columns import columns


@given(st.text(), st.text(), st.text())
def test_an_annotation_is_one_command_on_one_line(message: str, title: str, file: str) -> None:
    command = annotation("error", message, title=title, file=file, line=3, column=7)
    properties, said = command.removeprefix("::error ").split("::", 1)
    assert not {"\n", "\r"} & set(command)
    parts = dict(part.split("=", 1) for part in properties.split(","))
    assert list(parts) == (["file", "line", "col", "title"] if file else ["title"])
    assert _unescaped(said) == lines(message)
    assert _unescaped(parts["title"]) == lines(title)
    assert _unescaped(parts.get("file", "")) == lines(file)


def _unescaped(text: str) -> str:
    for code, character in (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        text = text.replace(code, character)
    return text


@given(st.text(), st.text())
def test_junit_is_xml_whatever_the_text_and_counts_its_cases(name: str, text: str) -> None:
    cases = [
        JUnitCase("kind", name, output=text),
        JUnitCase("kind", name, "failure", message=text, text=text),
        JUnitCase("kind", name, "error", type="STALE", message=text, file=text),
    ]
    (suite,) = ET.fromstring(junit(name, cases).encode())  # noqa: S314 (our own output)
    counts = {"tests": "3", "failures": "1", "errors": "1"}
    assert {key: suite.get(key) for key in counts} == counts
    assert len(suite.findall("testcase")) == 3


def test_junit_says_that_it_is_utf_8() -> None:
    assert junit("naïve", []).startswith("<?xml version='1.0' encoding='utf-8'?>")


@given(st.lists(st.tuples(st.text(), st.text()), min_size=1))
def test_a_table_of_markdown_text_keeps_its_rows_and_columns(rows: list[tuple[str, str]]) -> None:
    cells = [[markdown_text(cell) for cell in row] for row in rows]
    table = list(markdown_table(("a", "b"), cells))
    assert len(table) == len(rows) + 2
    assert {line.replace("\\|", "").count("|") for line in table} == {3}
    assert not any("\n" in line for line in table)


@given(st.text(alphabet=st.sampled_from("[]()!<>`*_~&#@|\\/:.-+=>1 aw\n")))
@example("[click](https://a.example/x)")
@example("![](https://a.example/x.png)")
@example("<img src=x>")
@example("[x]: https://a.example")
def test_markdown_text_is_text_and_nothing_else(text: str) -> None:
    tokens = MarkdownIt().enable("strikethrough").enable("table").parse(markdown_text(text))
    assert {token.type for token in tokens} <= {"paragraph_open", "inline", "paragraph_close"}
    inside = [child for token in tokens for child in token.children or ()]
    assert {child.type for child in inside} <= {"text", "text_special"}


@pytest.mark.parametrize("linked", ["https://a.example", "www.a.example", "@mara", "GH-1", "#12"])
def test_markdown_text_is_nothing_that_github_links(linked: str) -> None:
    assert linked not in markdown_text(f"see {linked} now")


@given(st.text(alphabet=st.sampled_from("`|[]()a\n"), min_size=1))
def test_markdown_code_is_code(text: str) -> None:
    tokens = MarkdownIt().parse(markdown_code(text))
    kinds = [child.type for token in tokens for child in token.children or ()]
    assert kinds in (["code_inline"], ["text"], [])


@pytest.mark.parametrize(
    ("left", "expected"),
    [({0}, ["name   count", "ferry      2", "x       1200"]), ((), [" name  count"])],
)
def test_columns_stand_under_each_other(left: set[int], expected: list[str]) -> None:
    rows = [["name", "count"], ["ferry", "2"], ["x", "1200"]]
    assert list(columns(rows, left))[: len(expected)] == expected
