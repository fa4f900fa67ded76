"""Every finding code of the grounding checks, read once from `catalogue.toml`."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any, NamedTuple

from rewriter.article import Severity


class CatalogueEntry(NamedTuple):
    """One kind of finding; `example` is a rewrite that gives it, with what the source says."""

    code: str
    severity: Severity
    title: str
    explanation: str
    example: str


class StructureEntry(NamedTuple):
    """One kind of finding about structure; `mend` says what a person does about it."""

    code: str
    severity: str
    title: str
    example: str
    mend: str


def _fields(file: str) -> dict[str, dict[str, Any]]:
    return tomllib.loads((files(__package__) / file).read_text("utf-8"))


CATALOGUE = {code: CatalogueEntry(code, **told) for code, told in _fields("catalogue.toml").items()}
STRUCTURE = {
    code: StructureEntry(code, **told) for code, told in _fields("structure_codes.toml").items()
}
STRUCTURE_CODES = tuple(STRUCTURE)
"""The codes of the checks of structure and repetition."""
