from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections import deque
from pathlib import Path
from typing import Any

import pytest

from rewriter.doctor import Check, examine, limits, machine
from rewriter.prompting import prompt_file
from rewriter.settings import Settings
from rewriter.state import State
from tests.provider import Provider

KEY = "sk-very-secret-0123456789"


async def examined(folder: Path, **given: Any) -> dict[str, Check]:
    settings = Settings.model_validate({"max_attempts": 1, "timeout": 1, **given})
    checks = await examine(settings, State(root=folder))
    assert KEY not in repr(checks)
    assert all(check.advice for check in checks if check.status != "ok"), "says what to do"
    assert not any(check.advice in check.message for check in checks if check.advice), "and once"
    return {check.name: check for check in checks}


async def test_a_working_endpoint_is_all_ok_for_one_tiny_call(tmp_path: Path) -> None:
    with Provider() as provider:
        checks = await examined(tmp_path, api_key=KEY, base_url=provider.base_url)

    assert [check.name for check in checks.values()] == [
        *("engine", "key", "endpoint", "model", "structured output", "price", "second reader"),
        *("batch API", "prompt", "cleaning", "content root"),
        *("state directory", "disk", "disk entries", "limits"),
    ]
    assert {check.status for check in checks.values()} == {"ok"}
    assert len(provider.calls) == 1
    assert provider.desk.calls == ["list", "list files"], "and nothing was created"
    assert list(tmp_path.iterdir()) == [], "nothing is created"


@pytest.mark.parametrize(
    ("fault", "name", "status"),
    [
        ("unauthorized", "key", "error"),
        ("forbidden", "key", "error"),
        ("key-400", "key", "error"),
        ("not-found", "model", "error"),
        ("bad-request", "model", "error"),
        ("quota", "quota", "error"),
        ("rate-limit", "quota", "warning"),
        ("server-error", "endpoint", "error"),
        ("reset", "endpoint", "error"),
        ("page", "endpoint", "error"),
        ("hang", "endpoint", "error"),
    ],
)
async def test_a_failing_call_is_laid_to_what_it_comes_from(
    fault: str, name: str, status: str, tmp_path: Path
) -> None:
    with Provider() as provider:
        provider.script([fault])
        checks = await examined(tmp_path, api_key=KEY, base_url=provider.base_url)

    assert checks[name].status == status
    assert "127.0.0.1" in checks[name].message


@pytest.mark.parametrize(("given", "status"), [({}, "info"), ({"batch_poll": 30}, "error")])
async def test_a_provider_without_batches_is_an_error_only_where_the_batch_api_is_configured(
    given: dict[str, float], status: str, tmp_path: Path
) -> None:
    with Provider(batches=False) as provider:
        checks = await examined(tmp_path, base_url=provider.base_url, **given)

    found = checks.pop("batch API")
    assert (found.status, found.advice) == (status, "use --api direct")
    assert "(404 for /v1/batches)" in found.message
    assert {check.status for check in checks.values()} == {"ok"}


async def test_a_provider_with_batches_and_without_files_has_no_batch_api(tmp_path: Path) -> None:
    with Provider() as provider:
        provider.desk.failing["list files"] = deque(["not-found"])
        found = (await examined(tmp_path, base_url=provider.base_url))["batch API"]

    assert found.status == "info"
    assert "(404 for /v1/files)" in found.message


@pytest.mark.parametrize("fault", ["unauthorized", "server-error", "reset"])
async def test_what_keeps_the_whole_endpoint_from_working_is_told_once(
    fault: str, tmp_path: Path
) -> None:
    with Provider() as provider:
        provider.script([fault])
        checks = await examined(tmp_path, api_key=KEY, base_url=provider.base_url)

    assert "batch API" not in checks
    assert provider.desk.calls == []


async def test_an_endpoint_without_schemas_is_a_warning(tmp_path: Path) -> None:
    with Provider(refuse=("schema",)) as provider:
        checks = await examined(tmp_path, base_url=provider.base_url, model="house-model")

    assert checks["structured output"].status == "warning"
    assert "json_object" in checks["structured output"].message
    assert checks["price"].status == "warning"
    assert checks["key"].status == "ok"


async def test_without_a_model_it_says_that_only_drafts_are_made(tmp_path: Path) -> None:
    checks = await examined(tmp_path)

    assert checks["engine"].status == "warning"
    assert "OPENAI_API_KEY" in checks["engine"].advice
    assert not {"endpoint", "second reader"} & checks.keys()


