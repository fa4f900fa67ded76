"""Prompt files: load, digest, render.

A prompt file is YAML front matter and the sections `# system`, `# user` and `# repair`, each a
Jinja2 template. Sections are split before anything is rendered, so that no text of an article can
ever become a message or a role of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jinja2 import StrictUndefined, TemplateError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import Field, ValidationError

from rewriter.article import Finding, QuestionAnswer, Rewrite, Sentence, Source, Value, digest
from rewriter.completion import Message, Request
from rewriter.errors import PromptError
from rewriter.rules import Rules

SECTIONS = ("system", "user", "repair")
VARIABLES = frozenset(
    {
        "title",
        "publisher",
        "published",
        "paragraphs",
        "qa",
        "words",
        "language",
        "least",
        "rules",
        "findings",
        "sections",
    }
)
LANGUAGES = {
    "ar": "Arabic",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "ru": "Russian",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "zh": "Chinese",
}
_SECTION_LINE = re.compile(r"^# +(\S.*?) *$", re.MULTILINE)
_HEADER = re.compile(r"\A---\r?\n(.*?\n)---\r?\n", re.DOTALL)


class Header(Value):
    """The front matter of a prompt file."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    version: int = Field(ge=1, strict=True)
    description: str = ""
    language: str = Field(default="source", pattern=r"^(source|[a-z]{2})$")
    model: dict[str, Any] = Field(default_factory=dict)
    rules: Rules


class Prompt(Value):
    """A loaded prompt: its header and its templates."""

    header: Header
    templates: dict[str, str]

    @property
    def name(self) -> str:
        """The prompt's name."""
        return self.header.name

    @property
    def version(self) -> int:
        """The prompt's version, which `ai.version` of a finished article repeats."""
        return self.header.version

    @property
    def rules(self) -> Rules:
        """The format rules."""
        return self.header.rules

    def template_digest(self) -> str:
        """SHA-256 (hex) of the templates; white space around them does not count."""
        return digest(self.templates)

    def digest(self) -> str:
        """SHA-256 (hex) of all that can change an answer: not name, description or comments."""
        header = self.header.model_dump(mode="json", include={"model", "language"})
        return digest([self.templates, header, self.rules.answer_schema()])

    def language_of(self, source: Source) -> str:
        """The language code that a rewrite of `source` is written in."""
        return source.lang if self.header.language == "source" else self.header.language

    def request(self, source: Source, model: str) -> Request:
        """The question that asks `model` for a rewrite of `source`."""
        return Request(
            messages=self._messages(source),
            model=model,
            parameters=self.header.model,
            json_schema=self.rules.answer_schema(),
            cache_key=f"{self.name}-v{self.version}-{self.language_of(source)}",
            source=source,
        )

    def repair_request(
        self, source: Source, model: str, rewrite: Rewrite, findings: Sequence[Finding]
    ) -> Request:
        """The question that asks again for the sections of `rewrite` that `findings` name.

        It repeats the first question and its answer, so that the prefix stays cacheable, and its
        schema has only the failed sections.
        """
        sections = failed_sections(findings)
        answer = rewrite.model_dump_json()
        told = self._render("repair", {"findings": findings, "sections": sections})
        return self.request(source, model).model_copy(
            update={
                "messages": (
                    *self._messages(source),
                    Message(role="assistant", content=answer),
                    Message(role="user", content=told),
                ),
                "json_schema": self.rules.section_schema(sections),
            }
        )

    def _messages(self, source: Source) -> tuple[Message, Message]:
        # The system message has no variable of the article: it is the cacheable prefix.
        return (
            Message(role="system", content=self._render("system", {})),
            Message(role="user", content=self._render("user", self._variables(source))),
        )

    def _variables(self, source: Source) -> dict[str, object]:
        code = self.language_of(source)
        return {
            "title": _guard(source.title),
            "publisher": _guard(source.publisher or ""),
            "published": source.published_at.date().isoformat() if source.published_at else "",
            "paragraphs": [_guard(text) for text in source.paragraphs],
            "qa": [
                {"question": _guard(pair.question), "answer": _guard(pair.answer)}
                for pair in source.qa
            ],
            "words": source.words,
            "language": LANGUAGES.get(code.split("-")[0], code),
            "least": self._least(source.words),
        }

    def _least(self, words: int) -> dict[str, int]:
        rules, scaled = self.rules, self.rules.minimum
        return {
            "overview_words": scaled(rules.overview.words[0], words),
            "details_paragraphs": scaled(rules.details.paragraphs[0], words),
            "from_author_paragraphs": scaled(rules.from_author.paragraphs[0], words),
            "impact_bullets": scaled(rules.impact.bullets[0], words),
        }

    def _render(self, section: str, variables: Mapping[str, object]) -> str:
        try:
            template = _environment().from_string(self.templates[section])
            return template.render(variables, rules=self.rules).strip()
        except (TemplateError, TypeError) as error:
            raise PromptError(
                f"prompt {self.name}, section '# {section}': {error}; mend the template"
            ) from error


def failed_sections(findings: Sequence[Finding]) -> tuple[str, ...]:
    """The sections with a finding of severity error, in schema order, each once."""
    failed = {finding.section for finding in findings if finding.severity == "error"}
    return tuple(name for name in Rewrite.model_fields if name in failed)


