"""The pipeline without I/O: ask for a rewrite of a source, check it, have it repaired."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

from rewriter.article import Finding, Passage, Rewrite, RewriteStatus, Severity, Source
from rewriter.checks import (
    Evidence,
    check_headline,
    check_rewrite,
    check_source,
    downgrade_for_draft,
)
from rewriter.checks.grounding import Coverage, Supported, coverage, supports, unchecked
from rewriter.checks.reader import Fix, ReaderReport, Trace, unread
from rewriter.completion import Completion
from rewriter.completion.answer import read_repair, read_rewrite
from rewriter.completion.asking import Asker, Asking, Spent, drive, usable
from rewriter.errors import AnswerError
from rewriter.prompting.prompt import Prompt, failed_sections
from rewriter.prompting.reader_prompt import Reader
from rewriter.second_reading import corrected, reading

# A section that is still wrong after two corrections with the source quoted is wrong for a reason
# that a third will not mend.
MAX_REPAIRS = 2
# The whole text, and once more what the first reading led to.
MAX_READINGS = 2


@dataclass(frozen=True)
class Outcome:
    """The result for a source: the status, the findings, and the rewrite where there is one.

    `title` is the headline to publish, `model` the model that answered. The driver adds up `spent`;
    `rewriting` leaves it empty. `document` is the finished file's text, which only `api.rewrite`
    composes. `repaired` are the errors that earlier answers had and this one has not. `support`
    names the source sentences that support each sentence, `coverage` is the share of the source
    that is kept, `unchecked` names what the checks cannot check in the article's language.
    `reading` is what the second reader did, None without a second reader.
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
    reading: Trace | None = None
    document: str | None = None


def rewriting(
    source: Source,
    prompt: Prompt,
    model: str,
    *,
    drafts: bool = False,
    reader: Reader | None = None,
) -> Asking[Outcome]:
    """Ask for a rewrite of `source`, check it, and have its failed sections repaired.

    Where nothing is left to repair, `reader` reads the rewrite a second time. Its errors are
    repaired like others, and what was changed is read again.

    A generator: it yields each `Request` to `model`, is sent the `Completion`, and returns the
    `Outcome`. With `drafts` the answers are drafts, which are never held.
    Raises `AnswerError` where no usable answer to the first request came.
    """
    about_source = tuple(check_source(source, prompt.rules, prompt.language_of(source)))
    if _errors(about_source):
        return Outcome("held", about_source, title=source.title)
    outcome = yield from _Rewriting(source, prompt, model, drafts, reader).run()
    return replace(outcome, findings=(*about_source, *outcome.findings))


async def rewrite(source: Source, prompt: Prompt, asker: Asker) -> Outcome:
    """Drive `rewriting` directly: `asker` answers each request as it comes.

    Raises `Transient` or `Permanent` where no usable answer came. `asker.spending` has what was
    paid in any case.
    """
    backend = asker.backend
    asking = rewriting(source, prompt, backend.model, drafts=backend.drafts, reader=backend.reader)
    outcome = await drive(asking, asker.answer)
    return replace(outcome, spent=asker.spending.total)


