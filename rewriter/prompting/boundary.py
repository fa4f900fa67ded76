"""The boundary between a prompt and what comes from outside: no text can close what it is in.

Two rules hold for every template. What comes from outside has no `<` and no `>`, so it holds no
element and ends none. And it is always in an element: where the template puts it in none, it
gets `<data>` around it. Both are applied to what an expression of a template gives, behind its
filters, so that no template can forget them or undo them.

A repair request quotes the article by the numbers of its sentences (`citing`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache

from jinja2 import StrictUndefined, Template, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from rewriter.article import Finding, Source, Value

OUTSIDE = frozenset(
    {
        "title",
        "publisher",
        "paragraphs",
        "qa",
        "findings",
        "note",
        "cited",
        "source_sentences",
        "rewrite_sentences",
        "set_aside",
    }
)
"""The variables of templates whose values come from an article, a model or a check of both."""

# Around each value from outside until the elements around it are known: characters for private use,
# which no value has.
_OPEN, _CLOSE = "\ue0f0", "\ue0f1"
_MARK = re.compile(f"([{_OPEN}{_CLOSE}])")
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[A-Za-z][\w.:-]*)(?:\s[^<>]*)?>")
_BRACKETS = str.maketrans(dict.fromkeys("<＜﹤", "‹") | dict.fromkeys(">＞﹥", "›"))
_UNSEEN = re.compile(f"[{_OPEN}{_CLOSE}\U000e0000-\U000e0fff\x00-\x08\x0e-\x1f\x7f]")
# Names that chat formats put into square brackets, and headers of their roles.
_TOKEN = re.compile(
    r"\[\s*(/?\s*(?:INST|SYS|SYSTEM|USER|ASSISTANT|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS"
    r"|TOOL_RESULTS|TOOL_CONTENT|IMG|CLS|SEP|MASK|PAD|UNK|BOS|EOS))\s*\]",
    re.IGNORECASE,
)
_BAR = re.compile(r"‹\s*([|｜])|([|｜])\s*›")
_ROLE = re.compile(
    r"^[\s#*_>-]*(system|assistant|user|human|instructions?|response|input|output)\s*(?=:|$)",
    re.IGNORECASE,
)
# What `loop` says of the order alone.
_COUNTS = frozenset({"index", "index0", "revindex", "revindex0", "first", "last", "length"})


def contained(text: str) -> str:
    """Text from outside as one line that can end no element and begin no message.

    `<` and `>` become `‹` and `›`; tokens of chat formats and headers of roles are broken up.
    """
    line = " ".join(_UNSEEN.sub("", text).split()).translate(_BRACKETS)
    line = _BAR.sub(lambda found: f"‹ {found[1]}" if found[1] else f"{found[2]} ›", line)
    return _ROLE.sub(r"“\1” ", _TOKEN.sub(r"(\1)", line))


@lru_cache(maxsize=64)  # compiling takes 5 ms, rendering 0.1; a process has few prompts
def compiled(template: str) -> Template:
    """A template that marks what comes from outside. Raises `jinja2.TemplateError`."""
    environment = sandbox()
    tree = environment.parse(template)
    marked = _Marking(_outside_names(tree)).visit(tree)
    return Template.from_code(environment, environment.compile(marked), environment.globals)


def enclosed(text: str) -> str:
    """A rendered text with its marks gone, and with an element around each value that had none.

    Raises `ValueError` where a template cuts values from outside apart.
    """
    spans = list(_elements(text))
    parts, inside, at = [], False, 0
    for n, part in enumerate(_MARK.split(text)):
        if n % 2 == 0:
            parts.append(part)
        elif (part == _OPEN) is inside:
            raise ValueError("a filter around a block cuts values apart; use it on one value")
        else:
            inside = part == _OPEN
            if not any(start <= at < end for start, end in spans):
                parts.append("<data>" if inside else "</data>")
        at += len(part)
    if inside:
        raise ValueError("a filter around a block cuts values apart; use it on one value")
    return "".join(parts)


def _elements(text: str) -> Iterator[tuple[int, int]]:
    """The spans between the tags of each element of the template that is closed again."""
    opened: list[tuple[str, int]] = []
    for tag in _TAG.finditer(text):
        name = tag["name"]
        if not tag["end"]:
            opened.append((name, tag.end()))
            continue
        place = next((n for n in reversed(range(len(opened))) if opened[n][0] == name), None)
        if place is not None:
            yield opened[place][1], tag.start()
            del opened[place:]


@cache
def sandbox() -> ImmutableSandboxedEnvironment:
    """Where templates run: they reach nothing but their variables."""
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, keep_trailing_newline=False, autoescape=False
    )
    environment.filters[_FILTER] = lambda value: f"{_OPEN}{contained(str(value))}{_CLOSE}"
    return environment


_FILTER = "from_outside"


class _Marking(NodeTransformer):
    """Puts the marks around each expression that is put out and comes from outside."""

    def __init__(self, outside: frozenset[str]) -> None:
        self._outside = outside

    def visit_Output(self, node: nodes.Output) -> nodes.Output:  # noqa: N802 - Jinja calls it so
        node.nodes = [
            nodes.Filter(part, _FILTER, [], [], None, None, lineno=part.lineno)
            if not isinstance(part, nodes.TemplateData) and _mentions(part, self._outside)
            else part
            for part in node.nodes
        ]
        return node


def _outside_names(tree: nodes.Template) -> frozenset[str]:
    """The names of a template that may hold something from outside, whatever their scope."""
    names = set(OUTSIDE) | {"caller", "varargs", "kwargs"}
    for macro in tree.find_all(nodes.Macro):
        names |= {macro.name, *(argument.name for argument in macro.args)}
    while True:
        before = len(names)
        for node in tree.find_all((nodes.For, nodes.Assign, nodes.AssignBlock, nodes.With)):
            names |= _taking(node, frozenset(names))
        if len(names) == before:
            return frozenset(names)


def _taking(node: nodes.Node, outside: frozenset[str]) -> set[str]:
    """The names that a loop or an assignment fills from outside."""
    match node:
        case nodes.For() if _mentions(node.iter, outside):
            return set(_names(node.target))
        case nodes.Assign() if _mentions(node.node, outside):
            return set(_names(node.target))
        case nodes.AssignBlock() if any(_mentions(part, outside) for part in node.body):
            return set(_names(node.target))
        case nodes.With():
            pairs = zip(node.targets, node.values, strict=True)
            return {
                n for target, value in pairs if _mentions(value, outside) for n in _names(target)
            }
    return set()


def _names(target: nodes.Node) -> Iterator[str]:
    for node in (target, *target.find_all((nodes.Name, nodes.NSRef))):
        if isinstance(node, nodes.Name | nodes.NSRef):
            yield node.name


def _mentions(node: nodes.Node, outside: frozenset[str]) -> bool:
    """Whether the value of an expression may come from outside; a loop's counts do not."""
    if isinstance(node, nodes.Getattr) and node.attr in _COUNTS:
        return not (isinstance(node.node, nodes.Name) and node.node.name == "loop") and _mentions(
            node.node, outside
        )
    if isinstance(node, nodes.Name):
        return node.name in outside or node.name == "loop"
    return any(_mentions(child, outside) for child in node.iter_child_nodes())