# --- loading -----------------------------------------------------------------------------------


def default_directory() -> Path:
    """Where the shipped prompts are: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parent
    installed = package / "prompts"
    return installed if installed.is_dir() else package.parent / "prompts"


def load(name: str = "rewrite", directory: Path | None = None) -> Prompt:
    """The prompt called `name`, or the prompt file at the path `name`.

    Raises `PromptError` with file, line and key when it is missing or wrong.
    """
    path = Path(name)
    if path.suffix != ".md":
        path = (directory or default_directory()) / f"{name}.prompt.md"
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PromptError(
            f"{path}: cannot read the prompt file ({error}); name one with --prompt"
        ) from error
    return parse(text, str(path))


def parse(text: str, path: str = "prompt") -> Prompt:
    """The prompt in `text`; `path` is for messages.

    Raises `PromptError` as `load` does, all unknown variables of all sections in one message.
    """
    text = text.replace("\r\n", "\n").removeprefix("\ufeff")
    matched = _HEADER.match(text)
    if not matched:
        raise PromptError(f"{path}:1: a prompt starts with front matter between two '---' lines")
    header = _header(matched[1], path)
    templates = _split(text[matched.end() :], text.count("\n", 0, matched.end()) + 1, path)
    prompt = Prompt(header=header, templates=templates)
    _try_out(prompt, path)
    return prompt


def _header(text: str, path: str) -> Header:
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        return Header.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        problem = getattr(error, "problem", None) or str(error)
        raise PromptError(f"{path}:{line}: not valid YAML: {problem}") from error
    except ValidationError as error:
        problems = [
            f"{path}:{_line_of(node, wrong['loc'])}: {'.'.join(map(str, wrong['loc']))}: "
            f"{wrong['msg']}"
            for wrong in error.errors()
        ]
        raise PromptError("\n".join(problems)) from error


def _line_of(node: yaml.Node | None, location: Sequence[int | str]) -> int:
    """The line of the deepest existing node on the way to `location`; line 1 is the fence."""
    line = 1
    for step in location:
        if isinstance(node, yaml.MappingNode):
            found = [pair for pair in node.value if pair[0].value == str(step)]
            if not found:
                break
            line, node = found[0][0].start_mark.line + 2, found[0][1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
            line = node.start_mark.line + 2
    return line


def _split(body: str, first_line: int, path: str) -> dict[str, str]:
    marks = list(_SECTION_LINE.finditer(body))
    for mark in marks:
        if mark[1] not in SECTIONS:
            line = first_line + body.count("\n", 0, mark.start())
            known = ", ".join(f"'# {name}'" for name in SECTIONS)
            raise PromptError(f"{path}:{line}: unknown section '# {mark[1]}'; known: {known}")
    ends = [mark.start() for mark in marks[1:]] + [len(body)]
    sections = {
        mark[1]: body[mark.end() : end].strip() for mark, end in zip(marks, ends, strict=True)
    }
    missing = [name for name in SECTIONS if not sections.get(name)]
    if missing or len(sections) != len(marks):
        problem = f"missing or empty: {', '.join(missing)}" if missing else "a section stands twice"
        raise PromptError(f"{path}: sections '# system', '# user', '# repair' once each; {problem}")
    return {name: sections[name] for name in SECTIONS}


def _try_out(prompt: Prompt, path: str) -> None:
    """Raise for a template that cannot be rendered, before an article meets it."""
    unknown: list[str] = []
    for section, template in prompt.templates.items():
        try:
            wanted = meta.find_undeclared_variables(_environment().parse(template))
        except TemplateError as error:
            raise PromptError(f"{path}, section '# {section}': {error}") from error
        unknown += [f"{name} (in '# {section}')" for name in sorted(wanted - VARIABLES)]
    if unknown:
        raise PromptError(
            f"{path}: nobody supplies {', '.join(unknown)}; "
            f"the variables are {', '.join(sorted(VARIABLES))}"
        )
    try:
        prompt.repair_request(_SAMPLE, "sample", _SAMPLE_REWRITE, [_SAMPLE_FINDING])
    except PromptError as error:
        raise PromptError(f"{path}: {error}") from error


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, keep_trailing_newline=False, autoescape=False
    )


def _guard(text: str) -> str:
    """Text that cannot close the element it is put into."""
    return re.sub(r"<(?=/?(article|text|title|questions)\b)", "‹", text, flags=re.IGNORECASE)


_SAMPLE = Source(
    kind="text",
    title="A title",
    paragraphs=("A paragraph.",),
    sentences=(Sentence(id="s1", text="A paragraph.", place="text", index=0),),
    qa=(QuestionAnswer(question="A question?", answer="An answer."),),
)
_SAMPLE_REWRITE = Rewrite.model_validate(
    {
        "headline": "A headline",
        "overview": "An overview.",
        "details": {"topic": "Topic", "paragraphs": ["A paragraph."]},
        "from_author": ["An opinion."],
        "impact": {"field": "field", "bullets": ["A consequence."]},
    }
)
_SAMPLE_FINDING = Finding(code="S101", severity="error", section="overview", message="an example")