@dataclass(frozen=True)
class _Rewriting:
    """One source that is being rewritten."""

    source: Source
    prompt: Prompt
    model: str
    drafts: bool
    reader: Reader | None

    @cached_property
    def evidence(self) -> Evidence:
        """The source as the checks read it: made when there is an answer, not while one is awaited.

        It takes more than half of the memory of an article in flight.
        """
        return Evidence(self.source)

    def run(self) -> Asking[Outcome]:
        """Ask, judge, repair, and have it read where it would be published."""
        request = self.prompt.request(self.source, self.model)
        rewrite, completion = yield from usable(request, read_rewrite)
        outcome = yield from self._mended(self._judge(rewrite, completion.model))
        if self.reader is not None and outcome.status == "published":
            outcome = yield from self._read(outcome, self.reader)
        return self._traced(outcome)

    def _mended(self, outcome: Outcome) -> Asking[Outcome]:
        """`outcome` after up to `MAX_REPAIRS` repairs of its errors."""
        for turn in range(1, MAX_REPAIRS + 1):
            sections = failed_sections(outcome.findings)
            if outcome.status != "held" or not sections or outcome.rewrite is None:
                break
            try:
                repair = yield from self._repair(outcome.rewrite, outcome.findings, turn)
            except AnswerError as error:
                return _unrepaired(outcome, sections, error)
            rewrite, completion = repair
            after = self._judge(rewrite, completion.model)
            outcome = replace(after, repaired=_repaired(outcome, after))
        return outcome

    def _read(self, outcome: Outcome, reader: Reader) -> Asking[Outcome]:
        """`outcome` after at most `MAX_READINGS` readings and the repairs of what they found.

        After the last one nothing is changed any more: nothing is published that was not read.
        """
        trace = reader.trace()
        kept: tuple[Finding, ...] = ()  # in sections that are not read again
        passages = _readable(outcome)
        while True:
            try:
                report = yield from self._report(passages, reader)
            except AnswerError as error:
                missing = unread(reader.prompt.rules, str(error))
                return _with_findings(outcome, (*kept, missing), trace)
            trace = trace.after(report)
            found: tuple[Finding, ...] = (*kept, *report.findings)
            failed = failed_sections(found)
            if not failed or trace.readings == MAX_READINGS:
                return _with_findings(outcome, found, trace)
            mended, fixed = yield from self._mended_as_read(outcome, report, found)
            trace = trace.model_copy(update={"fixed": fixed})
            kept = tuple(finding for finding in found if finding.section not in failed)
            if mended.status != "published":
                return _with_findings(mended, kept, trace)
            passages = _changed(_readable(outcome), _readable(mended), failed)
            outcome = mended

    def _report(self, passages: Sequence[Passage], reader: Reader) -> Asking[ReaderReport]:
        rules, lang = self.prompt.rules.grounding, self.prompt.language_of(self.source)
        return (yield from reading(passages, self.source, reader, rules, lang))

    def _mended_as_read(
        self, outcome: Outcome, report: ReaderReport, findings: Sequence[Finding]
    ) -> Asking[tuple[Outcome, tuple[Fix, ...]]]:
        """`outcome` with the report's own fixes, and with a repair of what these leave."""
        if outcome.rewrite is None:
            return outcome, ()
        rewrite, done = corrected(outcome.rewrite, report.found, partial(self._passes, outcome))
        put_right = [one.finding for one in done]
        fixed = replace(
            self._judge(rewrite, outcome.model), repaired=(*outcome.repaired, *put_right)
        )
        left = [finding for finding in findings if finding not in put_right]
        if _errors(left):
            fixed = yield from self._mended(_with_findings(fixed, left, None))
        return fixed, tuple(Fix.of(one) for one in done)

    def _passes(self, outcome: Outcome, rewrite: Rewrite) -> bool:
        """Whether the checks find nothing in `rewrite` that they did not find in `outcome`."""
        found = self._judge(rewrite, outcome.model).findings
        before = {(f.code, f.section, f.place) for f in outcome.findings}
        now = {(f.code, f.section, f.place) for f in found if f.severity != "info"}
        return now <= before

    def _repair(
        self, failed: Rewrite, findings: Sequence[Finding], turn: int
    ) -> Asking[tuple[Rewrite, Completion]]:
        errors = _errors(findings)
        request = self.prompt.repair_request(self.source, self.model, failed, errors, turn=turn)
        sections = failed_sections(errors)
        return (yield from usable(request, lambda text: read_repair(text, failed, sections)))

    def _judge(self, rewrite: Rewrite, model: str) -> Outcome:
        """The outcome of an answer; a draft keeps its findings but is never held for them."""
        title, about_title = self._headline(rewrite)
        findings = (*self._checked(rewrite), *about_title)
        failed = bool(_errors(findings))
        status: RewriteStatus = "drafted" if self.drafts else "held" if failed else "published"
        return Outcome(status, findings, rewrite, title, model)

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
        """The headline to publish, and what is found in it.

        A title that a Markdown file has stays. The source's is also taken for a draft and where the
        rules say so and the checks let it pass. Otherwise it is the model's.
        """
        source, rules = self.source, self.prompt.rules
        is_original = rules.headline.origin == "model"
        about = check_headline(
            rewrite.headline,
            rules,
            self.evidence,
            is_original=is_original,
            instructions=self.prompt.templates["system"],
        )
        if not (source.keeps_title or self.drafts) and (is_original or source.title_derived):
            return rewrite.headline, tuple(about)
        about_title = tuple(check_headline(source.title, rules, self.evidence))
        if source.keeps_title or self.drafts:
            return source.title, tuple(_downgraded(found, "warning") for found in about_title)
        if not _errors(about_title):
            return source.title, about_title
        noted = [_downgraded(found, "info") for found in _errors(about_title)]
        return rewrite.headline, (*noted, *about)


def _repaired(before: Outcome, after: Outcome) -> tuple[Finding, ...]:
    """The errors of `before` that `after` no longer has."""
    left = {(f.code, f.section, f.message) for f in after.findings}
    gone = [f for f in _errors(before.findings) if (f.code, f.section, f.message) not in left]
    return (*before.repaired, *gone)


def _readable(outcome: Outcome) -> tuple[Passage, ...]:
    return readable(outcome.rewrite, outcome.title) if outcome.rewrite else ()


def readable(rewrite: Rewrite, title: str) -> tuple[Passage, ...]:
    """The passages that a reader is asked about; `title` is the headline to publish."""
    own = title == rewrite.headline
    headline = (Passage("headline", "", rewrite.headline),) if own else ()
    return (*headline, *rewrite.passages())


def _changed(
    before: Sequence[Passage], after: Sequence[Passage], failed: Sequence[str]
) -> tuple[Passage, ...]:
    """The passages of those sections that failed, or that are not as they were."""
    known = set(before)
    sections = {passage.section for passage in after if passage not in known}
    return tuple(p for p in after if p.section in sections or p.section in failed)


def _with_findings(outcome: Outcome, findings: Iterable[Finding], trace: Trace | None) -> Outcome:
    """`outcome` with a reader's findings, which may hold it; what it still has is not repaired."""
    every = tuple(dict.fromkeys((*outcome.findings, *findings)))
    left = {(f.code, f.section, f.message) for f in every}
    return replace(
        outcome,
        status="held" if _errors(every) else outcome.status,
        findings=every,
        repaired=tuple(f for f in outcome.repaired if (f.code, f.section, f.message) not in left),
        reading=trace,
    )


def _errors(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity == "error"]


def _downgraded(finding: Finding, severity: Severity) -> Finding:
    """A finding on the source's own title, which is nobody's mistake to repair."""
    besides = "; besides it, " if finding.code.startswith("G") else ": "
    message = f"this is the source's own title{besides}{finding.message}"
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
