"""Cases: a raw article, with what its rewrite must say and must not say.

`cases/NAME.toml` lies next to the article `NAME.txt` (or `.md`, `.html`, `.json`). All keys may be
left out:

    tags = ["txt", "injection"]
    note = "Why the case is here."
    must = ["Turku", ["$420 million", "420 million dollars"]]   # a list: one of them
    must_not = ["safest port"]
    cluster = "ferries"       # shared by cases made from one article; default: the article's name
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Annotated
from unicodedata import normalize

from pydantic import AfterValidator, BeforeValidator, Field

from rewriter.article import Value, digest
from rewriter.errors import ConfigurationError
from rewriter.escaping import several
from rewriter.files import inputs
from rewriter.files.inputs import SUFFIXES
from rewriter.regression import toml_lines


def _present(text: str) -> str:
    if not text.strip():
        raise ValueError("an empty text is in every rewrite; name a figure or a name")
    return text


def _alternatives(value: object) -> object:
    if isinstance(value, str):
        return [_present(value)]
    if isinstance(value, list) and not value:
        raise ValueError("a list of alternatives holds at least one")
    if not isinstance(value, list | tuple):
        said = f"text is wanted, or a list of texts, not {value!r}"
        raise ValueError(said)  # noqa: TRY004 - a validator's `TypeError` is no mistake in a file
    return value


_Phrase = Annotated[str, AfterValidator(_present)]
_Alternatives = Annotated[tuple[_Phrase, ...], BeforeValidator(_alternatives)]


class Expectations(Value):
    """The content of a case file. Each entry of `must` has one or more alternatives."""

    must: tuple[_Alternatives, ...] = ()
    must_not: tuple[_Phrase, ...] = ()
    tags: tuple[str, ...] = ()
    note: str = ""
    cluster: str | None = None


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

    def line_of(self, *place: str | int) -> int:
        """The line of the case file that has the key at `place`, such as `("must", 0)`."""
        return toml_lines.line_of(self.file.read_text(encoding="utf-8-sig"), place)

    def expected_at(self, invariant: str) -> int | None:
        """The line of the expectation that `invariant` is about; None for a check of production."""
        expected = self.expectations
        said = {must_say(entry[0]): ("must", n) for n, entry in enumerate(expected.must)}
        said |= {must_not_say(text): ("must_not", n) for n, text in enumerate(expected.must_not)}
        return self.line_of(*said[invariant]) if invariant in said else None

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


def must_say(phrase: str) -> str:
    """The name of the invariant that an entry of `must` is."""
    return f'must say "{phrase}"'


def must_not_say(phrase: str) -> str:
    """The name of the invariant that an entry of `must_not` is."""
    return f'must not say "{phrase}"'


def read(folder: Path) -> tuple[tuple[Case, ...], list[str]]:
    """The cases in `folder` that are whole, by file name, and the mistakes of all others.

    Raises `ConfigurationError` for a folder without cases, and `FileError` for an article that
    cannot be read.
    """
    cases: list[Case] = []
    mistakes: list[str] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            cases.append(_load(path))
        except ConfigurationError as error:
            mistakes += str(error).split("\n")
    mistakes += _without_case(folder)
    if not cases and not mistakes:
        raise ConfigurationError(
            f"{folder}: no cases (NAME.toml); name the suite's folder with --suite, or make one "
            "with 'rewriter regress init'"
        )
    return tuple(cases), mistakes


def refuse(mistakes: Iterable[str]) -> None:
    """Raise `ConfigurationError` with all `mistakes`, by file and line, where there are any."""
    if found := sorted(mistakes, key=_place):
        raise ConfigurationError(several(found))


def _place(mistake: str) -> tuple[str, int]:
    placed = re.match(r"(.+?):(\d+): ", mistake)
    return (placed[1], int(placed[2])) if placed else (mistake.partition(": ")[0], 0)


def _without_case(folder: Path) -> Iterator[str]:
    """What lies in the folder of cases and belongs to none."""
    for path in sorted(folder.rglob("*")):
        if path.suffix not in (".toml", *SUFFIXES) or path.name == "README.md":
            continue
        if path.parent != folder:
            yield f"{path}: cases and their articles lie in {folder} itself; move it there"
        elif not (case := path.with_suffix(".toml")).exists():
            yield f"{path}: no case has this article; make {case}, or remove it"


def _load(path: Path) -> Case:
    expectations = toml_lines.read(path, Expectations)
    found = [path.with_suffix(suffix) for suffix in SUFFIXES if path.with_suffix(suffix).exists()]
    if len(found) != 1:
        raise ConfigurationError(
            f"{path}: {len(found)} articles of this case, one is wanted: {path.stem} with one of "
            f"{', '.join(SUFFIXES)}"
        )
    (article,) = found
    data = with_plain_line_ends(inputs.read(article))
    return Case(name=path.stem, file=path, article=article, data=data, expectations=expectations)


def with_plain_line_ends(data: bytes) -> bytes:
    """`data` with LF for CRLF, as git has it before a checkout; what git takes for binary stays."""
    return data if b"\0" in data else data.replace(b"\r\n", b"\n")


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
    """`text` in lower case, composed, with single spaces and ASCII quotation marks."""
    return " ".join(normalize("NFC", text).translate(_QUOTES).casefold().split())


# A letter or digit of a script that puts spaces between words; Han and kana do not.
_SPACED = r"[^\W_\u3040-\u30ff\u3400-\u9fff]"
_QUOTES = str.maketrans("“”„’‘", '"""\'\'')
