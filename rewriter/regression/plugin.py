"""Cases as pytest tests: `pytest --regress tests/regression`.

Only cases run: other tests are left out. Each baseline, also the second reader's, is a test that
fails for any verdict but SAME or BETTER. Each case file is a test that fails when an invariant of a
baseline is broken. Each baseline is compared once.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from rewriter.regression.comparison import Comparison

_COMPARISONS = pytest.StashKey[dict[Path, "Comparison"]]()  # by the baseline's file
# Folder and suffix of a baseline. `suite_folder.BASELINES` is not imported: that loads the package.
_BASELINE = ("baselines", ".json")
_READER_BASELINE = ("reader", ".json")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--regress`; without it the plugin collects and imports nothing."""
    parser.addoption(
        "--regress", action="store_true", help="run the cases of prompt regression as tests"
    )


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave Python files out: those in the folder of a suite are unit tests."""
    return True if config.getoption("--regress") and collection_path.suffix == ".py" else None


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect `cases/NAME.toml`, `baselines/PROMPT.json` and `reader/PROMPT.json` of a suite."""
    place = (file_path.parent.name, file_path.suffix)
    wanted = (("cases", ".toml"), _BASELINE, _READER_BASELINE)
    if parent.config.getoption("--regress") and place in wanted:
        return _SuiteFile.from_parent(parent, path=file_path)
    return None


class RegressionError(Exception):
    """The message of a failed regression test; pytest shows it without a traceback."""


class _SuiteFile(pytest.File):
    def collect(self) -> Iterator[pytest.Item]:
        kind = _Case if self.path.suffix == ".toml" else _Verdict
        yield kind.from_parent(self, name=self.path.stem)


class _RegressionItem(pytest.Item):
    def comparison(self, baseline: Path) -> Comparison:
        comparisons = self.config.stash.setdefault(_COMPARISONS, {})
        if baseline not in comparisons:
            comparisons[baseline] = _replayed(baseline)
        return comparisons[baseline]

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> str:  # type: ignore[override]
        from rewriter.errors import RewriterError

        if isinstance(excinfo.value, RegressionError | RewriterError):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo))


class _Case(_RegressionItem):
    def runtest(self) -> None:
        folder, suffix = _BASELINE
        baselines = sorted((self.path.parent.parent / folder).glob(f"*{suffix}"))
        broken = [] if baselines else ["nothing was accepted yet; run: rewriter regress accept"]
        for baseline in baselines:
            comparison = self.comparison(baseline)
            case = next(case.name for case in comparison.cases if case.file.stem == self.name)
            broken += [f.invariant for f in comparison.broken if f.case == case]
            broken += [str(p) for p in comparison.blockers if not p.cases or case in p.cases]
        if broken:
            raise RegressionError("\n".join(broken))


class _Verdict(_RegressionItem):
    def runtest(self) -> None:
        from rewriter.regression.reports import terminal

        comparison = self.comparison(self.path)
        if comparison.verdict not in ("SAME", "BETTER"):
            raise RegressionError(terminal.text(comparison))


def _replayed(baseline: Path) -> Comparison:
    from rewriter import settings
    from rewriter.prompting import prompt_file
    from rewriter.regression.comparison import compare_with_baseline
    from rewriter.regression.experiment import make_variant, read_experiment
    from rewriter.regression.suite_folder import READER, SuiteFolder

    configured = settings.load()
    folder = SuiteFolder(baseline.parent.parent, of_reader=baseline.parent.name == READER)
    experiment = read_experiment(folder, baseline.stem)
    model = experiment.baseline.model if experiment.baseline else configured.model
    named = prompt_file.path_of(configured.prompt, configured.prompts_dir)
    is_configured = named.name.removesuffix(".prompt.md") == baseline.stem
    name = configured.prompt if is_configured else baseline.stem
    variant = make_variant(experiment.folder, name, configured.prompts_dir, model)
    return compare_with_baseline(experiment, variant)
