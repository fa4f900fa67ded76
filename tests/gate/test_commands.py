"""`rewriter regress`, from the command line."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from rewriter.cli import group
from rewriter.errors import RewriterError
from tests.gate.planted import MODEL, SUITE, Costs, Laboratory, laboratory
from tests.provider import Provider

_NAMES = ("rail-freight", "rail-freight-html", "twin-banks", "short-quake")
_ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Laboratory:
    """A laboratory whose prompt was recorded and accepted."""
    lab = laboratory(tmp_path_factory.mktemp("lab"), _NAMES)
    lab.record()
    lab.accept()
    return lab


@pytest.fixture
def lab(template: Laboratory, tmp_path: Path) -> Laboratory:
    return template.copy(tmp_path / "lab")


def regress(lab: Laboratory, *args: str | Path, prompt: Path | None = None) -> tuple[int, str]:
    """Run a command in this process; its exit code and what it printed."""
    words = ["regress", str(args[0]), "--suite", str(lab.suite_folder.path), *map(str, args[1:])]
    if args[0] not in ("compare", "check-lock"):
        words += ["--prompt", str(prompt or lab.prompt)]
    done = CliRunner().invoke(group, words, standalone_mode=False)
    if isinstance(done.exception, RewriterError):
        return done.exception.exit_code, str(done.exception)
    if done.exception:
        raise done.exception
    return int(done.return_value), done.stdout


def test_an_unchanged_prompt_is_the_same_and_exits_0(lab: Laboratory) -> None:
    code, said = regress(lab, "run")
    assert code == 0
    assert said.startswith("SAME: rewrite v1, made-up-1")
    assert "4 cases from 3 articles, 3 epochs, 12 answers" in said


def test_a_changed_prompt_is_stale_exits_5_and_the_named_command_mends_it(lab: Laboratory) -> None:
    lab.edit("senior news editor", "seasoned news editor")
    lab.edit("version: 1", "version: 2")
    code, said = regress(lab, "run")
    assert code == 5
    assert "template section '# system' changed and nothing is recorded" in said
    assert f"rewriter regress record --suite {lab.suite_folder.path} --prompt {lab.prompt}" in said
    lab.record()
    assert regress(lab, "run")[0] == 0


def test_a_worse_prompt_exits_1_and_takes_a_second_flag_to_accept(lab: Laboratory) -> None:
    lab.new_version()
    lab.record(lambda case, epoch, answer: answer | {"overview": "It cost 999 million euros."})
    assert regress(lab, "run")[0] == 1
    code, said = regress(lab, "accept")
    assert code == 2
    assert "--even-worse REASON" in said
    code, said = regress(lab, "accept", "--even-worse", "the old one is not sold any more")
    assert code == 0
    assert json.loads(lab.suite_folder.baseline("rewrite").read_text())["reason"].startswith(
        "the old one"
    )
    assert regress(lab, "run")[0] == 0


def test_a_change_too_noisy_to_judge_exits_6_and_says_how_many_articles_it_takes(
    lab: Laboratory,
) -> None:
    lab.new_version()
    lab.record(costs=Costs(latency=1.5))
    code, said = regress(lab, "run")
    assert code == 6
    assert said.startswith("INCONCLUSIVE")
    assert re.search(r"latency .* INCONCLUSIVE +detectable: .* about \d+ articles are needed", said)


def test_an_accepted_version_stays_as_it_was(lab: Laboratory) -> None:
    lab.edit("near_duplicate: 0.7", "near_duplicate: 0.9")
    lab.record()
    code, said = regress(lab, "accept", "--even-worse", "anyway")
    assert code == 2
    said = " ".join(said.split())
    assert "version 1 is locked with other content, changed since: rules.near_duplicate; " in said
    assert "set `version: 2`" in said


def test_a_changed_default_is_told_apart_from_a_changed_prompt(lab: Laboratory) -> None:
    written = json.loads(lab.suite_folder.prompts_lock.read_text())
    lab.suite_folder.prompts_lock.write_text(
        json.dumps(written | {"rewrite": {"1": "a digest of other defaults"}})
    )
    code, said = regress(lab, "run")
    assert code == 5
    said = " ".join(said.split())
    assert "its file says what was accepted: a default of the rules has changed" in said
    assert "write the former value under `rules:`, or set `version: 2` and accept it" in said


def test_a_new_case_is_recorded_and_accepted_like_any_other(lab: Laboratory) -> None:
    for path in SUITE.cases.glob("units-trap.*"):
        shutil.copy(path, lab.suite_folder.cases)
    assert regress(lab, "run")[0] == 5
    lab.record()
    code, said = regress(lab, "run")
    assert code == 5
    assert "case units-trap: it is new" in said
    assert "rewriter regress accept" in said
    assert regress(lab, "accept")[0] == 0
    assert regress(lab, "run")[0] == 0


def test_recording_asks_only_for_what_is_missing(lab: Laboratory) -> None:
    code, said = regress(lab, "record", "--engine", "extractive", "--epochs", "1")
    assert (code, "4 recorded" in said) == (0, True)
    code, said = regress(lab, "record", "--engine", "extractive", "--epochs", "2")
    assert (code, "4 recorded" in said) == (0, True)
    next(iter(lab.files().values())).touch()
    code, said = regress(lab, "record", "--engine", "extractive", "--only", "short-quake")
    assert (code, "1 recorded" in said) == (0, True)
    code, said = regress(
        lab, "record", "--engine", "extractive", "--only", "short-quake", "--fresh"
    )
    assert (code, "3 recorded" in said) == (0, True)


def test_a_live_model_is_recorded_once_without_its_key_and_address(
    lab: Laboratory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-not-to-be-seen-anywhere")
    with Provider() as provider:
        words = ("record", "--model", "live-1", "--base-url", provider.base_url, "--epochs", "2")
        code, said = regress(lab, *words)
        assert (code, "8 recorded, 0 failed" in said) == (0, True)
        assert len(provider.calls) == 8
        code, said = regress(lab, *words)
        assert (code, "0 recorded, 0 failed" in said) == (0, True)
        assert len(provider.calls) == 8
    texts = "".join(path.read_text() for path in lab.files().values())
    assert "not-to-be-seen" not in texts
    assert "127.0.0.1" not in texts
    assert regress(lab, "compare", f"{lab.prompt}@{MODEL}", f"{lab.prompt}@live-1")[0] == 5
    code, said = regress(
        lab, "compare", "--epochs", "2", f"{lab.prompt}@{MODEL}", f"{lab.prompt}@live-1"
    )
    assert code in (0, 1, 6)


def test_a_provider_that_fails_exits_3_and_keeps_what_came(lab: Laboratory) -> None:
    with Provider() as provider:
        provider.script(["ok", "filter-400", "unauthorized"])
        words = ("record", "--model", "live-1", "--base-url", provider.base_url, "--epochs", "1")
        code, said = regress(lab, *words, "--concurrency", "1")
        assert (code, "1 recorded, 2 failed" in said) == (3, True)
        assert len(provider.calls) == 3  # with a wrong key no further one is made


def test_a_model_that_nobody_here_can_ask_is_not_replaced_by_another(
    lab: Laboratory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    code, said = regress(lab, "record", "--model", "live-1")
    assert (code, "answers as extractive, not as live-1" in said) == (2, True)
    assert "REWRITER_LOCAL_MODEL" in said


def test_the_name_of_what_people_write_is_no_models(lab: Laboratory) -> None:
    with Provider() as provider:
        words = ("record", "--model", "reference", "--base-url", provider.base_url)
        code, said = regress(lab, *words)
    assert (code, "rewriter regress reference" in said) == (2, True)
    assert not provider.calls


def test_references_are_recorded_and_compared(lab: Laboratory) -> None:
    lab.suite_folder.references.mkdir()
    shutil.copy(SUITE.references / "short-quake.json", lab.suite_folder.references)
    code, said = regress(lab, "reference")
    assert (code, "rewrite v1, author: reference: 1 recorded, 0 refused" in said) == (0, True)
    words = ("compare", "--only", "short-quake", "--epochs", "1")
    _, said = regress(lab, *words, f"{lab.prompt}@{MODEL}", f"{lab.prompt}@reference")
    assert "author: reference against rewrite v1, made-up-1" in said
    code, said = regress(lab, "run", "--model", "reference", "--epochs", "1")
    assert code == 5
    assert "rewriter regress reference --suite" in said


def test_recordings_hold_the_question_and_the_answer_and_no_secret(lab: Laboratory) -> None:
    regress(lab, "record", "--engine", "extractive", "--epochs", "1", "--only", "short-quake")
    texts = [path.read_text() for path in lab.files().values()]
    (text,) = [text for text in texts if '"model": "extractive"' in text]
    assert set(json.loads(text)) == {"request", "completion"}
    assert set(json.loads(text)["request"]) == {"messages", "model", "json_schema", "parameters"}
    assert "http" not in text
    assert str(Path.cwd()) not in text


def test_two_models_two_prompts_and_two_ledgers_are_compared(lab: Laboratory) -> None:
    lab.record(model="slower-1", costs=Costs(latency=1.5, model="slower-1"))
    code, said = regress(lab, "compare", f"{lab.prompt}@{MODEL}", f"{lab.prompt}@slower-1")
    assert "changed: model made-up-1 -> slower-1" in said
    assert code in (1, 6)
    other = shutil.copytree(lab.suite_folder.recordings, lab.folder / "elsewhere")
    code, said = regress(
        lab, "compare", "--prompt", lab.prompt, "--model", MODEL, lab.suite_folder.recordings, other
    )
    assert code == 0
    assert said.startswith("SAME")


def test_a_plan_says_what_it_costs_and_what_it_could_show(lab: Laboratory) -> None:
    code, said = regress(lab, "plan", "--model", "gpt-4.1-mini", "--epochs", "5")
    assert code == 0
    assert said.startswith("20 questions to ask (0 recorded): at most $")
    assert "latency" in said
    assert "at most $0.00" in regress(lab, "plan")[1]
    assert "no price is known" in regress(lab, "plan", "--model", "nobody-knows-1")[1]


def git(folder: Path, *words: str) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    command = ["git", *identity, *words]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def commit(lab: Laboratory, subject: str) -> None:
    git(lab.folder, "add", lab.prompt.name)
    git(lab.folder, "commit", "-m", subject)


def test_bisect_finds_the_commit_that_made_the_prompt_worse(lab: Laboratory) -> None:
    git(lab.folder, "init", "-q")
    commit(lab, "First")
    lab.edit("senior news editor", "senior editor")
    lab.record()
    commit(lab, "Harmless")
    lab.edit("Say each thing once.", "Say it.")
    commit(lab, "Nobody recorded this one")
    lab.edit("Describe; do not advise", "Do advise")
    lab.record(lambda case, epoch, answer: answer | {"overview": "It cost 999 million euros."})
    commit(lab, "Harmful")
    code, said = regress(lab, "bisect")
    assert code == 1
    verdicts = [line.split()[2] for line in said.splitlines()[:4]]
    assert verdicts == ["(good)", "SAME", "INCOMPLETE", "WORSE"]
    assert "first worse:" in said.splitlines()[-1]
    assert "Harmful, or one before it of which nothing is known" in said.splitlines()[-1]


def test_bisect_reads_a_subject_with_control_characters(lab: Laboratory) -> None:
    git(lab.folder, "init", "-q")
    commit(lab, "The first\x01prompt\x02, \x1e and \x7f")
    code, said = regress(lab, "bisect")
    assert (code, "unexpected" in said) == (0, False), said
    assert "The first" in said


def test_bisect_halves_what_lies_between_the_good_and_the_present_commit(tmp_path: Path) -> None:
    lab = laboratory(tmp_path, ("short-quake", "twin-banks"), epochs=1)
    lab.record()
    git(lab.folder, "init", "-q")
    commit(lab, "Before")
    for number in range(9):
        lab.edit(f"editor{'.' * number}", f"editor.{'.' * number}")
        harmful = {"overview": "It cost 999 million euros."} if number > 4 else {}
        lab.record(lambda _case, _epoch, said, harm=harmful: said | harm)  # type: ignore[misc]
        if number == 1:
            lab.edit("version: 1", "version: 2")
            lab.accept()
        commit(lab, f"Commit {number}")
    code, said = regress(lab, "bisect")
    *rows, last = said.splitlines()
    assert [row.split()[4] for row in rows] == ["1", "4", "5", "6", "8"]
    assert [row.split()[2] for row in rows] == ["(good)", "SAME", "WORSE", "WORSE", "WORSE"]
    assert (code, last.endswith("Commit 5")) == (1, True)
    rows = regress(lab, "bisect", "--good", "HEAD~9")[1].splitlines()
    assert rows[0].endswith("Before")
    code, said = regress(lab, "bisect", "--good", "HEAD~3")
    assert (code, "is not shown to be worse" in said) == (0, True)
    code, said = regress(lab, "bisect", "--good", "nosuch")
    assert (code, "no commit of" in said) == (2, True)


def test_bisect_follows_a_renamed_prompt(lab: Laboratory) -> None:
    git(lab.folder, "init", "-q")
    old = lab.prompt.rename(lab.folder / "old name.prompt.md")
    git(lab.folder, "add", old.name)
    git(lab.folder, "commit", "-m", "First")
    git(lab.folder, "mv", old.name, lab.prompt.name)
    lab.edit("senior news editor", "senior editor")
    commit(lab, "Renamed")
    code, said = regress(lab, "bisect")
    assert code == 5
    assert [line.split()[2] for line in said.splitlines()[:2]] == ["(good)", "INCOMPLETE"]


def test_bisect_says_what_a_shallow_clone_does_not_have(lab: Laboratory, tmp_path: Path) -> None:
    git(lab.folder, "init", "-q")
    commit(lab, "First")
    lab.edit("senior news editor", "senior editor")
    git(lab.folder, "add", ".")
    git(lab.folder, "commit", "-m", "Second")
    git(tmp_path, "clone", "-q", "--depth", "1", lab.folder.as_uri(), "shallow")
    code, said = regress(Laboratory(tmp_path / "shallow", lab.epochs), "bisect")
    assert (code, "missing: the clone is shallow" in said) == (5, True)
    assert "git fetch --unshallow" in said


def test_without_git_history_bisect_says_so(lab: Laboratory) -> None:
    code, said = regress(lab, "bisect")
    assert (code, "is in no git repository" in said) == (2, True)
    git(lab.folder, "init", "-q")
    code, said = regress(lab, "bisect")
    assert (code, "no commit has this file" in said) == (2, True)


@pytest.mark.parametrize(
    ("args", "complaint"),
    [
        (("run", "--only", "nosuch"), "no case nosuch"),
        (("run", "--suite", "nosuch"), "no cases"),
        (("record", "--engine", "local"), "REWRITER_LOCAL_MODEL"),
    ],
)
def test_wrong_usage_exits_2(args: tuple[str, ...], complaint: str, lab: Laboratory) -> None:
    code, said = regress(lab, *args)
    assert code == 2
    assert complaint in said


def test_reports_are_written_where_they_are_asked_for(
    lab: Laboratory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(lab.folder / "summary.md"))
    out = lab.folder / "out"
    code, _ = regress(
        lab, "run", "--junit", out / "j.xml", "--html", out / "r.html", "--markdown", out / "c.md",
        "--github",
    )  # fmt: skip
    assert code == 0
    (suite,) = ElementTree.parse(out / "j.xml").getroot()  # noqa: S314 - our own
    assert len(suite) == 12
    assert (out / "r.html").read_text().startswith("<!doctype html>")
    assert (out / "c.md").read_text() == (lab.folder / "summary.md").read_text()


def test_a_broken_prompt_and_a_broken_case_have_a_summary_too(
    lab: Laboratory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(lab.folder / "summary.md"))
    files = ("--junit", lab.folder / "j.xml", "--markdown", lab.folder / "c.md", "--github")
    lab.edit("version: 1", "version: one")
    code, _ = regress(lab, "run", *files)
    assert (code, f"{lab.prompt}:3: version: " in (lab.folder / "c.md").read_text()) == (2, True)
    lab.edit("version: one", "version: 1")
    (lab.suite_folder.cases / "short-quake.toml").write_text("must = 6\n")
    code, _ = regress(lab, "run", *files)
    assert (code, "short-quake.toml:1: must: " in (lab.folder / "c.md").read_text()) == (2, True)
    assert (lab.folder / "summary.md").read_text().count("No verdict") == 2
    assert "a list is wanted" in (lab.folder / "j.xml").read_text()


_BLOCKED = """
import socket, sys
class Refused(socket.socket):
    def {refused}(self, *args, **kwargs):
        raise SystemExit("a socket was opened")
