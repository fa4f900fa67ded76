"""Text of strangers is inert wherever it is printed or logged, and keys are not in it."""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
import unicodedata
from base64 import b64encode
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewriter import escaping
from rewriter.errors import ConfigurationError, FileError
from rewriter.escaping import (
    MARK,
    Printable,
    counted,
    json_text,
    line,
    lines,
    message_of,
    redacted,
    remember,
    several,
)

ROOT = Path(__file__).parent.parent
_BIDIRECTIONAL = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


@given(st.text())
def test_a_line_is_one_line_without_anything_that_a_terminal_obeys(text: str) -> None:
    shown = line(text)
    assert len(shown.splitlines()) <= 1
    assert not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in shown)
    assert not any(unicodedata.bidirectional(c) in _BIDIRECTIONAL for c in shown)
    assert line(shown) == shown


@given(st.text())
def test_lines_keep_line_feeds_and_tabs_only(text: str) -> None:
    controls = {c for c in lines(text) if unicodedata.category(c) == "Cc"}
    assert controls <= {"\n", "\t"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31m", "a\\x1b[31m"),
        ("a\r\nb\tc", "a\\r\\nb\\tc"),
        ("\u202efdp.exe", "\\u202efdp.exe"),
        ("\u2028\x85", "\\u2028\\x85"),
        ("\U000e0041", "\\U000e0041"),
        ("\udc80", "\\udc80"),
        ("Zürich – 東京 👩‍🚒", "Zürich – 東京 👩‍🚒"),
        ("::error::x", "\\x3a:error::x"),
        ("  ::add-mask::x", "  \\x3a:add-mask::x"),
        ("a::b", "a::b"),
        ("x ##[error]y ##vso[task]", "x \\x23#[error]y \\x23#vso[task]"),
    ],
)
def test_what_escapes_look_like(text: str, shown: str) -> None:
    assert line(text) == shown


@given(st.text())
def test_json_keeps_its_value(text: str) -> None:
    serialized = json.dumps({"a": text}, ensure_ascii=False)
    shown = json_text(serialized)
    assert json.loads(shown) == {"a": text}
    assert not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in shown)


def test_only_lines_that_were_made_one_by_one_stay_several() -> None:
    assert message_of(FileError("a\n::error::b")) == "a\\n::error::b"
    assert message_of(ConfigurationError(several(["a\nb", "c"]))) == "a\\nb\nc"
    assert isinstance(message_of(FileError("a")), Printable)


def test_what_is_logged_is_one_line_and_a_traceback_holds_no_escapes(
    capfd: pytest.CaptureFixture[str],
) -> None:
    program = (
        "import logging; from rewriter import escaping; escaping.install();"
        "log = logging.getLogger('x'); log.warning('%s went', 'a\\n::error::b\\x1b[2J')\n"
        "try: raise ValueError('c\\n::error::d\\x1b[2J')\n"
        "except ValueError: log.exception('%s', 'e\\u202e')\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT)
    told_lines = capfd.readouterr().err.splitlines()
    assert told_lines[0] == "a\\n::error::b\\x1b[2J went"
    assert told_lines[1] == "e\\u202e"
    assert not any(shown.lstrip().startswith("::") or "\x1b" in shown for shown in told_lines)


def test_a_record_without_an_error_is_as_logging_makes_it() -> None:
    record = escaping._Record("x", logging.INFO, "a.py", 1, "%s", ("b",), None)
    assert (record.getMessage(), record.exc_text) == ("b", None)


# --- nothing goes around it ---------------------------------------------------------------------

_PRINTING = re.compile(
    r"\b(?:console\.print|print|click\.(?:secho|style|echo)|std(?:err|out)\.write)(?=\()"
)


def test_no_module_prints_by_itself() -> None:
    """These print the escaped text, or are outside of a command's output."""
    package = ROOT / "rewriter"
    found = {
        (path.relative_to(package).as_posix(), call)
        for path in package.rglob("*.py")
        for call in _PRINTING.findall(path.read_text(encoding="utf-8"))
    }
    assert found == {
        ("cli/output.py", "click.style"),
        ("cli/output.py", "click.echo"),
        ("cli/reporting.py", "print"),
        ("queue/worker_process.py", "stderr.write"),
        ("worker.py", "stderr.write"),
    }


# --- commands, attacked by the names of files ---------------------------------------------------

_NAME = "a\n::error::pwned\x1b[2J\u202e.md"


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [
        ["rewrite", _NAME, "--engine", "extractive"],
        ["rewrite", ".", "--engine", "extractive", "--out", "out", "--json"],
        ["check", _NAME],
        ["check", _NAME, "--format", "github"],
        ["check", _NAME, "--format", "sarif"],
        ["check", _NAME, "--format", "junit"],
        ["plan", "."],
        ["clean", _NAME],
        ["restore", _NAME],
        ["publish", _NAME, "--reason", "x"],
        ["rewrite", f"missing{_NAME}"],
        ["rewrite", "a.md", f"--nonsense{_NAME}"],
    ],
)
def test_no_command_prints_what_a_name_hides(tmp_path: Path, arguments: list[str]) -> None:
    text = "# Ferry\n\n" + "The line bought six ferries on Monday for the northern route.\n\n" * 3
    (tmp_path / _NAME).write_text(text + "::error::from the text \x1b[2J\n", encoding="utf-8")
    (tmp_path / f"second{_NAME}").write_bytes(b"\xff\x00\xff")
    clean = {name: value for name, value in os.environ.items() if "OPENAI" not in name}
    done = subprocess.run(
        [sys.executable, "-m", "rewriter", *arguments],
        cwd=tmp_path, env=clean | {"PYTHONPATH": str(ROOT)}, capture_output=True, check=False,
    )  # fmt: skip
    assert done.stdout or done.stderr
    assert b"Traceback" not in done.stderr
    for shown in (done.stdout + done.stderr).decode().split("\n"):
        assert not shown.lstrip().startswith("::error::")
        assert not {"\x1b", "\u202e"} & set(shown)


