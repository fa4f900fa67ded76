"""Wikitext, LaTeX, prefixed XHTML and MHTML give the article that a page of it would show."""

from __future__ import annotations

import quopri
import time

import pytest

from rewriter.cleaning import clean
from rewriter.cleaning.formats.latex import read_latex
from rewriter.cleaning.formats.wikitext import read_wikitext
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


@pytest.mark.parametrize(
    "line",
    [
        "He wrote [[sic]] in it.",
        "The mark === opens '''nothing.",
        "The note [[Norwell]] shows {{price}} where the fare should stand.",
        r"Each file begins with \documentclass, and about 5% of them hold \begin{document} twice.",
    ],
)
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


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("The yard built {{formatnum:12000}} boats.", "The yard built 12000 boats."),
        ("It opened on {{start date|1931|5|4|df=y}}.", "It opened on 1931-05-04."),
        ("A crossing takes {{frac|1|2}} hour.", "A crossing takes 1/2 hour."),
        ("It cost {{USD|12 million}} in all.", "It cost $12 million in all."),
        ("It carries {{convert|5|to|10|t}} of fish.", "It carries 5 to 10 t of fish."),
        ("The mast is {{convert|6|ft|2|in}} high.", "The mast is 6 ft 2 in high."),
        ("{{quote|[[Yard|The yard]] is full.|Per Holm}}", "The yard is full. — Per Holm"),
        ("The ship {{lang|fr|[[Nord (ship)|Nord]]}} is next.", "The ship Nord is next."),
    ],
)
def test_the_facts_of_templates_in_a_sentence_are_kept(written: str, read: str) -> None:
    assert read in clean(f"{WIKITEXT}\n{written}\n".encode(), name="a.txt").paragraphs


def test_wikitext_with_a_template_that_is_not_known_in_a_sentence_is_refused() -> None:
    line = "The yard employs {{workforce|Calder|2026}} people."
    with pytest.raises(SourceError, match="workforce"):
        clean(f"{WIKITEXT}\n{line}\n".encode(), name="a.txt")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (
            r"See \url{https://a.example/~x_y%20z--a} for it.",
            "See https://a.example/~x_y%20z--a for it.",
        ),
        (r"One in 2\frac{1}{2} ships is new.", "One in 2 1/2 ships is new."),
        (r"They sail \SI{22}{km} at night.", "They sail 22 km at night."),
        (r"Ay\c{s}e Y\i ld\i z lives there.", "Ayşe Yıldız lives there."),
        (r"Garc\'\i a met Fran\c coise.", "García met Françoise."),
        (r"Jo\v zef and Na\"{\i}m sail.", "Jožef and Naïm sail."),
        (r"It was \'Alvaro's, na\"\i{}ve \v{C}esk\'y.", "It was Álvaro's, naïve Český."),
    ],
)
def test_the_facts_of_latex_commands_are_kept(written: str, read: str) -> None:
    source = clean(LATEX.replace(r"\section", f"{written}\n\n\\section").encode(), name="a.txt")
    assert read in source.paragraphs


def test_a_line_break_of_latex_is_read_without_its_length() -> None:
    source = clean(LATEX.replace("Director", r"It said so.\\[2pt] Director").encode(), name="a.txt")
    assert "2pt" not in str(source.paragraphs)


def test_the_names_of_two_authors_of_latex_are_not_joined() -> None:
    data = LATEX.replace("Ruth Adeyemi", r"Ruth Adeyemi \and Per Holm").encode()
    assert clean(data, name="a.txt").author == "Ruth Adeyemi"


@pytest.mark.parametrize(
    "line", [r"It cost \price{} in all.", r"\begin{prices}It cost 3.\end{prices}"]
)
def test_latex_with_a_command_that_is_not_known_is_refused(line: str) -> None:
    with pytest.raises(SourceError, match="price"):
        clean(LATEX.replace(r"\section", f"{line}\n\\section").encode(), name="a.txt")


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


@pytest.mark.parametrize(
    "bomb",
    [
        f"\n\n[[\n\n={' ' * 2_000}b\n\n",
        "[http://" * 48_000,
        "[http://a" + " " * 380_000,
        "<ref>" * 75_000,
        "{|" + " " * 380_000,
    ],
)
def test_marks_that_nothing_closes_are_read_in_time(bomb: str) -> None:
    began = time.process_time()
    read_wikitext(f"'''Calder'''\n\n{bomb}")
    assert time.process_time() - began < 4


def test_figures_that_nothing_closes_are_read_in_time() -> None:
    began = time.process_time()
    with pytest.raises(SourceError, match="figure"):
        read_latex("\\begin{document}\n" + "\\begin{figure}" * 27_000 + "\n\\end{document}")
    assert time.process_time() - began < 4
