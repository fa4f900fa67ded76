"""Lines of `--json` that are no models: without spaces, as pydantic writes models."""

from __future__ import annotations

import json
from collections.abc import Mapping


def json_line(told: Mapping[str, object]) -> str:
    """`told` as one line of JSON."""
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))
