"""Forms for continuous integration: no text breaks them, and what they hold is read back."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from rewriter.ci import JUnitCase, annotation, junit, markdown_block
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


@given(st.text(alphabet=st.sampled_from("`~[]()<>*|#@ a\n\r\x1b")))
@example("```\n<img src=x>\n````")
@example("[click](https://a.example/x)")
def test_a_markdown_block_is_code_and_nothing_else(text: str) -> None:
    (block,) = MarkdownIt().parse(markdown_block(text))
    assert (block.type, block.content) == ("fence", lines(text) + "\n")


@pytest.mark.parametrize(
    ("left", "expected"),
    [({0}, ["name   count", "ferry      2", "x       1200"]), ((), [" name  count"])],
)
def test_columns_stand_under_each_other(left: set[int], expected: list[str]) -> None:
    rows = [["name", "count"], ["ferry", "2"], ["x", "1200"]]
    assert list(columns(rows, left))[: len(expected)] == expected
