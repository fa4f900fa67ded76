"""What contributors are given is true: issue forms, hooks, and the targets that pages name."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent
FORMS = sorted(
    path for path in (ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml") if path.stem != "config"
)
TARGETS = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
# The attributes that GitHub takes for each kind of element, beside the label.
ATTRIBUTES = {
    "textarea": {"description", "placeholder", "value", "render"},
    "input": {"description", "placeholder", "value"},
    "dropdown": {"description", "options", "multiple", "default"},
}


def _yaml(path: Path) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return read


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_an_issue_form_is_one_that_github_takes(path: Path) -> None:
    form = _yaml(path)
    assert set(form) == {"name", "description", "labels", "body"}
    ids = [element["id"] for element in form["body"]]
    assert len(ids) == len(set(ids))
    for element in form["body"]:
        assert set(element) <= {"type", "id", "attributes", "validations"}
        assert set(element["attributes"]) - {"label"} <= ATTRIBUTES[element["type"]]
        assert element["attributes"]["label"]
        assert element.get("validations", {"required": True}) == {"required": True}


def test_the_hooks_run_targets_of_this_project() -> None:
    hooks = [
        hook for repo in _yaml(ROOT / ".pre-commit-config.yaml")["repos"] for hook in repo["hooks"]
    ]
    assert hooks
    for hook in hooks:
        program, target = hook["entry"].split()
        assert program == "make"
        assert target in TARGETS


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "README.md", ".ci/run"])
def test_every_target_that_a_page_names_is_there(name: str) -> None:
    named = re.findall(
        r"^\s*make ([\w-]+)|`make ([\w-]+)", (ROOT / name).read_text("utf-8"), re.MULTILINE
    )
    assert named
    assert {first or second for first, second in named} <= TARGETS


def test_links_in_pages_outside_of_the_docs_lead_somewhere() -> None:
    for name in ("CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", (ROOT / name).read_text("utf-8")):
            assert (ROOT / target).exists(), (name, target)


def test_the_environment_is_made_once_for_targets_that_run_at_once(tmp_path: Path) -> None:
    for name in ("Makefile", "pyproject.toml", "requirements.lock", "requirements-image.lock"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
        os.utime(tmp_path / name, (1, 1))
    log = tmp_path / "made"
    python = tmp_path / "python"
    python.write_text(
        f'#!/bin/sh\necho "$*" >>{log}\nsleep 0.1\nmkdir -p .venv/bin\ncp {python} .venv/bin/\n'
    )
    python.chmod(0o755)
    command = ["make", "-j", "4", "screenshots", "demo", f"PYTHON={python}"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    assert log.read_text().count("-m venv") == 1
