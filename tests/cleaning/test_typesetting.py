"""Prefixed XHTML and MHTML give the article of their page; wikitext and LaTeX are refused."""

from __future__ import annotations

import quopri
import time

import pytest

from rewriter.cleaning import clean
from rewriter.cleaning.formats import refuse_typesetting
from rewriter.errors import SourceError
from tests.cleaning.articles import BODY, TITLE, text

PAGE = f"<html><head><title>{TITLE}</title></head><body><article><h1>{TITLE}</h1>" + "".join(
    f"<p>{line}</p>" for line in BODY
)
WIKITEXT = """The operator '''Calder Lines''' ordered six [[Ship|ships]] on Monday.

They will sail between Port Ellery and Marrow Point, a crossing of {{convert|22|km|mi}}.

== Islanders ==
Islanders fear that the charging stops will make the timetable slower than it is now.
"""
LATEX = r"""% for the port
\documentclass[11pt]{article}
\title{Ferries}
\begin{document}
The ferry operator \textbf{Calder Lines} ordered six ships for \$412~million.
\end{document}
"""


@pytest.mark.parametrize(("source", "name"), [(WIKITEXT, "wikitext"), (LATEX, "LaTeX")])
def test_the_source_of_a_typeset_text_is_refused_by_name(source: str, name: str) -> None:
    with pytest.raises(SourceError, match=f"this is {name}; save the"):
        clean(source.encode(), name="a.txt")


@pytest.mark.parametrize(
    "bomb", ["[[a|" * 90_000, "{{" * 180_000, "=" * 380_000, "\n%" * 190_000, "'''a" * 90_000]
)
def test_marks_that_nothing_closes_are_looked_at_in_time(bomb: str) -> None:
    began = time.process_time()
    refuse_typesetting(f"\n\n'''Calder'''\n\n{bomb}")
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    "line",
    [
        "He wrote [[sic]] in it.",
        "The script opens with '''Fares''', and its page shows {{ fares }} or [[fares]] below.",
        "The mark === opens '''nothing.",
        "The note [[Norwell]] shows {{price}} where the fare should stand.",
        r"Each file begins with \documentclass, and about 5% of them hold \begin{document} twice.",
    ],
)
def test_text_that_speaks_of_marks_is_no_wikitext(line: str) -> None:
    assert line in clean(text(TITLE, *BODY, line).encode(), name="a.txt").paragraphs


def test_xhtml_with_a_prefix_is_read_as_a_page() -> None:
    page = PAGE.replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:")
    page = page.replace("<x:html>", '<x:html xmlns:x="http://www.w3.org/1999/xhtml">')
    source = clean(f"<?xml version='1.0'?>{page}</x:article></x:body></x:html>".encode(), name="a")
    assert (source.title, source.paragraphs) == (TITLE, BODY)


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252"])
def test_the_page_of_an_mhtml_file_is_read(charset: str) -> None:
    line = "The café at the pier opens in May."
    page = quopri.encodestring(f"{PAGE}<p>{line}</p>".encode(charset))
    head = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://a.example/ferries\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="B"\r\n\r\n--B\r\n'
        f"Content-Type: text/html; charset={charset}\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    picture = b"\r\n--B\r\nContent-Type: image/png\r\n\r\nPNG\r\n--B--\r\n"
    source = clean(head.encode() + page + picture, name="a.mhtml")
    assert (source.title, source.paragraphs) == (TITLE, (*BODY, line))


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("; a=1" * 500, ""),
        (";\r\n a=1" * 500, ""),
        ("", "Content-Type: text/html" + "; a=1" * 500),
        ("", "X: y\n" * 400_000),
        ("", "--B\n\n" * 20_000),
    ],
)
def test_a_mail_that_takes_long_to_read_is_refused(header: str, part: str) -> None:
    mail = (
        "From: a@a.example\nContent-Location: https://a.example/\nMIME-Version: 1.0\n"
        f'Content-Type: multipart/related; boundary="B"{header}\n\n'
        f"--B\nContent-Type: text/html\n\n{PAGE}\n--B\n{part}\n--B--\n"
    )
    with pytest.raises(SourceError, match="too many lines or parts, or of too long"):
        clean(mail.encode(), name="a.mhtml")


def test_a_mail_that_holds_a_page_is_no_page() -> None:
    mail = f"From: a@a.example\nMIME-Version: 1.0\nContent-Type: text/html\n\n{PAGE}"
    with pytest.raises(SourceError, match="an e-mail"):
        clean(mail.encode(), name="a.mhtml")


SAVED = "From: a\r\nSnapshot-Content-Location: https://a.example/\r\nMIME-Version: 1.0\r\n"


@pytest.mark.parametrize("charset", ["hex", "rot13", "undefined", "no-such"])
def test_a_saved_page_with_a_strange_charset_is_read(charset: str) -> None:
    data = f"{SAVED}Content-Type: text/html; charset={charset}\r\n\r\n{PAGE}"
    assert clean(data.encode(), name="a.mhtml").paragraphs == BODY


def test_a_page_that_declares_a_codec_that_is_no_encoding_is_read() -> None:
    data = (
        PAGE.replace("<title>", '<meta charset="hex"><title>').encode() + b"<p>The caf\xe9 opens."
    )
    assert "The café opens." in clean(data, name="a.html").paragraphs


def test_a_saved_page_of_parts_in_parts_is_refused() -> None:
    parts = (f"Content-Type: multipart/a; boundary={n}\r\n\r\n--{n}\r\n" for n in range(1_200))
    with pytest.raises(SourceError, match="parts in each other"):
        clean(f"{SAVED}{''.join(parts)}".encode(), name="a.mhtml")
