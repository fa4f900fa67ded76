"""The main job by the command line, over real files and a real HTTP provider."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import frontmatter
import pytest

from rewriter.text.sentences import split_sentences
from tests.provider import Provider
from tests.test_cli import run

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples" / "raw"
NAMES = sorted(path.name for path in EXAMPLES.iterdir() if path.is_file())
SECTIONS = 4  # Overview, Details, From author, Impact


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """The examples in a content root of their own."""
    folder = tmp_path / "raw"
    folder.mkdir()
    for name in NAMES:
        (folder / name).write_bytes((EXAMPLES / name).read_bytes())
    return folder


def _results(stdout: str) -> dict[str, dict[str, object]]:
    lines = [json.loads(line) for line in stdout.splitlines()]
    return {Path(line["path"]).name: line for line in lines}


def _ai(article: frontmatter.Post) -> dict[str, object]:
    ai = article["ai"]
    assert isinstance(ai, dict)
    return ai


def _headings(text: str) -> list[str]:
    return re.findall(r"^## (.+)$", text, re.MULTILINE)


def test_without_a_key_every_example_becomes_a_draft(raw: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = run("rewrite", str(raw), "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert "extractive" in done.stderr
    for name in NAMES:
        article = frontmatter.load(str((out / name).with_suffix(".md")))
        assert article["draft"] is True
        assert _ai(article)["rewritten"] is False
        assert len(_headings(article.content)) >= SECTIONS, name


def test_a_state_folder_above_the_working_folder_is_told(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".rewriter").mkdir()
    monkeypatch.chdir(raw)
    above = run("rewrite", NAMES[0], "--out", "out")
    here = run("rewrite", NAMES[0], "--out", "out", "--root", ".")
    assert f"the state is in {tmp_path / '.rewriter'}, above this folder" in above.stderr
    assert "above this folder" not in here.stderr


def test_no_draft_says_a_sentence_twice(raw: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("rewrite", str(raw), "--out", str(out))
    drafts = list(out.glob("*.md"))
    assert len(drafts) == len(NAMES)
    for path in drafts:
        body, _, _ = frontmatter.load(str(path)).content.partition("\n### ")
        prose = [line.removeprefix("- ") for line in body.splitlines() if not line.startswith("#")]
        sentences = [s for line in prose for s in split_sentences(line) if len(s.split()) > 3]
        assert len(sentences) == len(set(sentences)), path.name


def test_a_second_run_rewrites_nothing_and_says_so(raw: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("rewrite", str(raw), "--out", str(out))
    before = {path: path.read_bytes() for path in out.glob("*.md")}
    done = run("rewrite", str(raw), "--out", str(out), "--json")
    assert {line["status"] for line in _results(done.stdout).values()} == {"skipped"}
    assert {path: path.read_bytes() for path in out.glob("*.md")} == before


def test_a_provider_publishes_every_example(raw: Path, tmp_path: Path, provider: Provider) -> None:
    out = tmp_path / "out"
    options = ("--out", str(out), "--base-url", provider.base_url, "--json")
    done = run("rewrite", str(raw), *options)
    results = _results(done.stdout)
    assert done.returncode == 0, done.stdout
    assert {line["status"] for line in results.values()} == {"published"}
    assert set(results) == set(NAMES)
    usages = [line["usage"] for line in results.values()]
    assert all(isinstance(usage, dict) and usage["output_tokens"] > 0 for usage in usages)
    assert "tokens in" in done.stderr
    for name in NAMES:
        article = frontmatter.load(str((out / name).with_suffix(".md")))
        assert _ai(article)["rewritten"] is True
        assert len(_headings(article.content)) >= SECTIONS, name
    asked = len(provider.calls)
    again = run("rewrite", str(raw), *options, "--force")
    assert {line["status"] for line in _results(again.stdout).values()} == {"published"}
    assert len(provider.calls) == asked, "stored answers are reused"


def test_two_runs_at_once_pay_once(raw: Path, tmp_path: Path) -> None:
    """As when a cron job overlaps with the one before: the second waits for the first's answers."""
    command = [sys.executable, "-m", "rewriter", "rewrite", str(raw), "--concurrency", "4"]
    with Provider(latency=0.5) as slow:
        running = [
            subprocess.Popen(
                [*command, "--base-url", slow.base_url, "--root", str(tmp_path)],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for _ in range(2)
        ]
        assert [process.wait(60) for process in running] == [0, 0]
        assert len(slow.calls) == len(NAMES)


def test_in_place_keeps_every_other_byte_of_the_header(tmp_path: Path, provider: Provider) -> None:
    raw = tmp_path / "a.md"
    (example,) = EXAMPLES.glob("*.md")
    raw.write_bytes(example.read_bytes())
    done = run("rewrite", str(raw), "--in-place", "--base-url", provider.base_url)
    assert done.returncode == 0, done.stdout
    ours = re.compile(rb"^(?:ai:|  (?:rewritten|expandedAt|version):|updatedAt:|description:)")

    def header(data: bytes) -> list[bytes]:
        lines = data.split(b"---", 2)[1].splitlines(keepends=True)
        return [line for line in lines if not ours.match(line)]

    before, after = header(example.read_bytes()), header(raw.read_bytes())
    assert after[: len(before)] == before
    assert b"## Overview" in raw.read_bytes()


def test_a_preview_prints_the_article_and_writes_none(raw: Path, provider: Provider) -> None:
    path = raw / NAMES[0]
    done = run("rewrite", str(path), "--base-url", provider.base_url)
    assert done.returncode == 0
    assert done.stdout.startswith("---\ntitle: ")
    assert [entry.name for entry in (raw / ".rewriter").iterdir()] == ["ledger"]


def test_standard_input_becomes_standard_output(tmp_path: Path) -> None:
    text = (EXAMPLES / next(name for name in NAMES if name.endswith(".txt"))).read_bytes()
    done = run("rewrite", "-", cwd=tmp_path, stdin=text)
    assert done.returncode == 0, done.stderr
    assert "## Overview" in done.stdout


def test_one_bad_article_never_hides_the_others(raw: Path, tmp_path: Path) -> None:
    (raw / "bad.txt").write_bytes(b"\x00\x01\x02\x03")
    (raw / "short.txt").write_text("A headline\n\nToo little to say.\n")
    done = run(
        "rewrite", str(raw), str(raw / "missing.txt"), "--out", str(tmp_path / "out"), "--json"
    )
    results = _results(done.stdout)
    assert done.returncode == 4
    assert "Traceback" not in done.stderr
    assert results["bad.txt"]["status"] == "failed"
    assert results["missing.txt"]["status"] == "failed"
    assert results["short.txt"]["status"] == "held"
    assert {results[name]["status"] for name in NAMES} == {"drafted"}


def test_an_interrupted_run_finishes_what_flies_tells_what_is_left_and_goes_on(
    raw: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    with Provider(latency=0.5) as provider:
        command = [sys.executable, "-m", "rewriter", "rewrite", str(raw), "--out", str(out)]
        command += ["--base-url", provider.base_url, "--concurrency", "2"]
        running = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
        )
        _wait_until(lambda: len(provider.calls) >= 2)
        running.send_signal(signal.SIGINT)
        _, told = running.communicate(timeout=60)
        assert running.returncode == 130
        assert "left; the same command goes on" in told
        assert "Traceback" not in told
        done = len(list(out.glob("*.md")))
        assert 2 <= done < len(NAMES)
        again = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert again.returncode == 0, again.stderr
    assert len(list(out.glob("*.md"))) == len(NAMES)
    assert len(provider.calls) == len(NAMES), "nothing is asked, and paid, twice"
    assert not [path for path in tmp_path.rglob("*") if path.name.endswith(".tmp")]


@pytest.mark.parametrize(("traits", "faults"), [({}, ["ok", "drip"]), ({"rpm": 1}, [])])
def test_an_interrupted_run_tries_no_failed_call_again(
    traits: dict[str, int], faults: list[str], raw: Path, tmp_path: Path
) -> None:
    """A call that drips until its time-out, and one that is to be tried again in a minute."""
    command = [sys.executable, "-m", "rewriter", "rewrite", *map(str, map(raw.joinpath, NAMES[:2]))]
    command += ["--out", str(tmp_path / "out"), "--reader", "off"]
    environment = {**os.environ, "REWRITER_TIMEOUT": "3"}
    with Provider(**traits) as provider:
        provider.script(faults)
        running = subprocess.Popen(
            [*command, "--base-url", provider.base_url],
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=environment,
        )
        _wait_until(lambda: len(provider.calls) == 2)
        running.send_signal(signal.SIGTERM)
        _, told = running.communicate(timeout=20)
        assert (running.returncode, len(provider.calls)) == (130, 2)
        assert "1 left; the same command goes on" in told
    with Provider() as provider:
        done = run(*command[3:], "--base-url", provider.base_url)
        assert (done.returncode, len(provider.calls)) == (0, 1)


def test_interrupted_again_it_abandons_what_flies_without_a_traceback(
    raw: Path, tmp_path: Path
) -> None:
    with Provider(latency=20) as provider:
        command = [sys.executable, "-m", "rewriter", "rewrite", str(raw)]
        command += ["--out", str(tmp_path / "out"), "--base-url", provider.base_url]
        running = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=ROOT)
        _wait_until(lambda: len(provider.calls) >= 2)
        running.send_signal(signal.SIGINT)
        time.sleep(0.3)
        running.send_signal(signal.SIGINT)
        began = time.monotonic()
        _, told = running.communicate(timeout=60)
    assert running.returncode == 130
    assert time.monotonic() - began < 10
    assert "abandoned the articles in progress" in told
    assert f"{len(NAMES)} left" in told
    assert "Traceback" not in told


