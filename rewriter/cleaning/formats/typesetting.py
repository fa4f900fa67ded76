"""Sources of typesetting that are refused by name: a fact may stand in any template or command."""

from __future__ import annotations

import re

from rewriter.errors import SourceError

# A longer text is refused as no article.
_LONGEST = 500_000
# Comments and blank lines may stand before what opens a document.
_LATEX = re.compile(r"(?>(?:[ \t]*+(?:%[^\n]*+)?\n)*)[ \t]*+\\documentclass\b")
_LATEX_BODY = re.compile(r"^[ \t]*+\\begin\{document\}", re.MULTILINE)
# Two of them are wikitext: a program has the first, and other markups have the second.
_WIKI_SIGNS = (
    re.compile(r"'''[^'\n]+'''"),
    re.compile(r"^(={2,6})[ \t]*+[^=\s][^\n]{0,300}(?<=[^=])\1[ \t]*+$", re.MULTILINE),
    re.compile(r"<ref[\s>]"),
)


def refuse_typesetting(text: str) -> None:
    """Raise `SourceError` for wikitext and for the source of a LaTeX document."""
    if len(text) > _LONGEST:
        return
    if _LATEX.match(text) and _LATEX_BODY.search(text):
        raise SourceError("this is LaTeX; save the document as text or HTML")
    if sum(sign.search(text) is not None for sign in _WIKI_SIGNS) > 1:
        raise SourceError("this is wikitext; save the page as HTML, as the wiki shows it")
