"""The `rewriter.toml` of `rewriter init` has every setting, and its schema says what they take."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from rewriter import settings_file
from rewriter.errors import FileError
from rewriter.settings import Settings, load
from tests.test_cli import run

NAMES = sorted(set(Settings.model_fields) - {"api_key", "reader_api_key"})


def test_every_setting_stands_in_the_template_with_a_comment_and_without_a_key() -> None:
    assert sorted(settings_file.descriptions()) == NAMES


def test_a_template_whose_settings_are_all_taken_is_read(tmp_path: Path) -> None:
    taken = re.sub(r"^#(?=\w+ = )", "", settings_file.template(), flags=re.MULTILINE)
    (tmp_path / "rewriter.toml").write_text(taken)
    found = load(env={}, cwd=tmp_path)
    assert found.model_fields_set == set(NAMES)
    for name in NAMES:  # the template shows the default where there is one
        default = Settings.model_fields[name].default
        if isinstance(default, str | int | float):
            assert getattr(found, name) == default, name


def test_the_schema_has_every_setting_with_its_description() -> None:
    schema = json.loads(settings_file.schema())
    assert sorted(schema["properties"]) == NAMES
    assert all(about["description"] for about in schema["properties"].values())
    assert schema["additionalProperties"] is False
    assert schema["properties"]["concurrency"]["maximum"] == 10_000


@pytest.mark.slow
def test_init_writes_both_files_and_overwrites_no_settings(tmp_path: Path) -> None:
    assert run("init", cwd=tmp_path).returncode == 0
    path = tmp_path / "rewriter.toml"
    assert path.read_text().startswith(f"#:schema ./{settings_file.SCHEMA_NAME}\n")
    assert load(env={}, cwd=tmp_path) == Settings()
    path.write_text("concurrency = 3\n")
    again = run("init", cwd=tmp_path)
    assert again.returncode == FileError.exit_code
    assert path.read_text() == "concurrency = 3\n"
    assert run("init", "--schema", cwd=tmp_path).stdout == settings_file.schema()
