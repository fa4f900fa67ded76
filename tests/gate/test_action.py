"""The workflow and the action of the page: no secret, the user's paths, one comment kept fresh."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from rewriter.errors import ConfigurationError
from rewriter.regression import starting
from rewriter.regression.suite_folder import SuiteFolder
from tests.gate.planted import Laboratory, laboratory
from tests.gate.test_commands import git, regress
from tests.provider import Provider

_ROOT = Path(__file__).parents[2]
_HOW_TO = _ROOT / "docs" / "how-to"
# Stands for GitHub: it keeps comments in a file, and answers as `gh api` does.
_GH = """#!{python}
import json, pathlib, sys
store = pathlib.Path(__file__).with_name("comments.json")
comments = json.loads(store.read_text()) if store.exists() else []
words = sys.argv[1:]
assert words[0] == "api", words
if "--jq" in words:
    mark = words[words.index("--jq") + 1].split('startswith("')[1].split('")')[0]
    print(*(c["id"] for c in comments if c["body"].startswith(mark)), sep="\\n")
else:
    body = pathlib.Path(words[-1].removeprefix("body=@")).read_text()
    path = next(word for word in words if word.startswith("repos/"))
    if words[words.index("--method") + 1] == "PATCH":
        (old,) = [c for c in comments if path.endswith(f"/comments/{{c['id']}}")]
        old["body"] = body
    else:
        assert path == "repos/o/r/issues/7/comments", path
        comments.append({{"id": 100 + len(comments), "body": body}})
    store.write_text(json.dumps(comments))
"""


def _file(name: str) -> dict[Any, Any]:
    text = (_HOW_TO / name).read_text(encoding="utf-8")
    assert "secrets." not in text
    return dict(yaml.safe_load(text))


def _steps() -> dict[str, dict[str, Any]]:
    return {
        step["name"]: step for step in _file("gate-action.yml")["runs"]["steps"] if "run" in step
    }


@pytest.fixture
def lab(tmp_path: Path) -> Laboratory:
    lab = laboratory(tmp_path, ("short-quake", "twin-banks"), epochs=1)
    lab.record()
    lab.accept()
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "Base")
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "Change")
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "gh").write_text(_GH.format(python=sys.executable))
    (programs / "gh").chmod(0o755)
    return lab


def _run(lab: Laboratory, name: str, **variables: str) -> dict[str, str]:
    """Run a step of the action in the lab's folder; the outputs that it set."""
    outputs = lab.folder / "outputs"
    outputs.write_text("")
    programs = (str(lab.folder / "bin"), str(Path(sys.executable).parent), os.environ["PATH"])
    environment = {
        "PATH": os.pathsep.join(programs),
        "GITHUB_OUTPUT": str(outputs),
        "GITHUB_REPOSITORY": "o/r",
        **variables,
    }
    script = _steps()[name]["run"]
    subprocess.run(
        ["/bin/bash", "-eo", "pipefail", "-c", script],
        cwd=lab.folder,
        env=environment,
        check=True,
        capture_output=True,
        timeout=120,
    )
    return dict(line.split("=", 1) for line in outputs.read_text().splitlines())


def test_the_workflow_runs_for_the_users_prompts_and_may_comment() -> None:
    workflow = _file("gate-workflow.yml")
    paths = workflow[True]["pull_request"]["paths"]  # YAML 1.1 reads `on` as true
    assert {"prompts/**", "tests/regression/**"} <= set(paths)
    assert workflow["permissions"] == {"contents": "read", "pull-requests": "write"}
    (job,) = workflow["jobs"].values()
    inputs = _file("gate-action.yml")["inputs"]
    assert set(job["steps"][-1]["with"]) <= set(inputs)


