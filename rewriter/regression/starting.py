"""The start of a suite: its folder, its first cases, and a prompt file to test."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from rewriter.errors import ConfigurationError, FileError
from rewriter.files import atomic
from rewriter.files.inputs import SUFFIXES
from rewriter.prompting import prompt_file
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


def make_cases(folder: SuiteFolder, articles: Sequence[Path]) -> list[str]:
    """Make a case of each article, or the shipped example without any; returns their names.

    Raises `ConfigurationError` for a suite that has cases, and for an article that cannot be one,
    and `FileError`.
    """
    if any(folder.cases.glob("*.toml")):
        raise ConfigurationError(f"{folder.cases}: has cases; add others as files beside them")
    names = [article.stem for article in articles]
    for article in articles:
        if article.suffix not in SUFFIXES:
            known = ", ".join(SUFFIXES)
            raise ConfigurationError(f"{article}: an article of a case ends in one of {known}")
        if names.count(article.stem) > 1:
            raise ConfigurationError(f"{article}: another article is called {article.stem}, too")
    folder.cases.mkdir(parents=True, exist_ok=True)
    atomic.write(folder.path / ".gitattributes", _ATTRIBUTES.encode())
    for article in articles or sorted(_EXAMPLE.glob("*.txt")):
        example = article.with_suffix(".toml")
        _copy(article, folder.cases / article.name)
        if articles:
            text = _CASE.format(article=article.name).encode()
            atomic.write(folder.cases / example.name, text)
        else:
            _copy(example, folder.cases / example.name)
    return names or [path.stem for path in folder.cases.glob("*.toml")]


def copy_prompt(path: Path, shipped: str = "rewrite") -> None:
    """Write a copy of a shipped prompt to `path`, with the file's name and version 1.

    Raises `ConfigurationError` for a file name that cannot be a prompt's, and `FileError`.
    """
    name = path.name.removesuffix(".md").removesuffix(".prompt")
    text = prompt_file.read(prompt_file.path_of(shipped))
    text = re.sub(r"(?m)^name: .*$", f"name: {name}", text, count=1)
    text = re.sub(r"(?m)^version: .*$", "version: 1", text, count=1)
    prompt_file.parse(text, str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    atomic.write(path, text.encode())


def _copy(source: Path, target: Path) -> None:
    try:
        data = source.read_bytes()
    except OSError as error:
        raise FileError(f"{source}: cannot read it: {error.strerror}") from error
    atomic.write(target, data)