# Between the sentences that one finding quotes.
_BETWEEN = " … "


class Cited(Value):
    """A sentence of the article that findings name: its number, counted from 1, and its text."""

    number: int
    text: str


def citing(
    findings: Sequence[Finding], source: Source, *, numbers: bool
) -> tuple[tuple[Finding, ...], tuple[Cited, ...]]:
    """The findings with numbers instead of what they quote, and the sentences that they name.

    Only sentences of the article are quoted: no line of a block that was cut. Without `numbers` the
    findings quote the sentences themselves.
    """
    numbered = [_numbers(finding, source) for finding in findings]
    known = {n: source.sentences[n - 1].text for every in numbered for n in every}

    def quoted(every: Sequence[int]) -> str:
        return (
            ", ".join(f"S{n}" for n in every) if numbers else _BETWEEN.join(known[n] for n in every)
        )

    described = tuple(
        finding.model_copy(update={"evidence": quoted(every) or None})
        for finding, every in zip(findings, numbered, strict=True)
    )
    return described, tuple(Cited(number=n, text=known[n]) for n in sorted(known))


def _numbers(finding: Finding, source: Source) -> list[int]:
    parts = finding.evidence.split(_BETWEEN) if finding.evidence else []
    return sorted(set(_found(parts, source)))


def _found(parts: Iterable[str], source: Source) -> Iterator[int]:
    for part in filter(None, map(str.strip, parts)):
        texts = enumerate(source.sentences, 1)
        place = next((n for n, sentence in texts if part in sentence.text), None)
        if place is not None:
            yield place
