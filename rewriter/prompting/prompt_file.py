"""Reading prompt files: strict, with file, line and key in every complaint."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

import yaml
from jinja2 import TemplateError
from pydantic import ValidationError

from rewriter.article import Finding, QuestionAnswer, Rewrite, Sentence, Source, Value
from rewriter.checks.catalogue import CATALOGUE
from rewriter.errors import FileError, PromptError
from rewriter.escaping import several
from rewriter.files import opening
from rewriter.prompting.prompt import SECTIONS, VARIABLES, AnyHeader, Header, Prompt, undeclared
from rewriter.refusals import reason

H = TypeVar("H", bound=Value)

_SECTION_LINE = re.compile(r"^# +(\S.*?) *$", re.MULTILINE)
_SUFFIX = ".prompt.md"
_HEADER = re.compile(r"\A---\r?\n(.*?\n)---\r?\n", re.DOTALL)


def default_directory() -> Path:
    """Where the shipped prompts are: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parent.parent
    installed = package / "prompts"
    return installed if installed.is_dir() else package.parent / "prompts"


def path_of(name: str, directory: Path | None = None) -> Path:
    """The file of the prompt called `name`, or the path that `name` is."""
    if Path(name).suffix == ".md":
        return Path(name)
    return (directory or default_directory()) / f"{name}{_SUFFIX}"


def paths(directory: Path | None = None) -> list[Path]:
    """The prompt files of `directory`, by default the shipped ones, in the order of their names."""
    return sorted((directory or default_directory()).glob(f"*{_SUFFIX}"))


def about(path: Path) -> AnyHeader:
    """Name, version and description of any prompt file. Raises `PromptError` as `read` does."""
    matched = _HEADER.match(_normal(read(path)))
    told = yaml.safe_load(matched[1]) if matched else {}
    known = {name: told[name] for name in AnyHeader.model_fields if name in told}
    return AnyHeader.model_validate(known)


def load(name: str = "rewrite", directory: Path | None = None) -> Prompt:
    """The prompt called `name`, or the prompt file at the path `name`.

    Raises `PromptError` with file, line and key when it is missing or wrong.
    """
    path = path_of(name, directory)
    return parse(read(path), str(path))


def read(path: Path) -> str:
    """The text of the prompt file at `path`. Raises `PromptError`."""
    try:
        return opening.read(path).decode("utf-8")
    except FileNotFoundError as error:
        raise PromptError(f"{path}: {_no_such(path)}") from error
    except OSError as error:
        raise PromptError(f"{path}: cannot read the prompt file: {error.strerror}") from error
    except FileError as error:
        raise PromptError(str(error)) from error
    except UnicodeDecodeError as error:
        raise PromptError(f"{path}: a prompt file is UTF-8, this one is not") from error


def _no_such(path: Path) -> str:
    """What is wrong with the path of a prompt file that does not exist, and the nearest name."""
    known = [found.name.removesuffix(_SUFFIX) for found in paths(path.parent) or paths()]
    near = get_close_matches(path.name.removesuffix(_SUFFIX).removesuffix(".md"), known, n=1)
    hint = f"did you mean {near[0]}? " if near else ""
    return (
        f"there is no such prompt file; {hint}name one with --prompt, there are: "
        f"{', '.join(known) or 'none'}, or any file that ends in .md"
    )


def parse(text: str, path: str = "prompt") -> Prompt:
    """The prompt in `text`; `path` is for messages.

    Raises `PromptError` as `load` does, all unknown variables of all sections in one message.
    """
    header, node, templates = parts(text, path, Header, SECTIONS)
    _refuse_unknown_codes(header, node, path)
    refuse_unknown_variables(templates, VARIABLES, path)
    prompt = Prompt(header=header, templates=templates)
    try:
        prompt.repair_request(_SAMPLE, "sample", _SAMPLE_REWRITE, [_SAMPLE_FINDING])
    except PromptError as error:
        raise PromptError(f"{path}: {error}") from error
    return prompt


