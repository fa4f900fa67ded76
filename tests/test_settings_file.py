"""The `rewriter.toml` of `rewriter init` has every setting, and its schema says what they take."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from rewriter.errors import FileError
from rewriter.settings import Settings, load
from rewriter.settings import file as settings_file
from tests.test_cli import run

NAMES = sorted(set(Settings.model_fields) - {"api_key", "reader_api_key"})


def test_every_setting_stands_in_the_template_with_a_comment_and_without_a_key() -> None:
    assert sorted(settings_file.descriptions()) == NAMES


def test_a_template_whose_settings_are_all_taken_is_read(tmp_path: Path) -> None:
    alone = settings_file.template().partition("#[profiles.")[0]
    taken = re.sub(r"^#(?=\w+ = )", "", alone, flags=re.MULTILINE)
    (tmp_path / "rewriter.toml").write_text(taken)
    found = load(env={}, cwd=tmp_path)
    assert found.model_fields_set == set(NAMES)
    for name in NAMES:  # the template shows the default where there is one
        default = Settings.model_fields[name].default
        if isinstance(default, str | int | float):
            assert getattr(found, name) == default, name


def test_the_schema_has_every_setting_with_its_description() -> None:
    schema = json.loads(settings_file.schema())
    (profile,) = [schema["properties"].pop("profiles")["additionalProperties"]]
    assert sorted(profile["properties"]) == sorted(schema["properties"]) == NAMES
    assert all(about["description"] for about in schema["properties"].values())
    assert schema["additionalProperties"] is False
    assert schema["properties"]["concurrency"]["maximum"] == 10_000


def test_the_schema_of_the_pages_is_the_one_of_the_program() -> None:
    """`rewriter config --schema > docs/reference/rewriter.schema.json` makes it anew."""
    page = Path(__file__).parents[1] / "docs" / "reference" / "rewriter.schema.json"
    assert page.read_text(encoding="utf-8") == settings_file.schema()


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


@pytest.mark.slow
def test_init_warns_where_articles_of_the_folder_were_recorded_elsewhere(tmp_path: Path) -> None:
    record = tmp_path / ".rewriter" / "records" / "news" / "ferries.txt.json"
    record.parent.mkdir(parents=True)
    record.write_text("{}")
    for folder, warned in (("sport", False), ("news", True)):
        (tmp_path / folder).mkdir()
        done = run("init", folder, cwd=tmp_path)
        assert done.returncode == 0
        assert ("were recorded in" in done.stderr) is warned, folder
