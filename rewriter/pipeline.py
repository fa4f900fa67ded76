"""The way through without files: a source becomes an outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

from rewriter.article import Finding, Rewrite, Severity, Source, Verdict
from rewriter.checks import Evidence, check_headline, check_rewrite, check_source, soften_for_draft
from rewriter.checks.grounding import Coverage, Supported, coverage, supports, unchecked
from rewriter.completion import Completer
from rewriter.completion.answer import patched, to_rewrite
from rewriter.completion.asking import Answer, Spent, ask, spent_before
from rewriter.completion.limits import Purse
from rewriter.completion.reading import read_json
from rewriter.errors import AnswerError, RewriterError
from rewriter.prompting.prompt import Prompt, failed_sections
from rewriter.request import Request
from rewriter.runs.permits import UNBOUNDED, Slot
from rewriter.runs.scheduling import Turn
from rewriter.state.ledger import Ledger

# A section that is still wrong after two corrections with the source quoted is wrong for a reason
# that a third will not mend.
MAX_REPAIRS = 2


@dataclass(frozen=True)
class Outcome:
    """What became of a source: the verdict, why, and the rewrite where there is one.

    `title` is the headline to publish, `model` the model that answered, `spent` what it took.
    `repaired` are the errors that earlier answers had and this one has not. `support` names the
    source sentences that each sentence stands on, `coverage` how much of the source is kept,
    `unchecked` what the checks cannot tell in the article's language.
    """

    verdict: Verdict
    findings: tuple[Finding, ...]
    rewrite: Rewrite | None = None
    title: str = ""
    model: str = ""
    spent: Spent = field(default_factory=Spent)
    repaired: tuple[Finding, ...] = ()
    support: tuple[Supported, ...] = ()
    coverage: Coverage | None = None
    unchecked: tuple[str, ...] = ()


@dataclass(frozen=True)
class Engine:
    """Who answers and what it may cost: all that `rewrite` needs besides article and prompt.

    `epoch` keeps repeated answers to one question apart in the ledger. Heavy work is done in turns,
    an `urgent` article's first.
    """

    completer: Completer
    model: str
    ledger: Ledger
    budget: Purse | None = None
    epoch: int = 0
    turn: Turn = field(default_factory=Turn)
    urgent: bool = False

    @property
    def drafts(self) -> bool:
        """Whether its text is the publisher's own, so that it can only be a draft."""
        return self.completer.name == "extractive"


async def rewrite(
    source: Source, prompt: Prompt, engine: Engine, slot: Slot = UNBOUNDED
) -> Outcome:
    """Ask for a rewrite of `source`, check it, and have failed sections repaired.

    `slot` is held while an answer is awaited. Touches no file but the ledger. Raises `Transient`
    or `Permanent` when no usable answer came.
    """
    too_little = tuple(check_source(source, prompt.rules))
    if too_little:
        return Outcome("hold", too_little)
    return await _Rewriting(source, prompt, engine, slot).run()


