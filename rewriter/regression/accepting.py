"""Making a candidate the baseline, and its version final."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from rewriter.errors import ConfigurationError
from rewriter.files import atomic
from rewriter.prompting import prompt_file
from rewriter.regression import baseline, lock, staleness
from rewriter.regression.baseline import Baseline, changed
from rewriter.regression.experiment import Report, Setting, against_baseline, against_each_other
from rewriter.regression.sides import Measured, Side


def judge(setting: Setting, candidate: Side, epochs: int | None = None) -> Report:
    """The report that decides whether `candidate` may be accepted.

    Where cases are new or were changed, it is judged on those that stayed as they were accepted.
    """
    report = against_baseline(setting, candidate, epochs)
    if not report.problems or not setting.baseline or not setting.accepted or not report.before:
        return report
    pinned, requests = setting.baseline.cases, report.before.requests
    same = [c for c in setting.bench.cases if not changed(c, requests[c.name], pinned)]
    if len(same) == len(setting.bench.cases):
        return report
    kept = replace(setting, bench=replace(setting.bench, cases=same))
    partial = against_each_other(kept, report.before.side, candidate, setting.epochs)
    return replace(partial, after=report.after)


def accept(setting: Setting, report: Report, *, reason: str = "", prompts: Path | None) -> None:
    """Pin the candidate of `report`: its answers, its cases, its prompt file, its version.

    Raises `ConfigurationError` for answers that are not recorded, for a locked version with other
    content, and for a candidate not shown to be no worse, unless `reason` says why.
    """
    after, suite = report.after, setting.suite
    if after.gaps or len(setting.bench.cases) < len(setting.names):
        raise ConfigurationError(
            "a baseline has an answer to every case: "
            + "; ".join(map(str, staleness.gap_problems(after, setting.bench, suite)))
        )
    if setting.baseline and report.verdict not in ("BETTER", "SAME") and not reason:
        raise ConfigurationError(
            f"{after.side} is {report.verdict}; to accept it all the same, say why with "
            "--even-worse REASON"
        )
    accepted = setting.accepted.prompt if setting.accepted else None
    changes = staleness.version_changes(accepted, after.side.prompt)
    lock.save(suite.lock, after.side.prompt, changes)
    text = prompt_file.path_of(after.side.prompt_name, prompts).read_bytes()
    atomic.write(suite.accepted_prompt(after.side.prompt.name), text)
    baseline.save(suite.baseline(after.side.prompt.name), _pinned(setting, after, text, reason))


def _pinned(setting: Setting, after: Measured, text: bytes, reason: str) -> Baseline:
    return Baseline(
        prompt=hashlib.sha256(text).hexdigest(),
        model=after.side.model,
        epochs=len(after.epochs),
        repairs=after.side.repairs,
        reason=reason,
        cases={
            case.name: baseline.pin(
                case,
                after.requests[case.name],
                [after.answers[case.name, n].digest for n in after.epochs],
            )
            for case in setting.bench.cases
        },
    )
