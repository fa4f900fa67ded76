"""Lines of `--json` that are made of mappings, in the form that pydantic gives to models."""

from __future__ import annotations

import json
from collections.abc import Mapping

from rewriter.escaping import Printable, json_text


def json_line(value: Mapping[str, object]) -> Printable:
    """`value` as one line of JSON."""
    return json_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