@dataclass(frozen=True)
class _Rewriting:
    """One source on its way to an outcome."""

    source: Source
    prompt: Prompt
    engine: Engine
    slot: Slot

    @cached_property
    def evidence(self) -> Evidence:
        """The source as the checks read it: made when there is an answer, not while one is awaited.

        Of an article in flight it would be more than half of the memory.
        """
        return Evidence(self.source)

    async def run(self) -> Outcome:
        request = self.prompt.request(self.source, self.engine.model)
        answer = await self._ask(request, to_rewrite)
        await self.engine.turn(urgent=self.engine.urgent)
        outcome = self._judge(answer, Spent())
        for turn in range(1, MAX_REPAIRS + 1):
            sections = failed_sections(outcome.findings)
            if outcome.verdict != "hold" or not sections or outcome.rewrite is None:
                break
            try:
                answer = await self._repaired(outcome.rewrite, outcome.findings, turn)
            except AnswerError as error:
                return self._traced(_unrepaired(outcome, sections, error))
            except RewriterError as error:
                error.spent = outcome.spent + spent_before(error)
                raise
            before, outcome = outcome, self._judge(answer, outcome.spent)
            outcome = replace(outcome, repaired=_repaired(before, outcome))
        return self._traced(outcome)

    async def _repaired(
        self, failed: Rewrite, findings: Sequence[Finding], turn: int
    ) -> Answer[Rewrite]:
        errors = _errors(findings)
        request = self.prompt.repair_request(
            self.source, self.engine.model, failed, errors, turn=turn
        )
        return await self._ask(request, partial(patched, failed, sections=failed_sections(errors)))

    async def _ask(self, request: Request, shape: Callable[[object], Rewrite]) -> Answer[Rewrite]:
        await self.slot.retake()
        answer = await ask(
            request,
            self.engine.completer,
            self.engine.ledger,
            lambda text: shape(read_json(text)),
            epoch=self.engine.epoch,
            budget=self.engine.budget,
        )
        # Not after an error: it may be one that every further article would meet.
        self.slot.leave()
        return answer

    def _judge(self, answer: Answer[Rewrite], before: Spent) -> Outcome:
        """The verdict on an answer; a draft keeps its findings but is never held for them."""
        rewrite = answer.value
        title, about_title = self._headline(rewrite)
        findings = (*self._checked(rewrite), *about_title)
        failed = bool(_errors(findings))
        verdict: Verdict = "draft" if self.engine.drafts else "hold" if failed else "publish"
        model, spent = answer.completion.model, before + answer.spent
        return Outcome(verdict, findings, rewrite, title, model, spent)

    def _checked(self, rewrite: Rewrite) -> Iterator[Finding]:
        found = check_rewrite(
            rewrite,
            self.source,
            self.prompt.rules,
            self.evidence,
            instructions=self.prompt.templates["system"],
        )
        return iter(soften_for_draft(found)) if self.engine.drafts else found

    def _traced(self, outcome: Outcome) -> Outcome:
        if outcome.rewrite is None:
            return outcome
        passages = tuple(outcome.rewrite.passages())
        return replace(
            outcome,
            support=supports(passages, self.evidence),
            coverage=coverage(passages, self.evidence),
            unchecked=unchecked(self.source.lang),
        )

    def _headline(self, rewrite: Rewrite) -> tuple[str, tuple[Finding, ...]]:
        """The source's own title where the checks let it pass, else the model's headline."""
        own = self._about(self.source.title)
        rejected = bool(_errors(own))
        if self.engine.drafts:
            return self.source.title, tuple(_softened(finding, "warning") for finding in own)
        if not rejected and not self.source.title_derived:
            return self.source.title, own
        noted = [_softened(finding, "info") for finding in own if rejected]
        return rewrite.headline, (*noted, *self._about(rewrite.headline))

    def _about(self, headline: str) -> tuple[Finding, ...]:
        return tuple(check_headline(headline, self.prompt.rules, self.evidence))


def _repaired(before: Outcome, after: Outcome) -> tuple[Finding, ...]:
    """The errors of `before` that `after` no longer has."""
    left = {(f.code, f.section, f.message) for f in after.findings}
    gone = [f for f in _errors(before.findings) if (f.code, f.section, f.message) not in left]
    return (*before.repaired, *gone)


def _errors(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity == "error"]


def _softened(finding: Finding, severity: Severity) -> Finding:
    """A finding on the source's own title, which is nobody's mistake to repair."""
    message = f"the source's own title: {finding.message}"
    return finding.model_copy(update={"severity": severity, "message": message})


def _unrepaired(outcome: Outcome, sections: Sequence[str], error: AnswerError) -> Outcome:
    """`outcome`, still held, after a repair without a usable answer."""
    note = Finding(
        code="S199",
        severity="error",
        section="source",
        message=f"the repair of {', '.join(sections)} failed: {error}",
    )
    spent = outcome.spent + spent_before(error)
    return replace(outcome, findings=(*outcome.findings, note), spent=spent)
