"""Checking many (source, text) pairs at once: JSON lines in, JSON lines out, in order.

A line is `{"id", "source", "text"}`. `"cleaned": true` says that the source needs no cleaning, and
`"lang"` names the language, which is detected otherwise. Lines are checked in batches on all cores.
Only a few batches are in memory at a time, so a file may have any length.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import aclosing, contextmanager
from functools import partial
from itertools import chain, islice
from multiprocessing import get_context
from signal import SIG_BLOCK, SIG_SETMASK, SIGINT, pthread_sigmask
from typing import Any

from pydantic import BaseModel, ValidationError

from rewriter.article import Finding, Passage, Sentence, Source, Value
from rewriter.checks.grounding import Evidence, ground
from rewriter.cleaning import clean
from rewriter.cleaning.blocks import refuse_collections
from rewriter.cleaning.language import detect_language
from rewriter.errors import RewriterError
from rewriter.remembering import remembered
from rewriter.rules import GroundingRules
from rewriter.runs.checking.readings import Readable, TextReader
from rewriter.text.forms import normalized
from rewriter.text.sentences import split_sentences
from rewriter.validation import reason

# Pairs that a process takes at a time: 0.3 to 1 s of work, much more than the transfer costs.
_BATCH = 100
# Sources whose evidence is kept: pairs about one source usually follow each other.
_SOURCES = 16

PairResult = dict[str, Any]


class _Named(BaseModel):
    """The id of a line that is not a valid pair."""

    id: str | int | None = None


class Pair(Value):
    """One line: a text to be checked against a source."""

    id: str | int | None = None
    source: str
    text: str
    cleaned: bool = False
    lang: str | None = None


def check_pairs(
    lines: Iterable[str],
    rules: GroundingRules,
    *,
    select: tuple[str, ...] = (),
    workers: int | None = None,
) -> Iterator[PairResult]:
    """Yield one result for each line, in order: `{"id", "findings": [...]}`.

    A finding has `code`, `severity`, `message`, `span` and `evidence`. `select` keeps only codes
    that begin with one of its members. A line that is not a pair gives `{"id", "error"}`, with the
    line number in the error and the id None where it cannot be read. Blank lines give no result.
    `workers` is the number of processes, by default one for each core; a single batch is checked in
    this process.
    """
    numbered = ((n, line) for n, line in enumerate(lines, 1) if line.strip())
    judge = partial(_judge_batch, rules=rules, select=select)
    first, rest = list(islice(numbered, _BATCH)), _batches(numbered)
    second = next(rest, None)
    if second is None:
        yield from judge(first)
        return
    yield from _in_processes(chain([first, second], rest), judge, workers or os.cpu_count() or 1)


async def read_pairs(
    lines: Iterable[str], rules: GroundingRules, reader: TextReader
) -> AsyncGenerator[tuple[PairResult, RewriterError | None], None]:
    """Yield the results of `check_pairs` with a second reader's findings, in order.

    An error comes with the result of a pair that could not be read.
    """
    seen: deque[str] = deque()

    def kept() -> Iterator[str]:
        for line in lines:
            if line.strip():
                seen.append(line)
            yield line

    judged = ((result, seen.popleft()) for result in check_pairs(kept(), rules))
    async with aclosing(reader.each(judged, _readable)) as readings:
        async for (result, _), found in readings:
            if "findings" in result:
                result["findings"] += [_as_result(finding) for finding in found.findings]
            yield result, found.failure


def _readable(judged: tuple[PairResult, str]) -> Readable | None:
    result, line = judged
    if "error" in result:
        return None
    pair = Pair.model_validate_json(line)
    return [Passage("text", "", pair.text)], _source(pair.source, pair.cleaned, pair.lang)


def _batches(lines: Iterator[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    while batch := list(islice(lines, _BATCH)):
        yield batch


def _in_processes(
    batches: Iterable[list[tuple[int, str]]],
    judge: Callable[[list[tuple[int, str]]], list[PairResult]],
    workers: int,
) -> Iterator[PairResult]:
    # "spawn": a fork of a process with threads may hang. A spawned one would import modules of the
    # working folder first, which may be a stranger's.
    os.environ["PYTHONSAFEPATH"] = "1"
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        waiting: deque[Future[list[PairResult]]] = deque()
        try:
            for batch in batches:
                with _uninterrupted():
                    waiting.append(pool.submit(judge, batch))
                if len(waiting) > 2 * workers:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()
        finally:
            for one in waiting:  # after Ctrl-C only what has begun is waited for
                one.cancel()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Block Ctrl-C here and in the processes that are started inside. This process ends them."""
    before = pthread_sigmask(SIG_BLOCK, {SIGINT})
    try:
        yield
    finally:
        pthread_sigmask(SIG_SETMASK, before)


def _judge_batch(
    batch: list[tuple[int, str]], rules: GroundingRules, select: tuple[str, ...]
) -> list[PairResult]:
    return [_judge(number, line, rules, select) for number, line in batch]


def _judge(number: int, line: str, rules: GroundingRules, select: tuple[str, ...]) -> PairResult:
    try:
        pair = Pair.model_validate_json(line)
    except ValidationError as error:
        return {"id": _id_of(line), "error": f"line {number}: {_fault(error)}"}
    part = "text"
    try:
        refuse_collections(pair.text.splitlines())
        part = "source"
        evidence = _evidence(pair.source, pair.cleaned, pair.lang)
    except RewriterError as error:
        return {"id": pair.id, "error": f"line {number}: {part}: {error}"}
    findings = ground([Passage("text", "", pair.text)], evidence, rules)
    kept = (f for f in findings if not select or f.code.startswith(select))
    return {"id": pair.id, "findings": [_as_result(finding) for finding in kept]}


def _as_result(finding: Finding) -> PairResult:
    return finding.model_dump(mode="json", include=_FIELDS)


def _fault(error: ValidationError) -> str:
    first = error.errors()[0]
    if first["type"] == "string_unicode":  # bytes that came as lone surrogates
        return "not UTF-8"
    place = str(first["loc"][0]) if first["loc"] else "not a pair"  # without its part of a union
    return f"{place}: {reason(first, Pair)}"


def _id_of(line: str) -> str | int | None:
    try:
        return _Named.model_validate_json(line.encode("utf-8", "replace")).id
    except ValidationError:
        return None


_FIELDS = {"code", "severity", "message", "span", "evidence"}


@remembered(_SOURCES, longest=100_000)
def _evidence(text: str, cleaned: bool, lang: str | None) -> Evidence:
    return Evidence(_source(text, cleaned, lang))


def _source(text: str, cleaned: bool, lang: str | None) -> Source:
    if cleaned:
        refuse_collections(text.splitlines())
        return plain_source(text, lang or detect_language(text) or "en")
    source = clean(text.encode(), name="")
    return source.model_copy(update={"lang": lang}) if lang else source


def plain_source(text: str, lang: str = "en") -> Source:
    """A source made of clean text: each line is a paragraph, and there is no title."""
    lines = normalized(text, "NFC").splitlines()
    paragraphs = tuple(line.strip() for line in lines if line.strip())
    sentences = tuple(
        Sentence(id=f"s{index + 1}.{number}", text=sentence, place="text", index=index)
        for index, paragraph in enumerate(paragraphs)
        for number, sentence in enumerate(split_sentences(paragraph, lang), 1)
    )
    return Source(kind="text", title="", paragraphs=paragraphs, sentences=sentences, lang=lang)
