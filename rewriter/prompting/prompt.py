"""The prompt: its digests, and the requests it renders.

A prompt file (see `prompt_file`) is YAML front matter and the sections `# system`, `# user` and
`# repair`, each a Jinja2 template. Sections are split before anything is rendered, so that no text
of an article can ever become a message or a role of its own.
"""

from __future__ import annotations

import tomllib
from abc import abstractmethod
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from jinja2 import TemplateError, meta, nodes
from pydantic import Field, JsonValue

from rewriter.article import Finding, Rewrite, Section, Source, Value, digest
from rewriter.errors import PromptError
from rewriter.prompting.boundary import citing, compiled, enclosed, sandbox
from rewriter.request import ChatMessage, Request
from rewriter.rules import Rules

SECTIONS = ("system", "user", "repair")
# Findings of one section that a repair names. The section is written anew, and checked whole.
_MOST_FINDINGS = 40
# In no prompt file: what is asked there is what runs ask, and its digest makes articles due again.
_NOTED = """\
An editor has read your answer and asks you to write one section again: {{ section }}.
Everything else is kept as it was; do not repeat it.

<note>
{{ note }}
</note>

The note is the editor's instruction: follow it. All the rules above still hold. State only what the
article says, also where the note asks for more.
"""
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
        "headings",
        "findings",
        "cited",
        "sections",
        "turn",
    }
)


class AnyHeader(Value):
    """What the front matter of every prompt file has."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    version: int = Field(ge=1, strict=True)
    description: str = ""


class Header(AnyHeader):
    """The front matter of a prompt file."""

    language: str = Field(default="source", pattern=r"^(source|[a-z]{2})$")
    model: dict[str, JsonValue] = Field(default_factory=dict)
    rules: Rules


class LoadedPrompt(Value):
    """A loaded prompt file: its header and its templates by section."""

    header: AnyHeader
    templates: dict[str, str]

    @property
    def name(self) -> str:
        """The prompt's name."""
        return self.header.name

    @property
    def version(self) -> int:
        """The prompt's version; `ai.version` of a finished article repeats the rewriter's."""
        return self.header.version

    @property
    @abstractmethod
    def rules(self) -> Value:
        """The rules for an answer; a template may use them."""

    # The same for every article: the cacheable prefix.
    @cached_property
    def _system_message(self) -> ChatMessage:
        return ChatMessage(role="system", content=self._render("system", {}))

    def _messages(self, source: Source, more: Mapping[str, object]) -> tuple[ChatMessage, ...]:
        """The first question about `source`, with `more` variables than every prompt has."""
        published = source.published_at.date().isoformat() if source.published_at else ""
        known = {"title": source.title, "publisher": source.publisher or "", "published": published}
        user = ChatMessage(role="user", content=self._render("user", {**known, **more}))
        return self._system_message, user

    def _render(self, section: str, variables: Mapping[str, object]) -> str:
        where = f"prompt {self.name}, section '# {section}'"
        return rendered(self.templates[section], {**variables, "rules": self.rules}, where)


