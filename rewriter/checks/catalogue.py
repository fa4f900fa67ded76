"""Every finding code of the grounding checks, read once from `catalogue.toml`."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import NamedTuple

from rewriter.article import Severity


class CatalogueEntry(NamedTuple):
    """One kind of finding; `example` is a rewrite that gives it, with what the source says."""

    code: str
    severity: Severity
    title: str
    explanation: str
    example: str


def _read() -> dict[str, CatalogueEntry]:
    text = (files(__package__) / "catalogue.toml").read_text("utf-8")
    return {code: CatalogueEntry(code, **fields) for code, fields in tomllib.loads(text).items()}


CATALOGUE = _read()

STRUCTURE_CODES = (
    *("S100", "S101", "S102", "S103", "S104", "S105", "S106", "S107", "S108", "S109", "S110"),
    *("S111", "S112", "S113", "S114", "S120", "S121", "S122", "S123"),
    *("S199", "S201", "S202"),
)
"""The codes of the checks of structure and repetition."""
