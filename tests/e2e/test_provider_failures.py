"""Each way a provider can fail, from the command line: exit code, message, ledger, disk, calls.

The command runs in this process, through its own `main`, against a real server on the loopback:
starting Python and importing the client anew for each of them would take a minute.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from rewriter.cli import main
from tests import articles
from tests.provider import Provider
from tests.provider.faults import FAULTS

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
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A content root with one article, and an environment in which nobody waits long."""
    content = tmp_path / "content"
    content.mkdir()
    title = articles.source().title
    (content / "ferries.txt").write_text("\n\n".join([title, *articles.PARAGRAPHS]))
    for name in [name for name in os.environ if name.startswith(("REWRITER_", "OPENAI_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("REWRITER_READER", "off")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("REWRITER_TIMEOUT", "0.4")
    monkeypatch.setenv("REWRITER_DEADLINE", "4")
    monkeypatch.setenv("REWRITER_MAX_ATTEMPTS", "2")
    monkeypatch.chdir(tmp_path)
    return content


@pytest.fixture
def provider() -> Iterator[Provider]:
    with Provider() as running:
        yield running


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
            KEY in path.read_text() or "127.0.0.1" in path.read_text()
            for path in desk.glob(".rewriter/ledger/*/*")
        )
        written = sorted(path.name for path in desk.parent.glob("out/*"))
        return Ran(int(stop.value.code or 0), printed.out, printed.err, stored, written)

    return run


PERMANENT = [
    ("bad-request", 1, "400: messages: wrong role; check the model"),
    ("too-large", 1, "max_completion_tokens is too large: 500; check the model"),
    ("too-long", 1, "the article is too long for this model"),
    ("filter-400", 1, "content filter declined this article"),
    ("unauthorized", 1, "check OPENAI_API_KEY"),
    ("no-credit", 1, "top up or raise the account's limit"),
    ("forbidden", 1, "403: Country or region not supported"),
    ("not-found", 1, "check --model"),
    ("quota", 1, "top up or raise the account's limit"),
    ("rate-limit-long", 1, "lower --concurrency or wait"),
]
TRANSIENT = [
    ("request-timeout", "408"),
    ("conflict", "409"),
    ("rate-limit", "lower --concurrency or wait"),
    ("rate-limit-ms", "lower --concurrency or wait"),
    ("rate-limit-seconds", "lower --concurrency or wait"),
    ("rate-limit-date", "lower --concurrency or wait"),
    ("server-error", "500: The server had an error; try again later"),
    ("bad-gateway", "502: a web page"),
    ("unavailable", "503: Overloaded"),
    ("reset", "the connection broke"),
    ("cut-body", "the connection broke"),
    ("hang", "did not answer within 0.4 s"),
    ("drip", "did not answer within 0.4 s"),
    ("page", "check that --base-url is the address of an OpenAI-compatible API"),
    ("not-a-completion", "not a chat completion"),
]
# Answers that came and were paid for: what is said, the calls, and what the ledger keeps.
USELESS = [
    ("empty", 3, "the answer is empty", ["0.1", "0.2", "0.3"]),
    ("null", 3, "the answer is empty", ["0.1", "0.2", "0.3"]),
    ("page-content", 3, "a web page instead of JSON", ["0.1", "0.2", "0.3"]),
    ("cut-json", 3, "not whole JSON", ["0.1", "0.2", "0.3"]),
    ("violation", 3, "does not fit the schema: headline", ["0.1", "0.2", "0.3"]),
    ("refusal", 1, "the model declined this article", ["0.1"]),
    ("content-filter", 1, "the content filter declined this article", ["0.1"]),
    ("cut-short", 3, "raise max_completion_tokens in the prompt", ["0.1", "0.1", "0.2"]),
    ("length", 2, "raise max_completion_tokens in the prompt", ["0.1", "0.1"]),
]
USED = ("fenced", "prose-around", "no-usage")


def test_every_fault_is_tried() -> None:
    tried = {fault for fault, *_ in [*PERMANENT, *TRANSIENT, *USELESS]} | set(USED)
    assert tried == set(FAULTS)


@pytest.mark.parametrize(
    ("fault", "calls", "words"), [*PERMANENT, *((fault, 2, words) for fault, words in TRANSIENT)]
)
def test_without_an_answer_the_article_fails_with_3_and_nothing_is_kept(
    fault: str, calls: int, words: str, provider: Provider, rewrite: Run
) -> None:
    provider.script([fault] * 9)

    ran = rewrite("--out", "out")

    assert ran.code == 3
    assert words in ran.err
    assert (ran.stored, ran.written) == ([], [])
    assert len(provider.calls) == calls


@pytest.mark.parametrize("fault", [fault for fault, _ in TRANSIENT])
def test_a_failure_that_passes_is_not_seen(fault: str, provider: Provider, rewrite: Run) -> None:
    provider.script([fault])

    ran = rewrite("--out", "out")

    assert ran.code == 0
    assert ran.written == ["ferries.md"]
    assert ran.stored == [".0.1.json"]
    assert provider.answered == [fault, "ok"]


@pytest.mark.parametrize(("fault", "calls", "words", "stored"), USELESS)
def test_a_useless_answer_is_kept_counted_and_never_paid_for_again(
    fault: str, calls: int, words: str, stored: list[str], provider: Provider, rewrite: Run
) -> None:
    provider.script([fault] * 9)

    ran = rewrite("--out", "out", "--json")
    again = rewrite("--out", "out", "--json")

    assert (ran.code, again.code) == (3, 3)
    result = json.loads(ran.out)
    assert words in result["reason"]
    assert result["usage"]["output_tokens"] > 0
    assert result["attempts"] == calls
    assert ran.stored == again.stored == [f".{name}.json" for name in stored]
    assert ran.written == []
    assert len(provider.calls) == calls
    assert json.loads(again.out)["usage"]["cost"] == 0.0


@pytest.mark.parametrize("fault", USED)
def test_an_answer_that_can_be_read_is_used(fault: str, provider: Provider, rewrite: Run) -> None:
    provider.script([fault])

    ran = rewrite("--out", "out")

    assert (ran.code, ran.written, len(provider.calls)) == (0, ["ferries.md"], 1)
    assert ("unknown" in ran.err) == (fault == "no-usage"), "a cost that is unknown is not 0"


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
    desk: Path, provider: Provider, rewrite: Run
) -> None:
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


def test_a_budget_without_a_price_is_a_wrong_configuration(
    provider: Provider, rewrite: Run
) -> None:
    ran = rewrite("--out", "out", "--max-cost", "1", "--model", "house-model")

    assert ran.code == 2
    assert '[prices."house-model"] in rewriter.toml' in ran.err
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
