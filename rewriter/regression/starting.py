"""Makes a suite: its folder, its first cases, and a prompt file to test."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from rewriter.cleaning import clean
from rewriter.errors import ConfigurationError, SourceError
from rewriter.files import atomic, inputs
from rewriter.files.inputs import SUFFIXES
from rewriter.prompting import prompt_file
from rewriter.regression import baseline
from rewriter.regression.recordings import PROMPT_UNREAD
from rewriter.regression.suite_folder import SuiteFolder

_EXAMPLE = Path(__file__).with_name("first_case")
_CASE = """\
# What each rewrite of {article} must say, and must not say. A list inside `must`: any one of them.
must = []
must_not = []
"""
_ATTRIBUTES = """\
# Digests of cases and answers are the same in every checkout.
* text=auto eol=lf
"""


def is_first(folder: SuiteFolder, prompt: str, prompts: Path | None) -> bool:
    """Whether the baseline of `prompt` is made of answers that read no prompt; False without one.

    Raises `ConfigurationError` for a baseline that a model answered, and for wrong files.
    """
    name = prompt_file.load(prompt, prompts).name
    accepted = baseline.load(folder.baseline(name))
    if accepted and accepted.model not in PROMPT_UNREAD:
        raise ConfigurationError(
            f"{folder.baseline(name)}: {accepted.model} is the baseline already; 'rewriter regress "
            f"run' compares with it. To add a case, put its files into {folder.cases}"
        )
    return accepted is not None


def make_cases(folder: SuiteFolder, articles: Sequence[Path]) -> list[str]:
    """Make a case of each article; without any article and case, of the shipped example.

    Returns the names of all case files. A case that is there stays as it is. Raises
    `ConfigurationError` for an article that cannot be a case, and `FileError`.
    """
    there = sorted(folder.cases.glob("*.toml"))
    articles = articles or ([] if there else sorted(_EXAMPLE.glob("*.txt")))
    refuse_articles(folder, articles)
    folder.cases.mkdir(parents=True, exist_ok=True)
    atomic.write(folder.path / ".gitattributes", _ATTRIBUTES.encode())
    for article in articles:
        case = folder.cases / f"{article.stem}.toml"
        atomic.write(folder.cases / article.name, inputs.read(article))
        example = article.with_suffix(".toml")
        if not case.exists():
            is_example = article.parent == _EXAMPLE
            text = (
                inputs.read(example) if is_example else _CASE.format(article=article.name).encode()
            )
            atomic.write(case, text)
    return sorted({path.stem for path in there} | {article.stem for article in articles})


def refuse_articles(folder: SuiteFolder, articles: Sequence[Path]) -> None:
    """Raise `ConfigurationError` or `FileError` for an article that cannot be a case."""
    names = [article.stem for article in articles]
    for article in articles:
        if article.suffix not in SUFFIXES:
            known = ", ".join(SUFFIXES)
            raise ConfigurationError(f"{article}: an article of a case ends in one of {known}")
        try:
            clean(inputs.read(article), name=article.name)
        except SourceError as error:
            raise SourceError(
                f"{article}: {error}; here each file is one article: name those that are"
            ) from error
        others = [
            p for p in folder.cases.glob("*") if p.stem == article.stem and p.suffix != ".toml"
        ]
        is_taken = any(
            p.name != article.name or inputs.read(p) != inputs.read(article) for p in others
        )
        if is_taken or names.count(article.stem) > 1:
            raise ConfigurationError(
                f"{article}: another article is called {article.stem}, too; give it another name"
            )


def copy_prompt(prompt: str) -> bool:
    """Write a copy of the shipped prompt to the path `prompt`, with the file's name and version 1.

    Returns False for a file that exists and for a name. Raises `ConfigurationError` for a file name
    that cannot be a prompt's, and `FileError`.
    """
    path = Path(prompt)
    if path.suffix != ".md" or path.exists():
        return False
    name = path.name.removesuffix(".md").removesuffix(".prompt")
    text = prompt_file.read(prompt_file.path_of("rewrite"))
    text = re.sub(r"(?m)^name: .*$", f"name: {name}", text, count=1)
    text = re.sub(r"(?m)^version: .*$", "version: 1", text, count=1)
    prompt_file.parse(text, str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    atomic.write(path, text.encode())
    return True
