"""What continuous integration reads: GitHub's annotations and Markdown, and JUnit XML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple
from xml.etree import ElementTree as ET

from rewriter.escaping import Printable, lines

Level = Literal["error", "warning", "notice"]

# The characters that XML 1.0 cannot hold: all but those of its production `Char`.
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


# --- GitHub ------------------------------------------------------------------------------------


def annotation(
    level: Level,
    message: str,
    *,
    title: str,
    file: str = "",
    line: int = 1,
    column: int | None = None,
) -> Printable:
    """The workflow command of GitHub Actions that annotates a line of a file.

    `line` and `column` count from 1. Without a `file` it annotates the run. `message` may have
    several lines; the command is one line.
    """
    where = f"file={_property(file)},line={line}" + (f",col={column}" if column else "") + ","
    place = where if file else ""
    return Printable(f"::{level} {place}title={_property(title)}::{_message(message)}")


def _message(text: str) -> str:
    return lines(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")


def markdown_block(text: str) -> str:
    """The lines of `text` as a block of Markdown in which nothing is markup, a link or a name."""
    plain = lines(text)
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", plain)), default=0))
    return f"{fence}text\n{plain}\n{fence}\n"


# --- JUnit -------------------------------------------------------------------------------------


class JUnitCase(NamedTuple):
    """One test case. `message` is one line about an `error` or a `failure`, `text` the rest.

    `output` is for what does not fail the case; `file` is the path that the case is about.
    """

    classname: str
    name: str
    result: Literal["passed", "failure", "error"] = "passed"
    type: str = ""
    message: str = ""
    text: str = ""
    output: str = ""
    file: str = ""


def junit(name: str, cases: Sequence[JUnitCase]) -> str:
    """The JUnit XML of one suite; its encoding is UTF-8.

    The order of elements and attributes is that of Jenkins' schema (junit-10.xsd). Control
    characters are shown as escapes.
    """
    suites = ET.Element("testsuites", name="rewriter")
    suite = ET.SubElement(suites, "testsuite", name=_xml(name))
    suite.extend(map(_element, cases))
    for element in (suites, suite):
        element.set("tests", str(len(cases)))
        element.set("failures", str(sum(case.result == "failure" for case in cases)))
        element.set("errors", str(sum(case.result == "error" for case in cases)))
    ET.indent(suites)
    document: bytes = ET.tostring(suites, encoding="utf-8", xml_declaration=True)
    return document.decode()


def _element(case: JUnitCase) -> ET.Element:
    test = ET.Element("testcase", classname=_xml(case.classname), name=_xml(case.name))
    if case.file:
        test.set("file", _xml(case.file))
    if case.result != "passed":
        result = ET.SubElement(test, case.result, message=_xml(case.message))
        if case.type:
            result.set("type", _xml(case.type))
        result.text = _xml(case.text)
    if case.output:
        ET.SubElement(test, "system-out").text = _xml(case.output)
    return test


def _xml(text: str) -> str:
    return _NOT_XML.sub("", lines(text))
