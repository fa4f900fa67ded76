"""The way through: a source becomes an outcome (no files), an outcome becomes a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from rewriter.answer import patched, to_rewrite
from rewriter.article import Finding, Rewrite, Source, Verdict
from rewriter.checks import check_headline, check_rewrite, check_source
from rewriter.completion import Completer
from rewriter.completion.asking import Answer, Spent, ask, spent_before
from rewriter.completion.reading import read_json
from rewriter.errors import AnswerError, RewriterError
from rewriter.ledger import Ledger
from rewriter.limits import Budget
from rewriter.prompt import Prompt, failed_sections
from rewriter.request import Request

# A section that is still wrong after two corrections with the source quoted is wrong for a reason
# that a third will not mend.
MAX_REPAIRS = 2


@dataclass(frozen=True)
class Outcome:
    """What became of a source: the verdict, why, and the rewrite where there is one.

    `title` is the headline to publish, `model` the model that answered, `spent` what it took.
    """

    verdict: Verdict
    findings: tuple[Finding, ...]
    rewrite: Rewrite | None = None
    title: str = ""
    model: str = ""
    spent: Spent = field(default_factory=Spent)


@dataclass(frozen=True)
class Engine:
    """Who answers and what it may cost: all that `rewrite` needs besides article and prompt."""

    completer: Completer
    model: str
    ledger: Ledger
    budget: Budget | None = None
    fresh: bool = False

    @property
    def drafts(self) -> bool:
        """Whether its text is the publisher's own, so that it can only be a draft."""
        return self.completer.name == "extractive"


async def rewrite(source: Source, prompt: Prompt, engine: Engine) -> Outcome:
    """Ask for a rewrite of `source`, check it, and have failed sections repaired.

    Touches no file but the ledger. Raises `Transient` or `Permanent` when no usable answer came.
    """
    too_little = tuple(check_source(source, prompt.rules))
    if too_little:
        return Outcome("hold", too_little)
    request = prompt.request(source, engine.model)
    answer = await _ask(request, engine, to_rewrite)
    outcome = _judge(answer.value, source, prompt, engine)
    outcome = replace(outcome, model=answer.completion.model, spent=answer.spent)
    for _ in range(MAX_REPAIRS):
        sections = failed_sections(outcome.findings)
        if outcome.verdict != "hold" or not sections or outcome.rewrite is None:
            break
        outcome = await _repair(outcome, outcome.rewrite, source, prompt, engine, sections)
    return outcome


async def _repair(
    outcome: Outcome,
    failed: Rewrite,
    source: Source,
    prompt: Prompt,
    engine: Engine,
    sections: Sequence[str],
) -> Outcome:
    """`outcome` with `sections` asked for again; if that fails it stays held, and says so."""
    errors = [finding for finding in outcome.findings if finding.severity == "error"]
    request = prompt.repair_request(source, engine.model, failed, errors)
    try:
        answer = await _ask(request, engine, partial(patched, failed, sections=sections))
    except AnswerError as error:
        note = Finding(
            code="S199",
            severity="error",
            section="source",
            message=f"the repair of {', '.join(sections)} failed: {error}",
        )
        spent = outcome.spent + spent_before(error)
        return replace(outcome, findings=(*outcome.findings, note), spent=spent)
    except RewriterError as error:
        error.spent = outcome.spent + spent_before(error)
        raise
    mended = _judge(answer.value, source, prompt, engine)
    return replace(mended, model=answer.completion.model, spent=outcome.spent + answer.spent)


async def _ask(
    request: Request, engine: Engine, shape: Callable[[object], Rewrite]
) -> Answer[Rewrite]:
    return await ask(
        request,
        engine.completer,
        engine.ledger,
        lambda text: shape(read_json(text)),
        fresh=engine.fresh,
        budget=engine.budget,
    )


def _judge(rewrite: Rewrite, source: Source, prompt: Prompt, engine: Engine) -> Outcome:
    """The verdict on `rewrite`; a draft keeps its findings but is never held for them."""
    title, about_title = _headline(rewrite, source, prompt, engine)
    findings = (*check_rewrite(rewrite, source, prompt.rules), *about_title)
    if engine.drafts:
        return Outcome("draft", findings, rewrite, title)
    failed = any(finding.severity == "error" for finding in findings)
    return Outcome("hold" if failed else "publish", findings, rewrite, title)


def _headline(
    rewrite: Rewrite, source: Source, prompt: Prompt, engine: Engine
) -> tuple[str, tuple[Finding, ...]]:
    """The source's own title where the checks let it pass, else the model's headline."""
    if source.title_derived and not engine.drafts:
        return rewrite.headline, tuple(check_headline(rewrite.headline, source, prompt.rules))
    own = tuple(check_headline(source.title, source, prompt.rules))
    if not any(finding.severity == "error" for finding in own):
        return source.title, own
    if engine.drafts:
        return source.title, tuple(f.model_copy(update={"severity": "warning"}) for f in own)
    noted = tuple(
        f.model_copy(update={"severity": "info", "message": f"the source's own title: {f.message}"})
        for f in own
    )
    return rewrite.headline, (*noted, *check_headline(rewrite.headline, source, prompt.rules))
