"""Wikitext, LaTeX, prefixed XHTML and MHTML give the article that a page of it would show."""

from __future__ import annotations

import quopri

import pytest

from rewriter.cleaning import clean
from rewriter.errors import SourceError
from tests.cleaning.articles import BODY, TITLE, cuts, text

PAGE = f"<html><head><title>{TITLE}</title></head><body><article><h1>{TITLE}</h1>" + "".join(
    f"<p>{line}</p>" for line in BODY
)
WIKITEXT = f"""= {TITLE} =
[[File:Hull.jpg|thumb|The first [[Hull (ship)|hull]] in the yard]]
The ferry operator '''Calder Lines''' ordered six [[Electric boat|electric ships]] on Monday for \
412 million dollars.<ref name="a">{{{{cite web|title=Six ships|url=https://a.example}}}}</ref>

They will sail between [[Port Ellery]] and Marrow Point, a crossing of {{{{convert|22|km|mi}}}}.

== Islanders ==
* Islanders fear that the ''charging stops'' will make the timetable slower than it is now.

{{| class="wikitable"
|-
| Port Ellery || 6.3 million
|}}
{{{{Reflist}}}}
[[Category:Ferries]]
"""
LATEX = rf"""\documentclass[11pt]{{article}}
\usepackage{{graphicx}}
\title{{{TITLE}}}
\author{{Ruth Adeyemi}}
\date{{29 January 2026}}
\begin{{document}}
\maketitle
The ferry operator \textbf{{Calder Lines}} ordered six ships for \$412~million, 8\% more.\label{{a}}
% a remark of the author
Director Mar\'{{e}}n Oduya said that ``the first hull'' would be cut in September.

\section{{Islanders}}
\begin{{itemize}}
\item Islanders fear that the \emph{{charging stops}} will make the timetable slower.
\end{{itemize}}
\begin{{figure}}\includegraphics{{hull.png}}\caption{{The hull.}}\end{{figure}}
\begin{{thebibliography}}{{9}}\bibitem{{a}} Six ships.\end{{thebibliography}}
\end{{document}}
"""


def test_wikitext_is_read_without_its_marks() -> None:
    source = clean(WIKITEXT.replace("\\\n", "").encode(), name="a.txt")
    assert source.title == TITLE
    assert source.paragraphs == (
        BODY[0],
        "They will sail between Port Ellery and Marrow Point, a crossing of 22 km.",
        "## Islanders",
        "- Islanders fear that the charging stops will make the timetable slower than it is now.",
        "Port Ellery | 6.3 million",
    )
    assert "The first [[Hull (ship)|hull]]" in cuts(source)["image"]
    assert "{{Reflist}}" in cuts(source)["shortcode"]


@pytest.mark.parametrize("line", ["He wrote [[sic]] in it.", "The mark === opens '''nothing."])
def test_text_that_speaks_of_marks_is_no_wikitext(line: str) -> None:
    assert line in clean(text(TITLE, *BODY, line).encode(), name="a.txt").paragraphs


def test_latex_is_read_without_its_commands() -> None:
    source = clean(LATEX.encode(), name="a.txt")
    assert (source.title, source.author) == (TITLE, "Ruth Adeyemi")
    assert source.published_at is not None and source.published_at.day == 29
    assert source.paragraphs == (
        "The ferry operator Calder Lines ordered six ships for $412 million, 8% more.",
        "Director Marén Oduya said that “the first hull” would be cut in September.",
        "## Islanders",
        "- Islanders fear that the charging stops will make the timetable slower.",
    )
    assert "a remark of the author" in cuts(source)["shortcode"]


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


def test_a_mail_that_holds_a_page_is_no_page() -> None:
    mail = f"From: a@a.example\nMIME-Version: 1.0\nContent-Type: text/html\n\n{PAGE}"
    with pytest.raises(SourceError, match="an e-mail"):
        clean(mail.encode(), name="a.mhtml")
