"""Reference answers: written by a person, to show that a good answer passes every check.

`references/NAME.json` is the answer to the case NAME, in the form of a model's answer. It is
recorded under the model name `reference` with `author: reference`, and every report says so. A
recording whose author and model names disagree is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rewriter.article import Rewrite, Usage
from rewriter.completion import Completion
from rewriter.completion.answer import read_rewrite
from rewriter.errors import ConfigurationError, MalformedAnswerError
from rewriter.regression import cases as case_files
from rewriter.regression.cases import Case
from rewriter.regression.recordings import REFERENCE, RecordedAnswer
from rewriter.regression.suite import ArticleSuite
from rewriter.regression.suite_folder import SuiteFolder
from rewriter.regression.variants import Variant
from rewriter.state.ledger import Entry, FileLedger, Key


@dataclass(frozen=True)
class ReferenceAnswer:
    """One reference answer; `broken` names the invariants for which it was not recorded."""

    case: str
    broken: tuple[str, ...]

    def __str__(self) -> str:
        said = f"not recorded: {'; '.join(self.broken)}" if self.broken else "recorded"
        return f"{self.case}: {said}"


async def record(
    suite: ArticleSuite, variant: Variant, folder: SuiteFolder, only: Sequence[str] = ()
) -> list[ReferenceAnswer]:
    """Record each reference that breaks no invariant, or only those of the cases in `only`.

    Raises `ConfigurationError` for a reference that is missing, has no case, or is not an answer.
    """
    return [await _record(case, suite, variant, folder) for case in _written(suite, folder, only)]


def _written(suite: ArticleSuite, folder: SuiteFolder, only: Sequence[str]) -> list[Case]:
    names = {path.stem for path in folder.references.glob("*.json")}
    known = {case.name for case in case_files.load(folder.cases)}
    if stray := sorted(names - known):
        raise ConfigurationError(f"{folder.references}: no case is called {', '.join(stray)}")
    missing = [name for name in only if name not in names]
    if missing or not names:
        raise ConfigurationError(
            f"{folder.references}: there is no {', '.join(missing) or 'NAME'}.json; write "
            "an answer as a model would give it"
        )
    return [case for case in suite.cases if case.name in (only or names)]


async def _record(
    case: Case, suite: ArticleSuite, variant: Variant, folder: SuiteFolder
) -> ReferenceAnswer:
    text, rewrite = _read(folder.references / f"{case.name}.json")
    answered = RecordedAnswer(text, Usage(), 0.0, REFERENCE, "", rewrite)
    broken = suite.scorer(case, variant)(answered).broken
    if not broken:
        request = suite.request(case, variant)
        completion = Completion(text=text, model=REFERENCE)
        entry = Entry(request=request, completion=completion, author="reference")
        await FileLedger(folder.recordings).put(Key(request.digest(), epoch=1), entry)
    return ReferenceAnswer(case.name, broken)


def _read(path: Path) -> tuple[str, Rewrite]:
    try:
        text = path.read_text(encoding="utf-8").strip()
        return text, read_rewrite(text)
    except (OSError, UnicodeDecodeError, MalformedAnswerError) as error:
        raise ConfigurationError(f"{path}: not an answer: {error}") from error
