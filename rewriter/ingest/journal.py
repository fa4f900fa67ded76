"""What was ingested before: ids, addresses and signatures of stories, one JSON object a line."""

from __future__ import annotations

import base64
import json
import os
import re
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from rewriter.article import Value
from rewriter.errors import FileError
from rewriter.files import opening
from rewriter.ingest.addresses import canonical
from rewriter.text.tokens import DENSE

# MinHash of 128 values (Broder 1997): the estimate's standard error is 0.04 at a likeness of 0.5.
_VALUES = 128
# 32 bands of 4 find a pair of likeness 0.5 with a probability of 0.87, one of 0.7 with 0.9999.
_BAND = 4
# Runs of three words; of scripts without spaces, of five characters.
_WORDS = 3
_CHARACTERS = 5
# Two reports of one event share few such runs; two versions of one text share more than half.
LIKENESS = 0.5
# Shorter texts are too much alike by chance.
_LEAST_SHINGLES = 20
_DENSE = re.compile(f"[{DENSE}]")


class Story(Value):
    """One ingested story: where it stands, and what it is known again by."""

    file: str
    title: str
    id: str = ""
    url: str = ""
    signature: str = ""


class Feed(Value):
    """A fetched source, and what tells its next answer from this one."""

    fetched: str
    validators: dict[str, str]


def signature(text: str) -> str:
    """The MinHash of a text's runs of words, in base64; empty for a short text."""
    import rensa

    shingles = _shingles(text)
    if len(shingles) < _LEAST_SHINGLES:
        return ""
    hashed = rensa.RMinHash(num_perm=_VALUES, seed=1)
    hashed.update(sorted(shingles))
    return base64.b64encode(array("I", hashed.digest()).tobytes()).decode()


def likeness(one: str, other: str) -> float:
    """The share of runs that two texts have in common, estimated from their signatures."""
    if not one or not other:
        return 0.0
    pairs = zip(_values(one), _values(other), strict=True)
    return sum(a == b for a, b in pairs) / _VALUES


def _shingles(text: str) -> set[str]:
    if len(_DENSE.findall(text)) * 2 > len(text):
        plain = re.sub(r"\W+", "", text)
        return {plain[i : i + _CHARACTERS] for i in range(len(plain) - _CHARACTERS + 1)}
    words = re.findall(r"\w+", text.casefold())
    return {" ".join(words[i : i + _WORDS]) for i in range(len(words) - _WORDS + 1)}


def _values(signed: str) -> array[int]:
    values = array("I")
    values.frombytes(base64.b64decode(signed))
    return values


@dataclass
class Journal:
    """The stories known so far, by id, address and likeness. `save` keeps the new ones."""

    path: Path
    feeds: dict[str, Mapping[str, str]] = field(default_factory=dict)
    _by_file: dict[str, Story] = field(default_factory=dict)
    _by_key: dict[str, Story] = field(default_factory=dict)
    _by_band: dict[tuple[int, bytes], list[Story]] = field(default_factory=dict)
    _new: list[Value] = field(default_factory=list)

    def known(self, keys: Iterable[str]) -> Story | None:
        """The kept version of the story that has one of these ids or addresses."""
        return next((self._by_key[key] for key in keys if key in self._by_key), None)

    def alike(self, signed: str) -> Story | None:
        """The known story whose text is most like the one with this signature."""
        candidates = {s.file: s for band in _bands(signed) for s in self._by_band.get(band, ())}
        best = max(candidates.values(), key=lambda s: likeness(s.signature, signed), default=None)
        return best if best and likeness(best.signature, signed) >= LIKENESS else None

    def add(self, story: Story) -> None:
        """Know a story from now on."""
        self._learn(story)
        self._new.append(story)

    def visit(self, url: str, validators: Mapping[str, str]) -> None:
        """Know what a source answered."""
        if validators:
            self.feeds[url] = validators
            self._new.append(Feed(fetched=url, validators=dict(validators)))

    def save(self) -> None:
        """Append what is new. Raises `FileError`."""
        if not self._new:
            return
        lines = "".join(one.model_dump_json(exclude_defaults=True) + "\n" for one in self._new)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("ab") as file:
                file.write(lines.encode("utf-8", "replace"))
        except OSError as error:
            raise FileError(f"{self.path}: cannot write it: {error.strerror}") from error
        self._new.clear()

    def _learn(self, story: Story) -> None:
        kept = self._by_file.setdefault(story.file, story)  # the others were its duplicates
        for key in keys_of(story.id, story.url):
            self._by_key.setdefault(key, kept)
        for band in _bands(story.signature):
            self._by_band.setdefault(band, []).append(story)


def keys_of(id_: str, url: str) -> Iterator[str]:
    """What a story is known again by, besides its text."""
    if url:
        yield f"url {canonical(url)}"
    if id_:
        yield f"id {id_}"


def load(path: Path) -> Journal:
    """The journal at `path`, empty where there is none; a line cut off by a crash is passed over.

    Raises `FileError` where it cannot be read.
    """
    journal = Journal(path)
    try:
        data = opening.read(path, path.parent) if os.path.lexists(path) else b""
        lines = data.decode("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(f"{path}: cannot read it: {error}") from error
    for line in lines:
        try:
            fields = json.loads(line)
            if "fetched" in fields:
                feed = Feed.model_validate(fields)
                journal.feeds[feed.fetched] = feed.validators
            else:
                journal._learn(Story.model_validate(fields))
        except (ValueError, TypeError, ValidationError):
            continue
    return journal


def _bands(signed: str) -> Iterator[tuple[int, bytes]]:
    if not signed:
        return
    data, width = base64.b64decode(signed), _BAND * array("I").itemsize
    for start in range(0, len(data), width):
        yield start, data[start : start + width]