async def test_a_model_file_that_auto_does_not_take_is_told(tmp_path: Path) -> None:
    checks = await examined(tmp_path, local_model=tmp_path / "small.gguf")

    assert checks["engine"].status == "warning"
    assert checks["engine"].advice == "use --engine local, or --model small"


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "No such file"), (b"PK\x03\x04", "is no GGUF file"), (b"GGUF\x03", "(0.0 GB)")],
)
async def test_the_engine_local_needs_a_gguf_file(
    content: bytes | None, words: str, tmp_path: Path
) -> None:
    file = tmp_path / "small.gguf"
    if content is not None:
        file.write_bytes(content)

    check = (await examined(tmp_path, engine="local", local_model=file))["model file"]

    assert words in check.message
    assert (check.status == "ok") == (content is not None and content.startswith(b"GGUF"))


async def test_a_model_file_that_is_a_pipe_keeps_nobody_waiting(tmp_path: Path) -> None:
    file = tmp_path / "small.gguf"
    os.mkfifo(file)
    check = (await examined(tmp_path, engine="local", local_model=file))["model file"]
    assert (check.status, "a pipe" in check.message) == ("error", True)


@pytest.mark.parametrize(
    ("given", "name", "advice"),
    [
        ({"engine": "openai"}, "key", "OPENAI_API_KEY"),
        ({"engine": "local"}, "model", "REWRITER_LOCAL_MODEL"),
        ({"prompt": "no-such-prompt"}, "prompt", "--prompt"),
    ],
)
async def test_what_is_missing_is_an_error_with_advice(
    given: dict[str, str], name: str, advice: str, tmp_path: Path
) -> None:
    check = (await examined(tmp_path, **given))[name]

    assert check.status == "error"
    assert advice in check.message + check.advice


@pytest.mark.slow
@pytest.mark.parametrize(
    ("missing", "unread"),
    [
        ("lxml_html_clean", ["HTML"]),
        ("py3langid", ["text", "Markdown", "HTML", "feed", "news item"]),
    ],
)
def test_kinds_of_input_that_cannot_be_cleaned_are_errors(
    missing: str, unread: list[str], tmp_path: Path
) -> None:
    """As pip before 23.3 installed: without a package that another one needs."""
    command = f"import sys; sys.modules[{missing!r}] = None; from rewriter.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", command, "doctor", "--json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    checks = [json.loads(line) for line in done.stdout.splitlines()]
    errors = [check for check in checks if check["status"] == "error"]
    assert [check["name"] for check in errors] == [f"cleaning {kind}" for kind in unread]
    assert all(missing in check["message"] and "pip install" in check["advice"] for check in errors)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


async def test_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / ".rewriter").write_text("a file, where the state directory should be")

    assert (await examined(tmp_path))["state directory"].status == "error"


async def test_a_log_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    given = {"log_file": tmp_path / "run.log", "metrics_file": tmp_path / "nowhere" / "run.prom"}
    checks = await examined(tmp_path, **given)

    assert checks["log file"].status == "ok"
    assert checks["metrics file"].status == "error"
    assert "no such folder" in checks["metrics file"].message
    assert not (tmp_path / "run.log").exists()


@pytest.mark.parametrize("name", ["missing", "m" * 300])  # the second cannot even be looked at
async def test_a_root_that_does_not_exist_is_an_error(tmp_path: Path, name: str) -> None:
    check = (await examined(tmp_path / name))["content root"]
    assert check.status == "error"
    assert f"{name} is no folder" in check.message
    assert "create or mount it" in check.advice


# --- second reader ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [
        ("ok", "ok", "answered careful-model in"),
        ("unauthorized", "error", "check reader_api_key"),
        ("not-found", "error", "check reader_model, and that reader_base_url ends"),
        ("rate-limit", "warning", "127.0.0.1"),
    ],
)
async def test_a_second_reader_of_another_provider_is_asked_too(
    fault: str, status: str, words: str, tmp_path: Path
) -> None:
    with Provider() as provider, Provider() as other:
        other.script([] if fault == "ok" else [fault])
        checks = await examined(
            tmp_path,
            base_url=provider.base_url,
            reader_base_url=other.base_url,
            reader_model="careful-model",
            reader_api_key=KEY,
        )
        assert len(other.calls) == len(provider.calls) == 1

    assert checks["second reader"].status == status
    assert words in f"{checks['second reader'].message}; {checks['second reader'].advice}"
    assert checks["model"].status == "ok"


