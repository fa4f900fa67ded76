"""Cases as pytest tests: `pytest --regress tests/regression`.

Each case file becomes a test that fails when the case breaks what held on the baseline, and
`baseline.json` one that fails for any verdict but SAME or BETTER. The suite is replayed once.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from rewriter.regression.experiment import Report

_REPORTS = pytest.StashKey[dict[Path, "Report"]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--regress`; without it nothing is collected and nothing else imported."""
    parser.addoption(
        "--regress", action="store_true", help="run the cases of prompt regression as tests"
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Take `cases/NAME.toml` and `baseline.json` of a suite."""
    if not parent.config.getoption("--regress"):
        return None
    if file_path.suffix == ".toml" and file_path.parent.name == "cases":
        return _File.from_parent(parent, path=file_path)
    if file_path.name == "baseline.json" and (file_path.parent / "cases").is_dir():
        return _File.from_parent(parent, path=file_path)
    return None


class RegressionError(Exception):
    """What a regression test found; shown as it is, without a traceback."""


class _File(pytest.File):
    def collect(self) -> Iterator[pytest.Item]:
        if self.path.suffix == ".toml":
            yield _Case.from_parent(self, name=self.path.stem)
        else:
            yield _Verdict.from_parent(self, name="verdict")


class _Item(pytest.Item):
    def report(self, folder: Path) -> Report:
        reports = self.config.stash.setdefault(_REPORTS, {})
        if folder not in reports:
            reports[folder] = _replayed(folder)
        return reports[folder]

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> str:  # type: ignore[override]
        from rewriter.errors import RewriterError

        if isinstance(excinfo.value, RegressionError | RewriterError):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo))


class _Case(_Item):
    def runtest(self) -> None:
        report = self.report(self.path.parent.parent)
        broken = [f.invariant for f in report.broken if f.case == self.name]
        broken += [str(p) for p in report.problems if not p.cases or self.name in p.cases]
        if broken:
            raise RegressionError("\n".join(broken))


class _Verdict(_Item):
    def runtest(self) -> None:
        from rewriter.regression.reports import terminal

        report = self.report(self.path.parent)
        if report.verdict not in ("SAME", "BETTER"):
            raise RegressionError(terminal.text(report))


def _replayed(folder: Path) -> Report:
    from rewriter import settings
    from rewriter.regression import experiment
    from rewriter.regression.suite import Suite

    configured = settings.load()
    setting = experiment.read(Suite(folder))
    model = setting.baseline.model if setting.baseline else configured.model
    side = experiment.side(setting.suite, configured.prompt, configured.prompts_dir, model)
    return experiment.against_baseline(setting, side)
