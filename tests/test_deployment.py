"""The image and the compose file hold what the queue needs; their commands are run here by hand."""

from __future__ import annotations

import re
import shlex
from configparser import RawConfigParser
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import yaml

from rewriter import settings
from rewriter.cli import COMMANDS
from rewriter.queue import safety
from rewriter.settings import Settings
from tests.queue.servers import RedisServer

ROOT = Path(__file__).parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
INSTRUCTIONS = [
    line.split(maxsplit=1)
    for line in re.sub(
        r"\\\n\s*", "", (ROOT / "Dockerfile").read_text(encoding="utf-8")
    ).splitlines()
    if line and not line.startswith("#")
]
# Of the Compose specification, what our services use.
KEYS = {
    "build", "command", "depends_on", "deploy", "environment", "healthcheck", "image", "ports",
    "restart", "stop_grace_period", "volumes",
}  # fmt: skip


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_checked_limited_and_restarted(name: str) -> None:
    service = SERVICES[name]
    assert set(service) <= KEYS
    assert ("image" in service) != ("build" in service)
    assert service["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")
    assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory"}
    assert service["restart"] == "unless-stopped"
    for needed, condition in service.get("depends_on", {}).items():
        assert needed in SERVICES
        assert condition == {"condition": "service_healthy"}


def test_only_the_loopback_reaches_redis_and_flower() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_two_workers_have_longer_to_stop_than_their_articles() -> None:
    worker = SERVICES["worker"]
    assert worker["deploy"]["replicas"] == 2
    assert int(worker["stop_grace_period"].removesuffix("s")) > Settings().shutdown_grace


def test_every_setting_of_the_workers_is_one() -> None:
    named = [name for name in SERVICES["worker"]["environment"] if name.startswith("REWRITER_")]
    settings = {name.removeprefix("REWRITER_").lower() for name in named}
    assert settings <= set(Settings.model_fields)


def test_redis_as_composed_is_safe_and_wants_its_password(tmp_path: Path) -> None:
    program, *options = SERVICES["redis"]["command"]
    assert program == "redis-server"
    assert options[-1].startswith("${REDIS_PASSWORD:?")
    with RedisServer(tmp_path, *options[:-1], "secret") as redis:
        problems = list(safety.redis_problems(redis.url.replace("redis://", "redis://:secret@")))
    assert problems == []


def test_the_image_runs_as_nobody_special_from_pinned_images() -> None:
    users = [argument for name, argument in INSTRUCTIONS if name == "USER"]
    assert users
    assert users[-1] not in ("root", "0")
    images = [argument for name, argument in INSTRUCTIONS if name == "FROM"]
    assert all(":" in image and "latest" not in image for image in images)


def test_what_the_image_copies_is_there_and_not_ignored() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    copies = [shlex.split(rest) for name, rest in INSTRUCTIONS if name == "COPY"]
    sources = [path for parts in copies if parts[0][:2] != "--" for path in parts[:-1]]
    assert "rewriter" in sources
    for source in sources:
        assert (ROOT / source).exists()
        assert f"!{source}" in ignored


def test_the_images_command_is_one_of_ours() -> None:
    last = dict(INSTRUCTIONS)
    assert last["ENTRYPOINT"] == '["rewriter"]'
    assert last["CMD"].strip('[]"') in COMMANDS


PAGE = (ROOT / "docs" / "how-to" / "run-the-queue.md").read_text(encoding="utf-8")


def test_the_unit_for_systemd_leaves_a_worker_the_time_to_stop() -> None:
    (text,) = re.findall(r"```ini\n(.*?)```", PAGE, re.DOTALL)
    unit = RawConfigParser()
    unit.read_string(text)
    service = unit["Service"]
    assert float(service["TimeoutStopSec"]) > Settings().shutdown_grace
    assert service["Restart"] == "always"
    program, command, *_ = shlex.split(service["ExecStart"])
    assert program.endswith("/rewriter")
    assert command in COMMANDS


def test_the_settings_of_the_page_are_read(tmp_path: Path) -> None:
    (text,) = re.findall(r"```toml[^\n]*\n(.*?) *```", PAGE, re.DOTALL)
    (tmp_path / "rewriter.toml").write_text(dedent(text), encoding="utf-8")
    assert settings.load(env={}, cwd=tmp_path).root == tmp_path / "content"