def parts(
    text: str, path: str, form: type[H], sections: Sequence[str]
) -> tuple[H, yaml.Node | None, dict[str, str]]:
    """The header of a prompt file in its `form`, the header's YAML, and the templates by section.

    Raises `PromptError` with line and key for what does not fit.
    """
    text = _normal(text)
    matched = _HEADER.match(text)
    if not matched:
        raise PromptError(f"{path}:1: a prompt starts with front matter between two '---' lines")
    header, node = _header(matched[1], path, form)
    first_line = text.count("\n", 0, matched.end()) + 1
    return header, node, _split(text[matched.end() :], first_line, path, sections)


def _normal(text: str) -> str:
    return text.replace("\r\n", "\n").removeprefix("\ufeff")


def _header(text: str, path: str, form: type[H]) -> tuple[H, yaml.Node | None]:
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        return form.model_validate(yaml.safe_load(text)), node
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        problem = getattr(error, "problem", None) or str(error)
        raise PromptError(f"{path}:{line}: not valid YAML: {problem}") from error
    except ValidationError as error:
        problems = [
            f"{path}:{_line_of(node, wrong['loc'])}: {'.'.join(map(str, wrong['loc']))}: "
            f"{reason(wrong, form)}"
            for wrong in error.errors()
        ]
        raise PromptError(several(problems)) from error
    except (ValueError, RecursionError) as error:  # a date without such a day; brackets in brackets
        raise PromptError(f"{path}:1: not valid YAML: {error}") from error


def _refuse_unknown_codes(header: Header, node: yaml.Node | None, path: str) -> None:
    """Raise for a severity or an `ignore` of a code that no check against the source has."""
    grounding = header.rules.grounding
    told: list[tuple[str, int | str, str]]
    told = [("severity", code, code) for code in grounding.severity]
    told += [("ignore", place, code) for place, code in enumerate(grounding.ignore)]
    problems = [
        f"{path}:{_line_of(node, ('rules', 'grounding', key, place))}: rules.grounding.{key}: "
        f"no check against the source has the code {code!r}, such as G101"
        for key, place, code in told
        if code not in CATALOGUE
    ]
    if problems:
        raise PromptError(several(problems))


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


def _split(body: str, first_line: int, path: str, names: Sequence[str]) -> dict[str, str]:
    marks = list(_SECTION_LINE.finditer(body))
    for mark in marks:
        if mark[1] not in names:
            line = first_line + body.count("\n", 0, mark.start())
            known = ", ".join(f"'# {name}'" for name in names)
            raise PromptError(f"{path}:{line}: unknown section '# {mark[1]}'; known: {known}")
    ends = [mark.start() for mark in marks[1:]] + [len(body)]
    sections = {
        mark[1]: body[mark.end() : end].strip() for mark, end in zip(marks, ends, strict=True)
    }
    missing = [name for name in names if not sections.get(name)]
    if missing or len(sections) != len(marks):
        problem = f"missing or empty: {', '.join(missing)}" if missing else "a section stands twice"
        wanted = ", ".join(f"'# {name}'" for name in names)
        raise PromptError(f"{path}: sections {wanted} once each; {problem}")
    return {name: sections[name] for name in names}


def refuse_unknown_variables(
    templates: Mapping[str, str], variables: frozenset[str], path: str
) -> None:
    """Raise `PromptError` for a template that is none, or that asks for what nobody supplies."""
    unknown: list[str] = []
    for section, template in templates.items():
        try:
            wanted = undeclared(template)
        except TemplateError as error:
            raise PromptError(f"{path}, section '# {section}': {error}") from error
        unknown += [f"{name} (in '# {section}')" for name in sorted(wanted - variables)]
    if unknown:
        raise PromptError(
            f"{path}: nobody supplies {', '.join(unknown)}; "
            f"the variables are {', '.join(sorted(variables))}"
        )


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
