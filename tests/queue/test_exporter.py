"""A worker's metrics, health and log, asked for as Prometheus and a probe ask."""

from __future__ import annotations

import json
import os
import shutil
import signal
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from prometheus_client.parser import text_string_to_metric_families as parsed

from rewriter.cli import group
from rewriter.errors import ConfigurationError, QueueError
from rewriter.queue import batches, exporter
from rewriter.queue.claims import Consumer
from rewriter.queue.connection import Connection
from rewriter.queue.liveness import process_name
from rewriter.settings import Settings
from tests.observability.names import METRICS
from tests.provider import Provider
from tests.queue.conftest import write_articles
from tests.queue.servers import (
    RedisServer,
    Worker,
    celery_worker,
    environment_of,
    free_port,
    rewriter,
    wait_until,
)

PLANTED = "A sentence that was planted in every article"
KEY = "sk-planted-9876543210"


def get(address: str, page: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://{address}/{page}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


def values(address: str) -> dict[tuple[str, ...], float]:
    """Each sample by its name and label values, and the names of the families under `()`."""
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in parsed(get(address, "metrics")[1])
        for sample in family.samples
    }


@pytest.fixture
def environment(server: RedisServer, tmp_path: Path) -> dict[str, str]:
    return environment_of(server, "", tmp_path) | {
        "REWRITER_METRICS_ADDRESS": f"127.0.0.1:{free_port()}",
        "REWRITER_LOG_FORMAT": "json",
        "REWRITER_LOG_FILE": str(tmp_path / "worker.jsonl"),
        "REWRITER_DAILY_BUDGET": "5",
        "OPENAI_API_KEY": KEY,
    }


@pytest.mark.slow
def test_a_worker_serves_what_its_processes_count_and_logs_no_text(
    server: RedisServer, environment: dict[str, str], tmp_path: Path
) -> None:
    """One process is killed meanwhile, and nothing that it counted is lost."""
    address = environment["REWRITER_METRICS_ADDRESS"]
    write_articles(tmp_path, 6)
    for path in (tmp_path / "raw").iterdir():
        path.write_text(f"{path.read_text('utf-8')}\n\n{PLANTED}.\n", "utf-8")
    with Provider(latency=0.8) as provider:
        provider.script(["500", {"content": PLANTED}])
        environment |= {"REWRITER_BASE_URL": provider.base_url, "REWRITER_PROCESSES": "2"}
        environment |= {"REWRITER_IN_FLIGHT": "2"}
        rewriter(environment, tmp_path, "submit", "raw", "--out", "site", "--batch", "b")
        with Worker("w", tmp_path, environment, "--loglevel", "DEBUG") as worker:
            wait_until(lambda: get(address, "healthz")[0] == 200, 30)
            wait_until(lambda: values(address)["rewriter_queue_articles", "running"] > 3, 30)
            os.kill(worker.children()[0], signal.SIGKILL)
            wait_until(lambda: values(address)["rewriter_articles_total", "published"] == 6, 40)
            seen, text = values(address), get(address, "metrics")[1]
            ready = get(address, "readyz")
            assert worker.terminate(within=20) == 0
    assert seen["rewriter_claims_taken_over_total",] > 0
    assert seen["rewriter_queue_articles", "ready"] == 0
    assert seen["rewriter_daily_budget_usd",] == 5
    assert seen["rewriter_worker_processes",] == 2
    host = provider.base_url.split("/")[2]
    assert seen["rewriter_provider_calls_in_flight", host] == 0
    assert ready[0] == 200, ready
    assert {family.name for family in parsed(text)} <= {n.removesuffix("_total") for n in METRICS}
    log = (tmp_path / "worker.jsonl").read_text("utf-8")
    told = [json.loads(line) for line in log.splitlines()]
    assert sum(one["event"] == "article ended" for one in told) >= 6
    for place in (log, text, worker.log.read_text("utf-8")):
        assert "planted" not in place


@pytest.mark.slow
def test_celerys_own_worker_serves_its_metrics_too(
    server: RedisServer, environment: dict[str, str], tmp_path: Path
) -> None:
    address = environment["REWRITER_METRICS_ADDRESS"]
    with Provider() as provider:
        environment |= {"REWRITER_BASE_URL": provider.base_url}
        write_articles(tmp_path, 1)
        rewriter(environment, tmp_path, "submit", "raw", "--out", "site", "--batch", "b")
        with Worker("w", tmp_path, environment, app="rewriter.worker") as worker:
            wait_until(lambda: get(address, "healthz")[0] == 200, 30)
            wait_until(lambda: values(address)["rewriter_articles_total", "published"] == 1, 30)
            second = celery_worker(environment, "rewriter.worker")
            server.kill()
            assert values(address)["rewriter_redis_up",] == 0
            assert get(address, "healthz") == (200, '{"alive": true}')
            assert get(address, "readyz")[0] == 503
            server.start()
            worker.terminate(within=20)
    assert second.returncode == 2
    assert "a second worker of a machine needs another port" in second.stderr


async def test_a_process_whose_lease_is_over_is_not_counted(connection: Connection) -> None:
    """After all processes of a root were killed, nobody takes them out of the table."""
    name = process_name()
    await Consumer(connection, name).join()
    assert (await batches.health(connection)).processes == 1
    await connection.client.zadd(connection.key("processes"), {name: 1})
    assert (await batches.health(connection)).problems == (batches.NO_WORKER,)
    assert (await batches.standing(connection)).processes == 0


@pytest.mark.parametrize(
    ("address", "advice"),
    [
        ("no-such-host.invalid:9464", "give an address of this machine"),
        ("203.0.113.7:9464", "give an address of this machine"),
        ("127.0.0.1:99999", "a port is a number up to 65535"),
    ],
)
def test_an_address_that_cannot_be_listened_at_is_told_with_its_own_advice(
    address: str, advice: str
) -> None:
    with pytest.raises(ConfigurationError, match=advice):
        exporter.listen(Settings(metrics_address=address))


def test_a_temporary_folder_that_takes_no_metrics_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A process that writes metrics into a full file system is killed by SIGBUS."""
    settings = Settings(metrics_address="127.0.0.1:9464")
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1_999_999))
    with (
        pytest.raises(ConfigurationError, match=r"room for 1,999,999 bytes.*TMPDIR"),
        exporter.counting_together(settings),
    ):
        pass
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with (
        pytest.raises(ConfigurationError, match=r"no temporary folder can be written.*TMPDIR"),
        exporter.counting_together(settings),
    ):
        pass


def test_a_status_check_tells_a_probe_what_is_wrong(
    server: RedisServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in environment_of(server, "", tmp_path).items():
        monkeypatch.setenv(name, value)

    def check(*options: str) -> Result:
        return CliRunner().invoke(group, ["status", "--check", *options], standalone_mode=False)

    told = check()
    assert told.return_value == 1
    assert told.stdout == "no worker of its content root is running\n"
    assert json.loads(check("--json").stdout)["healthy"] is False
    monkeypatch.setenv("REWRITER_REDIS_URL", f"redis://127.0.0.1:{free_port()}/0")
    assert isinstance(check().exception, QueueError)
