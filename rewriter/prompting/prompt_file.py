"""Reading prompt files: strict, with file, line and key in every complaint."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

import yaml
from jinja2 import TemplateSyntaxError
from pydantic import ConfigDict, ValidationError

from rewriter.article import Finding, QuestionAnswer, Rewrite, Sentence, Source, Value
from rewriter.checks.catalogue import CATALOGUE
from rewriter.errors import FileError, PromptError
from rewriter.escaping import several
from rewriter.files import opening
from rewriter.prompting.prompt import SECTIONS, VARIABLES, AnyHeader, Header, Prompt, undeclared
from rewriter.validation import nearest, reason

H = TypeVar("H", bound=Value)

# Parsed prompts that are kept: a worker asks for its prompt at each task call of another app.
MOST_KEPT = 32
_SECTION_LINE = re.compile(r"^# +(\S.*?) *$", re.MULTILINE)
_SUFFIX = ".prompt.md"
_HEADER = re.compile(r"\A---\r?\n(.*?\n)---\r?\n", re.DOTALL)


def default_directory() -> Path:
    """The folder of the shipped prompts: in the package, or next to it in a checkout."""
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
    """Name, version and description of any prompt file. Raises `PromptError` as `load` does."""
    found = _front_matter(_normal(read(path)), str(path))
    return _header(found[1], str(path), Form(_AnyKeys, (), frozenset()))


class _AnyKeys(AnyHeader):
    """What every prompt file has, among other keys."""

    model_config = ConfigDict(extra="ignore")


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
    known = [
        found.name.removesuffix(_SUFFIX)
        for found in paths(path.parent) or paths()
        if not is_readers(found.read_text("utf-8", "replace"))
    ]
    near = get_close_matches(path.name.removesuffix(_SUFFIX).removesuffix(".md"), known, n=1)
    hint = f"did you mean {near[0]}? " if near else ""
    return (
        f"there is no such prompt file; {hint}name one with --prompt, there are: "
        f"{', '.join(known) or 'none'}, or any file that ends in .md"
    )


def is_readers(text: str) -> bool:
    """Whether `text` is of a second reader's prompt file rather than of a rewriter's."""
    return "rewrite_sentences" in text


@lru_cache(maxsize=MOST_KEPT)
def parse(text: str, path: str = "prompt") -> Prompt:
    """The prompt in `text`; `path` is for messages.

    Raises `PromptError` as `load` does, with all mistakes of the file in one message.
    """
    if is_readers(text):
        raise PromptError(f"{path}: this is a second reader's prompt; name one that rewrites")
    header, templates = parts(text, path, Form(Header, SECTIONS, VARIABLES, _unknown_codes))
    prompt = Prompt(header=header, templates=templates)
    try:
        prompt.repair_request(_SAMPLE, "sample", _SAMPLE_REWRITE, [_SAMPLE_FINDING])
    except PromptError as error:
        raise PromptError(f"{path}: {error}") from error
    return prompt


@dataclass(frozen=True)
class Form(Generic[H]):
    """The form of a kind of prompt file.

    `more` yields the mistakes of a header that fits, each with its place in the header and words.
    """

    header: type[H]
    sections: Sequence[str]
    variables: frozenset[str]
    more: Callable[[H], Iterable[tuple[tuple[int | str, ...], str]]] = lambda _: ()


def parts(text: str, path: str, form: Form[H]) -> tuple[H, dict[str, str]]:
    """The header of a prompt file and its templates by section.

    Raises `PromptError` for what does not fit: each mistake on a line, with file, line and key.
    """
    text = _normal(text)
    matched = _front_matter(text, path)
    problems: list[str] = []
    header = None
    try:
        header = _header(matched[1], path, form)
    except PromptError as error:
        problems += str(error).split("\n")
    first_line = text.count("\n", 0, matched.end()) + 1
    sections = _split(text[matched.end() :], first_line, form.sections)
    problems += [f"{path}:{line}: {problem}" for line, problem in _mistakes(sections, form)]
    if header is None or problems:
        first = len(path) + 1
        ordered = sorted(problems, key=lambda one: int(one[first:].partition(":")[0]))
        raise PromptError(several(ordered))
    return header, {name: sections.templates[name] for name in form.sections}


def _normal(text: str) -> str:
    return text.replace("\r\n", "\n").removeprefix("\ufeff")


def _front_matter(text: str, path: str) -> re.Match[str]:
    matched = _HEADER.match(text)
    if not matched:
        raise PromptError(f"{path}:1: a prompt starts with front matter between two '---' lines")
    return matched


def _header(text: str, path: str, form: Form[H]) -> H:
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        header = form.header.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        problem = getattr(error, "problem", None) or str(error)
        raise PromptError(f"{path}:{line}: not valid YAML: {problem}") from error
    except ValidationError as error:
        problems = [
            f"{path}:{_line_of(node, wrong['loc'])}: "
            + f"{'.'.join(map(str, wrong['loc']))}: ".removeprefix(": ")
            + reason(wrong, form.header)
            for wrong in error.errors()
        ]
        raise PromptError(several(problems)) from error
    except (ValueError, RecursionError) as error:  # an impossible date, or nested brackets
        why = "nested too deep" if isinstance(error, RecursionError) else error
        raise PromptError(f"{path}:1: not valid YAML: {why}") from error
    problems = [f"{path}:{_line_of(node, place)}: {words}" for place, words in form.more(header)]
    if problems:
        raise PromptError(several(problems))
    return header


def _unknown_codes(header: Header) -> Iterator[tuple[tuple[int | str, ...], str]]:
    """Each severity and each `ignore` of a code that no check against the source has."""
    grounding = header.rules.grounding
    entries: list[tuple[str, int | str, str]]
    entries = [("severity", code, code) for code in grounding.severity]
    entries += [("ignore", place, code) for place, code in enumerate(grounding.ignore)]
    for key, place, code in entries:
        if code not in CATALOGUE:
            said = f"no check against the source has the code {code!r}, such as G101"
            yield ("rules", "grounding", key, place), f"rules.grounding.{key}: {said}"


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


class _Sections(NamedTuple):
    """The templates by section, the line of the file where each begins, and what is wrong."""

    templates: dict[str, str]
    lines: dict[str, int]
    problems: list[tuple[int, str]]


def _split(body: str, first_line: int, names: Sequence[str]) -> _Sections:
    known = ", ".join(f"'# {name}'" for name in names)
    found = _Sections({}, {}, [])
    marks = list(_SECTION_LINE.finditer(body))
    ends = [mark.start() for mark in marks[1:]] + [len(body)]
    for mark, end in zip(marks, ends, strict=True):
        line, name = first_line + body.count("\n", 0, mark.start()), mark[1]
        if name not in names:
            found.problems.append((line, f"unknown section '# {name}'; known: {known}"))
        elif name in found.templates:
            found.problems.append((line, f"section '# {name}' occurs twice; {known} once each"))
        text = body[mark.end() : end]
        blank = len(text) - len(text.lstrip())
        found.lines[name] = line + text.count("\n", 0, blank)
        found.templates[name] = text.strip()
    missing = [name for name in names if not found.templates.get(name)]
    if missing:
        said = f"sections {known} once each; missing or empty: {', '.join(missing)}"
        found.problems.append((first_line, said))
    return found


def _mistakes(sections: _Sections, form: Form[Any]) -> Iterator[tuple[int, str]]:
    """What is wrong with the sections: lines and words."""
    yield from sections.problems
    for name in form.sections:
        first = sections.lines.get(name, 1) - 1
        try:
            wanted = undeclared(sections.templates.get(name, ""))
        except TemplateSyntaxError as error:
            yield first + error.lineno, f"section '# {name}': {error.message}"
            continue
        for variable in sorted(wanted.keys() - form.variables):
            said = f"nobody supplies {variable} (in '# {name}')"
            alike = nearest(variable, sorted(form.variables), "variable")
            yield first + wanted[variable], f"{said}; {alike}"


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