def test_the_wheel_carries_the_prompts(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    unpacked = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(unpacked)
    assert (unpacked / "rewriter" / "prompts" / "rewrite.prompt.md").is_file()
    text = (EXAMPLES / NAMES[0]).read_bytes()
    done = subprocess.run(
        [sys.executable, "-m", "rewriter", "rewrite", "-"],
        cwd=unpacked,
        input=text,
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(unpacked)},
    )
    assert b"## " in done.stdout, done.stderr


def _wait_until(happened: Callable[[], bool], seconds: float = 30) -> None:
    ends = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < ends
        time.sleep(0.02)


@pytest.mark.parametrize(("fault", "left"), [("unauthorized", True), ("server-error", False)])
def test_what_no_article_can_pass_ends_the_run(
    raw: Path, tmp_path: Path, provider: Provider, fault: str, left: bool
) -> None:
    provider.script([fault])
    options = ("--base-url", provider.base_url, "--concurrency", "1", "--json")
    done = run("rewrite", str(raw), "--out", str(tmp_path / "out"), *options)
    statuses = [line["status"] for line in _results(done.stdout).values()]
    assert (statuses == ["failed"]) is left
    assert ("left; the same command goes on" in done.stderr) is left
    head, row = (
        line.split() for line in done.stderr.splitlines() if "tokens in" in line or "$" in line
    )
    assert left is ("left" in head)
    assert sum(map(int, row[: head.index("tokens")])) == len(list(raw.iterdir()))
    assert done.returncode == (3 if left else 0)
