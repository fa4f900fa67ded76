"""Cases: a raw article, with what its rewrite must say and must not say.

`cases/NAME.toml` stands beside the article `NAME.txt` (or `.md`, `.html`, `.json`):

    tags = ["txt", "injection"]
    note = "Why the case is here."
    must = ["Turku", ["$420 million", "420 million dollars"]]   # a list: one of them
    must_not = ["safest port"]
    cluster = "ferries"       # shared by cases made from one article; default: the case's name
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

from pydantic import Field, ValidationError, field_validator

from rewriter.article import Value, digest
from rewriter.errors import ConfigurationError, FileError
from rewriter.escaping import several
from rewriter.files.inputs import SUFFIXES
from rewriter.refusals import refusals


class Expectations(Value):
    """The content of a case file. Each entry of `must` has one or more alternatives."""

    must: tuple[tuple[str, ...], ...]
    must_not: tuple[str, ...]
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
    """One case. `article` is the raw file, `data` its bytes."""

    name: str
    article: Path
    data: bytes = Field(repr=False)
    expectations: Expectations

    @property
    def cluster(self) -> str:
        """The name that all cases made from the same article share."""
        return self.expectations.cluster or self.name

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


def load(folder: Path, only: Sequence[str] = ()) -> tuple[Case, ...]:
    """The cases in `folder` by name, or those named in `only`.

    Raises `ConfigurationError` for a wrong or missing case and for a folder without cases, and
    `FileError` for an article that cannot be read.
    """
    files = {path.stem: path for path in sorted(folder.glob("*.toml"))}
    unknown = [name for name in only if name not in files]
    if unknown or not files:
        what = f"no case {', '.join(unknown)}" if unknown else "no cases (NAME.toml)"
        raise ConfigurationError(f"{folder}: {what}; name the suite's folder with --suite")
    return tuple(_load(path) for name, path in files.items() if not only or name in only)


def _load(path: Path) -> Case:
    try:
        expectations = Expectations.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"{path}: cannot read the case: {error}") from error
    except ValidationError as error:
        problems = [f"{path}: {place}: {why}" for place, why in refusals(error, Expectations)]
        raise ConfigurationError(several(problems)) from error
    article = _article(path)
    try:
        data = article.read_bytes()
    except OSError as error:
        raise FileError(f"{article}: cannot read it: {error.strerror}") from error
    return Case(name=path.stem, article=article, data=data, expectations=expectations)


def _article(path: Path) -> Path:
    found = [path.with_suffix(suffix) for suffix in SUFFIXES if path.with_suffix(suffix).exists()]
    if len(found) != 1:
        raise ConfigurationError(
            f"{path}: {len(found)} articles beside it, one is wanted: {path.stem} with one of "
            f"{', '.join(SUFFIXES)}"
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
