"""Each way a provider can fail, from the command line: exit code, message, ledger, disk, calls.

The command runs in this process, through its own `main`, against a real server on the loopback:
starting Python and importing the client anew for each of them would take a minute.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from rewriter.cli import main
from tests import articles
from tests.provider import Provider
from tests.provider.behaviours import BEHAVIOURS, Behaviour, of_kind, table
from tests.provider.faults import FAULTS
from tests.provider.shapes import SHAPES

KEY = "sk-very-secret-0123456789"


class Ran(NamedTuple):
    """What a command left behind: exit code, what it printed, ledger entries, files written."""

    code: int
    out: str
    err: str
    stored: list[str]
    written: list[str]


Run = Callable[..., Ran]


@pytest.fixture
def desk(unset: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A content root with one article, and an environment in which nobody waits long."""
    content = tmp_path / "content"
    content.mkdir()
    title = articles.source().title
    (content / "ferries.txt").write_text("\n\n".join([title, *articles.PARAGRAPHS]))
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("REWRITER_TIMEOUT", "0.8")
    monkeypatch.setenv("REWRITER_DEADLINE", "4")
    monkeypatch.setenv("REWRITER_MAX_ATTEMPTS", "2")
    monkeypatch.chdir(tmp_path)
    return content


@pytest.fixture
def rewrite(
    desk: Path,
    provider: Provider,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    def run(*options: str) -> Ran:
        command = ["rewriter", "rewrite", "content", "--base-url", provider.base_url]
        monkeypatch.setattr(sys, "argv", [*command, "--root", "content", *options])
        with pytest.raises(SystemExit) as stop:
            main()
        printed = capsys.readouterr()
        assert KEY not in printed.out + printed.err, "a key never shows"
        assert "Traceback" not in printed.err
        stored = sorted(path.name[64:] for path in desk.glob(".rewriter/ledger/*/*"))
        assert not any(
            "127.0.0.1" in path.read_text() for path in desk.glob(".rewriter/ledger/*/*")
        )
        kept = [path for folder in (desk, desk.parent) for path in folder.rglob("*")]
        assert not any(KEY.encode() in path.read_bytes() for path in kept if path.is_file())
        written = sorted(path.name for path in desk.parent.glob("out/[!.]*"))
        return Ran(int(stop.value.code or 0), printed.out, printed.err, stored, written)

    return run


def _ids(behaviour: Behaviour) -> str:
    return behaviour.fault


def test_every_fault_is_tried() -> None:
    assert {behaviour.fault for behaviour in BEHAVIOURS} == set(FAULTS | SHAPES)
    assert len(BEHAVIOURS) == len({behaviour.fault for behaviour in BEHAVIOURS})


@pytest.mark.parametrize("behaviour", of_kind("final", "passing"), ids=_ids)
def test_without_an_answer_the_article_fails_with_3_and_nothing_is_kept(
    behaviour: Behaviour, provider: Provider, rewrite: Run
) -> None:
    provider.script([behaviour.fault] * 9)

    ran = rewrite("--out", "out")

    assert ran.code == behaviour.code == 3
    assert behaviour.words in ran.err
    assert (ran.stored, ran.written) == ([], [])
    assert len(provider.calls) == behaviour.calls


@pytest.mark.parametrize("behaviour", of_kind("passing"), ids=_ids)
def test_a_failure_that_passes_is_not_seen(
    behaviour: Behaviour, provider: Provider, rewrite: Run
) -> None:
    provider.script([behaviour.fault])

    ran = rewrite("--out", "out")

    assert ran.code == 0
    assert ran.written == ["ferries.md"]
    assert ran.stored == [".0.1.json"]
    assert provider.answered == [behaviour.fault, "ok"]


@pytest.mark.parametrize("behaviour", of_kind("useless"), ids=_ids)
def test_a_useless_answer_is_kept_counted_and_never_paid_for_again(
    behaviour: Behaviour, provider: Provider, rewrite: Run
) -> None:
    provider.script([behaviour.fault] * 9)

    ran = rewrite("--out", "out", "--json")
    again = rewrite("--out", "out", "--json")

    assert (ran.code, again.code) == (behaviour.code, 3)
    result = json.loads(ran.out)
    assert behaviour.words in result["reason"]
    assert (result["usage"]["output_tokens"] > 0) != behaviour.fault.startswith("generation")
    assert result["attempts"] == behaviour.calls
    assert len(ran.stored) == len(again.stored) == behaviour.stored
    assert ran.written == []
    assert len(provider.calls) == behaviour.calls
    assert json.loads(again.out)["usage"]["cost"] == 0.0


@pytest.mark.parametrize("behaviour", of_kind("used"), ids=_ids)
def test_an_answer_that_can_be_read_is_used(
    behaviour: Behaviour, provider: Provider, rewrite: Run
) -> None:
    provider.script([behaviour.fault])

    ran = rewrite("--out", "out")

    assert (ran.code, ran.written, len(provider.calls)) == (0, ["ferries.md"], 1)
    assert len(ran.stored) == behaviour.stored
    unknown = "the cost is unknown" in behaviour.sent
    assert ("unknown" in ran.err) == unknown, "a cost that is unknown is not 0"


def test_a_prompt_that_the_server_cut_is_told_once(
    provider: Provider, rewrite: Run, caplog: pytest.LogCaptureFixture
) -> None:
    provider.script(["usage-cut"])

    rewrite("--out", "out")
    (told,) = [record.getMessage() for record in caplog.records]
    assert "it has cut the prompt; raise its context length" in told

    rewrite("--out", "out", "--fresh")
    assert len(caplog.records) == 1


BROKEN_OFF = [one for one in of_kind("passing") if "broke the answer off" in one.words]


@pytest.mark.parametrize("behaviour", BROKEN_OFF, ids=_ids)
def test_an_answer_that_was_broken_off_is_paid_for_and_told(
    behaviour: Behaviour, provider: Provider, rewrite: Run
) -> None:
    """It is not stored: the same command asks again, and `--max-cost` sees both."""
    provider.script([behaviour.fault] * 2)

    failed = json.loads(rewrite("--out", "out", "--json").out)
    after = json.loads(rewrite("--out", "out", "--json").out)

    assert failed["usage"]["input_tokens"] == 2 * after["usage"]["input_tokens"]
    assert failed["usage"]["cost"] > 0
    assert after["status"] == "published"


@pytest.mark.parametrize("behaviour", of_kind("useless"), ids=_ids)
def test_no_answer_changes_how_the_next_question_is_put(
    behaviour: Behaviour, provider: Provider, rewrite: Run, caplog: pytest.LogCaptureFixture
) -> None:
    provider.script([behaviour.fault])

    rewrite("--out", "out")

    assert not any("from now on" in record.getMessage() for record in caplog.records)
    sent = [call.body["response_format"] for call in provider.calls]
    assert all(form == sent[0] for form in sent)


def test_the_page_shows_every_behaviour() -> None:
    page = Path(__file__).parents[2] / "docs" / "explanation" / "providers.md"
    assert table() in page.read_text(encoding="utf-8")


def test_a_cut_answer_is_asked_for_again_and_both_are_counted(
    provider: Provider, rewrite: Run
) -> None:
    provider.script(["cut-json", "length"])

    ran = rewrite("--out", "out", "--json")

    result = json.loads(ran.out)
    assert (ran.code, result["status"], result["attempts"]) == (0, "published", 3)
    caps = [call.body["max_completion_tokens"] for call in provider.calls]
    assert caps == [caps[0], caps[0], 2 * caps[0]]


def test_a_preview_writes_nothing_but_the_ledger_and_is_then_free(
    desk: Path, provider: Provider, rewrite: Run
) -> None:
    preview = rewrite()
    state = sorted(path.name for path in (desk / ".rewriter").iterdir())
    written = rewrite("--out", "out")

    assert preview.code == written.code == 0
    assert preview.out.startswith("---\ntitle: ")
    assert state == ["ledger"]
    assert len(provider.calls) == 1


def test_force_reuses_the_ledger_and_fresh_asks_again(provider: Provider, rewrite: Run) -> None:
    for options, calls in (([], 1), (["--force"], 1), (["--fresh"], 2), (["--force"], 2)):
        assert rewrite("--out", "out", *options).code == 0
        assert len(provider.calls) == calls


def test_a_budget_that_is_too_small_stops_before_the_first_call(
    provider: Provider, rewrite: Run
) -> None:
    ran = rewrite("--out", "out", "--max-cost", "0.000001")

    assert ran.code == 3
    assert "raise --max-cost to go on" in ran.err
    assert (provider.calls, ran.stored) == ([], [])


def test_a_budget_ends_the_run_in_time_and_the_next_run_does_the_rest(
    desk: Path, provider: Provider, rewrite: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REWRITER_TIMEOUT", "30")  # a call that times out is made again
    for n in range(11):
        text = (desk / "ferries.txt").read_text().replace("420", str(500 + n))
        (desk / f"ferries-{n}.txt").write_text(text)

    ran = rewrite("--out", "out", "--json", "--max-cost", "0.01")
    calls = len(provider.calls)
    rest = rewrite("--out", "out")

    cost = sum(json.loads(line)["usage"]["cost"] for line in ran.out.splitlines())
    assert ran.code == 3
    assert 0 < cost <= 0.01
    assert 0 < calls == len(ran.written) < 12
    assert f"{12 - calls} left" in ran.err
    assert (rest.code, len(rest.written), len(provider.calls)) == (0, 12, 12)


def test_a_budget_without_a_price_is_a_wrong_configuration_and_ends_the_run(
    desk: Path, provider: Provider, rewrite: Run
) -> None:
    for n in range(30):
        text = (desk / "ferries.txt").read_text().replace("420", str(500 + n))
        (desk / f"ferries-{n}.txt").write_text(text)

    ran = rewrite("--out", "out", "--max-cost", "1", "--model", "house-model")

    assert ran.code == 2
    assert '[prices."house-model"] in rewriter.toml' in ran.err
    assert " left; the same command" in ran.err
    assert provider.calls == []


def test_the_installed_command_fails_in_the_same_way(desk: Path, provider: Provider) -> None:
    provider.script(["unauthorized"])
    command = [sys.executable, "-m", "rewriter", "rewrite", "content"]

    ran = subprocess.run(
        [*command, "--base-url", provider.base_url, "--out", "out"],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        cwd=desk.parent,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ran.returncode == 3
    assert "check OPENAI_API_KEY" in ran.stderr
    assert "Traceback" not in ran.stderr
