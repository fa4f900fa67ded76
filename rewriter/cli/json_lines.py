"""Lines of `--json` that are made of mappings, in the form that pydantic gives to models."""

from __future__ import annotations

import json
from collections.abc import Mapping


def json_line(value: Mapping[str, object]) -> str:
    """`value` as one line of JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
