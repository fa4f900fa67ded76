"""The commented `rewriter.toml` that `rewriter init` writes, and its JSON schema."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from typing import Any

from rewriter.settings import Settings

# Hidden, so that no run takes it for an article.
SCHEMA_NAME = ".rewriter.schema.json"
# Keys are refused in a file that others read.
_SECRET = ("api_key", "reader_api_key")
# A setting of the template: lines of comment, then the setting as a comment of its own.
_SETTING = re.compile(r"((?:^# .*\n)+)^#(\w+) = ", re.MULTILINE)


@cache
def template() -> str:
    """A `rewriter.toml` in which every setting is a comment, with what it means."""
    return (files(__package__) / "rewriter.template.toml").read_text("utf-8")


def schema() -> str:
    """The JSON schema of `rewriter.toml`, as JSON; each setting has its comment of the template."""
    form: dict[str, Any] = Settings.model_json_schema()
    help_texts = descriptions()
    form["title"], form["description"] = "rewriter.toml", "Settings of rewriter."
    form["properties"] = {
        name: {key: value for key, value in about.items() if key not in ("title", "description")}
        | {"description": help_texts[name]}
        for name, about in form["properties"].items()
        if name not in _SECRET
    }
    profile = {
        "type": "object",
        "properties": {name: {"$ref": f"#/properties/{name}"} for name in form["properties"]},
        "additionalProperties": False,
    }
    form["properties"]["profiles"] = {
        "type": "object",
        "description": "Settings of one site each, chosen by --profile or REWRITER_PROFILE.",
        "additionalProperties": profile,
    }
    return json.dumps(form, ensure_ascii=False, indent=2) + "\n"


def descriptions() -> dict[str, str]:
    """What each setting means, from the comments of the template."""
    return {
        name: " ".join(line.removeprefix("# ") for line in comment.splitlines())
        for comment, name in _SETTING.findall(template())
    }
