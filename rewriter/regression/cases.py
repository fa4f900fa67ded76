"""Cases: a raw article, with what its rewrite must say and must not say.

`cases/NAME.toml` stands beside the article `NAME.txt` (or `.md`, `.html`, `.json`). All keys may be
left out:

    id = "ferries"                # the case's name; default: the file's
    article = "long/ferries.txt"  # default: NAME.*; or the text itself, in several lines
    tags = ["txt", "injection"]
    note = "Why the case is here."
    must = ["Turku", ["$420 million", "420 million dollars"]]   # a list: one of them
    must_not = ["safest port"]
    cluster = "ferries"       # shared by cases made from one article; default: the article's name
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

from pydantic import Field, field_validator

from rewriter.article import Value, digest
from rewriter.errors import ConfigurationError, FileError
from rewriter.escaping import several
from rewriter.files.inputs import SUFFIXES
from rewriter.refusals import nearest
from rewriter.regression import toml_lines


class Expectations(Value):
    """The content of a case file. Each entry of `must` has one or more alternatives."""

    id: str | None = Field(default=None, pattern=r"^[\w.-]+$")
    article: str | None = None
    must: tuple[tuple[str, ...], ...] = ()
    must_not: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    note: str = ""
    cluster: str | None = None

    @field_validator("must", mode="before")
    @classmethod
    def _alternatives(cls, value: object) -> object:
        if isinstance(value, list):
            return [[item] if isinstance(item, str) else item for item in value]
        return value

    @field_validator("must", "must_not")
    @classmethod
    def _not_blank(cls, value: tuple[object, ...]) -> tuple[object, ...]:
        if any(not text.strip() for entry in value for text in _texts(entry)):
            raise ValueError("an empty text is in every rewrite; name a figure or a name")
        if any(not _texts(entry) for entry in value):
            raise ValueError("a list of alternatives holds at least one")
        return value


class Case(Value):
    """One case of the case file `file`: the raw article's path, and its bytes with LF line ends."""

    name: str
    file: Path
    article: Path
    data: bytes = Field(repr=False)
    expectations: Expectations

    @property
    def cluster(self) -> str:
        """The name that all cases made from the same article share."""
        return self.expectations.cluster or self.article.stem

    @property
    def article_digest(self) -> str:
        """SHA-256 (hex) of the raw article."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def expectations_digest(self) -> str:
        """SHA-256 (hex) of the fields that decide a score: all but tags and note."""
        expected = self.expectations
        return digest([expected.must, expected.must_not, self.cluster])

    def missing(self, text: str) -> tuple[str, ...]:
        """The first alternative of each `must` entry of which none is in `text`."""
        return tuple(
            entry[0]
            for entry in self.expectations.must
            if not any(_found(phrase, text) for phrase in entry)
        )

    def forbidden(self, text: str) -> tuple[str, ...]:
        """The `must_not` entries that are in `text`."""
        return tuple(phrase for phrase in self.expectations.must_not if _found(phrase, text))


def load(folder: Path) -> tuple[Case, ...]:
    """The cases in `folder`, by file name.

    Raises `ConfigurationError` with the mistakes of all case files, and for a folder without cases,
    and `FileError` for an article that cannot be read.
    """
    cases: dict[str, Case] = {}
    problems: list[str] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            case = _load(path)
        except ConfigurationError as error:
            problems += str(error).split("\n")
            continue
        other = cases.setdefault(case.name, case)
        if other is not case:
            problems.append(f"{path}: the case {case.name} stands in {other.file.name}, too")
    if problems:
        raise ConfigurationError(several(problems))
    if not cases:
        raise ConfigurationError(
            f"{folder}: no cases (NAME.toml); name the suite's folder with --suite, or make one "
            "with 'rewriter regress init'"
        )
    return tuple(cases.values())


def chosen(cases: Sequence[Case], only: Sequence[str]) -> tuple[Case, ...]:
    """The cases named in `only`, or all of them. Raises `ConfigurationError` for an unknown one."""
    names = [case.name for case in cases]
    unknown = [nearest(name, names, "case") for name in only if name not in names]
    if unknown:
        wrong = ", ".join(name for name in only if name not in names)
        raise ConfigurationError(f"no case {wrong}; {unknown[0]}")
    return tuple(case for case in cases if not only or case.name in only)


def _load(path: Path) -> Case:
    expectations = toml_lines.read(path, Expectations)
    name = expectations.id or path.stem
    text = expectations.article
    if text and "\n" in text.strip():
        article, data = path.with_suffix(".txt"), text.encode()
    else:
        article = _article(path, text)
        try:
            data = article.read_bytes()
        except OSError as error:
            raise FileError(f"{article}: cannot read it: {error.strerror}") from error
    data = with_plain_line_ends(data)
    return Case(name=name, file=path, article=article, data=data, expectations=expectations)


def with_plain_line_ends(data: bytes) -> bytes:
    """`data` with LF for CRLF, as git has it before a checkout; what git takes for binary stays."""
    return data if b"\0" in data else data.replace(b"\r\n", b"\n")


def _article(path: Path, named: str | None) -> Path:
    if named is not None:
        article = path.parent / named
        if article.is_file():
            return article
        raise ConfigurationError(f"{path}: article: there is no file {article}")
    found = [path.with_suffix(suffix) for suffix in SUFFIXES if path.with_suffix(suffix).exists()]
    if len(found) != 1:
        raise ConfigurationError(
            f"{path}: {len(found)} articles beside it, one is wanted: {path.stem} with one of "
            f"{', '.join(SUFFIXES)}; or name it with `article`"
        )
    return found[0]


# --- finding a phrase --------------------------------------------------------------------------


def _found(phrase: str, text: str) -> bool:
    return _pattern(phrase).search(_plain(text)) is not None


@cache
def _pattern(phrase: str) -> re.Pattern[str]:
    """A pattern for `phrase` as whole words and figures: "3.1 million" is not in "13.1 million"."""
    plain = _plain(phrase)
    before = rf"(?<!{_SPACED})(?<!\d[.,])" if re.match(_SPACED, plain[0]) else ""
    after = rf"(?!{_SPACED})(?![.,]\d)" if re.match(_SPACED, plain[-1]) else ""
    return re.compile(before + re.escape(plain) + after)


def _plain(text: str) -> str:
    """`text` in lower case, with single spaces and ASCII quotation marks."""
    return " ".join(text.translate(_QUOTES).casefold().split())


# A letter or digit of a script that puts spaces between words; Han and kana do not.
_SPACED = r"[^\W_\u3040-\u30ff\u3400-\u9fff]"
_QUOTES = str.maketrans("“”„’‘", '"""\'\'')


def _texts(entry: object) -> tuple[str, ...]:
    return (entry,) if isinstance(entry, str) else tuple(_strings(entry))


def _strings(entry: object) -> Iterator[str]:
    if isinstance(entry, Iterable):
        yield from (item for item in entry if isinstance(item, str))
