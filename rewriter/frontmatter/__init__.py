"""Front matter (YAML, TOML or JSON): reading it, and editing it without touching another byte.

>>> edit(b"---\\ntitle:   'A'  # kept\\n---\\nText\\n", {"ai": {"version": 2}})
b"---\\ntitle:   'A'  # kept\\nai:\\n  version: 2\\n---\\nText\\n"
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from pydantic import Field

from rewriter.article import Value
from rewriter.errors import FrontMatterError
from rewriter.frontmatter import json_block, toml_block, yaml_block
from rewriter.frontmatter.fences import (
    Encoding,
    FrontMatterBlock,
    Language,
    find,
    from_utf8,
    line_at,
    refuse_misplaced,
    to_utf8,
)
from rewriter.frontmatter.values import (
    LINE_END,
    Changes,
    Edit,
    PlainMoment,
    Unsupported,
    checked,
    moment,
    refuse_altered,
    splice,
    verify,
)

__all__ = [
    "Document",
    "Language",
    "PlainMoment",
    "create",
    "edit",
    "moment",
    "parse_assignment",
    "read",
    "refuse_misplaced",
    "remove",
]

_LANGUAGES: Mapping[Language, Any] = {  # modules
    "yaml": yaml_block,
    "toml": toml_block,
    "json": json_block,
}


class Document(Value):
    """A file split into front matter and body.

    `language` is None where the file has no front matter. `body_offset` counts bytes of the file;
    `body` is the text from there, its line ends as they are. `newline` is the line end of the
    opening fence, or of the first line.
    """

    metadata: dict[str, Any] = Field(default_factory=dict)
    body: str
    body_offset: int
    language: Language | None
    newline: str
    encoding: Encoding


def read(data: bytes) -> Document:
    """Split a file and read its front matter.

    Values have the types of their language, with one exception: a YAML scalar is a number, a
    boolean or null only where YAML 1.1 and 1.2 agree. `0123`, `NO`, `12:30` and dates are text, and
    all keys are text. Of duplicate keys the last one counts.

    Raises `FrontMatterError` for front matter that cannot be read.
    """
    core, encoding = to_utf8(data)
    block = find(core)
    start = block.body if block else 0
    body = _decoded(core, start, len(core))
    metadata: dict[str, Any] = {}
    if block:
        with _located(core, block):
            metadata = _LANGUAGES[block.language].load(_decoded(core, block.start, block.end))
    first = LINE_END.search(body)
    return Document.model_construct(  # its parts are made here: nothing to validate
        metadata=metadata,
        body=body,
        body_offset=len(from_utf8(core[:start], encoding)),
        language=block.language if block else None,
        newline=block.newline if block else first[0] if first else "\n",
        encoding=encoding,
    )


def edit(data: bytes, changes: Mapping[str, object]) -> bytes:
    """The file with `changes` merged into its front matter; every other byte stays.

    A mapping is merged into an existing mapping. A single value replaces a single value. A list or
    mapping is written where the key is missing or has no value. Values are text, numbers, booleans,
    None, dates, lists and mappings. The result is parsed again and compared before it is returned.

    Raises `FrontMatterError` where the file has no front matter or it is not understood.
    """
    wanted = checked(changes)
    return _changed(
        data,
        lambda language, text, newline: language.edits(text, wanted, newline),
        lambda before, after: verify(before, after, wanted),
    )


def remove(data: bytes, keys: Collection[str]) -> bytes:
    """The file without these keys at the top of its front matter; every other byte stays.

    The result is parsed again and compared before it is returned. Raises `FrontMatterError` where
    the file has no front matter, it is not understood, or an alias repeats what would go.
    """
    gone = dict.fromkeys(keys)
    return _changed(
        data,
        lambda language, text, _: language.removals(text, keys),
        lambda before, after: refuse_altered(before, after, gone),
    )


def _changed(
    data: bytes,
    edits_of: Callable[[Any, str, str], list[Edit]],
    proof: Callable[[Changes, Changes], None],
) -> bytes:
    """The file with the edits that its language makes, once `proof` has compared the values."""
    core, encoding = to_utf8(data)
    block = find(core)
    if block is None:
        raise FrontMatterError("the file has no front matter")
    language = _LANGUAGES[block.language]
    with _located(core, block):
        text = _decoded(core, block.start, block.end)
        before = language.load(text)
        edits = edits_of(language, text, block.newline)
        if not edits:
            return data
        new = splice(text, edits)
        proof(before, language.load(new))
    rest = memoryview(core)[block.end :]  # a body may be large: copied once
    return from_utf8(b"".join((core[: block.start], new.encode(), rest)), encoding)


def create(values: Mapping[str, object], body: str, language: Language = "yaml") -> bytes:
    """A new file in UTF-8: `values` in their order as front matter, then `body`.

    Lists and mappings are indented by two spaces. Text is quoted only where a reader could take it
    for another type. Raises `FrontMatterError` for values that the language cannot hold.
    """
    try:
        block: str = _LANGUAGES[language].new(checked(values), "\n")
    except Unsupported as error:
        raise FrontMatterError(error.reason) from None
    fence = {"yaml": "---\n", "toml": "+++\n", "json": ""}[language]
    return f"{fence}{block}{fence}{body}".encode()


def parse_assignment(text: str) -> dict[str, object]:
    """A change from the command line: `ai.version=2` gives `{"ai": {"version": 2}}`.

    The value is read as YAML, so quotes make a number text. Raises `FrontMatterError` where `text`
    has another form.
    """
    path, equals, value = text.partition("=")
    if not equals or not all(path.split(".")):
        raise FrontMatterError(f"'{text}' is not of the form key=value or key.key=value")
    try:
        (change,) = yaml_block.load(f"value: {value}").values()
    except (Unsupported, ValueError):
        raise FrontMatterError(f"the value in '{text}' is not one value in YAML") from None
    for key in reversed(path.split(".")):
        change = {key: change}
    assert isinstance(change, dict)  # noqa: S101  (split gives one key at least)
    return change


@contextmanager
def _located(core: bytes, block: FrontMatterBlock) -> Iterator[None]:
    """Turn `Unsupported`, with an offset in the block, into an error with a line of the file."""
    try:
        yield
    except Unsupported as error:
        before = core[block.start : block.end].decode(errors="replace")[: error.at]
        line = line_at(core, block.start) + len(LINE_END.findall(before))
        raise FrontMatterError(error.reason, line) from None
    except RecursionError:  # YAML and JSON are measured first, TOML is not
        raise FrontMatterError("nested too deep", line_at(core, block.start)) from None


def _decoded(core: bytes, start: int, end: int) -> str:
    """A part of the file as text; NUL bytes and other encodings are refused."""
    try:
        text = core[start:end].decode()
    except UnicodeDecodeError as error:
        line = line_at(core, start + error.start)
        raise FrontMatterError("not UTF-8, nor UTF-16 with a byte-order mark", line) from None
    if "\0" in text:
        raise FrontMatterError("a NUL byte", line_at(core, core.index(b"\0", start)))
    return text
