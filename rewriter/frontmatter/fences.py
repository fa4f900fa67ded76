"""Finding front matter in a file: encoding, fences, language and line ends."""

from __future__ import annotations

import codecs
import re
from typing import Literal, NamedTuple

from rewriter.errors import FrontMatterError
from rewriter.frontmatter.json_block import object_end
from rewriter.frontmatter.values import Unsupported

Language = Literal["yaml", "toml", "json"]
Encoding = Literal["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be"]

# The largest front matter in 48,000 files of public sites has 114 KB. Editing a block of this size
# with 30,000 keys takes a second. TOML and JSON take twice as long for as many bytes.
MAX_BYTES = 1 << 19
_MAX_OTHER_BYTES = MAX_BYTES // 2

_MARKS: tuple[tuple[bytes, Encoding], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LANGUAGES: dict[bytes, Language] = {
    b"": "yaml",
    b"yaml": "yaml",
    b"yml": "yaml",
    b"toml": "toml",
    b"json": "json",
}
_LINE_END = re.compile(rb"\r\n|\n|\r")
_REST_OF_LINE = re.compile(rb"[ \t]*(?:\r\n|\n|\r|\Z)")
# Blank lines before the fence are skipped, as Hugo does. Four dashes are a Markdown rule, no fence.
_BLANK_LINES = rb"(?:[ \t]*(?:\r\n|\n|\r))*"
_OPENING = re.compile(
    _BLANK_LINES + rb"(---(?!-)|\+\+\+(?!\+)|;;;)[ \t]*([^\r\n]*?)[ \t]*(?:(\r\n|\n|\r)|\Z)"
)
_CLOSING = {
    "yaml": re.compile(rb"(?<=[\r\n])(?:---|\.\.\.)[ \t]*(?:\r\n|\n|\r|\Z)"),
    "---": re.compile(rb"(?<=[\r\n])---[ \t]*(?:\r\n|\n|\r|\Z)"),
    "+++": re.compile(rb"(?<=[\r\n])\+\+\+[ \t]*(?:\r\n|\n|\r|\Z)"),
}
# Lines above misplaced front matter, and lines of it, that are looked at.
_MOST_ABOVE, _MOST_LINES = 40, 200
# Frog indents keys, Nikola writes `.. key:` and Org `#+KEY:`.
_KEY_LINE = re.compile(r"(?: {4}|\.\. |#\+)?([\"']?[A-Za-z_][\w .-]{0,40}[\"']?)[ \t]*:(?:[ \t]|$)")
# Lines that open and close front matter below other lines, and at the top in other tools.
_LATER_FENCES = {"---": "---"}
_FIRST_FENCES = {"---": "---", "<!--": "-->", "===": "===", "```yaml": "```", "~~~yaml": "~~~"}
# Front matter of Pandoc (title, authors, date), Cryogen (EDN) and Poet.
_OTHER_HEADERS = re.compile(r"\s*(?:%[ \t][^\n]*\n%(?:[ \t]|\n)|\{:[a-z-]+[ \t]+\"|\{\{\{)")
_HEADER_KEYS = frozenset(
    {"title", "date", "layout", "tags", "categories", "category", "draft", "slug", "permalink"}
    | {"author", "description", "published", "publishedat", "pubdate", "lang", "keywords"}
)
_JSON_OPENING = re.compile(_BLANK_LINES + rb"(?=\{\s*[\"}])")


class FrontMatterBlock(NamedTuple):
    """Where front matter is in a file, as offsets into its UTF-8 bytes without a mark.

    `start:end` is the text between the fences, each line with its end; for JSON without fences the
    object with its braces. `body` is where the body begins, `newline` the opening line's end.
    """

    language: Language
    start: int
    end: int
    body: int
    newline: str


def to_utf8(data: bytes) -> tuple[bytes, Encoding]:
    """The bytes as UTF-8 without a byte-order mark, and their encoding.

    UTF-8 is not checked: a body is carried over byte for byte. Raises `FrontMatterError` for UTF-16
    that cannot be decoded.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            rest = data[len(mark) :]
            if encoding == "utf-8-sig":
                return rest, encoding
            try:
                return rest.decode(encoding).encode(), encoding
            except UnicodeDecodeError as error:
                raise FrontMatterError(f"not {encoding.upper()}: {error.reason}") from None
    return data, "utf-8"


def from_utf8(core: bytes, encoding: Encoding) -> bytes:
    """The inverse of `to_utf8`."""
    mark = next((mark for mark, name in _MARKS if name == encoding), b"")
    return mark + (core if encoding.startswith("utf-8") else core.decode().encode(encoding))


def find(core: bytes) -> FrontMatterBlock | None:
    """The front matter of a file, None where it has none.

    Raises `FrontMatterError` where the fence is not closed, the language is unknown, or the block
    is larger than `MAX_BYTES`, or half of it where it is not YAML.
    """
    if opening := _OPENING.match(core):
        return _fenced(core, opening)
    if opening := _JSON_OPENING.match(core):
        return _bare_json(core, opening.end())
    return None


def refuse_misplaced(text: str) -> None:
    """Raise `FrontMatterError` for front matter below other lines, or without fences.

    `text` has no front matter at its top. Comments or a few lines of a licence may precede a block;
    MultiMarkdown writes keys in the first lines and ends them with a blank line.
    """
    lines = text.split("\n", _MOST_ABOVE + _MOST_LINES)
    first = next((n for n, line in enumerate(lines) if line.strip()), 0)
    for n, line in enumerate(lines[:_MOST_ABOVE]):
        end = (_FIRST_FENCES if n == first else _LATER_FENCES).get(line.strip())
        if end and _is_header(lines[n + 1 :], end):
            reason = "front matter that is not at the top of the file, between lines '---': move it"
            raise FrontMatterError(reason, n + 1)
    if _OTHER_HEADERS.match(text) or _is_header(lines[first:], ""):
        reason = "front matter without fences: put a line '---' above and below its keys"
        raise FrontMatterError(reason, first + 1)


def _is_header(lines: list[str], end: str) -> bool:
    """Whether the lines up to `end` are keys with values, one of them of an article."""
    names: list[str] = []
    for line in lines:
        if line.rstrip() == end:
            break
        key = _KEY_LINE.match(line)
        if key:
            names.append(key[1].strip("\"'").lower())
        elif line.strip() and not (names and line[:1] in " \t-") and line.lstrip()[0] != "#":
            return False
    else:
        return False
    return len(names) > 1 and not _HEADER_KEYS.isdisjoint(names)


def line_at(core: bytes, offset: int) -> int:
    """The line, from 1, that has the byte at `offset`."""
    return len(_LINE_END.findall(core[:offset])) + 1


def _fenced(core: bytes, opening: re.Match[bytes]) -> FrontMatterBlock:
    fence, word, newline = opening.groups()
    line = line_at(core, opening.start(1))
    language: Language | None = "toml" if fence == b"+++" else _LANGUAGES.get(word.lower())
    if fence == b";;;" or language is None or (fence == b"+++" and word):
        shown = (fence + word)[:20].decode(errors="replace")
        raise FrontMatterError(f"front matter in an unknown language: '{shown}'", line)
    start = opening.end()
    closing = _CLOSING["yaml" if fence == b"---" and language == "yaml" else fence.decode()]
    found = closing.search(core, start) if newline else None
    if found is None:
        reason = f"the front matter is not closed by a line '{fence.decode()}'"
        raise FrontMatterError(reason, line)
    most = MAX_BYTES if language == "yaml" else _MAX_OTHER_BYTES
    if found.start() - start > most:
        raise FrontMatterError(f"front matter of over {most:,} bytes", line)
    return FrontMatterBlock(language, start, found.start(), found.end(), newline.decode())


def _bare_json(core: bytes, start: int) -> FrontMatterBlock:
    try:
        text = core[start : start + _MAX_OTHER_BYTES].decode(errors="ignore")
        size = len(text[: object_end(text)].encode())
    except Unsupported as error:
        raise FrontMatterError(error.reason, line_at(core, start)) from None
    end = start + size
    rest = _REST_OF_LINE.match(core, end)
    if rest is None:
        raise FrontMatterError("text follows the closing brace on its line", line_at(core, end))
    newline = _LINE_END.search(core)
    return FrontMatterBlock(
        "json", start, end, rest.end(), newline[0].decode() if newline else "\n"
    )