class Prompt(LoadedPrompt):
    """The prompt of a rewrite."""

    header: Header

    @property
    def rules(self) -> Rules:
        """The format rules."""
        return self.header.rules

    def digest(self) -> str:
        """SHA-256 (hex) of all that can change an answer or its outcome.

        That is neither the name nor the version, the description, a comment, or white space around
        a section.
        """
        return self._digest

    def language_of(self, source: Source) -> str:
        """The language code that a rewrite of `source` is written in."""
        return source.lang if self.header.language == "source" else self.header.language

    def request(self, source: Source, model: str) -> Request:
        """The question that asks `model` for a rewrite of `source`."""
        return Request(
            messages=self._messages(source, self._variables(source)),
            model=model,
            parameters=self.header.model,
            json_schema=self._answer_schema,
            cache_key=f"{self.name}-v{self.version}-{self.language_of(source)}",
            source=source,
        )

    def repair_request(
        self,
        source: Source,
        model: str,
        rewrite: Rewrite,
        findings: Sequence[Finding],
        *,
        turn: int = 1,
    ) -> Request:
        """The question that asks again for the sections of `rewrite` that `findings` name.

        It repeats the first question and its answer, so that the prefix stays cacheable, and its
        schema has only the failed sections. It names the first findings of each. `turn` counts the
        repairs of one article from 1.
        """
        sections = failed_sections(findings)
        named = tuple(_first_of_each(findings))
        described, cited = citing(named, source, numbers=self._numbers_sentences)
        variables = {"findings": described, "cited": cited, "sections": sections, "turn": turn}
        return self._again(source, model, rewrite, sections, self._render("repair", variables))

    def note_request(
        self, source: Source, model: str, rewrite: Rewrite, section: Section, note: str
    ) -> Request:
        """The question that asks again for one section of `rewrite` as an editor's `note` says."""
        asked = rendered(_NOTED, {"note": note, "section": section}, "an editor's note")
        return self._again(source, model, rewrite, (section,), asked)

    def _again(
        self, source: Source, model: str, rewrite: Rewrite, sections: tuple[str, ...], asked: str
    ) -> Request:
        first = self.request(source, model)
        return first.model_copy(
            update={
                "messages": (
                    *first.messages,
                    ChatMessage(role="assistant", content=rewrite.model_dump_json()),
                    ChatMessage(role="user", content=asked),
                ),
                "json_schema": self.rules.section_schema(sections),
            }
        )

    # The same for every article of a run.

    @cached_property
    def _numbers_sentences(self) -> bool:
        """Whether a repair shows the sentences that it names; an older template does not."""
        return "cited" in undeclared(self.templates["repair"])

    @cached_property
    def _digest(self) -> str:
        header = self.header.model_dump(mode="json", include={"model", "language", "rules"})
        return digest([self.templates, header])

    @cached_property
    def _answer_schema(self) -> dict[str, Any]:
        return self.rules.answer_schema()

    def _variables(self, source: Source) -> dict[str, object]:
        code = self.language_of(source)
        return {
            "paragraphs": list(source.paragraphs),
            "qa": [{"question": pair.question, "answer": pair.answer} for pair in source.qa],
            "words": source.words,
            "language": _languages().get(code.split("-")[0], code),
            "least": self._least(source.words),
            # Only what has headings is asked about.
            "headings": self.rules.headings_for(code) or self.rules.headings["en"],
        }

    def _least(self, words: int) -> dict[str, int]:
        rules, scaled = self.rules, self.rules.minimum
        return {
            "overview_words": scaled(rules.overview.words[0], words),
            "details_paragraphs": scaled(rules.details.paragraphs[0], words),
            "from_author_paragraphs": scaled(rules.from_author.paragraphs[0], words),
        }


@cache
def _languages() -> dict[str, str]:
    """The English name of each language that is known, by its code."""
    return tomllib.loads((files(__package__) / "languages.toml").read_text("utf-8"))


def failed_sections(findings: Sequence[Finding]) -> tuple[str, ...]:
    """The sections with a finding of severity error, in schema order, each once."""
    failed = {finding.section for finding in findings if finding.severity == "error"}
    return tuple(name for name in Rewrite.model_fields if name in failed)


def _first_of_each(findings: Sequence[Finding]) -> Iterator[Finding]:
    """The findings without those beyond the most of a section: thousands would cost dollars."""
    seen: Counter[str] = Counter()
    for finding in findings:
        seen[finding.section] += 1
        if seen[finding.section] <= _MOST_FINDINGS:
            yield finding


def undeclared(template: str) -> dict[str, int]:
    """The variables that a template asks for, with the line of the first use from 1.

    Raises `jinja2.TemplateSyntaxError`.
    """
    tree = sandbox().parse(template)
    wanted = meta.find_undeclared_variables(tree)
    lines: dict[str, int] = {}
    for name in tree.find_all(nodes.Name):
        if name.name in wanted:
            lines[name.name] = min(name.lineno, lines.get(name.name, name.lineno))
    return lines


def rendered(template: str, variables: Mapping[str, object], where: str) -> str:
    """A template with its variables filled in, what comes from outside in its bounds.

    Raises `PromptError` that says `where`.
    """
    try:
        return enclosed(compiled(template).render(variables)).strip()
    except (TemplateError, TypeError, ValueError) as error:
        raise PromptError(f"{where}: {str(error).rstrip('.')}; mend the template") from error