@pytest.mark.slow
def test_the_verdict_is_one_comment_that_each_push_updates(lab: Laboratory) -> None:
    suite = {"SUITE": "suite", "PROMPT": "rewrite.prompt.md", "READER": "", "BASE": "HEAD^1"}
    comment = {"NUMBER": "7", "MARK": "<!-- prompt gate: suite -->", "GH_TOKEN": "x"}
    assert _run(lab, "gate", **suite)["code"] == "0"
    _run(lab, "comment", **comment)
    lab.new_version()
    lab.record(lambda _case, _epoch, said: said | {"overview": "It cost 999 million euros."})
    lab.accept("a pull request must not judge itself")
    assert _run(lab, "gate", **suite)["code"] == "1"
    _run(lab, "comment", **comment)
    (kept,) = json.loads((lab.folder / "bin" / "comments.json").read_text())
    assert kept["body"].startswith("<!-- prompt gate: suite -->\n### 🔴 WORSE")
    assert {"report.html", "report.xml"} <= {p.name for p in (lab.folder / "prompt-gate").iterdir()}
    lab.edit("version: 2", "version: two")
    shutil.rmtree(lab.folder / "prompt-gate")
    assert _run(lab, "gate", **suite)["code"] == "2"
    _run(lab, "comment", **comment)
    (kept,) = json.loads((lab.folder / "bin" / "comments.json").read_text())
    assert "rewrite.prompt.md:3: version: a whole number is wanted, not 'two'" in kept["body"]


def test_init_makes_a_suite_and_continues_where_it_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    lab, prompt = Laboratory(tmp_path, epochs=1), tmp_path / "news.prompt.md"
    folder = lab.suite_folder
    code, said = regress(lab, "init", prompt=prompt)
    assert (code, "OPENAI_API_KEY is not set" in said) == (2, True)
    assert not folder.path.exists()
    code, said = regress(lab, "init", "--engine", "extractive", prompt=prompt)
    assert (code, "extracts judge no prompt" in said) == (0, True)
    assert (folder.path / ".gitattributes").exists()
    assert regress(lab, "run", prompt=prompt)[0] == 0
    case = next(folder.cases.glob("*.toml"))
    case.write_text(text := case.read_text() + "# mine\n")
    with Provider() as provider:
        words = ("init", "--model", "live-1", "--base-url", provider.base_url)
        provider.script(["ok", "unauthorized", "unauthorized"])
        code, said = regress(lab, *words, prompt=prompt)
        assert code == 3
        code, said = regress(lab, *words, prompt=prompt)
        assert (code, "next: commit these files" in said) == (0, True)
        asked = len(provider.calls)
        code, said = regress(lab, *words, prompt=prompt)
        assert (code, "live-1 is the baseline already" in said) == (2, True)
        assert len(provider.calls) == asked
    assert case.read_text() == text
    assert regress(lab, "run", prompt=prompt)[1].startswith("SAME: news v1, live-1")


def test_init_refuses_what_cannot_be_a_case_and_keeps_what_is_there(tmp_path: Path) -> None:
    folder = SuiteFolder(tmp_path / "suite")
    for name in ("a.pdf", "b.txt", "b.md", "c.txt", "more/c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"Six boats left the harbour: {name}.")
    a, b, other_b, c, other_c = (
        tmp_path / name for name in ("a.pdf", "b.txt", "b.md", "c.txt", "more/c.txt")
    )
    for articles, said in (
        ([a], "ends in one of"),
        ([b, other_b], "is called b, too"),
    ):
        with pytest.raises(ConfigurationError, match=said):
            starting.make_cases(folder, articles)
    assert not folder.path.exists()
    assert starting.make_cases(folder, [b]) == ["b"]
    assert starting.make_cases(folder, [b, c]) == ["b", "c"]
    assert starting.make_cases(folder, []) == ["b", "c"]
    for article in (other_b, other_c):
        with pytest.raises(ConfigurationError, match=f"is called {article.stem}, too"):
            starting.make_cases(folder, [article])


def test_the_lock_is_checked_for_both_kinds_of_prompts(lab: Laboratory) -> None:
    words = ["check-lock", str(lab.prompt)]
    assert regress(lab, *words)[0] == 0
    lab.edit("Say each thing once.", "Say it.")
    code, said = regress(lab, *words)
    assert (code, "version 1 is locked with other content" in said) == (5, True)
    lab.edit("version: 1", "version: 2")
    assert regress(lab, *words)[0] == 0
