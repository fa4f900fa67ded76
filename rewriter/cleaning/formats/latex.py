"""LaTeX rewritten as Markdown: title, author and date as head lines, commands as their text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from rewriter.cleaning.formats.leftovers import Read
from rewriter.cleaning.page import Block
from rewriter.cleaning.reasons import Reason

_DOCUMENT = re.compile(r"\\documentclass\b|\\begin\s?\{document\}")
_ARGUMENT = r"\{((?:[^{}]|\{(?:[^{}]|\{[^{}]{0,300}\}){0,300}+\}){0,1000}+)\}"
_OPTION = r"(?:\[[^\[\]]{0,300}\])?"
_FACTS = (("Title", "title"), ("Author", "author"), ("Date", "date"))
_BEGIN = r"\begin{document}"
_END = re.compile(r"\\end\{document\}|\\begin\{thebibliography\}|\\appendix\b")
_COMMENT = re.compile(r"(?<!\\)%.*")
# What is no text of the article, with all that is in it.
_FIGURES = re.compile(
    r"\\begin\{(figure|table|tikzpicture|lstlisting|verbatim)(\*?)\}.{0,5000}?"
    r"\\end\{\1\2\}",
    re.DOTALL,
)
_NOTES = re.compile(rf"\\(?:footnote|cite\w{{0,6}}|label|ref|includegraphics){_OPTION}{_ARGUMENT}")
_SECTION = re.compile(rf"\\((?:sub){{0,2}}section|chapter)\*?{_OPTION}{_ARGUMENT}")
_LINK = re.compile(rf"\\href{_ARGUMENT}{_ARGUMENT}")
# Commands that set something rather than say it.
_SETTING = re.compile(
    rf"\\(?:[vh]space|setlength|pagestyle|thispagestyle|usepackage|bibliography\w{{0,5}}|input"
    rf"|title|author|date|begin|end)\*?{_OPTION}{_ARGUMENT}(?:{_ARGUMENT})?{_OPTION}"
)
_ITEM = re.compile(r"\\item\b\s*(?:\[([^\[\]]{0,200})\])?")
_ACCENT = re.compile(r"\\([`'^\"~=.uvHck])(?:\{\\?([a-zA-Z])\}|(?<![a-zA-Z])\\?([a-zA-Z]))")
_COMBINING = dict(zip("`'^\"~=.uvHck", "\u0300\u0301\u0302\u0308\u0303\u0304\u0307\u0306\u030c"
                      "\u030b\u0327\u0328", strict=True))  # fmt: skip
_LETTERS = {"ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "l": "ł",
            "L": "Ł", "aa": "å", "AA": "Å", "ldots": "…", "dots": "…", "pounds": "£", "euro": "€",
            "S": "§", "copyright": "©", "textdegree": "°"}  # fmt: skip
_LETTER = re.compile(rf"\\({'|'.join(_LETTERS)})(?![a-zA-Z])(?:\{{\}}|[ \t]*)")
_COMMAND = re.compile(rf"\\[a-zA-Z]+\*?{_OPTION}\{{([^{{}}]*)\}}")
_BARE = re.compile(r"\\[a-zA-Z]+\*?[ \t]*")
_SIGNS = (("``", "“"), ("''", "”"), ("---", "—"), ("--", "–"), ("\\\\", "\n"), ("\\,", " "),
          ("~", " "))  # fmt: skip
_ESCAPED = re.compile(r"\\([%&$#_{} ])")
_MATH = re.compile(r"(?<!\\)\$\$?([^$\n]{1,500}?)\$\$?")
# Commands inside of commands.
_DEPTH = 5


def is_latex(text: str) -> bool:
    """True for the source of a LaTeX document."""
    return "\\" in text and _DOCUMENT.search(text) is not None


def read_latex(text: str) -> Read:
    """The document as Markdown, and what stands around it, figures and notes as cut."""
    taken: list[Block] = []

    def cut(found: re.Match[str]) -> str:
        taken.append(Block(" ".join(found[0].split()), reason=Reason.SHORTCODE))
        return ""

    text = _COMMENT.sub(cut, text)
    head = "".join(f"{name}: {_plain(said)}\n" for name, said in _facts(text))
    before, _, body = text.rpartition(_BEGIN)
    end = found.start() if (found := _END.search(body)) else len(body)
    for around in (before.strip(), body[end:].strip()):
        taken += [Block(around, reason=Reason.SHORTCODE)] if around else []
    body = _NOTES.sub(cut, _FIGURES.sub(cut, body[:end]))
    return Read(f"{head}\n{_plain(body)}", tuple(taken))


def _facts(text: str) -> Iterator[tuple[str, str]]:
    for name, command in _FACTS:
        found = re.search(rf"\\{command}{_OPTION}{_ARGUMENT}", text)
        if found and "\\today" not in found[1]:
            yield name, found[1]


def _plain(text: str) -> str:
    """The text of commands without them."""
    text = _SECTION.sub(lambda one: f"\n\n##{'#' * one[1].count('sub')} {one[2]}\n\n", text)
    text = _ITEM.sub(lambda one: f"\n- {one[1] + ' ' if one[1] else ''}", _SETTING.sub("", text))
    text = _ACCENT.sub(_accented, _LINK.sub(r"\2", text))
    text = _LETTER.sub(lambda one: _LETTERS[one[1]], _MATH.sub(r"\1", text))
    for sign, written in _SIGNS:
        text = text.replace(sign, written)
    for _ in range(_DEPTH):
        text, found = _COMMAND.subn(r"\1", text)
        if not found:
            break
    text = re.sub(r"(?<!\\)[{}]", "", _BARE.sub("", text))
    return _ESCAPED.sub(r"\1", text).strip()


def _accented(found: re.Match[str]) -> str:
    letter = found[2] or found[3]
    return unicodedata.normalize("NFC", letter + _COMBINING[found[1]])
