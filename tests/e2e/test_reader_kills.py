"""The second reader while processes are killed: verdicts, calls and money stay right."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from examples.editor import ANSWERS
from rewriter.state import State, records
from rewriter.state.ledger import FileLedger
from tests.ledgers import stored_in
from tests.provider import Provider
from tests.provider.answers import schema_of
from tests.queue.conftest import write_articles
from tests.queue.servers import ROOT, RedisServer, Worker, environment_of, rewriter, wait_until

ARTICLES, AT_ONCE = 10, 3
RIGHT, WRONG = "Norvolt intends to add", "Calder Lines intends to add"
TOLD = "Norvolt has agreed to lay"
_NUMBERED = re.compile(r"^([SR])(\d+) (.+)$", re.MULTILINE)


def newsroom(body: Mapping[str, Any]) -> str:
    """Every answer of a model that confuses two companies, and of a reader that notices.

    It confuses them in all articles but each fifth, and never learns in the one behind each fifth.
    """
    told = "".join(one["content"] for one in body["messages"] if one["role"] == "user")
    sections = schema_of(body)["properties"]
    if "faults" in sections:
        return json.dumps({"faults": list(_faults(told))})
    found = re.search(r"(\d{4}) businesses", told)
    assert found
    number = int(found[1]) % 1000
    text = (ANSWERS / "harbor-ferries.json").read_text(encoding="utf-8")
    text = text.replace("240 businesses", f"{found[1]} businesses")
    is_repair = len(sections) < len(json.loads(text))
    if number % 5 == 1 or (number % 5 and not is_repair):
        text = text.replace(RIGHT, WRONG)
    rewrite = json.loads(text)
    return json.dumps({name: rewrite[name] for name in sections}, ensure_ascii=False)


def _faults(told: str) -> Iterator[dict[str, object]]:
    numbered = _NUMBERED.findall(told)
    source = [int(n) for side, n, text in numbered if side == "S" and TOLD in text]
    for side, n, text in numbered:
        if side == "R" and WRONG in text:
            fault = {"r": int(n), "words": WRONG, "kind": "subject", "s": source, "sure": 95}
            yield {**fault, "verdict": "contradicted", "why": "Norvolt lays it", "fix": ""}


# Two questions about each article, and for all but each fifth a repair and a second reading.
QUESTIONS = 2 * ARTICLES + 2 * (ARTICLES - 2)


@pytest.fixture
def provider() -> Iterator[Provider]:
    with Provider(latency=0.3, answer=newsroom) as running:
        yield running


def _assert_right(root: Path, provider: Provider, kills: int) -> None:
    """Every article ended as it must, and only what was in flight at a kill is paid twice."""
    found = list(records.every(State(root=root).records))
    assert Counter(record.status for record in found) == {"published": 8, "held": 2}
    held = [record for record in found if record.status == "held"]
    assert all([f.code for f in one.findings if f.severity == "error"] == ["R102"] for one in held)
    read = Counter(record.reading.readings for record in found if record.reading)
    assert read == {1: 2, 2: 8}
    paid = Counter(json.dumps(call.body, sort_keys=True) for call in provider.calls)
    assert len(paid) == QUESTIONS
    assert paid.total() <= QUESTIONS + kills * AT_ONCE
    stored = stored_in(FileLedger(root / ".rewriter" / "ledger"))
    costs = [entry.completion.usage.cost or 0.0 for entry in stored]
    assert len(costs) == QUESTIONS
    assert sum(costs) == pytest.approx(sum(record.usage.cost or 0.0 for record in found))


def test_a_run_that_is_killed_goes_on_and_pays_once(provider: Provider, tmp_path: Path) -> None:
    write_articles(tmp_path, ARTICLES)
    command = [sys.executable, "-m", "rewriter", "rewrite", "raw", "--out", "site", "--root", "."]
    command += ["--base-url", provider.base_url, "--reader", "on", "--concurrency", str(AT_ONCE)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    kills = (5, 13, 24)
    for calls in kills:
        with subprocess.Popen(command, cwd=tmp_path, env=environment) as process:
            wait_until(lambda calls=calls: len(provider.calls) >= calls, 60)
            process.kill()
    before = len(provider.calls)
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, check=False, capture_output=True, text=True
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert len(provider.calls) - before < QUESTIONS
    _assert_right(tmp_path, provider, len(kills))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    with RedisServer(tmp_path / "redis") as running:
        yield running


def test_workers_that_are_killed_lose_and_pay_nothing(
    server: RedisServer, provider: Provider, tmp_path: Path
) -> None:
    environment = environment_of(server, provider.base_url, tmp_path)
    environment |= {"REWRITER_READER": "on", "REWRITER_IN_FLIGHT": str(AT_ONCE)}
    write_articles(tmp_path, ARTICLES)
    done = rewriter(environment, tmp_path, "submit", "raw", "--out", "site", "--batch", "b")
    assert done.returncode == 0, done.stderr
    kills = (5, 17)
    for calls in kills:
        with Worker(f"w{calls}", tmp_path, environment):
            wait_until(lambda calls=calls: len(provider.calls) >= calls, 60)
    with Worker("last", tmp_path, environment):
        done = rewriter(environment, tmp_path, "status", "b", "--watch")
    assert "8 published, 2 held" in done.stdout
    _assert_right(tmp_path, provider, len(kills))
