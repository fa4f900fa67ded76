"""Labelled pairs: short sources, faithful texts about them, and the faults that are put into these.

`reader/NAME.toml`:

    lang = "en"
    title = "Ferry line grows"
    published = 2026-03-11
    source = "Paragraphs, with an empty line between them."

    [[text]]                       # a faithful text; its sections are those of a rewrite
    sections = {overview = "...", impact = "..."}

    [[text.fault]]
    kind = "subject"
    old = "words of the text"      # they occur in it once
    new = "wrong words"
    words = "wrong"                # what a reader reports, where that is less than `new`
    says = "words of the source's sentence that says otherwise; none for what it does not say"

Each text makes two pairs: one as it is, and one with all of its faults.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import NamedTuple, TypeAlias

from pydantic import Field

from rewriter.article import Passage, Section, Source, Value, digest
from rewriter.checks.reader import Fault, Reading, Stated, sentences_of, source_sentences
from rewriter.errors import ConfigurationError
from rewriter.escaping import several
from rewriter.regression import toml_lines
from rewriter.regression.cases import Case
from rewriter.rules import FaultKind
from rewriter.runs.checking.pairs import plain_source


class PlantedFault(Value):
    """A fault to be put into a text."""

    kind: FaultKind
    old: str = Field(min_length=1)
    new: str = Field(min_length=1)
    words: str = ""
    says: str = ""


class LabelledText(Value):
    """A faithful text by section, and the faults to be put into it."""

    sections: dict[Section, str]
    fault: tuple[PlantedFault, ...] = Field(min_length=1)


class LabelledSource(Value):
    """The content of one file."""

    lang: str
    title: str
    published: date
    source: str
    text: tuple[LabelledText, ...] = Field(min_length=1)


class LabelledPair(NamedTuple):
    """A source and a text of `file`, with the faults that a reader must report of it."""

    name: str
    file: Path
    source: Source
    passages: tuple[Passage, ...]
    faults: tuple[Fault, ...]

    @property
    def sentences(self) -> tuple[Stated, ...]:
        """The text's sentences as a reader numbers them."""
        return sentences_of(self.passages, self.source.lang)

    @property
    def cluster(self) -> str:
        """What all pairs of a file share."""
        return self.file.stem

    @property
    def article_digest(self) -> str:
        """SHA-256 (hex) of the source."""
        return digest(list(source_sentences(self.source)))

    @property
    def expectations_digest(self) -> str:
        """SHA-256 (hex) of the labels."""
        return digest([fault.model_dump(mode="json") for fault in self.faults])

    @property
    def answer(self) -> str:
        """The answer of a reader that reports the labels, no less and no more."""
        return answer_of(self.faults)


AnyCase: TypeAlias = Case | LabelledPair


def answer_of(faults: Iterable[Fault]) -> str:
    """The JSON text of an answer that reports these faults."""
    return Reading(faults=tuple(faults)).model_dump_json()


def load(folder: Path) -> list[LabelledPair]:
    """All pairs of the files in `folder`, by name.

    Raises `ConfigurationError` that names each file and each label that is wrong.
    """
    pairs: list[LabelledPair] = []
    problems: list[str] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            pairs += _pairs(path)
        except ConfigurationError as error:
            problems += str(error).split("\n")
    if problems:
        raise ConfigurationError(several(problems))
    if not pairs:
        raise ConfigurationError(
            f"{folder}: there are no labelled pairs (NAME.toml); copy those of a checkout of "
            "rewriter (tests/regression/reader/*.toml), or write some in their form"
        )
    return pairs


def _pairs(path: Path) -> Iterator[LabelledPair]:
    labelled = toml_lines.read(path, LabelledSource)
    published = datetime.combine(labelled.published, time(), UTC)
    source = plain_source(labelled.source, labelled.lang).model_copy(
        update={"title": labelled.title, "published_at": published}
    )
    for number, text in enumerate(labelled.text, 1):
        name = f"{path.stem}-{number}"
        try:
            wrong = _with_faults(text)
            passages = _passages(wrong)
            faults = tuple(_label(fault, passages, source) for fault in text.fault)
        except ValueError as error:
            raise ConfigurationError(f"{path}: text {number}: {error}") from error
        yield LabelledPair(name, path, source, _passages(text.sections), ())
        yield LabelledPair(f"{name}-faulty", path, source, passages, faults)


def _passages(sections: Mapping[Section, str]) -> tuple[Passage, ...]:
    return tuple(
        Passage(section, "bullet 1" if section == "impact" else "paragraph 1", text)
        for section, text in sections.items()
    )


def _with_faults(text: LabelledText) -> dict[Section, str]:
    sections = dict(text.sections)
    for fault in text.fault:
        found = [name for name, whole in sections.items() if whole.count(fault.old) == 1]
        if len(found) != 1:
            raise ValueError(f"{fault.old!r} does not occur in it exactly once")
        sections[found[0]] = sections[found[0]].replace(fault.old, fault.new)
    return sections


def _label(fault: PlantedFault, passages: tuple[Passage, ...], source: Source) -> Fault:
    """What a reader must report of a fault."""
    words = fault.words or fault.new
    sentences = sentences_of(passages, source.lang)
    places = [n for n, sentence in enumerate(sentences, 1) if words in sentence.text]
    if len(places) != 1:
        raise ValueError(f"{words!r} is not in exactly one sentence of the faulty text")
    numbered = source_sentences(source)
    says = [n for n, sentence in enumerate(numbered, 1) if fault.says and fault.says in sentence]
    if fault.says and not says:
        raise ValueError(f"no sentence of the source has {fault.says!r}")
    return Fault(
        r=places[0],
        words=words,
        kind=fault.kind,
        s=tuple(says[:1]),
        verdict="contradicted" if says else "absent",
        why=f"the source says: {numbered[says[0] - 1]}" if says else "the source does not say it",
        sure=100,
        fix="" if fault.words else fault.old,
    )
