"""Checking a finished article that is already on disk."""

from __future__ import annotations

import os
from pathlib import Path

from rewriter import document, frontmatter, inputs, prompt_file, records
from rewriter.article import Finding, Source
from rewriter.checks import Evidence, check_headline, check_rewrite
from rewriter.cleaning import clean
from rewriter.errors import FrontMatterError, SourceError
from rewriter.originals import Originals
from rewriter.rules import Rules
from rewriter.settings import Settings
from rewriter.state import State, find_root


def check_article(data: bytes, source: Source, rules: Rules) -> tuple[Finding, ...]:
    """The findings on a finished article, its title included.

    Raises `FrontMatterError` or `SourceError` when it is not one.
    """
    article = frontmatter.read(data)
    rewrite = document.parse(article.body, rules.headings)
    evidence = Evidence(source)
    title = article.metadata.get("title")
    about_title = check_headline(title, rules, evidence) if isinstance(title, str) else ()
    return (*check_rewrite(rewrite, source, rules, evidence), *about_title)


def check_file(path: str, source: str | None, settings: Settings) -> tuple[Finding, ...]:
    """The findings on the finished article at `path`, against the raw article at `source`.

    Without `source` the one that is kept in the state directory is taken. Raises `FileError`s.
    """
    data = inputs.read(Path(path))
    rules = prompt_file.load(settings.prompt, settings.prompts_dir).rules
    cleaned = (
        clean(inputs.read(Path(source)), name=source)
        if source
        else _kept_source(path, State(root=find_root([Path(path)], settings.root)))
    )
    try:
        return check_article(data, cleaned, rules)
    except FrontMatterError as error:
        raise error.at(path) from error
    except SourceError as error:
        raise SourceError(f"{path}: {error}") from error


def _kept_source(path: str, state: State) -> Source:
    article = Path(os.path.realpath(path))
    record = records.of_target(state.records, article)
    original = Originals(state).latest(state.root / record.name if record else article)
    if original is None:
        raise SourceError(
            f"{path}: no source of it is kept in {state.originals}; "
            "name it with --source, or its content root with --root"
        )
    return clean(original, name=record.name if record else path)
