"""The way through without I/O: a source becomes an outcome by asking for a rewrite of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

from rewriter.article import Finding, Rewrite, RewriteStatus, Severity, Source
from rewriter.checks import (
    Evidence,
    check_headline,
    check_rewrite,
    check_source,
    downgrade_for_draft,
)
from rewriter.checks.grounding import Coverage, Supported, coverage, supports, unchecked
from rewriter.completion import Completion
from rewriter.completion.answer import patched, to_rewrite
from rewriter.completion.asking import Asker, Asking, Spent, drive, usable
from rewriter.completion.reading import read_json
from rewriter.errors import AnswerError
from rewriter.prompting.prompt import Prompt, failed_sections
from rewriter.request import Request

# A section that is still wrong after two corrections with the source quoted is wrong for a reason
# that a third will not mend.
MAX_REPAIRS = 2


@dataclass(frozen=True)
class Outcome:
    """What became of a source: the status, why, and the rewrite where there is one.

    `title` is the headline to publish, `model` the model that answered. `spent` is what the driver
    added up; `rewriting` leaves it empty. `document` is the finished file's text, which only
    `api.rewrite` composes.
    `repaired` are the errors that earlier answers had and this one has not. `support` names the
    source sentences that each sentence stands on, `coverage` how much of the source is kept,
    `unchecked` what the checks cannot tell in the article's language.
    """

    status: RewriteStatus
    findings: tuple[Finding, ...]
    rewrite: Rewrite | None = None
    title: str = ""
    model: str = ""
    spent: Spent = field(default_factory=Spent)
    repaired: tuple[Finding, ...] = ()
    support: tuple[Supported, ...] = ()
    coverage: Coverage | None = None
    unchecked: tuple[str, ...] = ()
    document: str | None = None


def rewriting(
    source: Source, prompt: Prompt, model: str, *, drafts: bool = False
) -> Asking[Outcome]:
    """Ask for a rewrite of `source`, check it, and have its failed sections repaired.

    A generator: it yields each `Request` to `model`, is sent the `Completion`, and returns the
    `Outcome`. With `drafts` the answers are drafts, which are never held.
    Raises `AnswerError` where no usable answer to the first request came.
    """
    too_little = tuple(check_source(source, prompt.rules))
    if too_little:
        return Outcome("held", too_little)
    return (yield from _Rewriting(source, prompt, model, drafts).run())


async def rewrite(source: Source, prompt: Prompt, asker: Asker) -> Outcome:
    """Drive `rewriting` directly: `asker` answers each request as it comes.

    Raises `Transient` or `Permanent` where no usable answer came; `asker.spending` tells what was
    paid all the same.
    """
    backend = asker.backend
    asking = rewriting(source, prompt, backend.model, drafts=backend.drafts)
    outcome = await drive(asking, asker.answer)
    return replace(outcome, spent=asker.spending.total)


@dataclass(frozen=True)
class _Rewriting:
    """One source on its way to an outcome."""

    source: Source
    prompt: Prompt
    model: str
    drafts: bool

    @cached_property
    def evidence(self) -> Evidence:
        """The source as the checks read it: made when there is an answer, not while one is awaited.

        It takes more than half of the memory of an article in flight.
        """
        return Evidence(self.source)

    def run(self) -> Asking[Outcome]:
        """Ask, judge, and repair up to `MAX_REPAIRS` times."""
        request = self.prompt.request(self.source, self.model)
        outcome = self._judge(*(yield from _answer(request, to_rewrite)))
        for turn in range(1, MAX_REPAIRS + 1):
            sections = failed_sections(outcome.findings)
            if outcome.status != "held" or not sections or outcome.rewrite is None:
                break
            try:
                repair = yield from self._repair(outcome.rewrite, outcome.findings, turn)
            except AnswerError as error:
                outcome = _unrepaired(outcome, sections, error)
                break
            after = self._judge(*repair)
            outcome = replace(after, repaired=_repaired(outcome, after))
        return self._traced(outcome)

    def _repair(
        self, failed: Rewrite, findings: Sequence[Finding], turn: int
    ) -> Asking[tuple[Rewrite, Completion]]:
        errors = _errors(findings)
        request = self.prompt.repair_request(self.source, self.model, failed, errors, turn=turn)
        shape = partial(patched, failed, sections=failed_sections(errors))
        return (yield from _answer(request, shape))

    def _judge(self, rewrite: Rewrite, completion: Completion) -> Outcome:
        """The outcome of an answer; a draft keeps its findings but is never held for them."""
        title, about_title = self._headline(rewrite)
        findings = (*self._checked(rewrite), *about_title)
        failed = bool(_errors(findings))
        status: RewriteStatus = "drafted" if self.drafts else "held" if failed else "published"
        return Outcome(status, findings, rewrite, title, completion.model)

    def _checked(self, rewrite: Rewrite) -> Iterator[Finding]:
        found = check_rewrite(
            rewrite,
            self.source,
            self.prompt.rules,
            self.evidence,
            instructions=self.prompt.templates["system"],
        )
        return iter(downgrade_for_draft(found)) if self.drafts else found

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
        if self.drafts:
            return self.source.title, tuple(_downgraded(finding, "warning") for finding in own)
        if not rejected and not self.source.title_derived:
            return self.source.title, own
        noted = [_downgraded(finding, "info") for finding in own if rejected]
        return rewrite.headline, (*noted, *self._about(rewrite.headline))

    def _about(self, headline: str) -> tuple[Finding, ...]:
        return tuple(check_headline(headline, self.prompt.rules, self.evidence))


def _answer(
    request: Request, shape: Callable[[object], Rewrite]
) -> Asking[tuple[Rewrite, Completion]]:
    return (yield from usable(request, lambda text: shape(read_json(text))))


def _repaired(before: Outcome, after: Outcome) -> tuple[Finding, ...]:
    """The errors of `before` that `after` no longer has."""
    left = {(f.code, f.section, f.message) for f in after.findings}
    gone = [f for f in _errors(before.findings) if (f.code, f.section, f.message) not in left]
    return (*before.repaired, *gone)


def _errors(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity == "error"]


def _downgraded(finding: Finding, severity: Severity) -> Finding:
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
    return replace(outcome, findings=(*outcome.findings, note))