socket.socket = Refused
socket.socketpair = Refused
from rewriter.cli import main
sys.argv = ["rewriter", *{args!r}]
try:
    main()
finally:
    print("LOADED", [name for name in {heavy!r} if name in sys.modules])
"""


def _isolated(
    lab: Laboratory, args: Sequence[str], refused: str = "__init__"
) -> subprocess.CompletedProcess[str]:
    words = ["regress", *args, "--suite", str(lab.suite_folder.path), "--prompt", str(lab.prompt)]
    heavy = ["openai", "httpx2", "aiohttp", "scipy", "pandas", "numpy", "celery", "rich"]
    code = _BLOCKED.format(args=words, heavy=heavy, refused=refused)
    environment = {
        k: v for k, v in os.environ.items() if not k.startswith(("OPENAI_", "REWRITER_"))
    }
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        cwd=_ROOT,
        env=environment,
        timeout=120,
    )


def test_a_run_opens_no_socket_and_loads_no_client(lab: Laboratory) -> None:
    page = lab.folder / "r.html"
    done = _isolated(lab, ["run", "--html", str(page), "--junit", str(lab.folder / "j.xml")])
    assert done.returncode == 0, done.stderr
    assert "LOADED []" in done.stdout
    assert page.exists()


def test_without_a_cache_nothing_is_connected_to_either(lab: Laboratory) -> None:
    """Importing the HTML extractor's HTTP library probes for IPv6 by binding a socket."""
    shutil.rmtree(lab.suite_folder.cache)
    done = _isolated(lab, ["run"], refused="connect")
    assert done.returncode == 0, done.stderr
    assert "'openai'" not in done.stdout
