"""A raw article on disk, a folder for what is made of it, and a provider that answers."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from tests.articles import RAW_WITH_FRONT_MATTER
from tests.provider import Provider
from tests.stores import moto, store

__all__ = ["moto", "store"]  # fixtures

# These start processes and servers, and wait for them. Other slow tests are marked one by one.
_SLOW = (
    "e2e",
    "gate",
    "hostile",
    "queue",
    "regression",
    "test_cli.py",
    "test_deployment.py",
    "test_killed_writers.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if _is_slow(item.path):
            item.add_marker(pytest.mark.slow)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Import no file of slow tests where none of them runs: that takes a third of the start."""
    return True if config.option.markexpr == "not slow" and _is_slow(collection_path) else None


def _is_slow(path: Path) -> bool:
    below = path.relative_to(Path(__file__).parent).parts
    return bool(below) and below[0] in _SLOW


# Coverage is measured in pytest's own processes. Those that tests start have other working folders,
# where the paths that pyproject.toml leaves out mean other files.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.pop("COVERAGE_PROCESS_CONFIG", None)
# A busy machine takes longer than any deadline that is worth having on an idle one.
hypothesis.settings.register_profile("no deadline", deadline=None)
hypothesis.settings.register_profile("quick", deadline=None, max_examples=25)  # make test-fast
hypothesis.settings.load_profile("no deadline")
# The tests of the second reader turn it on; all others count the calls of the rewriter alone.
os.environ["REWRITER_READER"] = "off"
# Records are signed with a key of the user's, which no test makes in a real home.
os.environ["XDG_STATE_HOME"] = tempfile.mkdtemp(prefix="rewriter-tests-")


@pytest.fixture
def provider() -> Iterator[Provider]:
    """A provider that answers well until it is told otherwise."""
    with Provider() as running:
        yield running


@pytest.fixture
def unset(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting comes from the environment, and nothing is read a second time."""
    for name in [name for name in os.environ if name.startswith(("REWRITER_", "OPENAI_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("REWRITER_READER", "off")


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    path = tmp_path / "content" / "ferries.md"
    path.parent.mkdir()
    path.write_text(RAW_WITH_FRONT_MATTER)
    return path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"
