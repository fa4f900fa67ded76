"""Checking a finished article that is already on disk."""

from __future__ import annotations

from pathlib import Path

from rewriter import document, frontmatter, originals
from rewriter.article import Finding, Source
from rewriter.checks import check_headline, check_rewrite
from rewriter.cleaning import clean
from rewriter.errors import FileError, SourceError
from rewriter.rules import Rules
from rewriter.state import State


def check_article(data: bytes, source: Source, rules: Rules) -> tuple[Finding, ...]:
    """The findings on a finished article, its title included.

    Raises `FrontMatterError` or `SourceError` when it is not one.
    """
    article = frontmatter.read(data)
    rewrite = document.parse(article.body, rules.headings)
    title = article.metadata.get("title")
    about_title = check_headline(title, source, rules) if isinstance(title, str) else ()
    return (*check_rewrite(rewrite, source, rules), *about_title)


def source_of(path: Path, state: State, name: str) -> Source:
    """The source that is kept of the article called `name`, cleaned.

    Raises `SourceError` when none is kept.
    """
    original = originals.latest(state, name)
    if original is None:
        raise SourceError(
            f"{path}: no source of it is kept in {state.originals}; name it with --source"
        )
    return clean(original, name=name)


def read(path: Path) -> bytes:
    """The bytes of a file. Raises `FileError` that says why not."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileError(f"{path}: cannot read it: {error.strerror}") from error
