"""The second reader's prompt: a source and a rewrite of it as numbered sentences in one question.

A prompt file like those of the rewriter (see `prompt_file`), with the sections `# system` and
`# user` and rules of its own (`ReaderRules`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import Field, JsonValue

from rewriter.article import ORDER, Source, digest
from rewriter.checks.reader import Stated, Trace, source_sentences
from rewriter.errors import PromptError
from rewriter.prompting import prompt_file
from rewriter.prompting.prompt import AnyHeader, LoadedPrompt
from rewriter.request import Request
from rewriter.rules import ReaderRules

NAME = "second-reader"
_SECTIONS = ("system", "user")
_VARIABLES = frozenset(
    {
        *("title", "publisher", "published", "source_sentences", "rewrite_sentences"),
        *("set_aside", "rules"),
    }
)


class ReaderHeader(AnyHeader):
    """The front matter of a second reader's prompt file."""

    model: dict[str, JsonValue] = Field(default_factory=dict)
    rules: ReaderRules


class ReaderPrompt(LoadedPrompt):
    """The prompt of a second reader."""

    header: ReaderHeader

    @property
    def rules(self) -> ReaderRules:
        """The rules for what is reported."""
        return self.header.rules

    def digest(self) -> str:
        """SHA-256 (hex) of all that can change an answer or its outcome."""
        header = self.header.model_dump(mode="json", include={"model", "rules"})
        return digest([self.templates, header])

    def request(self, source: Source, sentences: Sequence[Stated], model: str) -> Request:
        """The question that asks `model` what in `sentences` the source does not support."""
        return Request(
            messages=self._messages(source, _variables(source, sentences)),
            model=model,
            parameters=self.header.model,
            json_schema=self.rules.answer_schema(),
            cache_key=f"{self.name}-v{self.version}",
            role="reader",
        )


@dataclass(frozen=True)
class Reader:
    """Who reads a rewrite a second time: by which prompt, and which model."""

    prompt: ReaderPrompt
    model: str

    def trace(self) -> Trace:
        """What it did for an article before its first reading."""
        return Trace(prompt=self.prompt.name, version=self.prompt.version, model_asked=self.model)


def load(directory: Path | None = None, name: str = NAME) -> ReaderPrompt:
    """The second reader's prompt in `directory`, or the shipped one where that has none.

    Raises `PromptError` with file, line and key when it is missing or wrong.
    """
    path = prompt_file.path_of(name, directory)
    if directory is not None and not path.exists():
        path = prompt_file.path_of(name)
    return parse(prompt_file.read(path), str(path))


@lru_cache(maxsize=prompt_file.MOST_KEPT)
def parse(text: str, path: str = "prompt") -> ReaderPrompt:
    """The second reader's prompt in `text`; `path` is for messages. Raises `PromptError`."""
    form = prompt_file.Form(ReaderHeader, _SECTIONS, _VARIABLES)
    header, templates = prompt_file.parts(text, path, form)
    prompt = ReaderPrompt(header=header, templates=templates)
    try:
        prompt.request(_SAMPLE, [Stated("overview", "paragraph 1", 0, "A statement.")], "sample")
    except PromptError as error:
        raise PromptError(f"{path}: {error}") from error
    return prompt


def _variables(source: Source, sentences: Sequence[Stated]) -> dict[str, object]:
    return {
        "source_sentences": source_sentences(source),
        "set_aside": [block.text for block in source.removed if block.reason == ORDER],
        "rewrite_sentences": [
            {"section": sentence.section, "text": sentence.text} for sentence in sentences
        ],
    }


_SAMPLE = Source(kind="text", title="A title", paragraphs=("A paragraph.",))
