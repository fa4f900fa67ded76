"""`rewriter plan` by the command line: lines, totals, exit codes, and no call to anybody."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from rewriter.cli import main
from tests.provider import Provider
from tests.queue.conftest import write_articles


class Ran(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Standard output as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Ran]


@pytest.fixture
def run(
    unset: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Runs a command in this process, in a content root with three articles."""
    write_articles(tmp_path, 3)
    monkeypatch.chdir(tmp_path)

    def command(*arguments: str) -> Ran:
        monkeypatch.setattr(sys, "argv", ["rewriter", *arguments, "--out", "out", "--root", "."])
        with pytest.raises(SystemExit) as stop:
            main()
        printed = capsys.readouterr()
        assert isinstance(stop.value.code, int)
        return Ran(stop.value.code, printed.out, printed.err)

    return command


def test_a_plan_needs_no_key_and_ends_with_totals(run: Run, tmp_path: Path) -> None:
    done = run("plan", "raw", "--engine", "openai", "--model", "gpt-4.1-mini")

    assert done.code == 0
    assert done.out.count("rewrite  raw/") == 3
    assert "rewrite: new" in done.out
    assert "by concurrency 8" in done.out
    assert "nothing is recorded of gpt-4.1-mini" in done.out
    assert not (tmp_path / ".rewriter").exists()
    assert not (tmp_path / "out").exists()


def test_by_the_batch_api_it_costs_half_and_takes_up_to_a_day(run: Run) -> None:
    asking = ("--engine", "openai", "--model", "gpt-4.1-mini")
    direct, by_batch = (
        run("plan", "raw", *asking, "--json", "--api", api).lines[-1]["totals"]
        for api in ("direct", "batch")
    )
    told = run("plan", "raw", *asking, "--api", "batch").out

    assert by_batch["cost"] == pytest.approx(direct["cost"] / 2)
    assert (by_batch["seconds"], by_batch["bound_by"]) == (86_400, "completion_window")
    assert (by_batch["provider_batches"], direct["provider_batches"]) == (1, 0)
    assert "takes up to 24 h" in told
    assert "1 batch of the provider, of at most 5,000 requests" in told


def test_the_batch_api_is_refused_where_there_is_no_provider(run: Run) -> None:
    done = run("plan", "raw", "--api", "batch")

    assert (done.code, done.out) == (2, "")
    assert "the batch API needs a provider: set OPENAI_API_KEY" in done.err


def test_what_cannot_go_together_is_refused_when_its_turn_comes(run: Run, tmp_path: Path) -> None:
    (tmp_path / "raw" / "0000.html").write_text("<p>Another text.</p>")
    done = run("plan", "raw")

    assert done.code == 2
    assert "would both be written to out/0000.md" in done.err


def test_an_unknown_price_is_said_plainly(run: Run) -> None:
    done = run("plan", "raw", "--engine", "openai", "--model", "homemade")

    assert "$" not in done.out
    assert 'the price of homemade is unknown; set [prices."homemade"]' in done.out


def test_a_plan_that_learned_from_a_run_foretells_the_next_one(
    run: Run, tmp_path: Path, provider: Provider
) -> None:
    """Articles of one kind by one model: within a tenth in tokens, as the provider counts them."""
    asking = ("--base-url", provider.base_url, "--json")
    run("rewrite", "raw/0000.txt", *asking)
    foretold = run("plan", "raw", *asking)
    calls = len(provider.calls)
    done = run("rewrite", "raw", *asking)

    *articles, last = foretold.lines
    assert [one["action"] for one in articles] == ["skip", "rewrite", "rewrite"]
    assert len(provider.calls) == calls + last["totals"]["calls"]
    assert last["totals"]["learned_from"] == 1
    for kind in ("input_tokens", "output_tokens"):
        paid = sum(one["usage"][kind] for one in done.lines)
        assert last["totals"][kind] == pytest.approx(paid, rel=0.1)
    again = run("plan", "raw", *asking, "--force").lines[-1]["totals"]
    assert (again["stored"], again["cost"], len(provider.calls)) == (3, 0, calls + 2)


def test_a_plan_tells_what_the_second_reader_costs_at_the_price_of_its_model(
    run: Run, monkeypatch: pytest.MonkeyPatch, provider: Provider
) -> None:
    monkeypatch.setenv("REWRITER_READER_MODEL", "gpt-4.1")
    asking = ("--base-url", provider.base_url, "--reader", "on")
    assumed = run("plan", "raw", *asking, "--json").lines[-1]["totals"]
    alone = run("plan", "raw", *asking, "--reader", "off", "--json").lines[-1]["totals"]
    assert (assumed["calls"], assumed["readings"]) == (6, 3)
    assert alone["reading_cost"] == 0
    assert assumed["cost"] == pytest.approx(alone["cost"] + assumed["reading_cost"])

    first = run("rewrite", "raw/0000.txt", *asking)
    assert "of these the second reader gpt-4.1: " in first.err
    foretold = run("plan", "raw", *asking, "--json").lines[-1]["totals"]
    told = run("plan", "raw", *asking).out
    assert "the second reader gpt-4.1 has 2 of the calls and $0.0" in told
    assert "1 article read by gpt-4.1 took 1.00 readings" in told
    done = run("rewrite", "raw", *asking, "--json").lines
    paid = sum(one["reader_usage"]["cost"] for one in done)
    assert foretold["reading_cost"] == pytest.approx(paid, rel=0.1)
    assert foretold["cost"] == pytest.approx(sum(one["usage"]["cost"] for one in done), rel=0.1)


def test_a_reader_without_a_price_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REWRITER_READER_MODEL", "homemade")
    done = run("plan", "raw", "--engine", "openai", "--reader", "on")
    assert 'the price of homemade is unknown; set [prices."homemade"]' in done.out
    assert "price of gpt" not in done.out


def test_a_dry_run_is_a_plan(run: Run, provider: Provider) -> None:
    asking = ("--base-url", provider.base_url, "--json")

    assert run("rewrite", "raw", *asking, "--dry-run").lines == run("plan", "raw", *asking).lines
    assert provider.calls == []


def test_what_cannot_be_done_is_refused_beside_the_rest(run: Run, tmp_path: Path) -> None:
    (tmp_path / "raw" / "empty.txt").write_text("")
    done = run("plan", "raw", "--json")

    *articles, last = done.lines
    assert done.code == 4
    assert [one["action"] for one in articles].count("refuse") == 1
    assert sum(one["articles"] for one in last["totals"]["reasons"]) == 4


def test_limits_a_minute_lengthen_the_duration(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REWRITER_REQUESTS_PER_MINUTE", "1")
    totals = run("plan", "raw", "--engine", "openai", "--json").lines[-1]["totals"]

    assert totals["bound_by"] == "requests_per_minute"
    assert totals["seconds"] == pytest.approx(180 / 0.92, abs=0.1)
