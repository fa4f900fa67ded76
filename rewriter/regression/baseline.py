"""The baseline: the accepted prompt, with digests of everything that it was measured on."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from rewriter.article import Value, digest
from rewriter.errors import ConfigurationError
from rewriter.files import atomic
from rewriter.regression.cases import with_plain_line_ends
from rewriter.regression.labelled_pairs import AnyCase


class PinnedCase(Value):
    """SHA-256 digests (hex) of one case: article, request, expectations, an answer an epoch."""

    article: str
    request: str
    expectations: str
    answers: tuple[str, ...]


class Baseline(Value):
    """Which prompt and model were accepted, on which cases and answers.

    `prompt` is the digest of the accepted prompt file's text. With `repairs` the answers were
    compared after their repairs, otherwise the first answers. `reason` is a person's reason for
    accepting a worse prompt. `measured` is the digest of all other fields: it shows an edit by
    hand.
    """

    prompt: str
    model: str
    epochs: int
    repairs: bool = False
    cases: dict[str, PinnedCase]
    reason: str = ""
    measured: str = ""

    def sealed(self) -> Baseline:
        """The same baseline with its digest in `measured`."""
        seal = digest(self.model_dump(mode="json", exclude={"measured"}))
        return self.model_copy(update={"measured": seal})


def load(path: Path) -> Baseline | None:
    """The baseline at `path`, None where no prompt was accepted yet.

    Raises `ConfigurationError` when the file is damaged or was edited by hand.
    """
    try:
        baseline = Baseline.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        raise ConfigurationError(
            f"{path}: not a baseline; restore it from version control"
        ) from error
    if baseline.sealed() != baseline:
        raise ConfigurationError(
            f"{path}: was edited by hand, so it is not what was measured; restore it, or run "
            "'rewriter regress accept'"
        )
    return baseline


def require_prompt(path: Path, baseline: Baseline) -> None:
    """Raise `ConfigurationError` where the file at `path` is not the prompt that was accepted."""
    try:
        text = with_plain_line_ends(path.read_bytes())
    except OSError as error:
        raise ConfigurationError(
            f"{path}: cannot read the accepted prompt: {error.strerror}; "
            "restore it from version control"
        ) from error
    if hashlib.sha256(text).hexdigest() != baseline.prompt:
        raise ConfigurationError(f"{path}: is not the prompt that was accepted; restore it")


def save(path: Path, baseline: Baseline) -> None:
    """Write `baseline` with its digest. Raises `FileError`."""
    atomic.write(path, (baseline.sealed().model_dump_json(indent=1) + "\n").encode())


def changed(case: AnyCase, request: str, pinned: Mapping[str, PinnedCase]) -> tuple[str, ...]:
    """The parts of `case` that changed since it was accepted; "it is new" where it never was.

    `request` is the digest of the request that the accepted prompt now makes for the case.
    """
    if case.name not in pinned:
        return ("it is new",)
    then = pinned[case.name]
    parts = []
    if then.article != case.article_digest:
        parts.append("its article")
    elif then.request != request:
        parts.append("what the cleaner leaves of its article")
    if then.expectations != case.expectations_digest:
        parts.append("what is expected of it")
    return tuple(parts)