def test_json_is_the_same_and_holds_no_command() -> None:
    value = {"##vso[task]": "##[error]x ##teamcity[y] \\##vso[z] ## # a\u202e"}
    shown = json_text(json.dumps(value, ensure_ascii=False))
    assert json.loads(shown) == value
    assert not re.search(r"##(?:\[|vso|teamcity)|\u202e", shown)


# --- keys ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["gsk_5ferry0harbour1line2", "p@ss/w0rd#1", "x" * 20])
def test_a_key_is_redacted_by_its_value(key: str) -> None:
    remember(key)
    text = f"the key {key} was refused"
    assert redacted(text) == f"the key {MARK} was refused"
    for shown in (
        line(text),
        lines(text),
        json_text(json.dumps(text)),
        message_of(FileError(text)),
    ):
        assert key not in shown


_KEY = "gsk_Ferry/42+tram==Harbour0987"


@pytest.mark.parametrize(
    "echoed",
    [
        quote(_KEY, safe=""),
        quote(_KEY, safe="").lower(),
        quote(quote(_KEY)),
        _KEY.upper(),
        _KEY.replace("/", "\\/"),
        "".join(f"\\u{ord(letter):04X}" for letter in _KEY),
        "\u200b".join(_KEY),
        "\u200b\u2060\u200c\u200b".join(_KEY),
        "".join(chr(ord(letter) + 0xFEE0) for letter in _KEY),
        b64encode(_KEY.encode()).decode(),
        f"{_KEY[:20]}...",
        f"{_KEY[:15]} {_KEY[15:]}",
    ],
)
def test_a_key_is_redacted_in_each_form_that_it_is_echoed_in(echoed: str) -> None:
    remember(_KEY)
    shown = redacted(f"the key {echoed} was refused")
    assert MARK in shown
    rest = shown.replace(MARK, "").split()
    assert rest == ["the", "key", *(["..."] if "..." in shown else []), "was", "refused"]


@pytest.mark.parametrize("word", ["", "none", "ollama", "not-needed", "lm-studio"])
def test_a_word_in_place_of_a_key_is_no_key(word: str) -> None:
    remember(word)
    assert redacted(f"they said {word} of it") == f"they said {word} of it"


@pytest.mark.parametrize(
    ("number", "noun", "shown"),
    [
        (0, "problem", "0 problems"),
        (1, "problem", "1 problem"),
        (2, "epoch", "2 epochs"),
        (3, "provider batch", "3 provider batches"),
        (12_000, "process", "12,000 processes"),
        (2, "entry", "2 entries"),
        (2, "day", "2 days"),
    ],
)
def test_one_thing_is_counted_as_one(number: int, noun: str, shown: str) -> None:
    assert counted(number, noun) == shown
