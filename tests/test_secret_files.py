"""Secrets come from files, and are neither guessed nor mixed."""

from __future__ import annotations

from pathlib import Path

import pytest

from rewriter.errors import ConfigurationError
from rewriter.settings import load


def _file(folder: Path, text: str) -> str:
    (folder / "secret").write_text(text)
    return str(folder / "secret")


@pytest.mark.parametrize("name", ["OPENAI_API_KEY", "REWRITER_API_KEY"])
def test_a_key_comes_from_a_file(tmp_path: Path, name: str) -> None:
    settings = load({}, env={f"{name}_FILE": _file(tmp_path, "sk-in-a-file-01\n")}, cwd=tmp_path)
    assert settings.api_key is not None
    assert settings.api_key.get_secret_value() == "sk-in-a-file-01"


@pytest.mark.parametrize("name", ["OPENAI_API_KEY", "REWRITER_READER_API_KEY"])
@pytest.mark.parametrize("by_file", [True, False])
@pytest.mark.parametrize("key", ["“sk-abc-01”", "sk-abc\nsk-01", "sk-abc\u200b01", "sk-ab\x1bc-01"])
def test_a_key_that_no_header_carries_is_refused_by_its_place_and_never_shown(
    tmp_path: Path, name: str, key: str, *, by_file: bool
) -> None:
    env = {f"{name}_FILE": _file(tmp_path, key)} if by_file else {name: key}
    with pytest.raises(ConfigurationError, match="no key has; copy it again") as caught:
        load({}, env=env, cwd=tmp_path)
    assert str(caught.value).startswith(f"environment variable {next(iter(env))}: ")
    assert "sk-" not in str(caught.value)


def test_white_space_around_a_key_is_not_sent(tmp_path: Path) -> None:
    settings = load({}, env={"OPENAI_API_KEY": " sk-in-a-variable-01\r\n"}, cwd=tmp_path)
    assert settings.api_key is not None
    assert settings.api_key.get_secret_value() == "sk-in-a-variable-01"


@pytest.mark.parametrize(
    ("url", "whole"),
    [
        (None, "redis://:p%40ss%2F1@localhost:6379/0"),
        ("redis://redis:6379/2", "redis://:p%40ss%2F1@redis:6379/2"),
        ("redis://me@redis:6379/2", "redis://me:p%40ss%2F1@redis:6379/2"),
    ],
)
def test_the_password_of_redis_is_put_into_its_address(
    tmp_path: Path, url: str | None, whole: str
) -> None:
    env = {"REWRITER_REDIS_PASSWORD_FILE": _file(tmp_path, "p@ss/1")}
    env |= {"REWRITER_REDIS_URL": url} if url else {}
    assert load({}, env=env, cwd=tmp_path).redis_url.get_secret_value() == whole


def test_the_password_of_redis_is_not_sent_where_only_a_settings_file_says(tmp_path: Path) -> None:
    (tmp_path / "rewriter.toml").write_text("redis_url = 'redis://:own@elsewhere/0'")
    env = {"REWRITER_REDIS_PASSWORD_FILE": _file(tmp_path, "p@ss/1")}
    with pytest.raises(ConfigurationError, match=r"is not sent.*redis://:\*\*\*@else.*_REDIS_URL"):
        load({}, env=env, cwd=tmp_path)


@pytest.mark.parametrize(
    ("env", "told"),
    [
        ({"OPENAI_API_KEY_FILE": "nowhere"}, "OPENAI_API_KEY_FILE: nowhere: no such file"),
        ({"OPENAI_API_KEY_FILE": "/dev/zero"}, "not a regular file"),
        ({"OPENAI_API_KEY_FILE": "empty"}, "the file is empty"),
        ({"OPENAI_API_KEY_FILE": "empty", "OPENAI_API_KEY": "sk-1"}, "are both set"),
        ({"REWRITER_MODEL_FILE": "empty"}, "model_file"),
    ],
)
def test_what_gives_no_secret_is_told(
    tmp_path: Path, env: dict[str, str], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").write_text("\n")
    with pytest.raises(ConfigurationError, match=told):
        load({}, env=env, cwd=tmp_path)


def test_a_settings_file_names_no_root_above_itself(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "rewriter.toml").write_text('root = ".."')
    with pytest.raises(ConfigurationError, match=r"root: \.\. lies above the file"):
        load({}, env={}, cwd=tmp_path / "inner")
