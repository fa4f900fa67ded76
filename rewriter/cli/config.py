"""`rewriter config`: each setting, its value, and the place that it was read from."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from rewriter.cli.options import engine_options, prompt_option, reader_option, root_option
from rewriter.cli.output import echo, echo_document, json_line

if TYPE_CHECKING:
    from rewriter.settings import Settings


class _Shown(NamedTuple):
    """A setting, its value as JSON with secrets masked, and its place."""

    name: str
    value: Any
    place: str


@click.command("config")
@engine_options
@reader_option
@prompt_option
@root_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@click.option("--schema", is_flag=True, help="Print the JSON schema of rewriter.toml only.")
def command(as_json: bool, schema: bool, **options: object) -> None:
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
    width = max(len(one.name) for one in shown)
    for one in shown:
        value = "not set" if one.value is None else json.dumps(one.value, ensure_ascii=False)
        line = f"{one.name:<{width}}  {value:<30}  {one.place}"
        echo(json_line(one._asdict()) if as_json else line)


def _shown(settings: Settings, places: Mapping[str, str]) -> Iterator[_Shown]:
    from rewriter.settings.secret_files import MASK, masked

    for name, value in settings.model_dump(mode="json").items():
        if name == "redis_url":
            value = masked(settings.redis_url.get_secret_value())
        elif name.endswith("api_key") and value is not None:
            value = MASK
        yield _Shown(name, value, places.get(name, "default"))
