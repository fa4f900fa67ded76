"""LaTeX rewritten as Markdown: title, author and date as head lines, commands as their text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from rewriter.cleaning.formats.leftovers import Read
from rewriter.cleaning.formats.pairs import without_pairs
from rewriter.cleaning.page import Block
from rewriter.cleaning.reasons import Reason
from rewriter.errors import SourceError

# Comments and blank lines may stand before what opens a document.
_OPENS = re.compile(r"(?:[ \t]*+(?:%[^\n]*+)?\n)*+[ \t]*+\\documentclass\b")
_INSIDE = tuple(
    re.compile(rf"^[ \t]*+\\{word}\{{document\}}", re.MULTILINE) for word in ("begin", "end")
)
_ARGUMENT = r"\{((?:[^{}]|\{(?:[^{}]|\{[^{}]{0,300}\}){0,300}+\}){0,1000}+)\}"
_OPTION = r"(?:\[[^\[\]]{0,300}\])?"
_FACTS = (("Title", "title"), ("Author", "author"), ("Date", "date"))
_BEGIN = r"\begin{document}"
_END = re.compile(r"\\end\{document\}|\\begin\{thebibliography\}|\\appendix\b")
# A comment, and what holds a per cent sign that begins none.
_COMMENT = re.compile(r"\\(?:url|href)\{[^{}\n]{0,2000}+\}|\\.|%.*")
# What is no text of the article, with all that is in it.
_FIGURES = re.compile(r"\\begin\{(figure|table|tikzpicture|lstlisting|verbatim)(\*?)\}")
_MOST_FIGURE = 10_000
_NOTES = re.compile(
    rf"\\(?:footnote|thanks|cite\w{{0,6}}|label|ref|includegraphics){_OPTION}{_ARGUMENT}"
)
_SECTION = re.compile(rf"\\((?:sub){{0,2}}section|chapter)\*?{_OPTION}{_ARGUMENT}")
_SECOND = re.compile(rf"\\(?:href|textcolor){_ARGUMENT}{_ARGUMENT}")
_FRACTION = re.compile(rf"(\d)?\\[tdns]?(?:ice)?frac{_ARGUMENT}{_ARGUMENT}")
_MEASURE = re.compile(rf"\\(?:SI|qty){_OPTION}{_ARGUMENT}{_ARGUMENT}")
_QUOTED = re.compile(rf"\\enquote\*?{_ARGUMENT}")
_LINE_BREAK = re.compile(r"\\\\\*?(?:\[[^\[\]\n]{0,30}\])?")
# Commands that set something rather than say it.
_SETTING = re.compile(
    rf"\\setlength{_ARGUMENT}{_ARGUMENT}|\\(?:[vh]space|pagestyle|thispagestyle|usepackage"
    rf"|bibliography\w{{0,5}}|title|author|date|begin|end)\*?{_OPTION}{_ARGUMENT}{_OPTION}"
)
_ITEM = re.compile(r"\\item\b\s*(?:\[([^\[\]]{0,200})\])?")
# Blanks behind the name of a command are no text: "Fran\c cois", "Mart\'\i nez".
_ACCENT = re.compile(
    r"\\([`'^\"~=.]|[uvHck](?![a-zA-Z]))[ \t]*"
    r"(?:\{[ \t]*\\?([a-zA-Z])[ \t]*\}|\\([a-zA-Z])(?![a-zA-Z])(?:\{\}|[ \t]*)|([a-zA-Z]))"
)
_COMBINING = dict(zip("`'^\"~=.uvHck", "\u0300\u0301\u0302\u0308\u0303\u0304\u0307\u0306\u030c"
                      "\u030b\u0327\u0328", strict=True))  # fmt: skip
_LETTERS = {"ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "l": "ł",
            "L": "Ł", "aa": "å", "AA": "Å", "ldots": "…", "dots": "…", "pounds": "£", "euro": "€",
            "S": "§", "copyright": "©", "textdegree": "°", "texteuro": "€", "textendash": "–",
            "textemdash": "—", "textquoteright": "’", "textquoteleft": "‘", "times": "×",
            "textquotedblleft": "“", "textquotedblright": "”", "cdot": "·", "leq": "≤",
            "geq": "≥", "approx": "≈", "pm": "±", "quad": " ", "newline": "\n",
            "par": "\n\n", "i": "ı", "j": "ȷ"}  # fmt: skip
_LETTER = re.compile(rf"\\({'|'.join(_LETTERS)})(?![a-zA-Z])(?:\{{\}}|[ \t]*)")
_COMMAND = re.compile(rf"\\[a-zA-Z]+\*?{_OPTION}\{{([^{{}}]*)\}}")
_BARE = re.compile(r"\\[a-zA-Z]+\*?[ \t]*")
_SIGNS = (("``", "“"), ("''", "”"), ("---", "—"), ("--", "–"), ("\\,", " "), ("~", " "))
_ADDRESS = re.compile(r"(https?://[^\s{}]+)")
_ESCAPED = re.compile(r"\\([%&$#_{} ])")
_MATH = re.compile(r"(?<!\\)\$\$?([^$\n]{1,500}?)\$\$?")
# Commands inside of commands.
_DEPTH = 5
# What may be read or passed over; any other command could stand for a name or a figure.
_READ = frozenset((
    *_LETTERS, *"`'^\"~=.uvHck",
    *("textbf", "textit", "emph", "texttt", "textsc", "textrm", "textsf", "textsl", "underline"),
    *("text", "mbox", "url", "href", "mathrm", "mathbf", "paragraph", "num", "textcolor", "SI"),
    *("qty", "enquote", "frac", "tfrac", "dfrac", "sfrac", "nicefrac", "section", "subsection"),
    *("subsubsection", "chapter", "title", "author", "date", "begin", "end", "item", "maketitle"),
    *("noindent", "indent", "bigskip", "medskip", "smallskip", "centering", "tableofcontents"),
    *("newpage", "clearpage", "pagebreak", "small", "large", "Large", "footnotesize", "it", "bf"),
    *("normalsize", "em", "itshape", "bfseries", "hfill", "vfill", "setlength", "hspace"),
    *("vspace", "pagestyle", "thispagestyle", "bibliography", "bibliographystyle", "and"),
))  # fmt: skip
_ANY = re.compile(r"\\(?:([a-zA-Z]+)|.)")
_ENVIRONMENT = re.compile(r"\\begin\s*\{([^{}\n]{0,40})\}")
_KNOWN = frozenset(["itemize", "enumerate", "description", "quote", "quotation", "center",
                    "abstract", "flushleft", "flushright"])  # fmt: skip


def is_latex(text: str) -> bool:
    """True for the source of a whole LaTeX document."""
    return _OPENS.match(text) is not None and all(mark.search(text) for mark in _INSIDE)


def read_latex(text: str) -> Read:
    """The document as Markdown, and what stands around it, figures and notes as cut.

    Raises `SourceError` for a command that is not known: a fact could be in what it stands for.
    """
    taken: list[Block] = []

    def cut(part: str) -> str:
        taken.append(Block(" ".join(part.split()), reason=Reason.SHORTCODE))
        return ""

    text = _COMMENT.sub(lambda one: cut(one[0]) if one[0][0] == "%" else one[0], text)
    facts = [(name, _NOTES.sub("", said)) for name, said in _facts(text)]
    before, _, body = text.rpartition(_BEGIN)
    end = found.start() if (found := _END.search(body)) else len(body)
    for around in (before.strip(), body[end:].strip()):
        taken += [Block(around, reason=Reason.SHORTCODE)] if around else []
    body = without_pairs(
        body[:end], _FIGURES, lambda one: rf"\end{{{one[1]}{one[2]}}}", cut, most=_MOST_FIGURE
    )
    body = _NOTES.sub(lambda one: cut(one[0]), body)
    _refuse_unread("\n".join((*(said for _, said in facts), body)))
    head = "".join(f"{name}: {_plain(said)}\n" for name, said in facts)
    return Read(f"{head}\n{_plain(body)}", tuple(taken))


def _refuse_unread(text: str) -> None:
    commands = (found[1] for found in _ANY.finditer(text) if found[1])
    unread = next((rf"\{name}" for name in commands if name not in _READ), None)
    environments = (found[1].rstrip("*") for found in _ENVIRONMENT.finditer(text))
    unread = unread or next((name for name in environments if name not in _KNOWN), None)
    if unread is not None:
        raise SourceError(
            f"the LaTeX has {unread[:60]}, whose text is not known; write its text, or save the "
            "document as text or HTML"
        )


def _facts(text: str) -> Iterator[tuple[str, str]]:
    for name, command in _FACTS:
        found = re.search(rf"\\{command}{_OPTION}{_ARGUMENT}", text)
        if found and "\\today" not in found[1]:
            yield name, re.sub(r"\s*\\and\b\s*", " and ", found[1])


def _plain(text: str) -> str:
    """The text of commands without them."""
    text = _SECTION.sub(lambda one: f"\n\n##{'#' * one[1].count('sub')} {one[2]}\n\n", text)
    text = _ITEM.sub(lambda one: f"\n- {one[1] + ' ' if one[1] else ''}", _SETTING.sub("", text))
    text = _QUOTED.sub(r"“\1”", _MEASURE.sub(r"\1 \2", _LINE_BREAK.sub("\n", text)))
    text = _FRACTION.sub(lambda one: f"{f'{one[1]} ' if one[1] else ''}{one[2]}/{one[3]}", text)
    text = _ACCENT.sub(_accented, _SECOND.sub(r"\2", text))
    text = _LETTER.sub(lambda one: _LETTERS[one[1]], _MATH.sub(r"\1", text))
    pieces = _ADDRESS.split(text)  # every second one is an address, in which signs stay
    for sign, written in _SIGNS:
        pieces[::2] = [piece.replace(sign, written) for piece in pieces[::2]]
    text = "".join(pieces)
    for _ in range(_DEPTH):
        text, found = _COMMAND.subn(r"\1", text)
        if not found:
            break
    text = re.sub(r"(?<!\\)[{}]", "", _BARE.sub("", text))
    return _ESCAPED.sub(r"\1", text).strip()


def _accented(found: re.Match[str]) -> str:
    letter = found[2] or found[3] or found[4]
    return unicodedata.normalize("NFC", letter + _COMBINING[found[1]])