async def test_another_model_reads_and_is_asked_at_the_same_endpoint(tmp_path: Path) -> None:
    with Provider() as provider:
        checks = await examined(tmp_path, base_url=provider.base_url, reader_model="other")
        assert [call.body["model"] for call in provider.calls] == ["gpt-4.1-mini", "other"]
    assert checks["second reader"].status == "ok"


async def test_a_second_reader_at_an_endpoint_that_fails_is_not_called_well(tmp_path: Path) -> None:
    with Provider() as provider:
        provider.script(["unauthorized"])
        checks = await examined(tmp_path, api_key=KEY, base_url=provider.base_url)
    assert "second reader" not in checks

    replayed = await examined(tmp_path, engine="replay", replay=tmp_path, reader="on")
    assert replayed["second reader"].status == "ok"


async def test_a_second_reader_that_nobody_asks_is_told(tmp_path: Path) -> None:
    unused = await examined(tmp_path, reader_model="other")
    nobody = await examined(tmp_path, reader="on")

    assert unused["second reader"].status == "warning"
    assert unused["second reader"].advice == "set reader to on, or remove reader_model"
    assert nobody["second reader"].status == "error"


# --- the machine and the limits -------------------------------------------------------------------


def _file_system(free: int, entries: int, *, counted: bool = True) -> os.statvfs_result:
    names = 10_000_000 if counted else 0
    return os.statvfs_result((4096, 4096, 9_000_000, free, free, names, entries, entries, 0, 255))


@pytest.mark.parametrize(
    ("found", "statuses"),
    [
        (_file_system(5_000_000, 5_000_000), ["ok", "ok"]),
        (_file_system(100_000, 5_000_000), ["warning", "ok"]),
        (_file_system(0, 5_000_000), ["error", "ok"]),
        (_file_system(5_000_000, 9_000), ["ok", "warning"]),
        (_file_system(5_000_000, 0), ["ok", "error"]),
        (_file_system(5_000_000, 0, counted=False), ["ok"]),
    ],
)
def test_a_full_disk_is_told(found: os.statvfs_result, statuses: list[str]) -> None:
    checks = list(machine.disk("/content", found))
    assert [check.status for check in checks] == statuses
    assert all("rewriter state prune" in check.advice for check in checks if check.status != "ok")


@pytest.mark.parametrize(
    ("given", "limit", "needed"),
    [
        ({}, 1_024, None),
        ({"in_flight": 1_000}, 1_024, None),
        ({"in_flight": 1_000, "redis_url": "redis://localhost"}, 1_024, "ulimit -n 2200"),
        ({"concurrency": 2_000}, 1_024, "ulimit -n 4200"),
        ({"concurrency": 2_000}, resource.RLIM_INFINITY, None),
    ],
)
def test_too_few_open_files_for_the_calls_are_told(
    given: dict[str, object], limit: int, needed: str | None
) -> None:
    checks = list(machine.open_files(Settings.model_validate(given), limit))
    assert [check.advice.partition(":")[2].partition(",")[0].strip() for check in checks] == (
        [needed] if needed else []
    )


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "they go together"),
        ({"timeout": 400, "shutdown_grace": 400}, "all attempts together 300 s (deadline)"),
        ({"shutdown_grace": 30}, "its answer would be paid and lost"),
        ({"api_key": KEY, "tokens_per_minute": 100}, "tokens_per_minute is 100, and one call may"),
        ({"api_key": KEY, "daily_budget": 0.0001}, "daily_budget is $0.0001, and one call may"),
        ({"api_key": KEY, "daily_budget": 5, "model": "own"}, "the price of own is unknown"),
        ({"api_key": KEY, "daily_budget": 5, "reader_model": "own"}, "the price of own is unknown"),
        ({"api_key": KEY, "daily_budget": 5, "tokens_per_minute": 200_000}, "they go together"),
        ({"daily_budget": 0}, "they go together"),
    ],
)
def test_limits_that_contradict_each_other_are_told(given: dict[str, object], words: str) -> None:
    (check,) = limits.checks(Settings.model_validate(given), prompt_file.load())
    assert words in check.message
    assert check.status == ("ok" if check.message == "they go together" else "warning")
    assert bool(check.advice) == (check.status != "ok")
